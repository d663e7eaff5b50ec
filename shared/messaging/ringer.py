"""See what is due, by state, and ring its service; when ringing does not help, drain it right here.

The ringer polls PostgreSQL every 10 ms while anything was due in the last 5 s, else every 50 ms.
Redis and Celery make things quick; without them everything still happens.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from shared.messaging.doorbell import RING_FAILURES, Doorbell

log = logging.getLogger(__name__)

_DELIVERIES_DUE = """
SELECT d.due_at FROM bus.delivery d
WHERE d.subscriber = {service} AND d.state IN ('due', 'parked') AND d.due_at <= now()
  AND (d.lease_id IS NULL OR d.lease_until < now())
  AND NOT EXISTS (SELECT FROM bus.delivery dead WHERE dead.state = 'dead'
      AND dead.subscriber = d.subscriber AND dead.aggregate_id = d.aggregate_id)
ORDER BY d.due_at LIMIT 1
"""
_TIMERS_DUE = "SELECT min(due_at) FROM bus.timer WHERE subscriber = {service} AND due_at <= now()"
_WORK_DUE = "SELECT min(due_at) FROM {view} WHERE due_at <= now()"
# What waits long behind workers that are at it waits no shorter for a drain more on the same machine.
_WORKERS_ARE_AT_IT = text("""
SELECT EXISTS (SELECT FROM bus.delivery WHERE subscriber = :service AND settled_by = 'celery'
    AND settled_at > now() - CAST(:within AS interval))
""")


@dataclass(frozen=True, kw_only=True)
class RingerSettings:
    """Seconds between looks, and when to stop trusting the bell."""

    busy: float = 0.010
    idle: float = 0.050
    busy_for: float = 5.0
    bell_failing_for: float = 5.0
    bell_again: float = 3.0
    oldest_due: float = 10.0
    after_failure: float = 1.0
    longest_after_failure: float = 30.0
    at_it_within: float = 5.0
    at_it_again: float = 1.0


@dataclass(frozen=True)
class Room:
    """A service as the ringer sees it: `due_work` is its view of due work that is no delivery."""

    service: str
    drain_here: Callable[[], object]
    due_work: str | None = None


@dataclass
class Ringer:
    """Rings for every room. Any number of ringers may run; they only ring more often.

    `on_look` may speak to the broker: while the bell fails it is called as rarely as that is tried.
    """

    engine: Engine
    doorbell: Doorbell
    rooms: tuple[Room, ...]
    on_look: Callable[[], None] = lambda: None
    settings: RingerSettings = field(default_factory=RingerSettings)

    def __post_init__(self) -> None:
        # One statement for all rooms: it is asked a hundred times a second.
        selects = [_due_in(room, f":service_{at}") for at, room in enumerate(self.rooms)]
        self._due = text(" UNION ALL ".join(selects))
        self._services = {f"service_{at}": room.service for at, room in enumerate(self.rooms)}
        self._failing_since: float | None = None
        self._try_bell_at = 0.0
        self._last_due = time.monotonic()
        self._draining: dict[str, Thread] = {}
        self._at_it_until: dict[str, float] = dict.fromkeys(self._services.values(), 0.0)
        self._failures: dict[str, int] = {}
        self._not_before: dict[str, float] = {}

    def run_forever(self, stop: Event) -> None:
        """Look and ring until `stop` is set; a database that is away is waited for."""
        while not stop.is_set():
            try:
                with self.engine.connect() as connection:
                    reader = connection.execution_options(isolation_level="AUTOCOMMIT")
                    while not stop.wait(self._pause()):
                        self.look(reader)
            except SQLAlchemyError:
                log.warning("ringer.no_database", exc_info=True)
                stop.wait(0.5)
        for thread in self._draining.values():
            thread.join(30)

    def look(self, connection: Connection) -> Mapping[str, float]:
        """One look: ring for each service with something due; seconds overdue by service."""
        rows = connection.execute(self._due, self._services)
        overdue = {row.service: float(row.overdue) for row in rows if row.overdue is not None}
        if overdue:
            self._last_due = time.monotonic()
        for room in self.rooms:
            if room.service in overdue:
                self._ring(room.service)
                if self._bell_is_no_help(connection, room, overdue[room.service]):
                    self._drain_here(room)
        self._show_life()
        return overdue

    def _show_life(self) -> None:
        if time.monotonic() < self._try_bell_at:
            return
        self.on_look()
        if self._failing_since is not None:
            self._try_bell_at = time.monotonic() + self.settings.bell_again

    def _ring(self, service: str) -> None:
        # A frozen broker costs its whole timeout: asked at every look, it would hold up all of them.
        if time.monotonic() < self._try_bell_at:
            return
        try:
            self.doorbell.ring(service)
        except RING_FAILURES as failure:
            if self._failing_since is None:
                self._failing_since = time.monotonic()
                log.warning("ringer.bell_failing", extra={"error": type(failure).__name__})
            self._try_bell_at = time.monotonic() + self.settings.bell_again
        else:
            if self._failing_since is not None:
                log.info("ringer.bell_works_again")
            self._failing_since = None

    def _bell_is_no_help(self, connection: Connection, room: Room, overdue: float) -> bool:
        failing = self._failing_since
        if failing is not None and time.monotonic() - failing > self.settings.bell_failing_for:
            return True
        if (
            overdue <= self.settings.oldest_due
            or time.monotonic() < self._at_it_until[room.service]
        ):
            return False
        within = timedelta(seconds=self.settings.at_it_within)
        params = {"service": room.service, "within": within}
        at_it: bool = connection.scalar(_WORKERS_ARE_AT_IT, params)
        if at_it:
            self._at_it_until[room.service] = time.monotonic() + self.settings.at_it_again
        return not at_it

    def _drain_here(self, room: Room) -> None:
        running = self._draining.get(room.service)
        if running is not None and running.is_alive():
            return
        if time.monotonic() < self._not_before.get(room.service, 0.0):
            return
        log.warning("ringer.drains_by_itself", extra={"service": room.service})
        thread = Thread(target=self._drain, args=(room,), name=f"drain-{room.service}", daemon=True)
        self._draining[room.service] = thread
        thread.start()

    def _drain(self, room: Room) -> None:
        try:
            room.drain_here()
        except Exception:
            failures = self._failures.get(room.service, 0)
            pause = min(
                self.settings.after_failure * 2**failures, self.settings.longest_after_failure
            )
            self._failures[room.service] = failures + 1
            self._not_before[room.service] = time.monotonic() + pause
            log.exception("ringer.drain_failed", extra={"service": room.service, "seconds": pause})
        else:
            self._failures.pop(room.service, None)

    def _pause(self) -> float:
        idle = time.monotonic() - self._last_due > self.settings.busy_for
        return self.settings.idle if idle else self.settings.busy


def _due_in(room: Room, service: str) -> str:
    """How many seconds the oldest due work of a room is overdue, as a query of one row."""
    dues = [_DELIVERIES_DUE.format(service=service), _TIMERS_DUE.format(service=service)]
    if room.due_work:
        dues.append(_WORK_DUE.format(view=room.due_work))
    oldest = ", ".join(f"({due})" for due in dues)
    return f"SELECT {service} AS service, extract(epoch FROM now() - least({oldest})) AS overdue"
