"""What the bus promises: each effect once, failures alone, nothing lost, nothing stuck."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import Event, TimeFreed
from shared.events.outcome import Outcome
from shared.messaging import inspection
from shared.messaging.append import append
from shared.messaging.claims import MOST_ATTEMPTS
from shared.messaging.drain import Chore, Drain, DrainSettings
from tests.support.events import a_time_freed, an_id
from tests.support.postgres import Database

BRIEF = DrainSettings(longest=5.0, linger=0.03)


@pytest.fixture
def bus(database: Database) -> "Bus":
    database.sql("CREATE TABLE bus.effect (coach uuid, batch int, PRIMARY KEY (coach))")
    database.sql("GRANT ALL ON bus.effect TO remit_scheduler")
    return Bus(database)


class Bus:
    """A scheduler's drain whose effect is one row a coach."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.engine = database.engine("scheduler")
        self.batches: list[int] = []
        self.before: Callable[[Sequence[TimeFreed]], None] = lambda _: None
        self.outcomes: Callable[[Sequence[TimeFreed]], list[Outcome] | None] = lambda _: None

    def tell(self, *coaches: int) -> None:
        with transaction(self.engine, "system:test") as connection:
            append(connection, [a_time_freed(coach) for coach in coaches], utc_now())

    def handle(self, connection: Connection, events: Sequence[Event]) -> list[Outcome] | None:
        freed = [event for event in events if isinstance(event, TimeFreed)]
        self.batches.append(len(freed))
        outcomes = self.outcomes(freed)
        for number, event in enumerate(freed):
            if outcomes is None or outcomes[number] is Outcome.DONE:
                connection.execute(
                    text("INSERT INTO bus.effect VALUES (:coach, :batch)"),
                    {"coach": event.coach_id, "batch": len(self.batches)},
                )
        self.before(freed)
        return outcomes

    def drain(self, settings: DrainSettings = BRIEF, **more: Any) -> Drain:
        return Drain(
            engine=self.engine,
            subscriber="scheduler",
            actor="system:scheduler",
            handlings={TimeFreed: self.handle},
            settings=settings,
            **more,
        )

    def effects(self) -> set[int]:
        rows = self.database.sql("SELECT coach FROM bus.effect")
        return {row[0].int - an_id(0).int for row in rows}

    def states(self) -> list[str]:
        rows = self.database.sql("SELECT state FROM bus.delivery ORDER BY state")
        return [str(row[0]) for row in rows]

    def hurry(self) -> None:
        """Let back-offs and leases run out now."""
        self.database.sql(
            "UPDATE bus.delivery SET due_at = now(), lease_until = lease_until - interval '1 hour'"
        )


def test_what_was_appended_is_handled_once_and_in_one_batch(bus: Bus) -> None:
    bus.tell(1, 2, 3)
    assert bus.drain().run().handled == 3
    assert bus.drain().run().handled == 0
    assert bus.batches == [3]
    assert bus.states() == ["done"] * 3


def test_an_event_of_a_rolled_back_transaction_was_never_told(bus: Bus) -> None:
    with bus.engine.connect() as connection:
        append(connection, [a_time_freed()], utc_now())
        connection.rollback()
    assert bus.drain().run().handled == 0


def test_many_drains_at_once_take_effect_once_each(bus: Bus) -> None:
    bus.tell(*range(600))
    drains = [threading.Thread(target=bus.drain().run) for _ in range(4)]
    for thread in drains:
        thread.start()
    for thread in drains:
        thread.join()
    assert bus.effects() == set(range(600))
    assert sum(bus.batches) == 600


def test_one_bad_delivery_in_company_is_tried_alone_and_the_others_pass(bus: Bus) -> None:
    bus.before = lambda freed: _refuse(7, freed)
    bus.tell(*range(10))
    bus.drain().run()
    assert bus.effects() == set(range(10)) - {7}
    assert bus.states() == ["done"] * 9 + ["due"]


