import smtplib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask.testing import FlaskClient

from deploy.stack.mail_sink.__main__ import Keeper
from deploy.stack.mail_sink.mailbox import Mailbox
from deploy.stack.mail_sink.page import create_app
from deploy.stack.ports import HOST, free_port

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path)


@pytest.fixture
def page(mailbox: Mailbox) -> FlaskClient:
    return create_app(mailbox).test_client()


@pytest.fixture
def smtp_port(mailbox: Mailbox) -> Iterator[int]:
    port = free_port(0) or free_port(1)
    server = Controller(Keeper(mailbox), hostname=HOST, port=port)
    server.start()
    yield port
    server.stop()


def an_invitation(subject: str = "Coaching on Tuesday") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "remit@d.example", "ana@d.example", subject
    message["Message-ID"] = "<1@d.example>"
    message.set_content("You meet Sam on Tuesday.")
    message.add_alternative(f"<p>You meet Sam.</p>{HOSTILE}", subtype="html")
    message.add_alternative(
        "BEGIN:VCALENDAR\nEND:VCALENDAR\n", subtype="calendar", params={"method": "REQUEST"}
    )
    return message


def test_a_message_that_was_accepted_lies_whole_in_the_folder(
    mailbox: Mailbox, smtp_port: int, tmp_path: Path
) -> None:
    with smtplib.SMTP(HOST, smtp_port) as server:
        server.send_message(an_invitation())
    (path,) = tmp_path.iterdir()
    lines = path.read_bytes().split(b"\r\n")
    assert lines[:2] == [b"Return-Path: <remit@d.example>", b"Delivered-To: ana@d.example"]
    assert mailbox.read(path.stem)["Message-ID"] == "<1@d.example>"


def test_names_sort_in_order_of_arrival(mailbox: Mailbox, tmp_path: Path) -> None:
    names = [mailbox.keep("a@d.example", ["b@d.example"], b"\r\n") for _ in range(20)]
    assert sorted(names) == names


def test_the_list_shows_the_newest_first_and_the_calendar_method(
    mailbox: Mailbox, page: FlaskClient
) -> None:
    for subject in ("First", "Second"):
        mailbox.keep("a@d.example", ["ana@d.example"], an_invitation(subject).as_bytes())
    text = page.get("/").text
    assert text.index("Second") < text.index("First")
    assert text.count(">invitation<") == 2
    assert "REQUEST" not in text
    assert "2 messages" in text


def test_a_cancellation_is_called_so(mailbox: Mailbox, page: FlaskClient) -> None:
    content = an_invitation().as_bytes().replace(b"REQUEST", b"CANCEL")
    name = mailbox.keep("a@d.example", ["ana@d.example"], content)
    for path in ("/", f"/mail/{name}"):
        assert ">cancellation<" in page.get(path).text


def test_times_are_those_of_this_machines_clocks_and_name_their_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "XST+7")
    time.tzset()
    mailbox = Mailbox(tmp_path, lambda: datetime(2026, 11, 23, 20, 5, tzinfo=UTC))
    mailbox.keep("a@d.example", ["ana@d.example"], b"Subject: x\r\n\r\n")
    try:
        assert "2026-11-23 13:05:00 XST" in create_app(mailbox).test_client().get("/").text
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_hostile_message_runs_nothing(mailbox: Mailbox, page: FlaskClient) -> None:
    name = mailbox.keep("a@d.example", ["ana@d.example"], an_invitation(HOSTILE).as_bytes())
    shown = page.get(f"/mail/{name}")
    assert HOSTILE not in shown.text
    assert "iframe sandbox" in shown.text
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert page.get(f"/mail/{name}/html").headers["Content-Security-Policy"].startswith("sandbox;")


@pytest.mark.parametrize(
    "content",
    [
        b"From: =?utf-8?q?=0d=0aX?= <>\r\nTo: a:b;c\r\n\r\nx",
        b"Message-ID: <\r\nReply-To: <[]>\r\nDate: x\r\n\r\nx",
        b"Content-Type: text/plain; charset=bogus\r\n\r\nx",
        b'Content-Type: text/plain; charset="a\x00b"\r\n\r\nx',
        b"Content-Type: text/html; charset=bogus\r\n\r\nx",
        b"Subject: =?utf-8?q?=ed=a0=80?=\r\n\r\nx",
    ],
)
def test_a_broken_message_breaks_neither_the_list_nor_its_own_page(
    mailbox: Mailbox, page: FlaskClient, content: bytes
) -> None:
    name = mailbox.keep("a@d.example", ["ana@d.example"], content)
    assert page.get("/").status_code == 200
    assert page.get(f"/mail/{name}").status_code == 200
    assert page.get(f"/mail/{name}/html").status_code in (200, 404)


@pytest.mark.parametrize(
    "name", ["../secrets", "..%2Fsecrets", "x", "20260101T000000000000Z-000001-00000000"]
)
def test_no_other_file_can_be_read(page: FlaskClient, name: str) -> None:
    assert page.get(f"/mail/{name}.eml").status_code == 404
