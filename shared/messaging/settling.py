"""What becomes of claimed deliveries: done, again, parked, suspect, due later, dead."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from shared.messaging.claims import MOST_ATTEMPTS

BACKOFF = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
)
_LONGEST_PARK = timedelta(seconds=30)


class LeaseLostError(Exception):
    """Somebody else holds the delivery now: this transaction must not take effect."""


_MINE = (
    "WHERE subscriber = :subscriber AND lease_id = :lease AND event_id = ANY(CAST(:ids AS uuid[]))"
)
_LET_GO = "lease_id = NULL, lease_until = NULL"
_DONE = text(
    f"UPDATE bus.delivery SET state = 'done', settled_at = now(), settled_by = :by, {_LET_GO},"
    f" last_error = NULL {_MINE}"
)
# The first time at once, then less and less often: a handler that never settles must not spin.
_AGAIN = text(
    "UPDATE bus.delivery SET put_off_times = put_off_times + 1, suspect = false,"
    " attempts = greatest(attempts - 1, 0), due_at = now() + CASE WHEN put_off_times = 0"
    " THEN interval '0' ELSE least(interval '5 ms' * 2 ^ least(put_off_times, 12),"
    f" interval '10 seconds') END, {_LET_GO} {_MINE}"
)
_PARK = text(
    "UPDATE bus.delivery SET state = 'parked', put_off_times = put_off_times + 1, suspect = false,"
    " attempts = 0, due_at = now() + least(interval '250 ms' * 2 ^ least(put_off_times, 10),"
    f" CAST(:longest AS interval)), {_LET_GO} {_MINE}"
)
_SUSPECT = text(f"UPDATE bus.delivery SET suspect = true, {_LET_GO} {_MINE}")
_LATER = text(
    "UPDATE bus.delivery SET suspect = true, last_error = :error,"
    f" due_at = now() + CAST(:backoff AS interval), {_LET_GO} {_MINE}"
)
_DEAD = text(
    "UPDATE bus.delivery SET state = 'dead', last_error = :error, settled_at = now(),"
    f" settled_by = :by, {_LET_GO} {_MINE}"
)


class Settling:
    """Settles the deliveries of one lease. Every call is part of the caller's transaction."""

    def __init__(self, connection: Connection, subscriber: str, lease: UUID, by: str) -> None:
        self._connection = connection
        self._params = {"subscriber": subscriber, "lease": lease}
        self._by = by

    def done(self, ids: Sequence[UUID]) -> None:
        """The effect of these is in this transaction. LeaseLostError if one is no longer ours."""
        if ids and self._run(_DONE, ids, by=self._by) != len(ids):
            raise LeaseLostError

    def again(self, ids: Sequence[UUID]) -> None:
        """Nothing was done for these: due at once, or soon when that has been said before."""
        self._run(_AGAIN, ids)

    def park(self, ids: Sequence[UUID]) -> None:
        """What these need has not arrived: look again, less and less often, counting no attempt."""
        self._run(_PARK, ids, longest=_LONGEST_PARK)

    def suspect(self, ids: Sequence[UUID]) -> None:
        """One of these failed in company: each will be tried alone."""
        self._run(_SUSPECT, ids)

    def failed_alone(self, id_: UUID, attempts: int, error: str) -> bool:
        """Try later, or after the last attempt set it aside as dead (then True)."""
        if attempts >= MOST_ATTEMPTS:
            self._run(_DEAD, [id_], error=error, by=self._by)
            return True
        self._run(_LATER, [id_], error=error, backoff=BACKOFF[attempts - 1])
        return False

    def _run(self, statement: object, ids: Sequence[UUID], **more: object) -> int:
        if not ids:
            return 0
        params = self._params | {"ids": list(ids)} | more
        return self._connection.execute(statement, params).rowcount  # type: ignore[call-overload,no-any-return]
