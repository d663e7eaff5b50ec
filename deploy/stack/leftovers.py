"""End what a killed stack left behind on this data folder, and only that.

A process is ours when it carries our mark in its environment, or is a PostgreSQL that works in
our cluster's directory (PostgreSQL overwrites its environment).
"""

import signal
from collections.abc import Callable
from pathlib import Path

import psutil

from deploy.stack.layout import Layout

MARK = "REMIT_STACK"
_PATIENCE = 20.0
_FORCE = 5.0


def end_leftovers(layout: Layout, tell: Callable[[str], None]) -> None:
    """Wait until nothing of a former run lives; ask what lingers to end, then insist."""
    left = _ours(layout)
    if left:
        tell("Waiting for the former run to end")
        # A supervisor that lives ends its programs in the right order; else each is asked itself.
        _ask([process for process in left if _is_supervisor(process)] or left)
        psutil.wait_procs(left, timeout=_PATIENCE)
        lingering = _ours(layout)
        for process in lingering:
            _send(process, signal.SIGKILL)
        psutil.wait_procs(lingering, timeout=_FORCE)
    _remove_stale(layout)


def _ours(layout: Layout) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _is_ours(process, layout)]


def _is_ours(process: psutil.Process, layout: Layout) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        if process.name().startswith("postgres"):
            return Path(process.cwd()) == layout.cluster
        return process.environ().get(MARK) == str(layout.data)
    except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
        return False


def _is_supervisor(process: psutil.Process) -> bool:
    try:
        return "supervisor.supervisord" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


def _ask(processes: list[psutil.Process]) -> None:
    """SIGINT asks a postmaster for a fast shutdown; SIGTERM asks everything else."""
    for process in processes:
        try:
            postgres = process.name().startswith("postgres")
        except psutil.NoSuchProcess:
            continue
        _send(process, signal.SIGINT if postgres else signal.SIGTERM)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)  # psutil refuses when the pid is somebody else's by now
    except psutil.NoSuchProcess:
        return


def _remove_stale(layout: Layout) -> None:
    """Nothing of ours lives, so these files can only mislead (a pid may be in use by another)."""
    stale = [
        layout.cluster / "postmaster.pid",
        layout.supervisor_socket,
        layout.valkey_socket,
        layout.data / "stack.json",
        *layout.sockets.glob(".s.PGSQL.*"),
    ]
    for path in stale:
        path.unlink(missing_ok=True)
