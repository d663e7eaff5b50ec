import pytest

from deploy.processes.safety import is_loopback, unsafe_settings

SAFE = {
    "REMIT_PUBLIC_URL": "https://coaching.division.example",
    "REMIT_BROKER_URL": "rediss://remit:secret@broker.internal/0",
    "REMIT_DATABASE_URL": "postgresql://remit_app:secret@db.internal/remit",
}


def test_https_and_a_broker_with_a_password_are_safe() -> None:
    assert unsafe_settings(SAFE) == []


def test_every_unsafe_setting_is_named_at_once() -> None:
    faults = unsafe_settings(
        {
            "REMIT_PUBLIC_URL": "http://coaching.division.example",
            "REMIT_BROKER_URL": "redis://broker.internal/0",
            "REMIT_DEMO": "on",
        }
    )
    assert [fault.split()[0] for fault in faults] == [
        "REMIT_PUBLIC_URL",
        "REMIT_DEMO",
        "REMIT_BROKER_URL",
    ]


@pytest.mark.parametrize("broker", ["unix:///run/valkey.sock", "redis://127.0.0.1:6379/0"])
def test_a_broker_on_this_machine_needs_no_password(broker: str) -> None:
    assert unsafe_settings(SAFE | {"REMIT_BROKER_URL": broker}) == []


def test_a_demo_on_this_machine_may_use_http() -> None:
    assert (
        unsafe_settings(SAFE | {"REMIT_PUBLIC_URL": "http://127.0.0.1:8300", "REMIT_DEMO": "on"})
        == []
    )


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("::1", True),
        ("127.9.9.9", True),
        ("localhost", True),
        ("10.0.0.1", False),
        ("a.example", False),
    ],
)
def test_loopback_is_told_from_the_network(host: str, here: bool) -> None:
    assert is_loopback(host) is here
