"""One fault test's whole scene: a stack at work, teachers who ask, poisons, and what must hold of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from shared.identity import new_id
from tests.support.faults_client import Asking
from tests.support.faults_invariants import ALWAYS, AT_REST, Known, Queried, violations
from tests.support.faults_mail import Copies, message_id
from tests.support.smtp import Received
from tests.support.waiting import happens

Found = dict[str, list[Any]]

# Events that nobody can read: the right name, an id, and nothing else that belongs to it.
_POISONS = {"scheduler": "request.submitted", "notifier": "session.scheduled"}
_PLANT = """
WITH event AS (
    INSERT INTO bus.event (id, name, schema_version, aggregate_id, body)
    VALUES (:id, :name, 1, :aggregate, jsonb_build_object('data', jsonb_build_object('session_id', :id)))
    RETURNING id, name, aggregate_id)
INSERT INTO bus.delivery (event_id, subscriber, name, aggregate_id)
SELECT id, :subscriber, name, aggregate_id FROM event
"""
_HURRY = """
UPDATE bus.delivery SET due_at = now() WHERE event_id = ANY(CAST(:poisons AS uuid[]))
    AND state = 'due' AND lease_id IS NULL AND due_at > now()
"""


class Mailbox(Protocol):
    """What a mail server took."""

    @property
    def received(self) -> Sequence[Received]: ...


class UnderTest(Protocol):
    """A product whose database and mail can be looked into."""

    @property
    def database(self) -> Queried: ...
    @property
    def mail(self) -> Mailbox: ...


S = TypeVar("S", bound=UnderTest)


@dataclass
class Scene(Generic[S]):
    """A stack under load. Ask it what is violated, now or when it has settled."""

    stack: S
    asking: Asking
    poisons: list[UUID] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def plant_poisons(self) -> None:
        """One event for each of two services that it can never handle."""
        for subscriber, name in _POISONS.items():
            self.poisons.append(new_id())
            self.stack.database.sql(
                _PLANT,
                id=self.poisons[-1],
                name=name,
                aggregate=new_id(),
                subscriber=subscriber,
            )

    def violated(self, checks: dict[str, str]) -> Found:
        """What is violated at this moment: each finding was seen twice, so that no race is one."""
        found = self._look(checks)
        if found:
            again = self._look({name: check for name, check in checks.items() if name in found})
            found = {
                name: [row for row in rows if row in again.get(name, [])]
                for name, rows in found.items()
            }
        copies = Copies.of(self.stack.mail.received)
        return {name: rows for name, rows in found.items() if rows} | copies.violations()

    def always(self) -> Found:
        """What may never be, not even now."""
        found = self.violated(ALWAYS)
        if self.asking.forgotten:
            found["same_key_other_request"] = list(self.asking.forgotten)
        return found

    def settled(self, limit: float) -> dict[str, str]:
        """Wait until nothing is violated, at most `limit` seconds; what still is then, in brief."""
        deadline = time.monotonic() + limit
        while True:
            self._hurry_poisons()
            if found := self.always():
                return _brief(found)
            if not (found := self.violated(AT_REST)) or time.monotonic() > deadline:
                return _brief(found)
            time.sleep(0.2)

    def until(self, condition: Callable[[], bool], limit: float = 30.0) -> bool:
        """Wait for a condition that a broken product may never meet; whether it was met."""
        return happens(condition, limit)

    def copies(self) -> Copies:
        """What the mail server took."""
        return Copies.of(self.stack.mail.received)

    def _look(self, checks: dict[str, str]) -> Found:
        known = Known(
            acknowledged=self.asking.ids,
            taken_back=list(self.asking.taken_back),
            taken={message_id(letter) for letter in list(self.stack.mail.received)},
            poisons=self.poisons,
            refused=self.refused,
        )
        return dict(violations(self.stack.database, checks, known))

    def _hurry_poisons(self) -> None:
        """A poison waits longer and longer between its attempts; the test does not."""
        if self.poisons:
            self.stack.database.sql(_HURRY, poisons=self.poisons)


def _brief(found: Found) -> dict[str, str]:
    return {name: f"{len(rows)}, such as {rows[:3]}" for name, rows in found.items()}
