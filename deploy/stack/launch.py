"""`remit up`: one start from the lock to the ready line, and one clean end."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.processes import guard
from deploy.processes.guard import WRONG_CONFIGURATION
from deploy.stack import lock, supervisor
from deploy.stack.address import FILE_NAME
from deploy.stack.layout import Layout
from deploy.stack.leftovers import end_leftovers
from deploy.stack.parts import Part, wait_until_ready
from deploy.stack.plan import Plan, Wishes, draw, web_port
from deploy.stack.programs import STORES, WORK

Tell = Callable[[str], None]


class StartFailed(Exception):  # noqa: N818  -- reads as what it says
    """The stack can not start; the text says why and where to look."""


def run(wishes: Wishes, environ: Mapping[str, str], tell: Tell) -> None:
    """Keep a stack running until Ctrl-C or SIGTERM; a supervisor that dies is replaced."""
    layout = Layout.of(wishes.data)
    if not layout.data.exists():
        # No former run of ours can hold the port, so a refusal need not leave a folder behind.
        web_port(wishes.port)
    layout.create()
    with lock.held(layout.data), _stopped_by_signals():
        end_leftovers(layout, tell)
        plan = draw(wishes, layout, environ)
        try:
            while True:
                _keep(plan, tell)
                tell("The supervisor died; starting again on the same data")
                end_leftovers(layout, tell)
        except KeyboardInterrupt:
            tell("Stopped. Everything is kept in " + str(wishes.data))


def _keep(plan: Plan, tell: Tell) -> None:
    """One life of the supervisor. Returns when it dies by itself; stops it when we are to stop."""
    began = time.monotonic()
    process = supervisor.start(plan.layout, plan.programs, plan.environ)
    try:
        _prepare(plan, process)
        supervisor.Supervisor(plan.layout.supervisor_socket).start(WORK)
        late = _late(plan.layout, tell)
        if wait_until_ready(plan.address, lambda: process.poll() is not None, late):
            plan.address.save()
            tell(_ready_line(plan, time.monotonic() - began))
        process.wait()
    finally:
        (plan.layout.data / FILE_NAME).unlink(missing_ok=True)
        _stop(process, tell)


def _prepare(plan: Plan, process: subprocess.Popen[bytes]) -> None:
    """Run the preparation beside the starting stores; both must come through."""
    command = [
        *(sys.executable, "-I", "-S", str(Path(guard.__file__)), "SIGTERM", "0", "-"),
        *(sys.executable, "-m", "deploy.stack.prepare", str(plan.layout.data)),
        *(["--demo"] if plan.demo else []),
    ]
    log = plan.layout.logs / "prepare.log"
    with log.open("wb") as errors:
        preparation = subprocess.Popen(  # noqa: S603  -- a fixed list, no shell
            command, env=plan.environ, start_new_session=True, stderr=errors
        )
    try:
        _until_it_listens(plan, process)
        supervisor.Supervisor(plan.layout.supervisor_socket).start(STORES)
        while preparation.poll() is None:
            _still_alive(plan, process)
            time.sleep(0.02)
    finally:
        preparation.terminate()
        preparation.wait()
    if preparation.returncode == WRONG_CONFIGURATION:
        raise StartFailed(log.read_text(encoding="utf-8").strip())
    if preparation.returncode:
        raise StartFailed(f"The database could not be made ready. See {log}")


def _until_it_listens(plan: Plan, process: subprocess.Popen[bytes]) -> None:
    while not supervisor.answers(plan.layout):
        _still_alive(plan, process)
        time.sleep(0.01)


def _still_alive(plan: Plan, process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        raise StartFailed(f"The supervisor ended. Look in {plan.layout.logs}")


def _late(layout: Layout, tell: Tell) -> Callable[[list[Part]], None]:
    def late(parts: list[Part]) -> None:
        for part in parts:
            tell(f"Still waiting for {part.name}: {part.note} (see {layout.logs}/{part.name}.log)")

    return late


def _ready_line(plan: Plan, seconds: float) -> str:
    mail = f" · mail {plan.address.sink_url}" if plan.address.sink_url else ""
    return f"Ready in {seconds:.1f} s · Remit {plan.address.web_url}{mail} · Ctrl-C stops it"


def _stop(process: subprocess.Popen[bytes], tell: Tell) -> None:
    """Ask once; the supervisor itself insists with processes that do not listen."""
    if process.poll() is None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        tell("Stopping: work in hand is finished first")
        process.terminate()
        process.wait()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGTERM and a closed terminal stop the stack as Ctrl-C does."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    former = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
