from pathlib import Path

import pytest

from deploy.stack.address import NoStack, StackAddress

SERVERS = {
    "REMIT_DATABASE_URL": "postgresql://remit_app@db.internal/remit",
    "REMIT_BROKER_URL": "rediss://remit:secret@broker.internal/0",
    "REMIT_SMTP_URL": "smtp://mail.internal:25?tls=starttls",
    "REMIT_PUBLIC_URL": "https://coaching.division.example",
}


def test_an_address_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = StackAddress(
        web_url="http://127.0.0.1:8300",
        database_url="postgresql://a",
        owner_database_url="postgresql://b",
        broker_url="unix:///c",
        smtp_url="smtp://127.0.0.1:8302",
        sink_url="",
        mail_folder="",
        data=str(tmp_path),
        run=str(tmp_path / "run"),
    )
    written.save()
    assert StackAddress.load(tmp_path) == written
    assert StackAddress.find(tmp_path, SERVERS) == written


def test_without_a_stack_the_environment_names_the_servers(tmp_path: Path) -> None:
    found = StackAddress.find(tmp_path, SERVERS)
    assert found.web_url == SERVERS["REMIT_PUBLIC_URL"]
    assert found.smtp_url == SERVERS["REMIT_SMTP_URL"]


def test_half_an_environment_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NoStack, match=r"set REMIT_BROKER_URL, REMIT_SMTP_URL, REMIT_PUBLIC_URL"):
        StackAddress.find(tmp_path, {"REMIT_DATABASE_URL": "postgresql://a"})


def test_no_stack_and_no_servers_is_one_plain_sentence(tmp_path: Path) -> None:
    with pytest.raises(NoStack, match="remit up"):
        StackAddress.find(tmp_path, {})
