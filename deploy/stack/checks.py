"""What `remit doctor` looks into: each check says what is wrong and what to do."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg
from redis.exceptions import RedisError

from deploy.processes.safety import unsafe_database
from deploy.stack.address import StackAddress
from deploy.stack.parts import look_at
from shared.clock import utc_now
from shared.messaging.redis_client import make_client
from shared.messaging.routing import SERVICES

_ENOUGH_DISK = 1024**3
_CLOCK_DRIFT = 2.0
_MANY_RINGS = 1_000
_LONG_DUE = 60.0
_REMEDIES = {
    "postgresql": "look at its log (remit logs postgresql); a restore or a full disk shows there",
    "valkey": "Remit works without it, more slowly; look at remit logs valkey",
    "mail": "mail waits up to 48 hours; check REMIT_SMTP_URL or remit logs mail",
    "web": "look at remit logs web",
    "planning": "look at remit logs planning; the ringer plans in its place meanwhile",
    "telling": "look at remit logs telling; the ringer tells in its place meanwhile",
    "ringer": "look at remit logs ringer; beat rings every 10 s in its place",
    "beat": "look at remit logs beat; the ringer does the same more quickly",
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was checked. `remedy` is empty when nothing is to be done."""

    name: str
    found: str
    remedy: str = ""


def examine(address: StackAddress) -> Iterator[Finding]:
    """Every finding, good and bad."""
    for part in look_at(address):
        remedy = "" if part.ready else _REMEDIES[part.name]
        yield Finding(name=part.name, found=f"{part.state}: {part.note}", remedy=remedy)
    checks: tuple[Callable[[StackAddress], Iterator[Finding]], ...] = (
        _database,
        _broker,
        _disk,
        _zones,
    )
    for check in checks:
        yield from check(address)


def _database(address: StackAddress) -> Iterator[Finding]:
    try:
        with psycopg.connect(address.database_url, connect_timeout=3) as connection:
            faults = unsafe_database(connection)
            yield from (Finding(name="safety", found=f, remedy="see the sentence") for f in faults)
            if not faults:
                yield Finding(name="safety", found="what is acknowledged survives a crash")
            yield _clock(connection)
            yield _division(connection)
            yield from _bus(connection)
            yield _connections(connection)
    except psycopg.Error as error:
        yield Finding(
            name="safety", found=f"not checked: {type(error).__name__}", remedy="see above"
        )


def _clock(connection: psycopg.Connection) -> Finding:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    drift = abs((utc_now() - row[0]).total_seconds()) if row else 0.0
    remedy = "set both clocks by NTP" if drift > _CLOCK_DRIFT else ""
    return Finding(name="clock", found=f"{drift:.1f} s from the database's", remedy=remedy)


def _division(connection: psycopg.Connection) -> Finding:
    connection.execute("SET ROLE remit_request_intake")
    row = connection.execute("SELECT count(*) FROM request_intake.school").fetchone()
    connection.execute("RESET ROLE")
    schools = row[0] if row else 0
    found = f"{schools} schools" if schools else "none is loaded yet; the demo: remit demo"
    return Finding(name="division", found=found)


def _bus(connection: psycopg.Connection) -> Iterator[Finding]:
    connection.execute("SET ROLE remit_ringer")
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'dead'), coalesce(extract(epoch FROM now()"
        " - min(due_at) FILTER (WHERE state = 'due' AND due_at <= now())), 0)::float"
        " FROM bus.delivery WHERE state <> 'done'"
    ).fetchone()
    connection.execute("RESET ROLE")
    dead, oldest = row or (0, 0.0)
    remedy = "see them with remit bus list; then retry or discard each" if dead else ""
    yield Finding(name="dead letters", found=str(dead), remedy=remedy)
    remedy = "see remit status and the workers' logs" if oldest > _LONG_DUE else ""
    yield Finding(name="oldest due", found=f"{oldest:.0f} s", remedy=remedy)


def _connections(connection: psycopg.Connection) -> Finding:
    row = connection.execute(
        "SELECT current_setting('max_connections')::int, count(*) FROM pg_stat_activity"
    ).fetchone()
    most, used = row or (0, 0)
    remedy = "raise max_connections, or run fewer processes" if used + 10 > most else ""
    return Finding(name="connections", found=f"{used} of {most}", remedy=remedy)


def _broker(address: StackAddress) -> Iterator[Finding]:
    try:
        with make_client(address.broker_url) as client:
            waiting = sum(int(client.llen(service)) for service in SERVICES)
    except RedisError as error:
        found = f"not counted: {type(error).__name__}"
        yield Finding(name="rings waiting", found=found, remedy=_REMEDIES["valkey"])
        return
    remedy = "workers do not answer: see remit status" if waiting > _MANY_RINGS else ""
    yield Finding(name="rings waiting", found=str(waiting), remedy=remedy)


def _disk(address: StackAddress) -> Iterator[Finding]:
    if address.data:
        free = shutil.disk_usage(Path(address.data)).free
        remedy = "" if free > _ENOUGH_DISK else "free some room: PostgreSQL stops when it is full"
        yield Finding(name="disk", found=f"{free / 1024**3:.1f} GiB free", remedy=remedy)


def _zones(_address: StackAddress) -> Iterator[Finding]:
    try:
        ZoneInfo("America/Edmonton")
    except ZoneInfoNotFoundError:
        yield Finding(name="zone data", found="missing", remedy="install the package tzdata")
    else:
        edition = version("tzdata")
        yield Finding(name="zone data", found=f"edition {edition}, for every process")
