"""What stands in a scheduler's database, and what people were told of it; what must hold between two looks.

It is told by the events on the bus and by the rows, and asks nothing of the code that writes them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.scheduler.adapters import checker
from tests.support import faults_invariants as faults
from tests.support.faults_invariants import Known, violations
from tests.support.scheduler.builders import Division

# Of the faults suite, what a scheduler by itself must keep: at every instant, and once all is handled.
KEPT = {
    name: (faults.ALWAYS | faults.AT_REST)[name]
    for name in (
        "booked_twice",
        "coach_overlaps",
        "teacher_overlaps",
        "both_parts_overlap",
        "out_of_remit",
        "overloaded",
        "announced_twice",
        "booked_but_not_announced",
        "done_without_effect",
        "held_too_long",
        "dead_letters",
        "scheduled_without_session",
    )
}
STILL_DUE = """
SELECT event_id, name, state, attempts, last_error FROM bus.delivery
WHERE subscriber = 'scheduler' AND state IN ('due', 'parked')
"""
_SESSIONS = """
SELECT s.id, s.request_id, s.coach_id, s.teacher_id, s.school_id, s.state, s.starts_at,
    upper(s.during) AS ends_at, s.sequence, s.offer_id, s.held_until, s.place_kind, s.coach_type,
    s.topic, s.support_mode, s.model_version, s.meeting
