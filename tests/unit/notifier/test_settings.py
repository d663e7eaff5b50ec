"""Settings that are missing or unsafe are refused, all at once, in words that help."""

import pytest

from services.notifier.config import Settings
from shared.settings import SettingsError

GOOD = {
    "REMIT_DATABASE_URL": "postgresql://remit_app@127.0.0.1/remit",
    "REMIT_SMTP_URL": "smtp://remit:s%40cret@mail.division.example:587?tls=starttls",
    "REMIT_MAIL_FROM": "remit@division.example",
    "REMIT_SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz",
    "REMIT_PUBLIC_URL": "https://remit.division.example/",
}


def test_good_settings_are_read_and_show_no_secret() -> None:
    settings = Settings.from_env(GOOD)
    server = settings.smtp_server
    assert (server.host, server.port, server.guard) == ("mail.division.example", 587, "starttls")
    assert (server.user, server.password) == ("remit", "s@cret")
    assert settings.public_url == "https://remit.division.example"
    assert "s@cret" not in repr(settings) + repr(server)


def test_all_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env({})
    assert len(refusal.value.faults) == len(GOOD)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMIT_SMTP_URL", "smtp://mail.division.example?tls=none"),
        ("REMIT_SMTP_URL", "smtp://u:p@10.0.0.7:25?tls=none"),
        ("REMIT_SMTP_URL", "smtp://mail.division.example?tls=maybe"),
        ("REMIT_SMTP_URL", "smtp://mail.division.example:99999"),
        ("REMIT_SMTP_URL", "http://mail.division.example"),
        ("REMIT_SMTP_URL", "smtp://?tls=tls"),
        ("REMIT_MAIL_FROM", "Remit <remit@division.example>"),
        ("REMIT_MAIL_FROM", "a@b.example, c@d.example"),
        ("REMIT_PUBLIC_URL", "https://user@remit.example"),
        ("REMIT_PUBLIC_URL", "https://remit.example?x=1"),
        ("REMIT_PUBLIC_URL", "remit.example"),
    ],
)
def test_what_is_unsafe_or_no_setting_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env(GOOD | {name: value})
    [fault] = refusal.value.faults
    assert fault.startswith(name)
    assert value not in fault


@pytest.mark.parametrize(("guard", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_each_guard_has_its_usual_port(guard: str, port: int) -> None:
    settings = Settings.from_env(GOOD | {"REMIT_SMTP_URL": f"smtp://127.0.0.1?tls={guard}"})
    assert settings.smtp_server.port == port
