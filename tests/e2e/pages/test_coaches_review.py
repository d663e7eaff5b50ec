"""An appeal that its teacher lets coaches read: a coach says yes or grants an exception, and never no."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import Closed, Coaching
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.pages import Hand, PagesDivision
from tests.support.request_intake.division import MAYA, SYSTEM

JO = an_id(700)
_EXCEPTION = {
    "answer": "exception",
    "topic": "unit_planning",
    "coach_type": "instructional",
    "support_mode": "collaboration",
    "reason": "We spoke in the corridor; it is worth an hour.",
}


@pytest.fixture
def jo(division: PagesDivision) -> Hand:
    row = PersonRow(id=JO, name="Jo", email="jo@larches.example.org", role="coach", school_id=None)
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, [row])
    return Hand(division, JO)


def appealed(division: PagesDivision, *, coaches: bool, teacher: UUID = MAYA) -> Request:
    """On the page, as its teacher does."""
    hand = Hand(division, teacher)
    asked = division.asks(topic="payroll", words="CANARY-7f3a my pay is wrong")
    hand.get(f"/requests/{asked.id}")
    assert "may read it too" in hand.page
    ticked = {"coaches": "yes"} if coaches else {}
    assert hand.post(f"/requests/{asked.id}/appeal", sentence="", **ticked).status_code == 303
    page = hand.get(f"/requests/{asked.id}").text
    assert ("coaches read it too." in page) is coaches
    found = division.application.request(teacher, asked.id)
    assert found
    return found


def test_a_coach_reads_what_was_shared_and_nothing_else(division: PagesDivision, jo: Hand) -> None:
    shared, kept = appealed(division, coaches=True), appealed(division, coaches=False)
    unclear = division.asks(topic=None, support_mode=None, words="CANARY-7f3a help")
    listed = jo.get("/reviews").text
    assert str(shared.id) in listed
    for other in (kept, unclear):
        assert str(other.id) not in listed
        assert jo.get(f"/reviews/{other.id}").status_code == 404
    assert "CANARY-7f3a my pay" in jo.get(f"/reviews/{shared.id}").text
    assert "Keep the decline" not in jo.page
    assert "goes somewhere else" not in jo.page


def test_a_coach_grants_an_exception_within_the_budget_of_all(
    division: PagesDivision, jo: Hand
) -> None:
    asked = appealed(division, coaches=True)
    jo.get(f"/reviews/{asked.id}")
    sent = {**_EXCEPTION, "version": str(asked.version)}
    assert jo.post(f"/reviews/{asked.id}/answer", **sent).status_code == 303
    found = division.application.request(MAYA, asked.id)
    assert found
    assert (found.decision, found.state, found.topic) == ("in_remit", "waiting", "unit_planning")
    assert division.database.sql(
        "SELECT granted_by, number FROM request_intake.exception_grant"
    ) == [(JO, 1)]
    assert "1 of 4 exceptions used" in jo.get("/reviews").text


def test_no_is_not_a_coachs_to_say_nor_is_anything_of_her_own_ask(
    division: PagesDivision, jo: Hand
) -> None:
    asked = appealed(division, coaches=True)
    for sent in ({"answer": "keep"}, {"answer": "elsewhere", "topic": "facilities"}):
        jo.get(f"/reviews/{asked.id}")
        answer = jo.post(f"/reviews/{asked.id}/answer", version=str(asked.version), **sent)
        assert answer.status_code == 422
        assert "To say no is the division's office's" in jo.page
    program = division.client(JO, "coach")
    address = f"/api/intake/v1/reviews/{asked.id}/answer"
    refused = program.post(address, json={"version": asked.version, "answer": "keep"})
    assert refused.status_code == 422

    reviewing = division.application.reviewing
    division.database.sql(f"UPDATE request_intake.review SET teacher_id = '{JO}'")
    division.database.sql(f"UPDATE request_intake.request SET teacher_id = '{JO}'")
    own = reviewing.answer(
        JO,
        asked.id,
        Coaching(topic="unit_planning"),
        seen_version=asked.version,
        as_coach=True,
    )
    assert not isinstance(own, Request | Closed)


def test_the_same_over_the_api(division: PagesDivision, jo: Hand) -> None:
    assert jo
    teacher, coach = division.client(MAYA), division.client(JO, "coach")
    asked = division.asks(topic="payroll", words="my pay")
    other = division.asks(topic="payroll", words="my other pay")
    for one, coaches in ((asked, True), (other, False)):
        sent = {"sentence": "It is about teaching.", "coaches": coaches}
        done = teacher.post(f"/api/intake/v1/requests/{one.id}/appeal", json=sent)
        assert done.status_code == 200, done.text
    listed: Any = coach.get("/api/intake/v1/reviews").json
    (only,) = listed["reviews"]
    assert only["id"] == str(asked.id)
    assert coach.get(f"/api/intake/v1/reviews/{other.id}").status_code == 404
    answer = {"version": only["version"], "answer": "coaching", "topic": "unit_planning"}
    done = coach.post(f"/api/intake/v1/reviews/{asked.id}/answer", json=answer)
    assert done.status_code == 200
    refused = coach.post(f"/api/intake/v1/reviews/{other.id}/answer", json={**answer, "version": 2})
    assert refused.status_code == 404


def test_the_database_itself_keeps_coaches_to_it(division: PagesDivision, jo: Hand) -> None:
    assert jo
    kept = appealed(division, coaches=False)
    shared = appealed(division, coaches=True)
    seen = "SELECT id FROM request_intake.request"
    with transaction(division.engine, str(JO)) as connection:
        assert list(connection.exec_driver_sql(seen).scalars()) == [shared.id]
    refuse = (
        "UPDATE request_intake.review SET answer = 'kept', answered_at = now(),"
        f" answered_by = '{JO}' WHERE request_id = '{shared.id}'"
    )
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(division.engine, str(JO)) as connection,
    ):
        connection.exec_driver_sql(refuse)
    grant = (
        "INSERT INTO request_intake.exception_grant VALUES"
        f" ('{kept.id}', '{MAYA}', '{JO}', now(), 'because', 1, 'unit_planning', 'instructional',"
        " 'collaboration', '2026-11-01', 0, 4)"
    )
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(division.engine, str(JO)) as connection,
    ):
        connection.exec_driver_sql(grant)


def test_what_was_answered_is_no_coachs_to_read_any_more(division: PagesDivision, jo: Hand) -> None:
    asked = appealed(division, coaches=True)
    with transaction(division.engine, str(JO)) as connection:
        open_ones = "SELECT count(*) FROM request_intake.review"
        assert connection.exec_driver_sql(open_ones).scalar_one() == 1
    division.application.cancel(MAYA, asked.id, seen_version=None)
    with transaction(division.engine, str(JO)) as connection:
        assert connection.exec_driver_sql(open_ones).scalar_one() == 0
    assert jo.get(f"/reviews/{asked.id}").status_code == 404