FROM scheduler.session s ORDER BY s.starts_at, s.coach_id, s.sequence, s.state
"""
_REQUESTS = """
SELECT id, state, version, teacher_id, school_id, school_windows <> '[]' AS by_label
FROM scheduler.request WHERE teacher_id IS NOT NULL
"""
_EVENTS = """
SELECT id, name, body->'data' AS data FROM bus.event WHERE name <> ALL (:quiet)
ORDER BY recorded_at, id
"""
# Between programs alone: nobody reads them.
_QUIET = [
    "request.submitted",
    "request.cancelled",
    "model.published",
    "time.freed",
    "school.days_changed",
    "school.time_kept",
    "school.kept",
]


@dataclass(frozen=True)
class Standing:
    """Every session and request, by its id."""

    sessions: Mapping[UUID, Any] = field(default_factory=dict)
    requests: Mapping[UUID, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, division: Division) -> "Standing":
        sql = division.database.sql
        return cls(
            sessions={row.id: row for row in sql(_SESSIONS)},
            requests={row.id: row for row in sql(_REQUESTS)},
        )

    def live(self, *states: str) -> list[Any]:
        """The sessions in these states, by their beginning."""
        return [row for row in self.sessions.values() if row.state in (states or ALIVE)]


ALIVE = ("held", "scheduled")


def when(row: Any) -> tuple[UUID, datetime, datetime]:
    """With whom and when."""
    return row.coach_id, row.starts_at, row.ends_at


def new_in(before: Standing, after: Standing) -> list[Any]:
    """The live sessions that stood not, or not there, before."""
    return [
        row
        for row in after.live()
        if (was := before.sessions.get(row.id)) is None or when(was) != when(row)
    ]


@dataclass
class Ledger:
    """Looks at a division after each step. `told` is by session the last that its people heard of it."""

    division: Division
    before: Standing = field(default_factory=Standing)
    after: Standing = field(default_factory=Standing)
    told: dict[UUID, tuple[UUID, datetime, datetime]] = field(default_factory=dict)
    _heard: set[UUID] = field(default_factory=set)
    _entries: set[tuple[str, int]] = field(default_factory=set)

    def look(self) -> None:
        """The next look: what was new is old."""
        self.before, self.after = self.after, Standing.of(self.division)

    def check_database(self) -> None:
        """The faults suite's invariants, and every counter as the sessions make it."""
        found = violations(self.division.database, KEPT, Known())
        assert not found, found
        due = self.division.database.sql(STILL_DUE)
        assert not due, due
        with self.division.engine.connect() as connection:
            wrong = [str(difference) for difference in checker.differences(connection)]
        assert not wrong, wrong

    def check_consent(self, agreed: Collection[UUID], asked: Collection[UUID]) -> None:
        """No session moved, and none was booked, but by its teacher's word.

        `agreed` are the sessions that she said yes to, or moved herself; `asked` the requests just sent.
        """
        for row in self.after.live("scheduled"):
            was = self.before.sessions.get(row.id)
            if was is not None and was.state == "scheduled":
                assert when(row) == when(was) or row.id in agreed, ("moved unasked", row)
            else:
                assert row.id in agreed or row.request_id in asked, ("booked unasked", row)

    def lost(self) -> list[Any]:
        """What was told as certain and is taken off."""
        return [
            was
            for was in self.before.live("scheduled")
            if self.after.sessions[was.id].state == "cancelled"
        ]

    def check_telling(self) -> None:
        """Whoever's time changed is told, and nobody else; each change once."""
        touched = set(self._touched())
        for event in self._new_events():
            data = event.data
            people = {
                UUID(data[part]["id"]) for part in ("teacher", "coach", "to") if data.get(part)
            }
            assert people <= touched, ("told without a change", event.name, data)
            self._hear(event.name, data)
        for row in self.after.live("scheduled"):
            assert self.told.get(row.id) == when(row), ("not told", row)
        standing = {row.id for row in self.after.live("scheduled")}
        over = {
            id_ for id_, row in self.after.sessions.items() if row.state in ("completed", "missed")
        }
        gone = self.told.keys() - standing - over
        assert not gone, ("told, and gone without a word", gone)

    def _readers(self, name: str, data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Whom the notifier writes to: of a cycle only whose calendar changes, or who is asked."""
        if name != "cycle.scheduled":
            return [data[part] for part in ("teacher", "coach", "to") if data.get(part)]
        entry = (data["series_id"], data["sequence"])
        changed = entry not in self._entries
        self._entries.add(entry)
        asked = data["because"] in ("released", "offered", "lapsed")
        return [data["teacher"]] * (changed or asked) + [data["coach"]] * changed

    def _touched(self) -> Iterator[UUID]:
        for id_, row in self.after.sessions.items():
            was = self.before.sessions.get(id_)
            if was is None or (was.state, *when(was)) != (row.state, *when(row)):
                yield from (row.coach_id, row.teacher_id)
                yield from (was.coach_id,) if was is not None else ()
        for id_, row in self.after.requests.items():
            known = self.before.requests.get(id_)
            if known is None or known.state != row.state:
                yield row.teacher_id

    def _new_events(self) -> list[Any]:
        rows = self.division.database.sql(_EVENTS, quiet=_QUIET)
        fresh = [row for row in rows if row.id not in self._heard]
        self._heard |= {row.id for row in fresh}
        return fresh

    def _hear(self, name: str, data: Mapping[str, Any]) -> None:
        match name:
            case "session.scheduled":
                self._hear_time(UUID(data["session_id"]), data["coach"], data)
            case "cycle.scheduled":
                self._hear_cycle(data)
            case "session.cancelled":
                del self.told[UUID(data["session_id"])]
            case "session.released":
                was = self.before.sessions.get(UUID(data["session_id"]))
                assert was is None or was.state in ALIVE
                heard = self.told.pop(UUID(data["session_id"]), None)
                assert (heard is None) == (was is None or was.state == "held")
            case "session.offered":
                assert UUID(data["offer"]["session_id"]) not in self.before.sessions
            case "request.waiting" | "session.handed_over":
                pass
            case _:
                raise AssertionError(f"an event that this ledger does not know: {name}")

    def _hear_time(self, id_: UUID, coach: Mapping[str, Any], time: Mapping[str, Any]) -> None:
        said = (UUID(coach["id"]), _instant(time["starts_at"]), _instant(time["ends_at"]))
        assert self.told.get(id_) != said, "told again what she knows"
        self.told[id_] = said

    def _hear_cycle(self, data: Mapping[str, Any]) -> None:
        """A cycle is told whole at each change: what is no more in it is off."""
        coaches = self.division.database.sql("SELECT id, name FROM scheduler.coach")
        called = {row.name: row.id for row in coaches}
        ids = {
            row.id
            for row in (*self.before.sessions.values(), *self.after.sessions.values())
            if str(row.request_id) == data["request_id"]
        }
        for id_ in ids:
            self.told.pop(id_, None)
        for one in data["meetings"]:
            if one.get("state", "scheduled") != "held":
                times = _instant(one["starts_at"]), _instant(one["ends_at"])
                self.told[UUID(one["session_id"])] = (called[one["coach_name"]], *times)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def way_fits(one: Any, other: Any, minutes: int) -> bool:
    """Whether a coach gets from the one, which comes first, to the other."""
    return bool(other.starts_at - one.ends_at >= timedelta(minutes=minutes))
