"""What must hold of a Remit database whatever was killed: small named checks, each one SQL query.

A check selects what violates it, so an empty answer is the good one. `ALWAYS` must hold at every
instant, `AT_REST` once everything has settled. Benchmarks count the same violations.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import Row

# Promise 1: once it says "received", it is in PostgreSQL.
ACKNOWLEDGED_BUT_MISSING = """
SELECT told.id FROM unnest(CAST(:acknowledged AS uuid[])) AS told (id)
WHERE NOT EXISTS (SELECT FROM request_intake.request r WHERE r.id = told.id)
"""

# One ask of one teacher is one request, however often it was sent.
ASKED_TWICE = """
SELECT teacher_id, words, count(*) FROM request_intake.request
GROUP BY teacher_id, words HAVING count(*) > 1
"""
TOLD_TWICE = """
SELECT aggregate_id, name, count(*) FROM bus.event
WHERE name IN ('request.submitted', 'request.declined', 'request.under_review', 'request.cancelled')
GROUP BY aggregate_id, name HAVING count(*) > 1
"""
SUBMITTED_BUT_NOT_TOLD = """
SELECT r.id FROM request_intake.request r WHERE NOT EXISTS (SELECT FROM bus.event e
    WHERE e.aggregate_id = r.id AND e.name = CASE r.decision
        WHEN 'in_remit' THEN 'request.submitted' WHEN 'out_of_remit' THEN 'request.declined'
        ELSE 'request.under_review' END)
    AND r.submitted_at > now() - interval '30 days'
"""

# Promise 2: nobody is booked twice for the same minute; a meeting is booked once.
BOOKED_TWICE = """
SELECT request_id, meeting, count(*) FROM scheduler.session WHERE state <> 'cancelled'
GROUP BY request_id, meeting HAVING count(*) > 1
"""
COACH_OVERLAPS = """
SELECT a.id, b.id FROM scheduler.session a JOIN scheduler.session b
    ON a.coach_id = b.coach_id AND a.id < b.id AND a.during && b.during
WHERE a.state IN ('held', 'scheduled') AND b.state IN ('held', 'scheduled')
"""
TEACHER_OVERLAPS = """
SELECT a.id, b.id FROM scheduler.session a JOIN scheduler.session b
    ON a.teacher_id = b.teacher_id AND a.id < b.id AND a.during && b.during
WHERE a.state IN ('held', 'scheduled') AND b.state IN ('held', 'scheduled')
"""
BOTH_PARTS_OVERLAP = """
SELECT a.id, b.id FROM scheduler.session a JOIN scheduler.session b
    ON a.coach_id = b.teacher_id AND a.during && b.during
WHERE a.state IN ('held', 'scheduled') AND b.state IN ('held', 'scheduled')
"""
OUT_OF_REMIT = """
SELECT s.id FROM scheduler.session s WHERE NOT EXISTS (SELECT FROM scheduler.combination c
    WHERE (c.version, c.coach_type, c.topic, c.support_mode)
        = (s.model_version, s.coach_type, s.topic, s.support_mode))
