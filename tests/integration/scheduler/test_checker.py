"""The counters agree with the sessions, and a difference is named and repaired."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from deploy.cli import check
from services.scheduler.adapters import checker
from tests.support.scheduler.builders import MONDAY, Division, a_request, an_id, insert_session


def test_after_bookings_and_cancellations_nothing_differs(division: Division) -> None:
    division.hear(*(a_request() for _ in range(30)))
    division.database.sql(
        "UPDATE scheduler.session SET state = 'cancelled' WHERE extract(hour FROM starts_at) < 17"
    )
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_each_kind_of_difference_is_named_and_repaired(division: Division) -> None:
    division.hear(a_request())
    for broken in (
        "UPDATE scheduler.coach_day SET sessions = 0",
        "UPDATE scheduler.coach_week SET busy = ~busy WHERE minutes > 0",
        "UPDATE scheduler.coach_week SET open = ~open WHERE minutes > 0",
        "UPDATE scheduler.coach_week SET ceiling = 9999 WHERE minutes > 0",
        "UPDATE scheduler.local_day SET starts_at = starts_at + interval '1 hour' WHERE day = '2026-11-24'",
    ):
        division.database.sql(broken)
    with division.engine.begin() as connection:
        named = [difference.what for difference in checker.differences(connection)]
        checker.repair(connection)
        assert checker.differences(connection) == []
    assert any("0 sessions, the sessions make 1" in what for what in named)
    assert any("busy slots" in what for what in named)
    assert any("open slots" in what for what in named)
    assert any("ceiling is 9999" in what for what in named)
    assert any("local day" in what for what in named)


def test_a_picture_heals_local_days_of_another_edition_first(division: Division) -> None:
    division.database.sql(
        "UPDATE scheduler.local_day SET starts_at = starts_at + interval '1 hour'"
    )
    division.hear(a_request())
    (session,) = division.sessions()
    assert session.starts_at == MONDAY + timedelta(hours=1)
    with division.engine.begin() as connection:
        assert checker.differences(connection) == []


def test_without_a_model_there_is_nothing_to_extend(database: object) -> None:
    division = Division(database)  # type: ignore[arg-type]
    division.drain()
    assert division.delivery_states() == {}


def test_the_command_names_the_missing_stack(tmp_path: object) -> None:
    result = CliRunner().invoke(check.command, ["availability", "--data", str(tmp_path)])
    assert result.exit_code == 3
    assert "Error" in result.output


def test_the_command_names_differences_and_repairs_them(
    division: Division, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        database_url = division.database.url

    monkeypatch.setattr(check.StackAddress, "find", lambda _data: Found)
    division.hear(a_request())
    runner = CliRunner()
    assert runner.invoke(check.command, ["availability"]).exit_code == 0
    division.database.sql("UPDATE scheduler.coach_day SET sessions = 0")
    found = runner.invoke(check.command, ["availability"])
    assert (found.exit_code, str(an_id("ana")) in found.output) == (1, True)
    assert runner.invoke(check.command, ["availability", "--repair"]).exit_code == 0
    assert runner.invoke(check.command, ["availability"]).exit_code == 0


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["insert", "cancel", "restore", "move", "complete", "delete", "hand over"]),
        st.integers(0, 13),
        st.integers(0, 8),
    ),
    max_size=12,
)
STATEMENTS = {
    "cancel": "UPDATE scheduler.session SET state = 'cancelled'",
    "restore": "UPDATE scheduler.session SET state = 'scheduled'",
    "complete": "UPDATE scheduler.session SET state = 'completed'",
    "move": "UPDATE scheduler.session SET during = tstzrange(lower(during) + interval '2 hours 30 minutes', upper(during) + interval '2 hours 30 minutes')",
    "hand over": "UPDATE scheduler.session SET coach_id = :other",
    "delete": "DELETE FROM scheduler.session",
}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES)
def test_whatever_is_done_to_sessions_the_counters_follow(
    shared_division: Division, changes: list[tuple[str, int, int]]
) -> None:
    """Sundays near midnight too, where a session lies in two weeks."""
    owner = shared_division.database
    owner.sql("SELECT 1")
    with owner._owner.connect() as connection:
        for what, day, hour in changes:
            _change(connection, what, day, hour)
        assert checker.differences(connection) == []
        connection.rollback()


def _change(connection: Connection, what: str, day: int, hour: int) -> None:
    starts = MONDAY + timedelta(days=day, hours=3 * hour - 8, minutes=-30)
    during = f"[{starts.isoformat()},{(starts + timedelta(hours=1)).isoformat()})"
    savepoint = connection.begin_nested()
    try:
        if what == "insert":
            insert_session(connection, during=during)
        else:
            connection.execute(
                text(f"{STATEMENTS[what]} WHERE extract(isodow FROM starts_at) >= :day"),
                {"day": day % 7 + 1, "other": an_id("bo")},
            )
        savepoint.commit()
    except DBAPIError:
        savepoint.rollback()
