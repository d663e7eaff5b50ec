"""The audit: chained, ids alone, never changed without being found."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from shared.access import audit
from shared.database.transaction import transaction
from tests.support.postgres import Database

_QUIET = "ALTER TABLE access.audit_entry DISABLE TRIGGER audit_entry_stays"
_GUARDED = "ALTER TABLE access.audit_entry ENABLE TRIGGER audit_entry_stays"


def write(database: Database, count: int) -> None:
    for number in range(count):
        with transaction(database.engine("request_intake"), "system:test") as connection:
            audit.record(connection, "thing.done", f"thing-{number}", version=number)


def altered(database: Database) -> int | None:
    with database.engine("notifier").connect() as connection:
        return audit.first_altered(connection)


def test_an_untouched_chain_is_whole(database: Database) -> None:
    write(database, 5)
    assert altered(database) is None


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE access.audit_entry SET actor = 'another' WHERE number = {third}", 2),
        ("UPDATE access.audit_entry SET facts = '{{}}' WHERE number = {third}", 2),
        ("UPDATE access.audit_entry SET at = at - interval '1 h' WHERE number = {third}", 2),
        ("DELETE FROM access.audit_entry WHERE number = {third}", 3),
        ("UPDATE access.audit_entry SET previous = '\\x00' WHERE number = {third}", 2),
    ],
)
def test_the_first_altered_entry_is_named(database: Database, harm: str, found: int) -> None:
    write(database, 5)
    first = database.sql("SELECT max(number) - 4 FROM access.audit_entry")[0][0]
    for statement in (_QUIET, harm.format(third=first + 2), _GUARDED):
        database.sql(statement)
    assert altered(database) == first + found


def test_an_entry_forged_with_its_own_right_hash_breaks_the_next(database: Database) -> None:
    write(database, 3)
    last = database.sql("SELECT max(number) FROM access.audit_entry")[0][0]
    database.sql(_QUIET)
    database.sql("UPDATE access.audit_entry SET actor = 'x' WHERE number = :n", n=last - 1)
    database.sql(
        "UPDATE access.audit_entry AS e SET hash = access.audit_hash(e) WHERE number = :n",
        n=last - 1,
    )
    database.sql(_GUARDED)
    assert altered(database) == last


def test_what_is_cut_off_the_end_is_missed_from_the_head_that_was_kept(database: Database) -> None:
    write(database, 3)
    with database.engine("request_intake").connect() as connection:
        kept = audit.head(connection)
        assert kept is not None
        assert audit.holds(connection, kept)
    database.sql(_QUIET)
    database.sql("DELETE FROM access.audit_entry WHERE number = :n", n=kept.number)
    database.sql(_GUARDED)
    assert altered(database) is None
    with database.engine("request_intake").connect() as connection:
        assert not audit.holds(connection, kept)


def test_no_service_may_change_it_and_neither_may_its_owner_by_chance(database: Database) -> None:
    write(database, 1)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction(database.engine("request_intake"), "system:test") as connection,
    ):
        connection.execute(text("DELETE FROM access.audit_entry"))
    with pytest.raises(IntegrityError, match="never changed"):
        database.sql("DELETE FROM access.audit_entry")


def test_an_entry_without_an_actor_is_refused(database: Database) -> None:
    with (
        pytest.raises(IntegrityError, match="has_an_actor"),
        database.engine("request_intake").begin() as connection,
    ):
        audit.record(connection, "thing.done", "thing")


def test_the_writer_can_not_choose_number_time_or_actor(database: Database) -> None:
    with transaction(database.engine("scheduler"), "system:test") as connection:
        connection.execute(
            text(
                "INSERT INTO access.audit_entry VALUES"
                " (900, '1999-01-01Z', 'else', 'a.b', 's', '{}', '', '')"
            )
        )
    number, year, actor = database.sql(
        "SELECT number, extract(year FROM at), actor FROM access.audit_entry"
        " ORDER BY number DESC LIMIT 1"
    )[0]
    assert (number < 900, year > 2000, actor) == (True, True, "system:test")