"""
OVERLOADED = """
SELECT s.coach_id, scheduler.day_of(s.starts_at), count(*) FROM scheduler.session s
JOIN scheduler.coach_day d ON d.coach_id = s.coach_id AND d.day = scheduler.day_of(s.starts_at)
WHERE s.state IN ('held', 'scheduled')
GROUP BY s.coach_id, scheduler.day_of(s.starts_at), d.ceiling HAVING count(*) > d.ceiling
"""
ANNOUNCED_TWICE = """
SELECT body #>> '{data,session_id}', body #>> '{data,sequence}', count(*) FROM bus.event
WHERE name = 'session.scheduled' GROUP BY 1, 2 HAVING count(*) > 1
"""
BOOKED_BUT_NOT_ANNOUNCED = """
SELECT s.id FROM scheduler.session s
WHERE s.state = 'scheduled' AND NOT EXISTS (SELECT FROM bus.event e
    WHERE e.aggregate_id = s.request_id AND (
        e.name = 'session.scheduled' AND (e.body #>> '{data,session_id}')::uuid = s.id
        OR e.name = 'cycle.scheduled' AND e.body #> '{data,meetings}'
            @> jsonb_build_array(jsonb_build_object('session_id', s.id))))
"""

# Promise 3: a step that is marked done has taken effect.
DONE_WITHOUT_EFFECT = """
SELECT d.event_id, d.subscriber FROM bus.delivery d JOIN bus.event e ON e.id = d.event_id
WHERE d.state = 'done' AND d.settled_by <> 'discarded' AND CASE
    WHEN d.subscriber = 'scheduler' AND d.name = 'request.submitted'
        THEN NOT EXISTS (SELECT FROM scheduler.request r WHERE r.id = d.aggregate_id)
    WHEN d.subscriber = 'request_intake' AND d.name IN ('session.scheduled', 'request.waiting',
            'session.offered', 'cycle.scheduled')
        THEN NOT EXISTS (SELECT FROM request_intake.request r WHERE r.id = d.aggregate_id
            AND (r.standing_version >= (e.body #>> '{data,version}')::bigint
                OR r.state NOT IN ('waiting', 'scheduled')))
    WHEN d.subscriber = 'notifier' AND d.name IN ('session.scheduled', 'request.waiting',
            'session.offered', 'cycle.scheduled', 'request.declined', 'request.under_review')
        THEN NOT EXISTS (SELECT FROM notifier.heard h WHERE h.request_id = d.aggregate_id)
    ELSE false END
"""
# A step whose holder died is free again within its lease, whatever was wrong with it.
HELD_TOO_LONG = """
SELECT event_id, subscriber FROM bus.delivery WHERE state IN ('due', 'parked')
    AND lease_until > clock_timestamp() + interval '25 s'
UNION ALL
SELECT id, 'notice' FROM notifier.notice WHERE lease_until > clock_timestamp() + interval '25 s'
"""
DEAD_LETTERS = """
SELECT event_id, subscriber, name, last_error FROM bus.delivery
WHERE state = 'dead' AND event_id <> ALL(CAST(:poisons AS uuid[]))
"""

POISON_NOT_SET_ASIDE = """
SELECT d.event_id, d.state, d.attempts FROM bus.delivery d
WHERE d.event_id = ANY(CAST(:poisons AS uuid[])) AND d.state <> 'dead'
"""

# At rest: every request has its answer, and both services say the same.
WITHOUT_ANSWER = """
SELECT r.id, r.state, r.standing_version FROM request_intake.request r
LEFT JOIN scheduler.request s ON s.id = r.id
WHERE r.decision = 'in_remit' AND (s.id IS NULL OR r.state <> s.state
    OR (r.state IN ('waiting', 'scheduled') AND r.standing_version <> s.version))
"""
TAKEN_BACK_BUT_NOT_CANCELLED = """
SELECT told.id FROM unnest(CAST(:taken_back AS uuid[])) AS told (id)
WHERE NOT EXISTS (SELECT FROM request_intake.request r WHERE r.id = told.id AND r.state = 'cancelled')
"""
SCHEDULED_WITHOUT_SESSION = """
SELECT r.id, r.state FROM scheduler.request r WHERE (r.state = 'scheduled') <> EXISTS (
    SELECT FROM scheduler.session s WHERE s.request_id = r.id AND s.state = 'scheduled')
    AND r.state IN ('waiting', 'scheduled', 'cancelled')
"""
STILL_DUE = """
SELECT d.event_id, d.subscriber, d.name, d.state, d.attempts, d.last_error FROM bus.delivery d
WHERE d.state IN ('due', 'parked') AND d.event_id <> ALL(CAST(:poisons AS uuid[]))
"""
# Promise 4: everybody is told of how it stands, once a change.
NOT_TOLD_OF_SESSION = """
SELECT s.id, p.reader FROM scheduler.session s
CROSS JOIN LATERAL (VALUES (s.teacher_id), (s.coach_id)) AS p (reader)
WHERE s.state = 'scheduled' AND NOT EXISTS (SELECT FROM notifier.notice n
    WHERE n.session_id IN (s.id, s.series_id) AND n.recipient_id = p.reader
        AND n.kind IN ('invitation', 'update'))
    AND s.recorded_at > now() - interval '30 days' AND s.starts_at > now()
"""
NOT_TOLD_OF_ANSWER = """
SELECT r.id, r.state FROM request_intake.request r
WHERE r.state IN ('waiting', 'declined', 'under_review') AND NOT EXISTS (
    SELECT FROM notifier.notice n WHERE n.request_id = r.id AND n.recipient_id = r.teacher_id
        AND n.kind = ANY (CASE r.state WHEN 'waiting' THEN ARRAY['waiting', 'offer']
            WHEN 'declined' THEN ARRAY['decline'] ELSE ARRAY['review'] END))
"""
NOT_TOLD_OF_CANCELLATION = """
SELECT s.id, n.recipient_id FROM scheduler.session s JOIN notifier.notice n ON n.session_id = s.id
WHERE s.state = 'cancelled' AND n.kind IN ('invitation', 'update') AND n.may_be_out
    AND NOT EXISTS (SELECT FROM notifier.notice c WHERE c.session_id = s.id
        AND c.recipient_id = n.recipient_id AND c.kind = 'cancellation')
"""
NOT_SENT = """
SELECT n.id, n.kind, n.state, n.failure FROM notifier.notice n
WHERE n.state NOT IN ('sent', 'superseded') AND n.address <> ALL(CAST(:refused AS text[]))
"""
FAILED_BUT_NOT_SAID = """
SELECT n.id FROM notifier.notice n JOIN request_intake.request r ON r.id = n.request_id
WHERE n.state = 'failed' AND n.recipient_id = r.teacher_id AND NOT r.notice_failed
"""
SENT_WITHOUT_COPY = """
SELECT n.id FROM notifier.notice n
WHERE n.state = 'sent' AND NOT EXISTS (
    SELECT FROM unnest(CAST(:taken AS text[])) AS taken (message_id)
    WHERE taken.message_id = n.message_id)
"""
COPY_OF_NO_NOTICE = """
SELECT taken.message_id FROM unnest(CAST(:taken AS text[])) AS taken (message_id)
WHERE NOT EXISTS (SELECT FROM notifier.notice n WHERE n.message_id = taken.message_id)
"""

ALWAYS = {
    "acknowledged_but_missing": ACKNOWLEDGED_BUT_MISSING,
    "taken_back_but_not_cancelled": TAKEN_BACK_BUT_NOT_CANCELLED,
    "asked_twice": ASKED_TWICE,
    "told_twice": TOLD_TWICE,
    "submitted_but_not_told": SUBMITTED_BUT_NOT_TOLD,
    "booked_twice": BOOKED_TWICE,
    "coach_overlaps": COACH_OVERLAPS,
    "teacher_overlaps": TEACHER_OVERLAPS,
    "both_parts_overlap": BOTH_PARTS_OVERLAP,
    "out_of_remit": OUT_OF_REMIT,
    "overloaded": OVERLOADED,
    "announced_twice": ANNOUNCED_TWICE,
    "booked_but_not_announced": BOOKED_BUT_NOT_ANNOUNCED,
    "done_without_effect": DONE_WITHOUT_EFFECT,
    "held_too_long": HELD_TOO_LONG,
    "dead_letters": DEAD_LETTERS,
    "sent_without_copy": SENT_WITHOUT_COPY,
    "copy_of_no_notice": COPY_OF_NO_NOTICE,
}
AT_REST = {
    "poison_not_set_aside": POISON_NOT_SET_ASIDE,
    "without_answer": WITHOUT_ANSWER,
    "scheduled_without_session": SCHEDULED_WITHOUT_SESSION,
    "still_due": STILL_DUE,
    "not_told_of_session": NOT_TOLD_OF_SESSION,
    "not_told_of_answer": NOT_TOLD_OF_ANSWER,
    "not_told_of_cancellation": NOT_TOLD_OF_CANCELLATION,
    "not_sent": NOT_SENT,
    "failed_but_not_said": FAILED_BUT_NOT_SAID,
}

Violations = dict[str, list[Row[tuple[object, ...]]]]


class Queried(Protocol):
    """A database that answers plain queries as its owner."""

    def sql(self, query: str, **params: object) -> list[Row[tuple[object, ...]]]: ...


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the world outside knows: acknowledged asks, Message-IDs that a mail server took.

    Without `taken` (no mail server to ask) the two checks of copies say nothing. `poisons` were
    planted as events that nobody can handle, `refused` are addresses that no server takes.
    """

    acknowledged: Sequence[UUID] = ()
    taken_back: Sequence[UUID] = ()
    taken: Collection[str] | None = None
    poisons: Sequence[UUID] = ()
    refused: Sequence[str] = ()


def violations(database: Queried, checks: dict[str, str], known: Known) -> Violations:
    """What each check found, by its name; only checks that found anything."""
    told: dict[str, object] = {
        "acknowledged": list(known.acknowledged),
        "taken_back": list(known.taken_back),
        "taken": sorted(known.taken or ()),
        "poisons": list(known.poisons),
        "refused": list(known.refused),
    }
    found: Violations = {}
    for name, query in checks.items():
        if ":taken " in query and known.taken is None:
            continue
        params = {key: value for key, value in told.items() if f":{key} " in query}
        if rows := database.sql(query, **params):
            found[name] = rows
    return found
