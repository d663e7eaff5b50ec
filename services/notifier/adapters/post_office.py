"""The ledger as one sender sees it: leases on the database's clock, each step committed by itself."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Engine, Row, TextClause, event
from sqlalchemy.exc import DBAPIError

from services.notifier.adapters import sending_sql as sql
from services.notifier.domain.announcements import Kind
from services.notifier.domain.hold import Hold
from services.notifier.domain.notice import (
    CODE_LIVES,
    GIVE_UP_AFTER,
    Accepted,
    Answer,
    Deferred,
    Misconfigured,
    Refused,
    Settlement,
    Standing,
)
from services.notifier.ports import Begun, InHand
from shared.clock import Clock
from shared.database.transaction import transaction
from shared.events import NoticeFailed
from shared.identity import new_id
from shared.messaging.append import append
from shared.messaging.lease import LeaseKeeper

ACTOR = "system:notifier"
_DEADLOCK = "40P01"


def for_senders(engine: Engine) -> Engine:
    """An engine whose connections are senders' alone: always this actor, each statement durable.

    A sender writes two statements a letter; a transaction with its actor around each would double
    their cost. Nobody else is ever lent one of these connections.
    """
    event.listen(engine, "connect", _act_as_notifier)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


# One plan for good, by the index of what is due: judged by stale statistics in a stampede, each
# claim would sort the whole queue.
_PLANNER = (
    "SET enable_sort = off",
    "SET enable_bitmapscan = off",
    "SET plan_cache_mode = force_generic_plan",
)


def _act_as_notifier(connection: Any, _record: object) -> None:
    for setting in _PLANNER:
        connection.execute(setting)
    connection.execute("SELECT set_config('app.actor', %s, false)", (ACTOR,))
    connection.commit()


class PostgresPostOffice:
    """One sender's desk: what it claims bears its lease, renewed while a letter is on its way.

    Use it as a context. `engine` is for transactions, `senders` is made by `for_senders`.
    """

    def __init__(self, engine: Engine, senders: Engine, clock: Clock) -> None:
        self._engine = engine
        self._senders = senders
        self._clock = clock
        self._lease = new_id()
        self._claimed: list[UUID] = []
        self._connection: Connection | None = None
        self._working = ExitStack()
        self._marking: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._working.close()
        if self._marking is not None:
            self._marking.shutdown()
        self._put_down()

    def anything_due(self) -> bool:
        return bool(self._run(sql.ANYTHING_DUE).scalar_one())

    def interrupted(self) -> Sequence[UUID]:
        return list(self._run(sql.ADOPT).scalars())

    def held(self) -> bool:
        return bool(self._run(sql.HELD).scalar_one())

    def may_ask(self) -> int | None:
        failures: int | None = self._run(sql.MAY_ASK).scalar_one_or_none()
        return failures

    def keep_held(self, hold: Hold) -> timedelta:
        held: timedelta = self._run(
            sql.KEEP_HELD,
            reason=hold.reason,
            code=hold.code,
            failures=hold.failures,
            wait=hold.ask_again_after,
        ).scalar_one()
        return held

    def let_go(self) -> None:
        self._run(sql.LET_GO)

    def claim(self, most: int, *, overdue_only: bool) -> Sequence[InHand]:
        statement = sql.CLAIM_OVERDUE if overdue_only else sql.CLAIM
        rows = self._run(statement, most=most).all()
        if rows:
            self._working.close()
            self._working.enter_context(LeaseKeeper(self._renew))
        self._claimed = [row.id for row in rows]
        return [_in_hand(row) for row in sorted(rows, key=lambda row: row.id)]

    def begin(self, notice: InHand, accepted: tuple[UUID, Accepted] | None) -> Begun:
        """The statement runs on a thread of its own: it waits for a disk, the caller for a server."""
        if self._marking is None:
            self._marking = ThreadPoolExecutor(1, thread_name_prefix="marks")
        return self._marking.submit(self._begin, notice.id, accepted).result

    def _begin(self, notice_id: UUID, accepted: tuple[UUID, Accepted] | None) -> bool:
        if accepted is None:
            begun = self._run(sql.BEGIN, next=notice_id)
        else:
            begun = self._run(sql.SENT_AND_BEGIN, next=notice_id, **_sent(accepted))
        return begun.scalar_one_or_none() is not None

    def finish(self, accepted: tuple[UUID, Accepted]) -> None:
        self._run(sql.SENT, **_sent(accepted))

    def settle(
        self, notice_id: UUID, decide: Callable[[Standing], Settlement], answer: Answer | None
    ) -> Settlement | None:
        """One transaction with the row locked: what overtook it meanwhile is seen."""
        with self._transaction() as connection:
            row = connection.execute(
                sql.STANDING, {"id": notice_id, "lease": self._lease}
            ).one_or_none()
            if row is None:
                return None
            settlement = decide(_standing(row))
            connection.execute(sql.SETTLE, _settled(notice_id, settlement, answer))
            if settlement.failure:
                append(connection, [_failed(notice_id, row, settlement)], self._clock())
            return settlement

    def let_rest_go(self) -> None:
        if self._claimed:
            self._run(sql.LET_REST_GO, ids=self._claimed)
            self._claimed = []

    def _renew(self) -> None:
        with self._transaction() as connection:
            connection.execute(sql.RENEW, {"lease": self._lease})

    def _run(self, statement: TextClause, **params: object) -> CursorResult[Any]:
        """One statement, durable when this returns; on a lost line or a deadlock, once more.

        Each is written so that running it twice does what running it once does.
        """
        try:
            return self._executed(statement, params)
        except DBAPIError as error:
            if not _worth_another_try(error):
                raise
            self._put_down()
            return self._executed(statement, params)

    def _executed(self, statement: TextClause, params: dict[str, object]) -> CursorResult[Any]:
        if self._connection is None:
            self._connection = self._senders.connect()
        return self._connection.execute(statement, {"lease": self._lease, **params})

    def _put_down(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _transaction(self) -> AbstractContextManager[Connection]:
        return transaction(self._engine, ACTOR)


def _worth_another_try(error: DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) == _DEADLOCK


def _in_hand(row: Row[Any]) -> InHand:
    return InHand(id=row.id, address=row.address, mime=row.mime, standing=_standing(row))


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        attempts=row.attempts,
        doubts=row.doubts,
        overtaken=row.overtaken,
        age=row.age,
        patience=CODE_LIVES if row.kind == Kind.SIGN_IN else GIVE_UP_AFTER,
    )


def _sent(accepted: tuple[UUID, Accepted]) -> dict[str, Any]:
    notice_id, answer = accepted
    return {"previous": notice_id, "code": answer.code, "reply": answer.reply}


def _settled(notice_id: UUID, settlement: Settlement, answer: Answer | None) -> dict[str, Any]:
    said = answer if isinstance(answer, Accepted | Refused | Deferred | Misconfigured) else None
    return {
        "id": notice_id,
        "state": settlement.state.value,
        "attempts": settlement.attempts,
        "doubts": settlement.doubts,
        "wait": settlement.wait,
        "failure": settlement.failure.value if settlement.failure else None,
        "code": said.code if said else None,
        "reply": said.reply if said else None,
    }


def _failed(notice_id: UUID, row: Row[Any], settlement: Settlement) -> NoticeFailed:
    return NoticeFailed(
        notice_id=notice_id,
        version=settlement.attempts + 1,
        request_id=row.request_id,
        recipient_id=row.recipient_id,
        kind=row.kind,
        reason=str(settlement.failure),
    )
