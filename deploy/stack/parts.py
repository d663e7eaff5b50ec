"""How each part of a stack is, asked from outside: for `remit up`, status and doctor alike."""

import smtplib
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from xmlrpc.client import Error as XmlRpcError

import psycopg
from redis.exceptions import RedisError

from deploy.stack.address import StackAddress
from deploy.stack.layout import Layout
from deploy.stack.supervisor import ProcessState, Supervisor
from shared.messaging.heartbeat import ages
from shared.messaging.redis_client import make_client

HEALTH_PATHS = ("/api/intake/v1/health", "/api/scheduler/v1/health", "/api/notifier/v1/health")
# Beat rings every 10 s and workers beat after each drain: three missed rings are a silence.
_SILENCE = 35.0
_BEATING = ("planning", "telling", "ringer")
_TIMEOUT = 3.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the stack. `since` counts seconds of the epoch, 0 when that is not known."""

    name: str
    ready: bool
    state: str
    since: float
    note: str


def look_at(address: StackAddress, *, heard_within: float = _SILENCE) -> list[Part]:
    """Every part, in the order in which they start."""
    supervised = {process.name: process for process in _supervised(address)}
    probes: dict[str, Callable[[], str]] = {
        "postgresql": lambda: _ask_database(address.database_url),
        "valkey": lambda: _ask_broker(address.broker_url),
        "mail": lambda: _ask_mail(address.smtp_url),
        "web": lambda: _ask_web(address.web_url),
    }
    with ThreadPoolExecutor(len(probes)) as pool:
        answers = dict(zip(probes, pool.map(lambda probe: probe(), probes.values()), strict=True))
    answers |= _silent(address.broker_url, heard_within)
    if "beat" in supervised:
        running = supervised["beat"].state == "running"
        answers["beat"] = "" if running else "it does not run"
    return [_part(name, fault, supervised.get(name)) for name, fault in answers.items()]


def _part(name: str, fault: str, process: ProcessState | None) -> Part:
    alive = process is None or process.state in ("running", "starting")
    state = "ready" if alive and not fault else (process.state if process else "not ready")
    if state == "running":
        state = "not ready"
    return Part(
        name=name,
        ready=state == "ready",
        state=state,
        since=process.since if process and alive else 0.0,
        note=fault or (f"process {process.pid}" if process else "a server of its own"),
    )


def _supervised(address: StackAddress) -> Iterator[ProcessState]:
    if address.data:
        try:
            yield from Supervisor(Layout.of(Path(address.data)).supervisor_socket).processes()
        except (OSError, XmlRpcError):
            return


def _ask_database(url: str) -> str:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        return f"no answer: {type(error).__name__}"
    return ""


def _ask_broker(url: str) -> str:
    try:
        with make_client(url) as client:
            client.ping()
    except RedisError as error:
        return f"no answer: {type(error).__name__}"
    return ""


def _ask_mail(url: str) -> str:
    parts = urlsplit(url)
    speak = smtplib.SMTP_SSL if "tls=tls" in parts.query else smtplib.SMTP
    try:
        with speak(parts.hostname or "", parts.port or 25, timeout=_TIMEOUT) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return f"no answer: {type(error).__name__}"
    return ""


def _ask_web(url: str) -> str:
    for path in HEALTH_PATHS:
        try:
            with urllib.request.urlopen(url + path, timeout=_TIMEOUT):  # noqa: S310  -- our own URL
                pass
        except urllib.error.HTTPError as error:
            return f"{path} answers {error.code}"
        except OSError as error:
            return f"no answer: {type(error).__name__}"
    return ""


def _silent(broker_url: str, heard_within: float) -> dict[str, str]:
    try:
        with make_client(broker_url) as client:
            heard = ages(client)
    except RedisError:
        return dict.fromkeys(_BEATING, "can not be heard: the broker does not answer")
    return {name: _silence(heard.get(name), heard_within) for name in _BEATING}


def _silence(age: float | None, heard_within: float) -> str:
    if age is None:
        return "no sign of life yet"
    return "" if age <= heard_within else f"no sign of life for {age:.0f} s"


def wait_until_ready(
    address: StackAddress, give_up: Callable[[], bool], tell: Callable[[list[Part]], None]
) -> bool:
    """Look until every part is ready, or `give_up` says so; `tell` of what is late now and then."""
    began = told = time.monotonic()
    while not give_up():
        found = look_at(address, heard_within=time.monotonic() - began)
        if all(part.ready for part in found):
            return True
        if time.monotonic() - told > _SILENCE:
            told = time.monotonic()
            tell([part for part in found if not part.ready])
        time.sleep(0.05)
    return False
