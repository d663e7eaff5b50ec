"""The kind no, on a real database: appealed once, answered once, never outside the model, in budget."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.request_intake.bootstrap.reviewing import Reviewing
from services.request_intake.domain.remit import NotOffered
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import (
    ByException,
    Closed,
    Coaching,
    Elsewhere,
    Keep,
    Review,
    Verdict,
    Why,
)
from services.request_intake.domain.school_additions import Contact, SchoolAdditions
from services.request_intake.domain.standing import State
from services.request_intake.handlers.publishing import Publication
from services.request_intake.handlers.reviewing import Appeal, BudgetSpent, CanNotBeAppealed
from services.request_intake.ports import ByPerson
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.builders import an_ask, starter_document
from tests.support.request_intake.division import (
    MAYA,
    NOOR,
    OFFICE,
    SCHOOL_ID,
    SYSTEM,
    SmallDivision,
)

WORDS = "My projector hums, CANARY-7f3a"
EXCEPTION = ByException(
    topic="unit_planning",
    coach_type="literacy",
    support_mode="consultation",
    reason="Her school has nobody else this week.",
)


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


@pytest.fixture
def reviewing(division: SmallDivision) -> Reviewing:
    return division.application.reviewing


def asks(division: SmallDivision, key: str = "key-1", by: UUID = MAYA, **ask: Any) -> Request:
    done = division.application.submit(ByPerson(by), an_ask(**ask), key=key)
    return done.request  # type: ignore[union-attr]


def declined(division: SmallDivision, key: str = "key-1", by: UUID = MAYA) -> Request:
    return asks(division, key, by, topic="projector_printer_wifi", words=WORDS)


def unclear(division: SmallDivision, key: str = "key-1", **ask: Any) -> Request:
    return asks(division, key, topic=None, words="help", **ask)


def appealed(division: SmallDivision, key: str = "key-1", sentence: str = "") -> Request:
    asked = declined(division, key)
    found = division.application.reviewing.appeal(
        division.asker(), asked.id, Appeal(sentence=sentence)
    )
    assert isinstance(found, Request)
    return found


def answer(division: SmallDivision, asked: Request, verdict: Verdict) -> Any:
    return division.application.reviewing.answer(
        OFFICE, asked.id, verdict, seen_version=asked.version
    )


def told(database: Database) -> list[tuple[str, int]]:
    rows = database.sql(
        "SELECT name, (body -> 'data' ->> 'version')::int FROM bus.event"
        " WHERE name LIKE 're%' ORDER BY id"
    )
    return [(str(name), int(str(version))) for name, version in rows]


def test_an_appeal_brings_a_declined_ask_before_its_reader_once(
    division: SmallDivision, reviewing: Reviewing, database: Database
) -> None:
    asked = appealed(division, sentence="It is about how I teach with it.")

    (review,) = reviewing.queue(OFFICE)
    assert (review.why, review.sentence) == (Why.APPEAL, "It is about how I teach with it.")
    assert review.request.words == WORDS
    assert reviewing.waiting(OFFICE) == 1
    assert division.application.request(MAYA, asked.id) == review.request
    assert told(database) == [("request.declined", 1), ("request.under_review", 2)]
    again = reviewing.appeal(division.asker(), asked.id, Appeal())
    assert isinstance(again, CanNotBeAppealed)
    answer(division, asked, Keep())
    third = reviewing.appeal(division.asker(), asked.id, Appeal())
    assert isinstance(third, CanNotBeAppealed)
    assert third.request.state is State.DECLINED


def test_another_teachers_request_can_not_be_appealed(
    division: SmallDivision, reviewing: Reviewing
) -> None:
    asked = declined(division)
    assert reviewing.appeal(division.asker(NOOR), asked.id, Appeal()) is None


def test_what_a_reader_calls_coaching_goes_to_the_scheduler(
    division: SmallDivision, reviewing: Reviewing, database: Database
) -> None:
    asked = unclear(division)

    done = answer(division, asked, Coaching(topic="unit_planning"))

    assert done == division.application.request(MAYA, asked.id)
    assert (done.state, done.decision, done.version) == (State.WAITING, "in_remit", 2)
    assert done.coach_types == ("instructional", "literacy", "math")
    assert told(database) == [("request.under_review", 1), ("request.submitted", 2)]
    assert reviewing.queue(OFFICE) == []


def test_what_a_reader_sends_elsewhere_is_declined_and_may_be_appealed(
    division: SmallDivision, reviewing: Reviewing, database: Database
) -> None:
    asked = unclear(division)

    done = answer(division, asked, Elsewhere(topic="payroll"))

    assert (done.state, done.redirect.key) == (State.DECLINED, "payroll")
    assert told(database)[-1] == ("request.declined", 2)
    assert isinstance(reviewing.appeal(division.asker(), asked.id, Appeal()), Request)


def test_who_is_sent_elsewhere_by_a_person_is_sent_where_her_school_says(
    division: SmallDivision, database: Database
) -> None:
    contact = Contact(label="Our secretary", kind="person", target="Room 3")
    additions = SchoolAdditions(contacts={"payroll": contact})
    division.application.schooling.change(OFFICE, SCHOOL_ID, additions)
    done = answer(division, unclear(division), Elsewhere(topic="payroll"))
    assert done.redirect.label == "Our secretary"
    rows = database.sql(
        "SELECT body -> 'data' -> 'redirect' ->> 'label' FROM bus.event"
        " WHERE name = 'request.declined'"
    )
    assert rows == [("Our secretary",)]


def test_a_decline_that_is_kept_is_told_again(division: SmallDivision, database: Database) -> None:
    asked = appealed(division)
    kept = answer(division, asked, Keep())
    assert (kept.state, kept.topic, kept.version) == (State.DECLINED, asked.topic, 3)
    assert told(database)[-1] == ("request.declined", 3)


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Coaching(topic="payroll"), "topic"),
        (Coaching(topic="nothing_of_ours"), "topic"),
        (Coaching(topic="unit_planning", support_mode="hypnosis"), "support_mode"),
        (Elsewhere(topic="unit_planning"), "topic"),
        (Keep(), "answer"),
        (replace(EXCEPTION, coach_type="technology"), "coach_type"),
        (replace(EXCEPTION, topic="payroll"), "topic"),
    ],
)
def test_no_answer_leads_outside_the_model(
    division: SmallDivision, database: Database, verdict: Verdict, field: str
) -> None:
    asked = unclear(division)
    before = told(database)

    refused = answer(division, asked, verdict)

    assert isinstance(refused, NotOffered)
    assert refused.field == field
    assert division.application.request(MAYA, asked.id) == asked
    assert told(database) == before


def test_an_answer_is_judged_by_the_model_in_force(division: SmallDivision) -> None:
    asked = unclear(division)
    document = starter_document()
    document["topics"] = [t for t in document["topics"] if t["key"] != "unit_planning"]
    for topic in (*document["topics"], *document["out_of_remit"]):
        topic["near"] = [key for key in topic["near"] if key != "unit_planning"]
    remembered = division.application.model()
    division.application.publish(
        Publication(document=document, published_by=SYSTEM, reason="without unit planning")
    )
    object.__setattr__(division.application.desk, "_model", remembered)

    refused = answer(division, asked, Coaching(topic="unit_planning"))

    assert isinstance(refused, NotOffered)
    assert refused.field == "topic"


def test_of_two_answers_at_once_the_first_stands(
    division: SmallDivision, database: Database
) -> None:
    asked = unclear(division)
    verdicts: list[Verdict] = [Coaching(topic="unit_planning"), Elsewhere(topic="payroll")] * 4

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda verdict: answer(division, asked, verdict), verdicts))

    assert len([one for one in answers if isinstance(one, Request)]) == 1
    assert len([one for one in answers if isinstance(one, Closed)]) == 7
    assert len(told(database)) == 2


def test_a_second_reader_is_told_who_was_first(
    division: SmallDivision, reviewing: Reviewing
) -> None:
    asked = unclear(division)
    answer(division, asked, Coaching(topic="unit_planning"))

    late = answer(division, asked, Elsewhere(topic="payroll"))

    assert isinstance(late, Closed)
    assert (late.answer, late.by) == ("coaching", OFFICE)
    assert reviewing.one(OFFICE, asked.id) == late


def test_what_its_teacher_takes_back_leaves_the_queue(
    division: SmallDivision, reviewing: Reviewing
) -> None:
    asked = unclear(division)
    division.application.cancel(MAYA, asked.id, seen_version=1)
    assert reviewing.queue(OFFICE) == []
    late = answer(division, asked, Coaching(topic="unit_planning"))
    assert isinstance(late, Closed)
    assert (late.answer, late.by) == ("withdrawn", None)


def test_an_exception_is_a_published_combination_of_one_coach_type(
    division: SmallDivision, reviewing: Reviewing, database: Database
) -> None:
    asked = appealed(division)

    done = answer(division, asked, EXCEPTION)

    assert (done.state, done.topic, done.coach_types) == (
        State.WAITING,
        "unit_planning",
        ("literacy",),
    )
    seen = division.application.request(MAYA, asked.id)
    assert seen
    assert seen.excepted
    assert told(database)[-1] == ("request.submitted", 3)
    budget = reviewing.budget(OFFICE)
    assert (budget.used, budget.most, budget.is_spent) == (1, 4, False)
    rows = database.sql("SELECT granted_by, number, budget FROM request_intake.exception_grant")
    assert [tuple(row) for row in rows] == [(OFFICE, 1, 4)]


def test_exceptions_granted_at_once_keep_to_the_budget(
    database: Database,
) -> None:
    division = SmallDivision(database, changes={"exceptions_a_month": 2})
    asked = [unclear(division, f"key-{number}") for number in range(5)]

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda one: answer(division, one, EXCEPTION), asked))

    assert len([one for one in answers if isinstance(one, Request)]) == 2
    assert len([one for one in answers if isinstance(one, BudgetSpent)]) == 3
    assert division.application.reviewing.budget(OFFICE).is_spent
    waiting = database.sql("SELECT count(*) FROM request_intake.request WHERE state = 'waiting'")
    assert waiting[0][0] == 2


GRANT = text(
    "INSERT INTO request_intake.exception_grant VALUES (:id, :teacher, :by, now(), 'because', 1,"
    " 'unit_planning', 'literacy', 'consultation', date_trunc('month', now())::date, 0, 1)"
)


def test_the_database_itself_refuses_a_grant_past_the_budget(division: SmallDivision) -> None:
    first, second = unclear(division, "key-1"), unclear(division, "key-2")
    grant = {"teacher": MAYA, "by": OFFICE}
    with transaction(division.engine, str(OFFICE)) as connection:
        connection.execute(GRANT, grant | {"id": first.id})
    with (
        pytest.raises(IntegrityError, match="exception_grant_is_within_budget"),
        transaction(division.engine, str(OFFICE)) as connection,
    ):
        connection.execute(GRANT, grant | {"id": second.id})


def test_only_an_admin_grants_and_only_under_her_own_name(division: SmallDivision) -> None:
    asked = unclear(division)
    for actor, by in ((MAYA, MAYA), (MAYA, OFFICE), (OFFICE, MAYA)):
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction(division.engine, str(actor)) as connection,
        ):
            connection.execute(GRANT, {"id": asked.id, "teacher": MAYA, "by": by})


def seen_by(division: SmallDivision, actor: object) -> tuple[int, int]:
    with transaction(division.engine, str(actor)) as connection:
        row = connection.execute(
            text(
                "SELECT (SELECT count(*) FROM request_intake.request),"
                " (SELECT count(*) FROM request_intake.review)"
            )
        ).one()
    return row[0], row[1]


def test_an_admin_sees_a_request_only_while_it_is_under_review(division: SmallDivision) -> None:
    asked = unclear(division, "key-1")
    declined(division, "key-2")
    asks(division, "key-3")
    assert seen_by(division, MAYA) == (3, 1)
    assert seen_by(division, NOOR) == (0, 0)
    assert seen_by(division, "") == (0, 0)
    assert seen_by(division, OFFICE) == (1, 1)
    answer(division, asked, Coaching(topic="unit_planning"))
    assert seen_by(division, OFFICE) == (0, 1)
    division.database.sql("UPDATE access.actor SET disabled_at = now() WHERE id = :id", id=OFFICE)
    assert seen_by(division, OFFICE) == (0, 0)


def test_a_teacher_answers_no_review_herself(division: SmallDivision) -> None:
    asked = unclear(division)
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction(division.engine, str(MAYA)) as connection,
    ):
        connection.execute(
            text(
                "UPDATE request_intake.review SET answer = 'coaching', answered_at = now(),"
                " answered_by = :by WHERE request_id = :id"
            ),
            {"by": MAYA, "id": asked.id},
        )


def test_the_audit_knows_who_did_what_in_ids_alone(
    division: SmallDivision, database: Database
) -> None:
    asked = appealed(division, sentence="CANARY-7f3a, please")
    answer(division, asked, replace(EXCEPTION, reason="CANARY-7f3a, this once"))
    rows = database.sql(
        "SELECT action, actor, subject, facts::text FROM access.audit_entry"
        " WHERE subject = :id ORDER BY number",
        id=str(asked.id),
    )
    assert [(row[0], row[1]) for row in rows] == [
        ("request.appealed", str(MAYA)),
        ("exception.granted", str(OFFICE)),
        ("request.reviewed", str(OFFICE)),
    ]
    assert not [row for row in rows if "CANARY" in str(row[3])]


def test_what_is_overdue_is_told_to_every_admin_once(
    division: SmallDivision, reviewing: Reviewing, database: Database
) -> None:
    old, _fresh = unclear(division, "key-1"), unclear(division, "key-2")
    database.sql(
        "UPDATE request_intake.review SET since = since - interval '49 hours'"
        " WHERE request_id = :id",
        id=old.id,
    )

    for _ in range(2):
        database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'escalate_reviews'")
        division.application.drain.run()

    rows = database.sql(
        "SELECT body -> 'data' ->> 'request_id', body -> 'data' -> 'admins' -> 0 ->> 'id'"
        " FROM bus.event WHERE name = 'review.overdue'"
    )
    assert [tuple(row) for row in rows] == [(str(old.id), str(OFFICE))]
    first, second = reviewing.queue(OFFICE)
    assert (first.request.id, reviewing.is_overdue(first)) == (old.id, True)
    assert first.escalated_at
    assert (second.escalated_at, reviewing.is_overdue(second)) == (None, False)


def test_a_suggestion_has_likely_topics_of_both_sides_and_its_reason(
    division: SmallDivision, reviewing: Reviewing
) -> None:
    appealed(division, sentence="I want to plan a unit with it.")
    (review,) = reviewing.queue(OFFICE)
    assert isinstance(review, Review)
    suggestion = reviewing.suggestion(review)
    assert len(suggestion.topics) == 3
    assert suggestion.redirect.key == "projector_printer_wifi"
    assert reviewing.one(OFFICE, an_id(999)) is None
