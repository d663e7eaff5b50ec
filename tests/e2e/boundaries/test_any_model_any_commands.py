"""Whatever model is published and whatever is asked, by whichever way in: no session lies outside its version."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deploy.boundaries import prove
from services.request_intake.domain.model_document import ModelFaults
from services.request_intake.domain.request import Request
from services.request_intake.handlers.publishing import Publication
from services.request_intake.handlers.submitting import Submitted
from services.request_intake.ports import ByPerson
from services.scheduler import bootstrap as scheduler
from services.scheduler.adapters.bulk_load import CoachSeed, HoursSeed, load_coaches
from services.scheduler.domain.appointment import AppointedCoach, Offer
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.identity import new_id
from tests.e2e.boundaries import reviewing
from tests.support.events import an_id
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database, Server
from tests.support.request_intake.builders import an_ask, starter_document
from tests.support.request_intake.division import (
    MAYA,
    NOOR,
    OFFICE,
    OTHER_SCHOOL_ID,
    REQUESTS,
    SCHOOL_ID,
    SYSTEM,
)
from tests.support.scheduler.builders import a_scheduler

_COACHES = tuple(an_id(400 + number) for number in range(3))
_MOST_TOPICS = 6


def any_model(draw: random.Random) -> dict[str, Any]:
    """A model with some of the starter's topics, each in other types and modes than there."""
    document = starter_document()
    types = [kind["key"] for kind in document["coach_types"]]
    modes = [mode["key"] for mode in document["support_modes"]]
    for kind in document["coach_types"]:
        kind["modes"] = draw.sample(modes, draw.randint(1, len(modes)))
    offered = {kind["key"]: set(kind["modes"]) for kind in document["coach_types"]}
    topics = draw.sample(document["topics"], draw.randint(2, _MOST_TOPICS))
    for topic in topics:
        topic["coach_types"] = draw.sample(types, draw.randint(1, 3))
        possible = sorted(set().union(*(offered[key] for key in topic["coach_types"])))
        topic["modes"] = draw.sample(possible, draw.randint(1, len(possible)))
        topic["where_in_day"] = ""
    out = draw.sample(document["out_of_remit"], 3)
    if draw.random() < 0.2:  # sometimes it has a hole, and is not published at all
        topics[0]["modes"] = []
    known = {topic["key"] for topic in (*topics, *out)}
    for topic in (*topics, *out):
        topic["near"] = [key for key in topic["near"] if key in known]
    return {**document, "topics": topics, "out_of_remit": out}


@dataclass
class Scene:
    """A division under commands drawn at random; `draw` decides what each is about."""

    database: Database
    draw: random.Random
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.division = PagesDivision(self.database)
        self.application = self.division.application
        self.scheduler = scheduler.build(a_scheduler(self.database), kind="worker")
        self.database.engines.append(self.scheduler.engine)
        starter = starter_document()
        self.topics = [one["key"] for one in (*starter["topics"], *starter["out_of_remit"])]
        self.types = [one["key"] for one in starter["coach_types"]]
        self.modes = [one["key"] for one in starter["support_modes"]]
        self.maya = Hand(self.division, MAYA)
        self.noor = self.division.client(NOOR)
        self.scheduler.drain.run()
        with transaction(self.scheduler.engine, "system:test") as connection:
            load_coaches(connection, [self._coach(id_) for id_ in _COACHES], now=utc_now())

    def publish(self) -> None:
        with suppress(ModelFaults):
            self.application.publish(
                Publication(
                    document=any_model(self.draw),
                    published_by=SYSTEM,
                    reason="any",
                    effective_from=self.draw.choice(
                        [None, None, utc_now().date() + timedelta(days=9)]
                    ),
                )
            )

    def ask_at_once(self) -> None:
        topic, mode = self._likely()
        done = self.application.submit(
            ByPerson(self.draw.choice([MAYA, NOOR])),
            an_ask(topic=topic, support_mode=mode),
            key=str(uuid4()),
        )
        if isinstance(done, Submitted):
            self.asked.append(done.request)

    def ask_by_program(self) -> None:
        topic, mode = self._likely()
        body = {"words": "Something of my own", "topic": topic, "support_mode": mode}
        answer = self.noor.post(REQUESTS, json={k: v for k, v in body.items() if v is not None})
        assert answer.status_code in (202, 422)

    def ask_by_page(self) -> None:
        topic, mode = self._likely()
        self.maya.get("/ask")
        given = {"words": "Something of my own", "topic": topic, "support_mode": mode}
        sent = {name: value for name, value in given.items() if value is not None}
        answer = self.maya.post("/ask", key=self.maya.key, availability="any", **sent)
        assert answer.status_code in (303, 422)

    def take_back(self) -> None:
        if self.asked:
            request = self.draw.choice(self.asked)
            self.application.cancel(request.teacher_id, request.id, seen_version=None)

    def appoint(self) -> None:
        coach_id = self.draw.choice(_COACHES)
        coach, _ = self.scheduler.coach(coach_id)
        assert coach
        wanted = frozenset(self._offers(self.draw.randint(0, 8)))
        answer = self.scheduler.appoint(OFFICE, coach_id, wanted, seen=coach.offers)
        if isinstance(answer, AppointedCoach):
            assert answer.offers == wanted

    def plan(self) -> None:
        self.scheduler.drain.run()

    def hear(self) -> None:
        self.application.drain.run()

    def write_behind_its_back(self) -> None:
        """Plain SQL as the scheduler's own role: what lies outside is refused by the database."""
        statements = (
            "UPDATE scheduler.session SET topic = :topic, support_mode = :mode",
            "UPDATE scheduler.session SET coach_type = :type",
            "UPDATE scheduler.session SET model_version = model_version + 1, topic = :topic",
            (
                "INSERT INTO scheduler.combination SELECT max(version), :type, :topic, :mode"
                " FROM scheduler.model_version"
            ),
            "DELETE FROM scheduler.combination WHERE topic = :topic",
            (
                "INSERT INTO scheduler.session (id, request_id, coach_id, teacher_id, school_id,"
                " model_version, coach_type, topic, support_mode, place_kind, place_address, during,"
                " state) SELECT :id, request_id, coach_id, teacher_id, school_id, model_version, :type,"
                " :topic, support_mode, place_kind, place_address, during, 'cancelled'"
                " FROM scheduler.session"
            ),
        )
        values = {
            "id": new_id(),
            "topic": "payroll",
            "mode": self.draw.choice(self.modes),
            "type": "wizard",
        }
        for statement in statements:
            with suppress(DBAPIError), transaction(self.scheduler.engine, "system:test") as open_:
                found = open_.execute(text(statement), values)
                assert found.rowcount == 0, statement

    def _likely(self) -> tuple[str | None, str | None]:
        """Mostly what the model in force knows, sometimes what it does not."""
        model = self.application.model().model
        known = [topic.key for topic in model.all_topics]
        topic = self.draw.choice([*known, *known, *known, self.draw.choice(self.topics)])
        return topic, self.draw.choice([None, None, self.draw.choice(self.modes)])

    def _offers(self, count: int) -> Sequence[Offer]:
        return [
            Offer(
                coach_type=self.draw.choice(self.types), support_mode=self.draw.choice(self.modes)
            )
            for _ in range(count)
        ]

    def _coach(self, id_: UUID) -> CoachSeed:
        return CoachSeed(
            id=id_,
            name="A coach",
            email=f"{id_}@larches.example.org",
            offers=sorted({(o.coach_type, o.support_mode) for o in self._offers(12)}),
            school_ids=[SCHOOL_ID, OTHER_SCHOOL_ID],
            hours=[HoursSeed(iso_weekday=d, starts=time(7), ends=time(18)) for d in range(1, 8)],
            sessions_per_day=8,
            weekly_minutes=2400,
            online_address="https://meet.example.org/one",
        )


