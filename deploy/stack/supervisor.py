"""supervisord, told what to run and asked how it is: the only module that knows its ways."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.processes import guard
from deploy.stack.layout import Layout
from deploy.stack.programs import STORES, WORK, Program

_HEAD = """\
[supervisord]
nodaemon=true
silent=true
umask=077
logfile={logs}/supervisor.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={run}/supervisord.pid
{user}
[unix_http_server]
file={socket}
chmod=0600

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
_PROGRAM = """
[program:{name}]
command={command}
autostart=false
autorestart=true
startsecs=1
startretries=1000000
stopsignal={signal}
stopwaitsecs={patience}
killasgroup=true
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""
_GROUP = """
[group:{half}]
programs={names}
priority={priority}
"""


@dataclass(frozen=True, kw_only=True)
class ProcessState:
    """A supervised process as the supervisor sees it. `since` counts seconds of the epoch."""

    name: str
    state: str
    pid: int
    since: float
    note: str


def configuration(layout: Layout, programs: Sequence[Program]) -> str:
    """The supervisor's own configuration. It starts nothing until told, and then at once."""
    text = _HEAD.format(
        logs=_plain(layout.logs),
        run=_plain(layout.run),
        socket=_plain(layout.supervisor_socket),
        user="user=root\n" if os.geteuid() == 0 else "",
    )
    for program in programs:
        text += _PROGRAM.format(
            name=program.name,
            command=_plain(shlex.join(program.guarded())),
            signal=program.stop_signal,
            patience=program.stop_seconds,
            logs=_plain(layout.logs),
        )
    # Stopping goes from the highest priority down: work ends while its stores still answer.
    for priority, half in enumerate((STORES, WORK)):
        if names := ",".join(program.name for program in programs if program.half == half):
            text += _GROUP.format(half=half, names=names, priority=priority)
    return text


def _plain(text: object) -> str:
    """A value in which supervisord expands nothing."""
    return str(text).replace("%", "%%")


def start(
    layout: Layout, programs: Sequence[Program], environ: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the supervisor in a session of its own: a Ctrl-C reaches `remit up` alone."""
    path = layout.run / "supervisord.conf"
    path.write_text(configuration(layout, programs), encoding="utf-8")
    path.chmod(0o600)
    interpreter = [sys.executable, "-I", "-S", str(Path(guard.__file__)), "SIGTERM", "0", "-"]
    return subprocess.Popen(  # noqa: S603  -- a fixed list, no shell
        [*interpreter, sys.executable, "-m", "supervisor.supervisord", "-c", str(path)],
        env=dict(environ),
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


class Supervisor:
    """A running supervisor, reached over its Unix socket."""

    def __init__(self, socket: Path) -> None:
        transport = SupervisorTransport(None, None, f"unix://{socket}")
        # The address is a formality: the transport speaks to the socket.
        self._proxy: Any = ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def start(self, half: str) -> None:
        """Start one half's programs, all at once; a half may have none."""
        try:
            self._proxy.startProcessGroup(half, False)
        except Fault as fault:
            if fault.faultCode != Faults.BAD_NAME:
                raise

    def processes(self) -> list[ProcessState]:
        """Every process; raises OSError when no supervisor answers."""
        return [
            ProcessState(
                name=info["name"],
                state=info["statename"].lower(),
                pid=info["pid"],
                since=float(info["start"]),
                note=info["spawnerr"] or info["description"],
            )
            for info in self._proxy.getAllProcessInfo()
        ]


def answers(layout: Layout) -> bool:
    """Whether the supervisor of this layout can be spoken to."""
    if not layout.supervisor_socket.exists():
        return False
    try:
        Supervisor(layout.supervisor_socket).processes()
    except (OSError, Fault):
        return False
    return True
