"""Commands of appeals, reviews and exceptions, drawn at random, and what must hold of them."""

import random
from collections.abc import Sequence
from typing import Protocol
from uuid import UUID, uuid4

from services.request_intake.ports import ByPerson
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.builders import an_ask
from tests.support.request_intake.division import MAYA, NOOR, OFFICE, REQUESTS

_REVIEWS = "/api/intake/v1/reviews"
_ANSWERS = ("coaching", "coaching", "elsewhere", "keep", "exception", "exception")
_HERS = "SELECT id, teacher_id FROM request_intake.request WHERE state = 'declined' ORDER BY id"
_OPEN = "SELECT id, version FROM request_intake.request WHERE state = 'under_review' ORDER BY id"
_OUTSIDE = """
SELECT s.id FROM scheduler.session s
JOIN request_intake.exception_grant g ON g.request_id = s.request_id
WHERE (s.topic, s.coach_type, s.support_mode, s.model_version)
    <> (g.topic, g.coach_type, g.support_mode, g.model_version)
"""
_OVER = (
    "SELECT month FROM request_intake.exception_grant GROUP BY month HAVING count(*) > max(budget)"
)
_BY_EXCEPTION = """
SELECT count(*) FROM scheduler.session s
JOIN request_intake.exception_grant g ON g.request_id = s.request_id
"""
_BY_REVIEW = """
SELECT count(*) FROM scheduler.session s
JOIN request_intake.review r ON r.request_id = s.request_id AND r.answer = 'coaching'
"""


class Drawn(Protocol):
    """A division under commands, and what decides each."""

    division: PagesDivision
    database: Database
    draw: random.Random


def ask_vaguely(scene: Drawn) -> None:
    """Words that say little: a person reads them."""
    teacher = ByPerson(scene.draw.choice([MAYA, NOOR]))
    scene.division.application.submit(
        teacher, an_ask(words="help", topic=None, support_mode=None), key=str(uuid4())
    )


def appeal_by_program(scene: Drawn) -> None:
    for id_, teacher in _one(scene, _HERS):
        path = f"{REQUESTS}/{id_}/appeal"
        answer = scene.division.client(teacher).post(path, json={"sentence": "It is teaching."})
        assert answer.status_code in (200, 409)


def appeal_by_page(scene: Drawn) -> None:
    for id_, teacher in _one(scene, _HERS):
        hand = Hand(scene.division, teacher)
        hand.get("/ask")  # has a form's token; a decline that was appealed before has no form
        assert hand.post(f"/requests/{id_}/appeal", sentence="").status_code == 303


def answer_by_program(scene: Drawn) -> None:
    """Any answer with any topic, type and mode; now and then to a version that is over."""
    for id_, version in _one(scene, _OPEN):
        seen = scene.draw.choice([version, version, version, version + 1])
        sent = {"version": seen} | _any_answer(scene)
        admin = scene.division.client(OFFICE, "admin")
        answer = admin.post(f"{_REVIEWS}/{id_}/answer", json=sent)
        assert answer.status_code in (200, 409, 422), answer.json


def answer_by_page(scene: Drawn) -> None:
    """The same on the page."""
    for id_, version in _one(scene, _OPEN):
        office = Hand(scene.division, OFFICE)
        office.get(f"/reviews/{id_}")
        sent = {"version": str(version)} | _any_answer(scene)
        assert office.post(f"/reviews/{id_}/answer", **sent).status_code in (303, 409, 422)


def outside_its_grant(database: Database) -> list[object]:
    """Sessions that are not what their exception says, and months with too many."""
    return [*database.sql(_OUTSIDE), *database.sql(_OVER)]


def excepted(database: Database) -> int:
    """How many sessions there are by exception."""
    return int(str(database.sql(_BY_EXCEPTION)[0][0]))


def called_coaching(database: Database) -> int:
    """How many sessions there are because an admin said that it is coaching."""
    return int(str(database.sql(_BY_REVIEW)[0][0]))


def _one(scene: Drawn, query: str) -> Sequence[tuple[UUID, UUID]]:
    """One of these rows, if there are any."""
    rows = scene.database.sql(query)
    return [tuple(scene.draw.choice(rows))] if rows else []


def _any_answer(scene: Drawn) -> dict[str, str]:
    """Mostly what the model in force allows, sometimes a mixture that it may not."""
    model, draw = scene.division.application.model().model, scene.draw
    combinations = sorted(model.combinations(), key=str)
    one, other = draw.choice(combinations), draw.choice(combinations)
    answer = draw.choice(_ANSWERS)
    outside = draw.choice(model.out_of_remit).key
    drawn = {
        "coaching": {"topic": draw.choice([one.topic, one.topic, outside])},
        "elsewhere": {"topic": draw.choice([outside, outside, one.topic])},
        "keep": {},
        "exception": {
            "topic": one.topic,
            "coach_type": draw.choice([one, one, other]).coach_type,
            "support_mode": draw.choice([one, one, other]).support_mode,
            "reason": "This once.",
        },
    }
    return {"answer": answer, **drawn[answer]}