COMMANDS: tuple[Callable[[Scene], None], ...] = (
    Scene.publish,
    Scene.ask_at_once,
    Scene.ask_at_once,
    Scene.ask_by_program,
    Scene.ask_by_page,
    Scene.take_back,
    Scene.appoint,
    Scene.plan,
    Scene.hear,
    Scene.write_behind_its_back,
    reviewing.ask_vaguely,
    reviewing.appeal_by_program,
    reviewing.appeal_by_page,
    reviewing.answer_by_program,
    reviewing.answer_by_program,
    reviewing.answer_by_page,
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    seed=st.integers(0, 2**32),
    commands=st.lists(st.sampled_from(COMMANDS), min_size=10, max_size=40),
)
def test_no_session_ever_lies_outside_its_version(
    postgres: Server, seed: int, commands: list[Callable[[Scene], None]]
) -> None:
    with postgres.clone() as database:
        scene = Scene(database, random.Random(seed))  # noqa: S311  -- drawn by Hypothesis
        for command in (*commands, Scene.ask_at_once, Scene.plan, Scene.write_behind_its_back):
            command(scene)
        proof = prove(database.url)
        assert proof.named == []
        assert reviewing.outside_its_grant(database) == []
        event(f"{min(proof.sessions, 5)} sessions or more")
        event(f"{reviewing.excepted(database)} sessions by exception")


def test_the_proof_would_see_one_that_did(postgres: Server) -> None:
    """And these commands do book: else this loop would not end."""
    with postgres.clone() as database:
        scene = Scene(database, random.Random(1))  # noqa: S311
        while not database.sql("SELECT FROM scheduler.session"):
            scene.ask_at_once()
            scene.plan()
        for (name,) in database.sql(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'scheduler.session'::regclass"
            " AND contype = 'f'"
        ):
            database.sql(f'ALTER TABLE scheduler.session DROP CONSTRAINT "{name}"')
        database.sql("ALTER TABLE scheduler.session DISABLE TRIGGER USER")
        database.sql("UPDATE scheduler.session SET topic = 'payroll'")
        assert prove(database.url).outside


def test_these_commands_do_lead_to_sessions_by_review_and_by_exception(postgres: Server) -> None:
    with postgres.clone() as database:
        scene = Scene(database, random.Random(4))  # noqa: S311
        while not (reviewing.excepted(database) and reviewing.called_coaching(database)):
            scene.ask_at_once()
            reviewing.ask_vaguely(scene)
            reviewing.appeal_by_program(scene)
            reviewing.answer_by_page(scene)
            reviewing.answer_by_program(scene)
            scene.appoint()
            scene.plan()
        assert reviewing.outside_its_grant(database) == []
        assert prove(database.url).named == []
