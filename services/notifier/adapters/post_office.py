"""The ledger as one sender sees it: leases on the database's clock, each step committed by itself."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy import Engine, Row

from services.notifier.adapters import sending_sql as sql
from services.notifier.domain.hold import Hold
from services.notifier.domain.notice import (
    Accepted,
    Answer,
    Deferred,
    Misconfigured,
    Refused,
    Settlement,
    Standing,
)
from services.notifier.ports import InHand
from shared.clock import Clock
from shared.database.transaction import transaction
from shared.events import NoticeFailed
from shared.identity import new_id
from shared.messaging.append import append
from shared.messaging.lease import LeaseKeeper

ACTOR = "system:notifier"


class PostgresPostOffice:
    """One sender's desk: what it claims bears its lease, renewed while it works.

    Use it as a context; at its end what was not begun is anybody's again.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = new_id()
        self._working = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._working.close()

    def anything_due(self) -> bool:
        with self._transaction() as connection:
            return bool(connection.scalar(sql.ANYTHING_DUE))

    def interrupted(self) -> Sequence[UUID]:
        with self._transaction() as connection:
            return list(connection.execute(sql.ADOPT, self._params()).scalars())

    def held(self) -> bool:
        with self._transaction() as connection:
            return bool(connection.scalar(sql.HELD))

    def may_ask(self) -> int | None:
        with self._transaction() as connection:
            failures: int | None = connection.scalar(sql.MAY_ASK)
            return failures

    def keep_held(self, hold: Hold) -> timedelta:
        params = {
            "reason": hold.reason,
            "code": hold.code,
            "failures": hold.failures,
            "wait": hold.ask_again_after,
        }
        with self._transaction() as connection:
            held: timedelta = connection.execute(sql.KEEP_HELD, params).scalar_one()
            return held

    def let_go(self) -> None:
        with self._transaction() as connection:
            connection.execute(sql.LET_GO)

    def claim(self, most: int, *, overdue_only: bool) -> Sequence[InHand]:
        statement = sql.CLAIM_OVERDUE if overdue_only else sql.CLAIM
        with self._transaction() as connection:
            rows = connection.execute(statement, self._params(most=most)).all()
        if rows:
            self._working.close()
            self._working.enter_context(LeaseKeeper(self._renew))
        return [_in_hand(row) for row in sorted(rows, key=lambda row: row.id)]

    def begin(self, notice: InHand, accepted: tuple[UUID, Accepted] | None) -> bool:
        params = self._params(next=notice.id)
        with self._transaction() as connection:
            if accepted is None:
                return bool(connection.scalar(sql.BEGIN, params))
            return bool(connection.scalar(sql.SENT_AND_BEGIN, params | _sent(accepted)))

    def finish(self, accepted: tuple[UUID, Accepted]) -> None:
        with self._transaction() as connection:
            connection.execute(sql.SENT, self._params() | _sent(accepted))

    def settle(
        self, notice_id: UUID, decide: Callable[[Standing], Settlement], answer: Answer | None
    ) -> Settlement | None:
        """One transaction with the row locked: what overtook it meanwhile is seen."""
        with self._transaction() as connection:
            row = connection.execute(sql.STANDING, self._params(id=notice_id)).one_or_none()
            if row is None:
                return None
            settlement = decide(_standing(row))
            connection.execute(sql.SETTLE, _settled(notice_id, settlement, answer))
            if settlement.failure:
                append(connection, [_failed(notice_id, row, settlement)], self._clock())
            return settlement

    def let_rest_go(self) -> None:
        with self._transaction() as connection:
            connection.execute(sql.LET_REST_GO, self._params())

    def _renew(self) -> None:
        with self._transaction() as connection:
            connection.execute(sql.RENEW, self._params())

    def _params(self, **more: object) -> dict[str, Any]:
        return {"lease": self._lease, **more}

    def _transaction(self) -> Any:
        return transaction(self._engine, ACTOR)


def _in_hand(row: Row[Any]) -> InHand:
    return InHand(id=row.id, address=row.address, mime=row.mime, standing=_standing(row))


def _standing(row: Row[Any]) -> Standing:
    return Standing(attempts=row.attempts, doubts=row.doubts, overtaken=row.overtaken, age=row.age)


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
