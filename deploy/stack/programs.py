"""The programs of a stack as one table: what runs, in which half, how it is asked to stop."""

import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.processes import guard
from deploy.stack import postgresql, valkey
from deploy.stack.layout import Layout

STORES, WORK = "stores", "work"


@dataclass(frozen=True, kw_only=True)
class Program:
    """One process that the supervisor keeps alive. `half` says if it starts first or last."""

    name: str
    half: str
    command: tuple[str, ...]
    stop_signal: str = "TERM"
    stop_seconds: int = 30
    niceness: int = 0
    user: str = "-"

    def guarded(self) -> tuple[str, ...]:
        """The command, made to die with its supervisor."""
        interpreter = (sys.executable, "-I", "-S", str(Path(guard.__file__)))
        return (
            *interpreter,
            f"SIG{self.stop_signal}",
            str(self.niceness),
            self.user,
            *self.command,
        )


def _python(module: str, *arguments: object) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *(str(argument) for argument in arguments))


def database(layout: Layout, administrator_password: str) -> Program:
    """PostgreSQL. SIGINT is its fast shutdown: sessions are cut, nothing committed is lost."""
    return Program(
        name="postgresql",
        half=STORES,
        command=tuple(postgresql.configure(layout, administrator_password)),
        stop_signal="INT",
        stop_seconds=60,
        user=postgresql.system_user() or "-",
    )


def broker(layout: Layout) -> Program:
    """Valkey."""
    return Program(name="valkey", half=STORES, command=tuple(valkey.configure(layout)))


def mail(layout: Layout, smtp_port: int, page_port: int) -> Program:
    """The mail sink."""
    command = _python("deploy.stack.mail_sink", layout.mail, smtp_port, page_port)
    return Program(name="mail", half=STORES, command=command)


def work() -> list[Program]:
    """Remit's own processes. Telling yields the processor to planning: mail can wait, a match not."""
    return [
        Program(name="web", half=WORK, command=_python("deploy.processes.web")),
        Program(name="planning", half=WORK, command=_python("deploy.processes.worker", "planning")),
        Program(
            name="telling",
            half=WORK,
            command=_python("deploy.processes.worker", "telling"),
            niceness=5,
        ),
        Program(name="ringer", half=WORK, command=_python("deploy.processes.ringer")),
        Program(name="beat", half=WORK, command=_python("deploy.processes.beat"), niceness=5),
    ]
