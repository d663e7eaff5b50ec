"""Who asks: somebody else each time, with a token that is hers and soon over."""

from datetime import timedelta

import pytest

from deploy.asking.teachers import (
    NobodyAsks,
    intake_connection,
    next_teacher,
    teacher_of,
    token_for,
)
from deploy.demo.division import Division
from deploy.demo.load import load_demo
from shared.access.tokens import actor_of
from shared.clock import utc_now
from tests.integration.demo.conftest import Urls
from tests.support.postgres import Database


@pytest.fixture
def town(urls: Urls) -> Division:
    return load_demo(urls, "town").division


def _asks(database: Database, teacher_id: object) -> None:
    """She asked just now."""
    database.sql(
        """INSERT INTO request_intake.request (id, teacher_id, school_id, words, coach_types,
            meeting, windows, room, model_version, decision, clause, suggestions, state, version,
            idempotency_key, body_sha256, submitted_at, changed_at)
        SELECT gen_random_uuid(), id, school_id, 'help', '{}', 'either', '[]', '', 1, 'unclear',
            'What?', '{}', 'under_review', 1, gen_random_uuid(), '', clock_timestamp(), now()
        FROM request_intake.person WHERE id = :id""",
        id=teacher_id,
    )


def test_each_ask_is_made_by_the_teacher_who_asked_longest_ago(
    database: Database, town: Division
) -> None:
    asked = []
    with intake_connection(database.url) as connection:
        for _ in range(len(town.teachers) + 1):
            asked.append(next_teacher(connection).id)
            _asks(database, asked[-1])
    assert set(asked) == {teacher.id for teacher in town.teachers}
    assert asked[-1] == asked[0]


def test_a_school_may_be_named(database: Database, town: Division) -> None:
    school = town.schools[-1]
    with intake_connection(database.url) as connection:
        assert next_teacher(connection, school.key).school == school.name


def test_a_person_may_be_named_by_her_address(database: Database, town: Division) -> None:
    teacher = town.teachers[5]
    with intake_connection(database.url) as connection:
        assert teacher_of(connection, teacher.email.upper()).id == teacher.id


def test_a_misspelt_address_is_answered_with_near_ones(database: Database, town: Division) -> None:
    email = town.teachers[5].email
    with (
        intake_connection(database.url) as connection,
        pytest.raises(NobodyAsks, match=f"Near it: .*{email}"),
    ):
        teacher_of(connection, email[1:])


def test_before_a_division_is_loaded_the_demo_is_named(database: Database) -> None:
    with (
        intake_connection(database.url) as connection,
        pytest.raises(NobodyAsks, match="remit demo"),
    ):
        next_teacher(connection)


def test_her_token_is_in_her_role_and_over_within_the_hour(
    database: Database, town: Division
) -> None:
    with intake_connection(database.url) as connection:
        teacher = teacher_of(connection, town.teachers[0].email)
        token = token_for(connection, teacher)
        actor = actor_of(connection, token)
    assert actor is not None
    assert (actor.id, actor.role) == (teacher.id, "teacher")
    [row] = database.sql("SELECT expires_at FROM access.token")
    assert row.expires_at < utc_now() + timedelta(hours=1)
