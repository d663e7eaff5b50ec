"""The ledger inside the transaction that an event is handled in: set by set, never row by row."""

from collections.abc import Sequence
from itertools import accumulate
from typing import get_args
from uuid import UUID

from sqlalchemy import Connection, text

from services.notifier.domain.announcements import OVERTAKES, Announcement, News
from services.notifier.domain.hearing import says_how_it_stands, subjects
from services.notifier.domain.notice import Failure, State
from services.notifier.ports import Letter
from shared.events import Event, SessionReleased

_NEWS = frozenset(kind.name for kind in get_args(News) if says_how_it_stands(kind))

# The upsert locks the request's row even when it changes nothing: whoever tells of the same
# request at the same time waits here, and then sees what this transaction has queued.
_HEAR = text("""
INSERT INTO notifier.heard AS h (request_id, source, version)
SELECT * FROM unnest(CAST(:requests AS uuid[]), CAST(:sources AS text[]), CAST(:versions AS int[]))
ON CONFLICT (request_id, source) DO UPDATE SET version = excluded.version
    WHERE h.version < excluded.version
RETURNING request_id
""")

_MATCHED = text(
    "SELECT request_id FROM notifier.heard"
    " WHERE source = 'scheduler' AND request_id = ANY(CAST(:requests AS uuid[]))"
)

# Deliveries are handled kind by kind: what is told after a backlog may be old before it is told.
_OVERTAKEN = text("""
SELECT r.request_id
FROM unnest(CAST(:requests AS uuid[]), CAST(:versions AS int[])) AS r (request_id, version)
WHERE EXISTS (SELECT FROM bus.delivery d JOIN bus.event e ON e.id = d.event_id
    WHERE d.subscriber = 'notifier' AND d.state = 'due' AND d.aggregate_id = r.request_id
        AND d.name = ANY(CAST(:names AS text[]))
        AND (e.body #>> '{data,version}')::int > r.version)
""")

_OVERTAKE = text("""
UPDATE notifier.notice n SET
    overtaken = true,
    state = CASE n.state WHEN 'sending' THEN 'sending' ELSE 'superseded' END,
    next_at = NULL,
    settled_at = CASE n.state WHEN 'sending' THEN NULL ELSE now() END,
    lease_id = CASE n.state WHEN 'sending' THEN n.lease_id END,
    lease_until = CASE n.state WHEN 'sending' THEN n.lease_until END
FROM unnest(CAST(:requests AS uuid[]), CAST(:readers AS uuid[]), CAST(:sessions AS uuid[]),
        CAST(:kinds AS text[])) AS a (request_id, recipient_id, session_id, kinds)
WHERE n.request_id = a.request_id AND n.recipient_id = a.recipient_id
    AND n.state IN ('queued', 'retry', 'unknown', 'sending')
    AND n.kind = ANY(string_to_array(a.kinds, ' '))
    AND (n.session_id IS NULL OR n.session_id = a.session_id)
""")

_MAY_BE_OUT = text("""
SELECT DISTINCT session_id, recipient_id FROM notifier.notice
WHERE request_id = ANY(CAST(:requests AS uuid[])) AND session_id IS NOT NULL
    AND kind IN ('invitation', 'update') AND (may_be_out OR state = 'sending')
""")

# The letters come as one run of bytes: in an array each would be written out and read in as text.
_ADD = text("""
INSERT INTO notifier.notice (id, request_id, session_id, teacher_id, recipient_id, part, address,
    kind, version, message_id, dated_at, state, failure, mime, next_at, settled_at)
SELECT n.id, n.request_id, n.session_id, n.teacher_id, n.recipient_id, n.part, n.address, n.kind,
    n.version, n.message_id, n.dated_at, n.state, n.failure,
    substring(CAST(:all_mime AS bytea) FROM n.starts FOR n.length),
    CASE WHEN n.failure IS NULL THEN now() END, CASE WHEN n.failure IS NOT NULL THEN now() END
FROM unnest(CAST(:id AS uuid[]), CAST(:request_id AS uuid[]), CAST(:session_id AS uuid[]),
    CAST(:teacher_id AS uuid[]), CAST(:recipient_id AS uuid[]), CAST(:part AS text[]),
    CAST(:address AS text[]), CAST(:kind AS text[]), CAST(:version AS int[]),
    CAST(:message_id AS text[]), CAST(:dated_at AS timestamptz[]), CAST(:state AS text[]),
    CAST(:failure AS text[]), CAST(:starts AS int[]), CAST(:length AS int[]))
    AS n (id, request_id, session_id, teacher_id, recipient_id, part, address, kind, version,
        message_id, dated_at, state, failure, starts, length)
ON CONFLICT (request_id, version, recipient_id, kind) DO NOTHING
""")


