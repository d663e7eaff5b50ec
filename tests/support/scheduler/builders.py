"""A small division to book in. Each builder states only what matters; the rest is ordinary."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, text

from services.scheduler.adapters.bulk_load import (
    CoachSeed,
    ExceptionSeed,
    HoursSeed,
    load_coaches,
)
from services.scheduler.bootstrap import Application, build
from services.scheduler.config import Settings
from shared.events import Event, ModelPublished, RequestSubmitted
from shared.events.vocabulary import (
    CoachTypeTerms,
    Combination,
    ModeTerms,
    Person,
    School,
    TopicTerms,
    Window,
)
from shared.identity import new_id
from shared.messaging.append import append
from tests.support.postgres import Database

# A Monday in term, at 7:00 in a zone that still changes its clocks (Edmonton does no more).
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
ZONE = "America/Denver"
LITERACY, MATH = "literacy", "math"
CONSULTATION, COLLABORATION = "consultation", "collaboration"
READING, FRACTIONS = "guided_reading", "fractions"
MODES = (
    ModeTerms(
        key=CONSULTATION,
        name="Consultation",
        minutes=30,
        sessions_min=1,
        sessions_max=1,
        online_ok=True,
    ),
    ModeTerms(
        key=COLLABORATION,
        name="Collaboration",
        minutes=45,
        sessions_min=1,
        sessions_max=3,
        online_ok=False,
    ),
)
TYPES = (
    CoachTypeTerms(key=LITERACY, name="Literacy coach", sessions_per_day=5, weekly_minutes=1200),
    CoachTypeTerms(key=MATH, name="Math coach", sessions_per_day=5, weekly_minutes=1200),
)
TOPICS = (
    TopicTerms(key=READING, title="Guided reading"),
    TopicTerms(key=FRACTIONS, title="Fractions"),
)
COMBINATIONS = tuple(
    Combination(coach_type=coach_type, topic=topic, support_mode=mode)
    for coach_type, topic in ((LITERACY, READING), (MATH, FRACTIONS), (LITERACY, FRACTIONS))
    for mode in (CONSULTATION, COLLABORATION)
)
OFFERS = tuple((LITERACY, mode.key) for mode in MODES)
ALL_DAY = tuple(HoursSeed(iso_weekday=day, starts=time(8), ends=time(16)) for day in range(1, 6))
_NAMESPACE = UUID("6f0c3c5a-9d53-4a43-8a3b-1d8f6a3c7e10")
LARCH = School(id=uuid5(_NAMESPACE, "larch"), name="Larch School")


def an_id(word: object) -> UUID:
    """The same id for the same word."""
    return uuid5(_NAMESPACE, str(word))


def a_model(version: int = 1, zone: str = ZONE, **other: Any) -> ModelPublished:
    values: dict[str, Any] = {
        "model_id": an_id(f"model {version}"),
        "effective_from": date(2026, 9, 1),
        "division_name": "Three Larches",
        "support_modes": MODES,
        "coach_types": TYPES,
        "topics": TOPICS,
        "combinations": COMBINATIONS,
        **other,
    }
    return ModelPublished(version=version, model_version=version, zone=zone, **values)


def a_person(word: object = "teacher") -> Person:
    return Person(id=an_id(word), name=f"{word}".title(), email=f"{an_id(word)}@example.org")


def a_coach(word: object = "ana", **other: Any) -> CoachSeed:
    values: dict[str, Any] = {
        "offers": OFFERS,
        "school_ids": (LARCH.id,),
        "hours": ALL_DAY,
        "sessions_per_day": 5,
        "weekly_minutes": 1200,
        "online_address": "https://meet.example.org/ana",
        **other,
    }
    person = a_person(word)
    return CoachSeed(id=person.id, name=person.name, email=person.email, **values)


def off(day: date, starts: time | None = None, ends: time | None = None) -> ExceptionSeed:
    return ExceptionSeed(day=day, kind="off", starts=starts, ends=ends)


def a_request(**other: Any) -> RequestSubmitted:
    values: dict[str, Any] = {
        "version": 1,
        "request_id": new_id(),
        "submitted_at": MONDAY,
        "model_version": 1,
        "teacher": a_person(f"teacher {new_id()}"),
        "school": LARCH,
        "room": "Room 12",
        "topic": READING,
        "support_mode": CONSULTATION,
        "coach_types": (LITERACY,),
        "meeting": "in_person",
        "windows": (),
        **other,
    }
    return RequestSubmitted(**values)


def a_window(starts_at: datetime, minutes: int) -> Window:
    return Window(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes))


def a_scheduler(database: Database, **other: Any) -> Settings:
    """The settings of a scheduler on this database."""
    values: dict[str, Any] = {
        "public_url": "http://localhost",
        "secret_key": "0123456789abcdefghijklmnopqrstuvwxyz",
        **other,
    }
    return Settings(database_url=database.url, **values)


class Division:
    """A migrated database with a model and coaches, and the scheduler that works on it."""

    def __init__(self, database: Database, *, now: datetime = MONDAY, **settings: Any) -> None:
        self.database = database
        self.now = now
        self.application: Application = build(
            a_scheduler(database, **settings), kind="worker", clock=lambda: self.now
        )
        self.engine: Engine = self.application.engine
        database.engines += [self.engine, self.application.statements.engine]

    def tell(self, *events: Event) -> None:
        """Append events to the bus, as whoever tells them would."""
        with self.engine.begin() as connection:
            append(connection, events, self.now)

    def drain(self) -> None:
        """Handle all that is due."""
        self.application.drain.run()

    def hear(self, *events: Event) -> None:
        """Tell, and handle."""
        self.tell(*events)
        self.drain()

    def with_model(self, **other: Any) -> "Division":
        self.hear(a_model(**other))
        return self

    def with_coaches(self, *coaches: CoachSeed) -> "Division":
        with self.engine.begin() as connection:
            load_coaches(connection, coaches, now=self.now)
        return self

    def announced(self, name: str) -> list[dict[str, Any]]:
        """The data of every event of that name on the bus, oldest first."""
        rows = self.database.sql(
            "SELECT body->'data' AS data FROM bus.event WHERE name = :name ORDER BY recorded_at, id",
            name=name,
        )
        return [row.data for row in rows]

    def sessions(self, where: str = "true") -> Sequence[Any]:
        return self.database.sql(
            f"SELECT * FROM scheduler.session WHERE {where} ORDER BY starts_at"
        )

    def delivery_states(self) -> dict[str, int]:
        rows = self.database.sql(
            "SELECT state, count(*) AS n FROM bus.delivery WHERE subscriber = 'scheduler' GROUP BY 1"
        )
        return {row.state: row.n for row in rows}


def insert_session(connection: Connection, **other: Any) -> None:
    """One plain INSERT into `session`, without any help of the application."""
    request_id = other.pop("request_id", None) or a_known_request(connection)
    values: dict[str, Any] = {
        "id": new_id(),
        "request_id": request_id,
        "coach_id": an_id("ana"),
        "teacher_id": an_id(new_id()),
        "school_id": LARCH.id,
        "model_version": 1,
        "coach_type": LITERACY,
        "topic": READING,
        "support_mode": CONSULTATION,
        "place_kind": "room",
        "place_address": "Room 12",
        "during": "[2026-11-24 16:00+00,2026-11-24 16:30+00)",
        "state": "scheduled",
        **other,
    }
    columns = ", ".join(values)
    marks = ", ".join(
        f"CAST(:{name} AS tstzrange)" if name == "during" else f":{name}" for name in values
    )
    connection.execute(text(f"INSERT INTO scheduler.session ({columns}) VALUES ({marks})"), values)


def a_known_request(connection: Connection) -> UUID:
    request_id = new_id()
    connection.execute(
        text("INSERT INTO scheduler.request (id, state) VALUES (:id, 'cancelled')"),
        {"id": request_id},
    )
    return request_id


def ids(rows: Iterable[Any]) -> list[UUID]:
    return [row.id for row in rows]
