"""Plans that overlap in time: what one of them is about to store, the next must not overlook."""

import threading
from datetime import timedelta

from shared.events import RequestCancelled, RequestSubmitted
from tests.support.scheduler.builders import MONDAY, Division, a_request, a_window
from tests.support.waiting import until

TUESDAY_AT_9 = MONDAY + timedelta(days=1, hours=2)


def test_time_freed_while_another_is_being_put_on_the_waitlist_goes_to_her(
    division: Division,
) -> None:
    only_time = (a_window(TUESDAY_AT_9, 30),)
    first, second = a_request(windows=only_time), a_request(windows=only_time)
    division.hear(first)
    plan = division.application.drain.handlings[RequestSubmitted]
    with division.engine.connect() as planning:
        plan(planning, [second])  # the time is still taken: she is about to wait
        division.tell(RequestCancelled(version=2, request_id=first.request_id, cancelled_at=MONDAY))
        freeing = threading.Thread(target=division.drain)
        freeing.start()
        until(lambda: _taken_up(division))
        planning.commit()
        freeing.join(timeout=30)
    division.drain()
    (session,) = division.sessions("state = 'held'")
    assert session.request_id == second.request_id


def _taken_up(division: Division) -> bool:
    """Whether the freed time is done with, or its handling waits for its turn."""
    return bool(
        division.database.sql(
            "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()"
            " UNION ALL"
            " SELECT FROM bus.delivery WHERE name = 'time.freed' AND state = 'done'"
        )
    )
