"""Refuse to run on settings that would break a promise or open a door, one clear line for each."""

import logging
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

import psycopg

from deploy.processes.config import faults_in
from deploy.processes.guard import WRONG_CONFIGURATION
from shared.messaging.routing import SERVICES
from shared.settings import switch

log = logging.getLogger(__name__)
_MUST_BE_ON = ("fsync", "full_page_writes")
_ACKNOWLEDGES = ("on", "local", "remote_write", "remote_apply")
_OLDEST_POSTGRESQL = 150_000


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine itself."""
    if not host or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def unsafe_settings(environ: Mapping[str, str]) -> list[str]:
    """What is unsafe in well-formed settings, seen from the settings alone."""
    faults = []
    public = urlsplit(environ["REMIT_PUBLIC_URL"])
    broker = urlsplit(environ["REMIT_BROKER_URL"])
    demo = switch(environ.get("REMIT_DEMO") or "off")
    if public.scheme == "http" and not is_loopback(public.hostname):
        faults.append("REMIT_PUBLIC_URL is http on a public host: sign-in needs https")
    if demo and not is_loopback(public.hostname):
        faults.append("REMIT_DEMO is on for a public host: anybody could act as anybody")
    if broker.scheme != "unix" and not broker.password and not is_loopback(broker.hostname):
        faults.append("REMIT_BROKER_URL has no password: anybody on the network could ring")
    return faults


def unsafe_database(connection: psycopg.Connection) -> list[str]:
    """What is unsafe in the database that the login role sees."""
    row = connection.execute(
        "SELECT rolsuper, rolbypassrls,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)"
        " FROM pg_roles WHERE rolname = session_user"
    ).fetchone()
    superuser, bypasses, owns = row or (False, False, False)
    found: dict[str, str] = dict(
        connection.execute("SELECT name, setting FROM pg_settings").fetchall()
    )
    faults = []
    if superuser or bypasses:
        faults.append("REMIT_DATABASE_URL logs in as a superuser: use the role remit_app")
    if owns:
        faults.append("REMIT_DATABASE_URL logs in as an owner of tables: use the role remit_app")
    faults += [
        f"PostgreSQL runs with {name} off: a crash could lose what was acknowledged; set it on"
        for name in _MUST_BE_ON
        if found[name] != "on"
    ]
    if found["synchronous_commit"] not in _ACKNOWLEDGES:
        faults.append("PostgreSQL runs with synchronous_commit off: set it on")
    if int(found["server_version_num"]) < _OLDEST_POSTGRESQL:
        faults.append(f"PostgreSQL {found['server_version']} is too old: 15 or newer is needed")
    return faults


def faults_of(environ: Mapping[str, str], names: tuple[str, ...] = SERVICES) -> list[str]:
    """All that is missing, malformed or unsafe. A database that is away is not a fault here."""
    if faults := faults_in(environ, names):
        return faults
    faults = unsafe_settings(environ)
    try:
        with psycopg.connect(environ["REMIT_DATABASE_URL"], connect_timeout=3) as connection:
            faults += unsafe_database(connection)
    except psycopg.OperationalError:
        log.warning("safety.database_not_checked")
    return faults


def refuse_unsafe(environ: Mapping[str, str], names: tuple[str, ...] = SERVICES) -> None:
    """End this process with one line for each fault, if there is any."""
    if faults := faults_of(environ, names):
        sys.stderr.writelines(f"{fault}\n" for fault in faults)
        raise SystemExit(WRONG_CONFIGURATION)
