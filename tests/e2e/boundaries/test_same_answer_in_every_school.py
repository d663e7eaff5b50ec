"""200 schools with additions of their own: the same decision everywhere, only the local contact differs."""

from collections import defaultdict
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import pytest

from services.request_intake.adapters.bulk_load import (
    PersonRow,
    SchoolRow,
    load_people,
    load_schools,
)
from services.request_intake.bootstrap.schooling import AdditionsChanged, AdditionsRefused
from services.request_intake.domain.school_additions import Contact, LocalTopic, SchoolAdditions
from services.request_intake.ports import ByPerson
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.builders import an_ask, starter
from tests.support.request_intake.division import MAYA, OFFICE, REQUESTS, SCHOOL_ID, SYSTEM

_SCHOOLS = 200
_ASKS_A_SCHOOL = 2
MODEL = starter()
Given = tuple[str, str | None]


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


def asks() -> list[Given]:
    """Each topic of the model as words alone, each as chosen, and some that say nothing."""
    read = [(topic.examples[0], None) for topic in MODEL.all_topics if topic.examples]
    chosen = [("As my colleagues do", topic.key) for topic in MODEL.all_topics]
    return [*read, *chosen, *((words, None) for words in MODEL.vague[:10])]


def school_id(number: int) -> UUID:
    return an_id(10_000 + number)


def teacher_id(number: int) -> UUID:
    return an_id(20_000 + number)


def additions(number: int, revision: int = 0) -> SchoolAdditions:
    """Its own contact for every redirect but some, and a name of its own for two topics."""
    contacts = {
        topic.key: Contact(
            label=f"Desk {number}", kind="email", target=f"desk{number}@larches.example.org"
        )
        for place, topic in enumerate(MODEL.out_of_remit)
        if (place + number) % 3
    }
    topics = (
        LocalTopic(title=f"Hour {number}", inside="unit_planning"),
        LocalTopic(title="As we say", inside=MODEL.topics[number % len(MODEL.topics)].key),
    )
    return SchoolAdditions(contacts=contacts, topics=topics, revision=revision)


def with_schools(division: PagesDivision) -> None:
    with transaction(division.engine, SYSTEM) as connection:
        load_schools(
            connection,
            [
                SchoolRow(id=school_id(n), key=f"school_{n}", name=f"School {n}")
                for n in range(_SCHOOLS)
            ],
            utc_now(),
        )
        load_people(
            connection,
            [
                PersonRow(
                    id=teacher_id(n),
                    name="A teacher",
                    email=f"teacher{n}@larches.example.org",
                    role="teacher",
                    school_id=school_id(n),
                )
                for n in range(_SCHOOLS)
            ],
        )
    for number in range(_SCHOOLS):
        answer = division.application.schooling.change(OFFICE, school_id(number), additions(number))
        assert isinstance(answer, SchoolAdditions)


def test_every_school_gets_the_same_answer_by_every_way_in(
    division: PagesDivision, database: Database
) -> None:
    with_schools(division)
    turn = cycle(asks())
    program = division.client(MAYA)
    for number in range(_SCHOOLS):
        for place, (words, topic) in enumerate(islice(turn, _ASKS_A_SCHOOL)):
            division.application.submit(
                ByPerson(teacher_id(number)),
                an_ask(words=words, topic=topic),
                key=f"straight-{number}-{place}",
            )
        for words, topic in islice(turn, _ASKS_A_SCHOOL):
            body = {"words": words, "school": f"school_{number}"} | (
                {"topic": topic} if topic else {}
            )
            assert program.post(REQUESTS, json=body).status_code == 202
        hand = Hand(division, teacher_id(number))
        for words, topic in islice(turn, _ASKS_A_SCHOOL):
            hand.get("/ask")
            sent = {"words": words, "topic": topic or "", "availability": "any"}
            assert hand.post("/ask", key=hand.key, **sent).status_code == 303

    rows: list[Any] = database.sql(
        "SELECT words, asked_topic, school_id, decision, topic, support_mode, coach_types, clause,"
        " redirect FROM request_intake.request"
    )
    assert len(rows) == _SCHOOLS * _ASKS_A_SCHOOL * 3
    answers = defaultdict(set)
    own = {school_id(n): additions(n) for n in range(_SCHOOLS)}
    for row in rows:
        said = row.redirect or {}
        answers[row.words, row.asked_topic].add(
            (
                row.decision,
                row.topic,
                row.support_mode,
                tuple(row.coach_types),
                row.clause,
                said.get("key"),
                said.get("sentence"),
                said.get("urgent"),
            )
        )
        if said:
            contact = own[row.school_id].contacts.get(said["key"])
            usual = next(t for t in MODEL.out_of_remit if t.key == said["key"]).destination
            wanted = contact or usual
            assert (said["label"], said["target"]) == (wanted.label, wanted.target)
    assert answers.keys() == set(asks())
    assert {given: len(found) for given, found in answers.items() if len(found) > 1} == {}
    told: list[Any] = database.sql(
        "SELECT body -> 'data' -> 'redirect' = r.redirect AS same FROM bus.event e"
        " JOIN request_intake.request r ON r.id = e.aggregate_id WHERE e.name = 'request.declined'"
    )
    assert {row.same for row in told} == {True}