def test_only_five_failures_alone_set_a_delivery_aside(bus: Bus) -> None:
    bus.before = lambda freed: _refuse(7, freed)
    bus.tell(7, 8)
    for _ in range(MOST_ATTEMPTS):
        assert "dead" not in bus.states()
        bus.drain().run()
        bus.hurry()
    assert bus.states() == ["dead", "done"]
    with bus.engine.begin() as connection:
        (dead,) = inspection.deliveries(connection, state="dead")
    assert (dead.attempts, dead.last_error) == (MOST_ATTEMPTS, "RuntimeError")


def test_a_dead_letter_holds_back_its_own_aggregate_only(bus: Bus) -> None:
    bus.tell(7)
    bus.database.sql("UPDATE bus.delivery SET state = 'dead', settled_at = now()")
    bus.tell(7, 8)
    assert bus.drain().run().handled == 1
    assert bus.effects() == {8}


def test_a_dead_letter_can_be_retried_or_discarded(bus: Bus) -> None:
    bus.tell(7, 8)
    bus.database.sql("UPDATE bus.delivery SET state = 'dead', settled_at = now(), attempts = 5")
    with bus.engine.begin() as connection:
        first, second = inspection.deliveries(connection, state="dead")
        assert inspection.retry(connection, first.event_id) == 1
        assert inspection.discard(connection, second.event_id) == 1
        assert inspection.retry(connection, second.event_id) == 0
    bus.drain().run()
    assert len(bus.effects()) == 1


def test_a_parked_delivery_counts_no_attempt_and_is_handled_when_its_need_has_come(
    bus: Bus,
) -> None:
    bus.outcomes = lambda freed: [Outcome.PARK] * len(freed)
    bus.tell(1)
    for _ in range(MOST_ATTEMPTS + 2):
        bus.drain().run()
        bus.hurry()
    assert bus.states() == ["parked"]
    bus.outcomes = lambda _: None
    bus.drain().run()
    assert bus.effects() == {1}


def test_an_event_of_a_newer_version_waits_for_a_newer_reader(bus: Bus) -> None:
    bus.tell(1)
    bus.database.sql("UPDATE bus.event SET schema_version = 99")
    assert bus.drain().run().parked >= 1
    bus.database.sql("UPDATE bus.event SET schema_version = 1")
    bus.hurry()
    bus.drain().run()
    assert bus.effects() == {1}


def test_what_was_refused_is_planned_again_by_the_next_round(bus: Bus) -> None:
    refusals = [2]

    def refuse_second_once(freed: Sequence[TimeFreed]) -> list[Outcome]:
        again = refusals.pop() if refusals else None
        return [
            Outcome.AGAIN if event.coach_id == an_id(again or -1) else Outcome.DONE
            for event in freed
        ]

    bus.outcomes = refuse_second_once
    bus.tell(1, 2, 3)
    report = bus.drain().run()
    assert (report.handled, report.again) == (3, 1)
    assert bus.effects() == {1, 2, 3}


def test_work_of_a_process_that_died_is_taken_up_when_its_lease_runs_out(bus: Bus) -> None:
    bus.tell(1, 2)
    bus.database.sql(
        "UPDATE bus.delivery SET lease_id = event_id, lease_until = now() + interval '20 s'"
    )
    assert bus.drain().run().handled == 0
    bus.hurry()
    assert bus.drain().run().handled == 2
    assert bus.batches == [2]


@pytest.mark.parametrize(("together", "turn"), [(0.0, 2), (60.0, 5)])
def test_what_was_interrupted_has_its_turn_as_soon_as_a_backlog_is_looked_at_again(
    bus: Bus, together: float, turn: int
) -> None:
    bus.tell(1)
    bus.database.sql(
        "UPDATE bus.delivery SET lease_id = event_id, lease_until = now() + interval '20 s'"
    )
    bus.tell(2, 3, 4, 5)
    handled: list[UUID] = []

    def then_the_lease_runs_out(freed: Sequence[TimeFreed]) -> None:
        handled.extend(event.coach_id for event in freed)
        if len(handled) == 1:
            bus.hurry()

    bus.before = then_the_lease_runs_out
    bus.drain(replace(BRIEF, most=1, together=together)).run()
    assert len(handled) == 5
    assert handled.index(an_id(1)) + 1 == turn