class PostgresLedger:
    """The ledger of one transaction. It commits nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.announced: list[Event] = []

    def hear(self, events: Sequence[News]) -> frozenset[UUID]:
        """Locks in the order of ids, so that two batches with common requests do not deadlock."""
        newest: dict[tuple[UUID, str], int] = {}
        for event in events:
            for subject, version in subjects(event):
                newest[subject] = max(version, newest.get(subject, version))
        ordered = sorted(newest)
        params = {
            "requests": [id_ for id_, _ in ordered],
            "sources": [source for _, source in ordered],
            "versions": [newest[subject] for subject in ordered],
        }
        return frozenset(self._connection.execute(_HEAR, params).scalars())

    def matched(self, requests: Sequence[UUID]) -> frozenset[UUID]:
        params = {"requests": list(requests)}
        return frozenset(self._connection.execute(_MATCHED, params).scalars())

    def overtaken(self, releases: Sequence[SessionReleased]) -> frozenset[UUID]:
        if not releases:
            return frozenset()
        params = {
            "requests": [event.request_id for event in releases],
            "versions": [event.version for event in releases],
            "names": sorted(_NEWS),
        }
        return frozenset(self._connection.execute(_OVERTAKEN, params).scalars())

    def overtake(self, announcements: Sequence[Announcement]) -> None:
        able = [one for one in announcements if OVERTAKES[one.kind]]
        params = {
            "requests": [one.request_id for one in able],
            "readers": [one.reader.id for one in able],
            "sessions": [one.session_id for one in able],
            "kinds": [" ".join(sorted(OVERTAKES[one.kind])) for one in able],
        }
        if able:
            self._connection.execute(_OVERTAKE, params)

    def may_be_out(self, announcements: Sequence[Announcement]) -> frozenset[tuple[UUID, UUID]]:
        params = {"requests": [one.request_id for one in announcements]}
        rows = self._connection.execute(_MAY_BE_OUT, params)
        return frozenset((session_id, recipient_id) for session_id, recipient_id in rows)

    def add(self, letters: Sequence[Letter]) -> None:
        if not letters:
            return
        mimes = [letter.mime or b"" for letter in letters]
        starts = accumulate((len(mime) for mime in mimes[:-1]), initial=1)
        rows = [
            _row(letter) | {"starts": start} for letter, start in zip(letters, starts, strict=True)
        ]
        columns: dict[str, object] = {name: [row[name] for row in rows] for name in rows[0]}
        self._connection.execute(_ADD, columns | {"all_mime": b"".join(mimes)})

    def announce(self, event: Event) -> None:
        self.announced.append(event)


def _row(letter: Letter) -> dict[str, object]:
    told = letter.announcement
    usable = letter.mime is not None
    return {
        "id": letter.id,
        "request_id": told.request_id,
        "session_id": told.session_id,
        "teacher_id": told.owner_id,
        "recipient_id": told.reader.id,
        "part": told.part,
        "address": letter.address,
        "kind": told.kind.value,
        "version": told.event.version,
        "message_id": letter.message_id,
        "dated_at": letter.dated_at,
        "length": len(letter.mime) if letter.mime is not None else None,
        "state": State.QUEUED.value if usable else State.FAILED.value,
        "failure": None if usable else Failure.ADDRESS.value,
    }
