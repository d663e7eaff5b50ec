"""What the database itself refuses: each test only INSERTs or UPDATEs rows with plain SQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.support.scheduler.builders import (
    COLLABORATION,
    FRACTIONS,
    MATH,
    MONDAY,
    Division,
    a_coach,
    a_known_request,
    an_id,
    insert_session,
)

AT_9 = "[2026-11-24 16:00+00,2026-11-24 16:30+00)"
AT_9_15 = "[2026-11-24 16:15+00,2026-11-24 16:45+00)"
AT_9_30 = "[2026-11-24 16:30+00,2026-11-24 17:00+00)"


@contextmanager
def refused(by: str) -> Iterator[None]:
    """The block is refused by the constraint of that name."""
    with pytest.raises(DBAPIError) as refusal:
        yield
    assert refusal.value.orig.diag.constraint_name == by


def test_a_coach_is_not_in_two_sessions_at_once(connection: Connection) -> None:
    insert_session(connection, during=AT_9)
    with refused(by="session_coach_once"):
        insert_session(connection, during=AT_9_15)


def test_a_coach_may_go_from_one_session_straight_to_the_next(connection: Connection) -> None:
    insert_session(connection, during=AT_9)
    insert_session(connection, during=AT_9_30)


def test_a_teacher_is_not_in_two_sessions_at_once(connection: Connection) -> None:
    insert_session(connection, teacher_id=an_id("maya"), during=AT_9)
    with refused(by="session_teacher_once"):
        insert_session(connection, teacher_id=an_id("maya"), coach_id=an_id("bo"), during=AT_9_15)


def test_a_held_session_keeps_its_time_like_a_scheduled_one(connection: Connection) -> None:
    insert_session(connection, state="held", held_until=MONDAY, offer_id=an_id("offer"))
    with refused(by="session_coach_once"):
        insert_session(connection)


def test_an_update_is_refused_like_an_insert(connection: Connection) -> None:
    insert_session(connection, during=AT_9)
    insert_session(connection, during=AT_9_30)
    with refused(by="session_coach_once"):
        connection.execute(
            text(
                "UPDATE scheduler.session SET during = CAST(:during AS tstzrange)"
                " WHERE lower(during) = '2026-11-24 16:30+00'"
            ),
            {"during": AT_9_15},
        )


def test_a_cancelled_session_can_not_come_back_over_another(connection: Connection) -> None:
    insert_session(connection, state="cancelled")
    insert_session(connection)
    with refused(by="session_coach_once"):
        connection.execute(text("UPDATE scheduler.session SET state = 'scheduled'"))


def test_who_coaches_is_not_taught_at_the_same_time(connection: Connection) -> None:
    insert_session(connection, coach_id=an_id("ana"), during=AT_9)
    with refused(by="session_one_part"):
        insert_session(connection, coach_id=an_id("bo"), teacher_id=an_id("ana"), during=AT_9_15)


def test_who_is_taught_does_not_coach_at_the_same_time(connection: Connection) -> None:
    insert_session(connection, coach_id=an_id("bo"), teacher_id=an_id("ana"), during=AT_9)
    with refused(by="session_one_part"):
        insert_session(connection, coach_id=an_id("ana"), during=AT_9_15)


def test_an_update_into_two_parts_is_refused(connection: Connection) -> None:
    insert_session(connection, coach_id=an_id("bo"), teacher_id=an_id("ana"), during=AT_9)
    insert_session(connection, coach_id=an_id("ana"), during=AT_9_30)
    with refused(by="session_one_part"):
        connection.execute(
            text(
                "UPDATE scheduler.session SET during = CAST(:during AS tstzrange)"
                " WHERE coach_id = :ana"
            ),
            {"during": AT_9_15, "ana": an_id("ana")},
        )


def test_a_coach_may_be_taught_before_she_coaches(connection: Connection) -> None:
    insert_session(connection, coach_id=an_id("bo"), teacher_id=an_id("ana"), during=AT_9)
    insert_session(connection, coach_id=an_id("ana"), during=AT_9_30)


def test_nobody_coaches_herself(connection: Connection) -> None:
    with refused(by="session_two_people_check"):
        insert_session(connection, coach_id=an_id("ana"), teacher_id=an_id("ana"))


@pytest.mark.parametrize("isolation", ["REPEATABLE READ", "SERIALIZABLE"])
def test_an_old_snapshot_may_not_book(shared_division: Division, isolation: str) -> None:
    engine = shared_division.engine.execution_options(isolation_level=isolation)
    with engine.connect() as old, pytest.raises(DBAPIError, match="old snapshot"):
        insert_session(old)


def test_what_was_not_published_can_not_be_booked(connection: Connection) -> None:
    with refused(by="session_combination_fkey"):
        insert_session(connection, topic="projector_repair")


def test_a_type_is_not_booked_for_a_topic_that_it_does_not_cover(connection: Connection) -> None:
    with refused(by="session_combination_fkey"):
        insert_session(connection, coach_type=MATH)


def test_a_session_under_an_unknown_version_is_refused(connection: Connection) -> None:
    with refused(by="session_combination_fkey"):
        insert_session(connection, model_version=2)


def test_an_update_out_of_remit_is_refused(connection: Connection) -> None:
    insert_session(connection)
    with refused(by="session_combination_fkey"):
        connection.execute(text("UPDATE scheduler.session SET topic = 'projector_repair'"))


def test_a_coach_is_not_booked_in_a_type_that_she_does_not_have(connection: Connection) -> None:
    with refused(by="session_offer_fkey"):
        insert_session(connection, coach_type=MATH, topic=FRACTIONS)


def test_an_offer_in_use_can_not_be_withdrawn(connection: Connection) -> None:
    insert_session(connection, support_mode=COLLABORATION)
    with refused(by="session_offer_fkey"):
        connection.execute(text("DELETE FROM scheduler.coach_offer"))


def test_an_offer_can_be_withdrawn_once_its_session_is_over(connection: Connection) -> None:
    insert_session(connection, state="completed")
    connection.execute(text("DELETE FROM scheduler.coach_offer"))


@pytest.mark.parametrize(
    "table", ["combination", "mode_terms", "coach_type_terms", "topic_terms", "model_version"]
)
def test_what_was_published_is_never_changed(shared_division: Division, table: str) -> None:
    with pytest.raises(DBAPIError, match="never changed"):
        shared_division.database.sql(f"DELETE FROM scheduler.{table}")


def test_a_sealed_version_takes_no_further_combination(connection: Connection) -> None:
    with refused(by="combination_sealed"):
        connection.execute(
            text("INSERT INTO scheduler.combination VALUES (1, 'math', 'projectors', 'any')")
        )


def test_a_seal_is_not_broken(connection: Connection) -> None:
    with refused(by="model_version_sealed"):
        connection.execute(text("UPDATE scheduler.model_version SET sealed_at = NULL"))


def _fill_the_day(connection: Connection, sessions: int) -> None:
    for hour in range(sessions):
        insert_session(
            connection, during=f"[2026-11-24 {15 + hour}:00+00,2026-11-24 {15 + hour}:30+00)"
        )


def test_a_day_takes_no_more_sessions_than_the_cap(connection: Connection) -> None:
    _fill_the_day(connection, 5)
    with refused(by="coach_day_within_ceiling"):
        insert_session(connection, during="[2026-11-24 21:00+00,2026-11-24 21:30+00)")


def test_an_overfull_day_is_refused_within_one_statement(connection: Connection) -> None:
    _fill_the_day(connection, 3)
    with refused(by="coach_day_within_ceiling"):
        connection.execute(
            text("""
            INSERT INTO scheduler.session SELECT gen_random_uuid(), :request, n, :coach,
                gen_random_uuid(), school_id, model_version, coach_type, topic, support_mode,
                place_kind, place_address, tstzrange(t, t + interval '30 minutes'), state
            FROM (SELECT * FROM scheduler.session LIMIT 1) s, generate_series(2, 4) n,
                LATERAL (SELECT timestamptz '2026-11-24 19:00+00' + n * interval '1 hour') x (t)
            """),
            {"request": a_known_request(connection), "coach": an_id("ana")},
        )


def test_a_session_moved_onto_a_full_day_is_refused(connection: Connection) -> None:
    _fill_the_day(connection, 5)
    insert_session(connection, during="[2026-11-25 21:00+00,2026-11-25 21:30+00)")
    with refused(by="coach_day_within_ceiling"):
        connection.execute(
            text(
                "UPDATE scheduler.session SET during ="
                " '[2026-11-24 21:00+00,2026-11-24 21:30+00)' WHERE lower(during) > '2026-11-25'"
            )
        )


@pytest.mark.parametrize("beyond", ["2099-01-05", "2055-12-31", "2014-12-30"])
def test_a_session_moved_beyond_the_known_days_is_refused(
    connection: Connection, beyond: str
) -> None:
    insert_session(connection, during=AT_9)
    with refused(by="session_day_is_known"):
        connection.execute(
            text("UPDATE scheduler.session SET during = CAST(:during AS tstzrange)"),
            {"during": f"[{beyond} 16:00+00,{beyond} 16:30+00)"},
        )


def test_a_cancelled_session_makes_room_on_its_day(connection: Connection) -> None:
    _fill_the_day(connection, 5)
    connection.execute(
        text(
            "UPDATE scheduler.session SET state = 'cancelled' WHERE lower(during) < '2026-11-24 15:30+00'"
        )
    )
    insert_session(connection, during="[2026-11-24 21:00+00,2026-11-24 21:30+00)")


def test_the_day_is_the_local_one(connection: Connection) -> None:
    """22:00 in the division is already tomorrow in UTC."""
    _fill_the_day(connection, 5)
    with refused(by="coach_day_within_ceiling"):
        insert_session(connection, during="[2026-11-25 05:00+00,2026-11-25 05:30+00)")


def test_a_week_takes_no_more_minutes_than_the_cap(connection: Connection) -> None:
    connection.execute(text("UPDATE scheduler.coach SET weekly_minutes = 60"))
    insert_session(connection, during=AT_9)
    insert_session(connection, during="[2026-11-26 16:00+00,2026-11-26 16:30+00)")
    with refused(by="coach_week_within_ceiling"):
        insert_session(connection, during="[2026-11-27 16:00+00,2026-11-27 16:10+00)")


def test_a_lowered_cap_keeps_what_is_booked_and_falls_as_sessions_go(
    connection: Connection,
) -> None:
    def ceiling() -> int | None:
        return connection.scalar(text("SELECT ceiling FROM scheduler.coach_day"))

    _fill_the_day(connection, 5)
    connection.execute(text("UPDATE scheduler.coach SET sessions_per_day = 3"))
    assert ceiling() == 5
    connection.execute(
        text(
            "UPDATE scheduler.session SET state = 'cancelled' WHERE lower(during) < '2026-11-24 16:30+00'"
        )
    )
    assert ceiling() == 3
    with refused(by="coach_day_within_ceiling"):
        insert_session(connection, during="[2026-11-24 21:00+00,2026-11-24 21:30+00)")


def test_a_raised_cap_is_in_force_at_once(connection: Connection) -> None:
    _fill_the_day(connection, 5)
    connection.execute(text("UPDATE scheduler.coach SET sessions_per_day = 6"))
    insert_session(connection, during="[2026-11-24 21:00+00,2026-11-24 21:30+00)")


def test_the_application_can_not_write_counters(connection: Connection) -> None:
    with pytest.raises(DBAPIError) as refusal:
        connection.execute(text("UPDATE scheduler.coach_day SET ceiling = 99"))
    assert isinstance(refusal.value.orig, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    "column",
    [
        *("coach_id", "teacher_id", "request_id", "model_version", "coach_type", "topic"),
        *("support_mode", "during", "state", "school_id", "place_kind", "place_address"),
    ],
)
def test_nothing_that_a_promise_rests_on_is_null(connection: Connection, column: str) -> None:
    insert_session(connection)
    with pytest.raises(DBAPIError) as refusal:
        connection.execute(text(f"UPDATE scheduler.session SET {column} = NULL"))
    assert isinstance(refusal.value.orig, psycopg.errors.NotNullViolation)


@pytest.mark.parametrize(
    "during",
    [
        "empty",
        "[2026-11-24 16:00+00,)",
        "(,2026-11-24 16:00+00)",
        "[2026-11-24 16:00+00,infinity)",
        "[-infinity,2026-11-24 16:00+00)",
        "[2026-11-24 16:00+00,2026-11-24 16:30+00]",
        "(2026-11-24 16:00+00,2026-11-24 16:30+00)",
        "[2026-11-24 16:00+00,2026-11-24 16:05+00)",
        "[2026-11-24 16:00+00,2026-11-25 00:05+00)",
    ],
)
def test_odd_ranges_are_refused(connection: Connection, during: str) -> None:
    with refused(by="session_during_check"):
        insert_session(connection, during=during)


@pytest.mark.parametrize(
    "during",
    [
        "[2026-11-24 16:02+00,2026-11-24 16:32+00)",
        "[2026-11-24 16:00+00,2026-11-24 16:32+00)",
        "[2026-11-24 16:00:00.5+00,2026-11-24 16:30:00.5+00)",
    ],
)
def test_times_off_the_five_minute_grid_are_refused(connection: Connection, during: str) -> None:
    with refused(by="session_grid_check"):
        insert_session(connection, during=during)


@pytest.mark.parametrize("state", ["Scheduled", "booked", "", "scheduled "])
def test_states_outside_the_glossary_are_refused(connection: Connection, state: str) -> None:
    with refused(by="session_state_check"):
        insert_session(connection, state=state)


def test_two_who_race_for_one_person_in_both_parts_end_with_one(division: Division) -> None:
    division.with_coaches(a_coach("bo"))
    refusals: list[str | None] = []
    with division.engine.connect() as first, division.engine.connect() as second:
        insert_session(first, coach_id=an_id("ana"), during=AT_9)

        def taught() -> None:
            try:
                insert_session(
                    second, coach_id=an_id("bo"), teacher_id=an_id("ana"), during=AT_9_15
                )
            except DBAPIError as refusal:
                refusals.append(refusal.orig.diag.constraint_name)

        racing = threading.Thread(target=taught)
        racing.start()
        first.commit()
        racing.join(timeout=30)
        second.rollback()
    assert refusals == ["session_one_part"]
    assert len(division.sessions()) == 1


def test_two_who_race_for_the_last_place_of_a_day_end_with_one(division: Division) -> None:
    division.with_coaches(a_coach("ana", sessions_per_day=1))
    refusals: list[str | None] = []
    with division.engine.connect() as first, division.engine.connect() as second:
        insert_session(first, during=AT_9)

        def other() -> None:
            try:
                insert_session(second, during=AT_9_30)
            except DBAPIError as refusal:
                refusals.append(refusal.orig.diag.constraint_name)

        racing = threading.Thread(target=other)
        racing.start()
        first.commit()
        racing.join(timeout=30)
        second.rollback()
    assert refusals == ["coach_day_within_ceiling"]


def test_a_week_opened_while_the_cap_falls_gets_the_new_cap(division: Division) -> None:
    def open_a_week() -> None:
        with division.engine.begin() as connection:
            connection.execute(
                text(
                    "SELECT scheduler.store_open(ARRAY[CAST(:ana AS uuid)],"
                    " ARRAY[CAST('2030-01-07' AS date)], ARRAY[repeat('1', 2028)])"
                ),
                {"ana": an_id("ana")},
            )

    with division.engine.connect() as lowering:
        lowering.execute(text("UPDATE scheduler.coach SET weekly_minutes = 60"))
        opening = threading.Thread(target=open_a_week)
        opening.start()
        opening.join(timeout=0.3)
        lowering.commit()
        opening.join(timeout=30)
    rows = division.database.sql(
        "SELECT ceiling FROM scheduler.coach_week WHERE week = '2030-01-07'"
    )
    assert [row.ceiling for row in rows] == [60]