def test_a_transaction_whose_lease_was_lost_takes_no_effect(bus: Bus) -> None:
    bus.before = lambda _: _steal(bus)
    bus.tell(1)
    bus.drain().run()
    assert bus.effects() == set()


def test_a_constraint_broken_in_company_is_named_without_its_data(bus: Bus) -> None:
    bus.database.sql("INSERT INTO bus.effect VALUES (:coach, 0)", coach=an_id(2))
    bus.tell(1, 2)
    bus.drain().run()
    rows = bus.database.sql("SELECT last_error FROM bus.delivery WHERE state = 'due'")
    assert [row[0] for row in rows] == ["UniqueViolation:23505:effect_pkey"]
    assert bus.effects() == {1, 2}


def test_deadlocked_batches_are_halved_and_pass(bus: Bus) -> None:
    met: list[int] = []

    def deadlock_in_large_company(freed: Sequence[TimeFreed]) -> None:
        if len(freed) > 2:
            met.append(len(freed))
            _raise_in_database(bus, "40P01")

    bus.before = deadlock_in_large_company
    bus.tell(*range(8))
    report = bus.drain().run()
    assert report.handled == 8
    assert met == [8, 4, 4]
    assert "due" not in bus.states()


def test_who_is_locked_out_is_put_off_and_counts_no_failure(bus: Bus) -> None:
    met: list[int] = []

    def locked_twice(freed: Sequence[TimeFreed]) -> None:
        met.append(len(freed))
        if len(met) <= 2:
            _raise_in_database(bus, "55P03")

    bus.before = locked_twice
    bus.tell(*range(4))
    report = bus.drain().run()
    assert (report.handled, report.failed) == (4, 0)
    assert met == [4, 4, 4]


def test_a_chore_runs_in_every_round_and_its_work_counts(bus: Bus) -> None:
    left = [3, 2, 0]
    drain = bus.drain(chores=(Chore("notices", lambda _deadline: left.pop(0) if left else 0),))
    assert drain.run().chores == 5


def test_a_due_timer_runs_once_and_is_set_again(bus: Bus) -> None:
    bus.database.sql("INSERT INTO bus.timer VALUES ('scheduler', 'tick', now(), '1 day')")
    ran: list[object] = []
    drain = bus.drain(timers={"tick": lambda _connection, now: ran.append(now)})
    drain.run()
    drain.run()
    assert len(ran) == 1
    rows = bus.database.sql("SELECT due_at > now() FROM bus.timer WHERE name = 'tick'")
    assert rows[0][0]


def test_a_failing_timer_is_tried_again_within_a_minute(bus: Bus) -> None:
    bus.database.sql("INSERT INTO bus.timer VALUES ('scheduler', 'tick', now(), '1 day')")
    bus.drain(timers={"tick": lambda *_: 1 / 0}).run()
    rows = bus.database.sql("SELECT due_at - now() FROM bus.timer WHERE name = 'tick'")
    assert timedelta(0) < rows[0][0] <= timedelta(minutes=1)


def test_what_is_long_settled_is_forgotten(bus: Bus) -> None:
    bus.tell(1, 2)
    bus.drain().run()
    bus.database.sql("UPDATE bus.event SET recorded_at = now() - interval '31 days'")
    bus.database.sql("UPDATE bus.delivery SET settled_at = now() - interval '31 days'")
    bus.database.sql("UPDATE bus.timer SET due_at = now()")
    bus.tell(3)
    bus.drain().run()
    assert len(bus.database.sql("SELECT FROM bus.event")) == 1


def _refuse(coach: int, freed: Sequence[TimeFreed]) -> None:
    if any(event.coach_id == an_id(coach) for event in freed):
        raise RuntimeError("poison")


def _steal(bus: Bus) -> None:
    bus.database.sql("UPDATE bus.delivery SET lease_id = gen_random_uuid()")


def _raise_in_database(bus: Bus, code: str) -> None:
    with bus.engine.begin() as connection:
        connection.exec_driver_sql(
            f"DO $$ BEGIN RAISE EXCEPTION 'planned' USING ERRCODE = '{code}'; END $$"
        )
