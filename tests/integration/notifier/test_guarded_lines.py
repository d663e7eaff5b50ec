"""A letter leaves over a guarded line to a server whose certificate is trusted, or it waits."""

import ssl

import pytest
import trustme

from services.notifier.adapters.smtp_mailer import SmtpMailer
from services.notifier.domain.notice import Accepted, Deferred, Misconfigured, ServerAway
from services.notifier.domain.smtp_server import SmtpServer
from tests.support.notifier.rig import SENDER, a_mailer
from tests.support.smtp import MailServer, Script, mail_server

AUTHORITY = trustme.CA()
CERTIFICATE = AUTHORITY.issue_cert("127.0.0.1")
LETTER = b"Subject: hello\r\n\r\n.hidden dot\r\n"


def yes() -> bool:
    return True


def the_servers_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    CERTIFICATE.configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def guarded(server: MailServer, trust=ssl.create_default_context) -> SmtpMailer:  # noqa: ANN001
    url = f"smtp://127.0.0.1:{server.port}?tls=starttls"
    return SmtpMailer(SmtpServer.from_url(url), SENDER, trust=trust)


def test_over_starttls_a_letter_is_guarded_and_whole() -> None:
    with mail_server(tls=the_servers_context()) as server:
        mailer = guarded(server, trusting)
        assert isinstance(mailer.send("ana@division.example", LETTER, yes), Accepted)
        mailer.close()
    [letter] = server.received
    assert letter.guarded
    assert letter.content == LETTER


def test_a_certificate_that_nobody_vouches_for_gets_nothing() -> None:
    with mail_server(tls=the_servers_context()) as server:
        assert isinstance(guarded(server).send("a@b.example", LETTER, yes), Misconfigured)
        assert isinstance(guarded(server).probe(), Misconfigured)
    assert server.offered == []


def test_a_letter_that_may_not_go_leaves_nothing_and_keeps_the_line() -> None:
    with mail_server() as server:
        mailer = a_mailer(server)
        assert mailer.send("a@b.example", LETTER, lambda: False) is None
        assert isinstance(mailer.send("a@b.example", LETTER, yes), Accepted)
        mailer.close()
    assert len(server.received) == 1
    assert server.connections == 1


def test_a_probe_says_whether_mail_would_be_taken_and_sends_none() -> None:
    with mail_server() as server:
        mailer = a_mailer(server)
        assert mailer.probe() is None
        server.script.sender = lambda _: "530 sign in first"
        assert isinstance(mailer.probe(), Misconfigured)
        server.script.sender = lambda _: "451 busy"
        assert mailer.probe() == ServerAway()
        mailer.close()
    assert server.offered == []
    assert a_mailer(server).probe() == ServerAway()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [("452 full", Deferred), ("552 too big", None), ("530 sign in", Misconfigured)],
)
def test_what_the_server_says_of_the_letter_itself_decides(answer: str, kind: type | None) -> None:
    from services.notifier.domain.notice import Refused

    with mail_server(Script(letter=lambda _: answer)) as server:
        mailer = a_mailer(server)
        assert isinstance(mailer.send("a@b.example", LETTER, yes), kind or Refused)
        mailer.close()
    assert server.received == []