def test_a_school_can_not_contradict_and_every_fault_is_named(division: PagesDivision) -> None:
    wrong = SchoolAdditions(
        contacts={
            "payroll": Contact(label="Office", kind="link", target="javascript:alert(1)"),
            "unit_planning": Contact(label=" ", kind="pigeon", target="x"),
        },
        topics=(LocalTopic(title="Projector help", inside="projector_printer_wifi"),),
    )
    answer = division.application.schooling.change(OFFICE, SCHOOL_ID, wrong)
    assert isinstance(answer, AdditionsRefused)
    assert answer.faults == (
        "contacts[payroll].target: a link begins with https://",
        "contacts[unit_planning]: the coaching model has no redirect of this key",
        "contacts[unit_planning].label: must not be empty",
        "contacts[unit_planning].kind: must be one of link, email, person",
        "topics[0].inside: must be a topic in remit of the coaching model",
    )
    assert division.application.schooling.of(SCHOOL_ID) == SchoolAdditions()


def test_of_two_admins_the_second_is_told(division: PagesDivision) -> None:
    change = division.application.schooling.change
    assert isinstance(change(OFFICE, SCHOOL_ID, additions(1)), SchoolAdditions)
    assert isinstance(change(OFFICE, SCHOOL_ID, additions(2)), AdditionsChanged)
    assert isinstance(change(OFFICE, SCHOOL_ID, additions(2, revision=1)), SchoolAdditions)


def test_on_the_pages_an_admin_adds_and_a_teacher_sees_it(division: PagesDivision) -> None:
    admin, maya = Hand(division, OFFICE), Hand(division, MAYA)
    admin.get("/schools")
    assert "Adds nothing" in admin.page
    admin.get("/schools/tamarack")
    sent = {
        "revision": "0",
        "label.payroll": "Our secretary",
        "kind.payroll": "person",
        "target.payroll": "Room 3",
        "title": "Block planning",
        "inside": "unit_planning",
    }
    assert admin.post("/schools/tamarack", **sent).status_code == 303
    admin.get("/schools/tamarack")
    assert admin.post("/schools/tamarack", **sent).status_code == 409
    assert "Block planning" in maya.get("/ask").text
    words = next(topic.examples[0] for topic in MODEL.out_of_remit if topic.key == "payroll")
    maya.get("/ask")
    assert "Our secretary" in maya.post("/ask/reading", words=words).text
    maya.get("/ask")
    answer = maya.post("/ask", key=maya.key, words=words, topic="payroll", availability="any")
    assert "Our secretary" in maya.get(answer.location).text
    program = division.client(MAYA)
    read: Any = program.post("/api/intake/v1/need", json={"words": words}).json
    assert read["redirect"]["label"] == "Our secretary"


def test_what_the_model_drops_sleeps_and_breaks_nothing(division: PagesDivision) -> None:
    division.application.schooling.change(OFFICE, SCHOOL_ID, additions(0))
    drafting = division.application.drafting
    draft = drafting.begin(OFFICE, 1)
    assert draft
    admin = Hand(division, OFFICE)
    admin.get("/model/draft/out_of_remit/payroll")
    admin.post("/model/draft/out_of_remit/payroll/remove", revision="1")
    admin.get("/model/draft")
    admin.post("/model/draft/publish", revision="2", reason="Payroll moved.")
    kept = division.application.schooling.of(SCHOOL_ID)
    asleep = kept.asleep(division.application.model().model)
    assert asleep == (("payroll",) if "payroll" in kept.contacts else ())
    assert isinstance(
        division.application.schooling.change(OFFICE, SCHOOL_ID, kept), SchoolAdditions
    )
