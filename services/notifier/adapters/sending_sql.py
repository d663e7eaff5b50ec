"""The statements of a sender. Every instant in them is the database's own clock.

Each is a transaction of its own, so now() is its own beginning; unlike clock_timestamp() it lets an
index find what is due, however long the queue.
"""

from sqlalchemy import text

LEASE = "interval '20 s'"
_AGE = "clock_timestamp() - n.queued_at AS age"
_LET_GO = "lease_id = NULL, lease_until = NULL"
_MINE = "n.lease_id = :lease"

# A sender that died while sending: nobody can say whether the server has the letter.
ADOPT = text(f"""
UPDATE notifier.notice SET lease_id = :lease, lease_until = clock_timestamp() + {LEASE}
WHERE id IN (SELECT id FROM notifier.notice WHERE lease_until < now() AND state = 'sending'
    FOR UPDATE SKIP LOCKED)
RETURNING id""")

# Asked at every turn of a drain that lingers.
ANYTHING_DUE = text("SELECT EXISTS (SELECT FROM notifier.due_work WHERE due_at <= now())")

HELD = text("SELECT EXISTS (SELECT FROM notifier.hold)")

# The next time to ask is moved on before asking: of many senders one asks.
MAY_ASK = text("""
UPDATE notifier.hold SET ask_again_at = clock_timestamp() + interval '60 s'
WHERE ask_again_at <= clock_timestamp() RETURNING failures""")

KEEP_HELD = text("""
INSERT INTO notifier.hold AS h (reason, smtp_code, failures, ask_again_at)
VALUES (:reason, :code, :failures, clock_timestamp() + CAST(:wait AS interval))
ON CONFLICT ("only") DO UPDATE SET reason = excluded.reason, smtp_code = excluded.smtp_code,
    failures = greatest(h.failures, excluded.failures), ask_again_at = excluded.ask_again_at
RETURNING clock_timestamp() - since""")

LET_GO = text("DELETE FROM notifier.hold")

# An older notice to the same reader about the same request that is on its way this moment goes
# first: a cancellation must not reach a calendar before its invitation.
_DUE = """n.next_at IS NOT NULL AND n.state IN ('queued', 'retry', 'unknown')
        AND (n.lease_until IS NULL OR n.lease_until < now())
        AND NOT EXISTS (SELECT FROM notifier.notice o WHERE o.state = 'sending'
            AND o.request_id = n.request_id AND o.recipient_id = n.recipient_id)"""


def _claim(due: str) -> str:
    return f"""
WITH due AS (
    SELECT n.id FROM notifier.notice n WHERE {_DUE} AND {due}
    ORDER BY n.next_at LIMIT :most FOR UPDATE SKIP LOCKED
)
UPDATE notifier.notice n SET lease_id = :lease, lease_until = clock_timestamp() + {LEASE}
FROM due WHERE n.id = due.id
RETURNING n.id, n.address, n.mime, n.kind, n.attempts, n.doubts, n.overtaken, {_AGE}"""


CLAIM = text(_claim("n.next_at <= now()"))
CLAIM_OVERDUE = text(_claim("n.queued_at <= now() - interval '48 hours'"))

# Nothing that an index looks at is changed here. The lease must outlast the first renewal, which
# comes within five seconds.
_BEGIN = f"""
UPDATE notifier.notice n SET state = 'sending', attempts = attempts + 1
WHERE n.id = :next AND {_MINE} AND n.lease_until > now() + interval '10 s'
    AND n.state IN ('queued', 'retry', 'unknown')
RETURNING n.id"""
_SENT = f"""
UPDATE notifier.notice n SET state = 'sent', sent_at = clock_timestamp(),
    settled_at = clock_timestamp(), may_be_out = true, smtp_code = :code, smtp_reply = :reply,
    next_at = NULL, {_LET_GO}
WHERE n.id = :previous AND {_MINE} AND n.state = 'sending'"""

BEGIN = text(_BEGIN)
SENT = text(_SENT)
SENT_AND_BEGIN = text(f"WITH sent AS ({_SENT}){_BEGIN}")

STANDING = text(f"""
SELECT n.request_id, n.recipient_id, n.kind, n.attempts, n.doubts, n.overtaken, {_AGE}
FROM notifier.notice n WHERE n.id = :id AND {_MINE} FOR UPDATE""")

SETTLE = text(f"""
UPDATE notifier.notice SET state = :state, attempts = :attempts, doubts = :doubts,
    may_be_out = may_be_out OR :doubts > 0, failure = :failure,
    next_at = clock_timestamp() + CAST(:wait AS interval),
    settled_at = CASE WHEN CAST(:wait AS interval) IS NULL THEN clock_timestamp() END,
    smtp_code = :code, smtp_reply = :reply, {_LET_GO}
WHERE id = :id""")

# By their ids: no index knows leases, and the queue may be long.
LET_REST_GO = text(f"""
UPDATE notifier.notice n SET {_LET_GO}
WHERE n.id = ANY (CAST(:ids AS uuid[])) AND {_MINE} AND n.state IN ('queued', 'retry', 'unknown')
""")

# Only of the letter on its way: behind a server that takes minutes over one, the rest of the
# handful falls to other senders.
RENEW = text(f"""
UPDATE notifier.notice n SET lease_until = clock_timestamp() + {LEASE}
WHERE {_MINE} AND n.state = 'sending'
""")
