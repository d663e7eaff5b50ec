"""Goals 6 and 7: the whole city asks at once. When is the last one booked and told, and is all well?"""

import time
from datetime import timedelta

from tests.benchmarks.asks import ACCEPTED, Askers
from tests.benchmarks.goals import (
    BY_CELERY,
    DOUBLED,
    LAST_BOOKED,
    LAST_BOOKED_RATIO,
    LAST_TOLD,
    LOST,
    OUT_OF_REMIT,
    OVERLAPPING,
    OVERLOADED,
    REFUSED,
)
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack, used, wait_while_moving
from tests.support.load import Load, closed_loop, open_loop

GOALS = (
    LAST_BOOKED_RATIO,
    LAST_BOOKED,
    LAST_TOLD,
    REFUSED,
    LOST,
    DOUBLED,
    OVERLAPPING,
    OUT_OF_REMIT,
    OVERLOADED,
    BY_CELERY,
)
_CONNECTIONS = 16
_WARM = 100
_SETTLED_WITHIN = 600.0

# Events are never updated, so the commit that wrote one is the commit of what it tells.
_TIMES = """
WITH asked AS (
    SELECT e.aggregate_id AS request_id, r.submitted_at,
        pg_xact_commit_timestamp(e.xmin) AS accepted_at
    FROM bus.event e JOIN request_intake.request r ON r.id = e.aggregate_id
    WHERE e.name = 'request.submitted' AND r.submitted_at >= to_timestamp(%(since)s)
), matched AS (
    SELECT a.request_id, a.submitted_at, min(pg_xact_commit_timestamp(e.xmin)) AS matched_at
    FROM asked a JOIN bus.event e ON e.aggregate_id = a.request_id
        AND e.name IN ('session.scheduled', 'cycle.scheduled', 'request.waiting')
    GROUP BY 1, 2
)
SELECT
    (SELECT min(submitted_at) FROM asked) AS first,
    (SELECT max(accepted_at) FROM asked) AS last_accepted,
    (SELECT max(matched_at) FROM matched) AS last_matched,
    (SELECT count(*) FROM matched) AS matched,
    (SELECT max(pg_xact_commit_timestamp(n.xmin)) FROM notifier.notice n
        JOIN asked USING (request_id) WHERE n.state = 'sent') AS last_told,
    (SELECT count(*) FROM notifier.notice n JOIN asked USING (request_id)
        WHERE n.state = 'sent') AS told,
    (SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP
        (ORDER BY extract(epoch FROM matched_at - submitted_at)) FROM matched) AS waited
"""
_ENDS = """
SELECT coalesce(s.state, r.state) AS state, count(DISTINCT r.id) AS requests
FROM scheduler.request r LEFT JOIN scheduler.session s ON s.request_id = r.id
GROUP BY 1 ORDER BY 2 DESC
"""
# An acknowledged request is lost unless the scheduler has a session for it or keeps it waiting,
# intake shows the same, and a notice of it is sent.
_LOST = """
SELECT count(*) AS lost FROM request_intake.request r
LEFT JOIN scheduler.request q ON q.id = r.id
WHERE NOT (
    (r.state = 'scheduled' AND EXISTS (SELECT FROM scheduler.session s
            WHERE s.request_id = r.id AND s.state = 'scheduled')
        OR q.state = 'waiting' AND r.state = 'waiting')
    AND EXISTS (SELECT FROM notifier.notice n WHERE n.request_id = r.id AND n.state = 'sent'))
"""
_DOUBLED = """
SELECT
    (SELECT count(*) FROM (SELECT FROM scheduler.session JOIN request_intake.request r ON r.id = request_id
        WHERE session.state IN ('held', 'scheduled') GROUP BY request_id, meeting HAVING count(*) > 1) x)
    + (SELECT count(*) FROM (SELECT FROM notifier.notice WHERE state = 'sent'
        GROUP BY request_id, recipient_id, kind HAVING count(*) > 1) x) AS doubled
"""
_OVERLAPPING = """
SELECT count(*) AS overlapping FROM scheduler.session a JOIN scheduler.session b
    ON a.id < b.id AND a.during && b.during
    AND ARRAY[a.coach_id, a.teacher_id] && ARRAY[b.coach_id, b.teacher_id]
WHERE a.state IN ('held', 'scheduled') AND b.state IN ('held', 'scheduled')
    AND upper(a.during) > now() AND upper(b.during) > now()
"""
_OUT_OF_REMIT = """
SELECT count(*) AS out FROM scheduler.session s
WHERE NOT EXISTS (SELECT FROM scheduler.combination c WHERE c.version = s.model_version
        AND (c.coach_type, c.topic, c.support_mode) = (s.coach_type, s.topic, s.support_mode))
    OR NOT EXISTS (SELECT FROM scheduler.coach_offer o WHERE o.coach_id = s.coach_id
        AND (o.coach_type, o.support_mode) = (s.coach_type, s.support_mode))
"""
_OVERLOADED = """
SELECT count(*) AS overloaded FROM (
    SELECT FROM scheduler.session s JOIN scheduler.coach c ON c.id = s.coach_id, scheduler.division d
    WHERE s.state IN ('held', 'scheduled')
    GROUP BY c.id, (lower(s.during) AT TIME ZONE d.zone)::date HAVING count(*) > c.sessions_per_day
    UNION ALL
    SELECT FROM scheduler.session s JOIN scheduler.coach c ON c.id = s.coach_id, scheduler.division d
    WHERE s.state IN ('held', 'scheduled')
    GROUP BY c.id, date_trunc('week', lower(s.during) AT TIME ZONE d.zone)
    HAVING sum(extract(epoch FROM upper(s.during) - lower(s.during)) / 60) > c.weekly_minutes
) x
"""
_BY_CELERY = """
SELECT 100.0 * count(*) FILTER (WHERE settled_by = 'celery') / count(*) AS share,
    count(*) AS settled, count(*) FILTER (WHERE state = 'dead') AS dead
FROM bus.delivery WHERE settled_at >= to_timestamp(%(since)s)
"""


def measure(stack: Stack, askers: Askers, sizes: Sizes, report: Report) -> None:
    """Let it come."""
    stack.afresh(working=True)
    open_loop(stack.port, askers.asks(_WARM), _CONNECTIONS, rate=50)
    wait_while_moving(stack, _SETTLED_WITHIN)
    mails_before = _mails(stack)
    asks = askers.asks(sizes.stampede)
    before = stack.processor_seconds()
    since = time.time()
    load = closed_loop(stack.port, asks, _CONNECTIONS)
    report.note("stampede: processor time of the POSTs", used(before, stack.processor_seconds()))
    wait_while_moving(stack, _SETTLED_WITHIN)
    report.note("stampede: processor time of it all", used(before, stack.processor_seconds()))
    _times(stack, since, load, report)
    _correctness(stack, since, load, report, mails=_mails(stack) - mails_before)


def _times(stack: Stack, since: float, load: Load, report: Report) -> None:
    row = stack.one(_TIMES, since=since)
    accepted, matched, told = (
        _seconds(row[name] - row["first"])
        for name in ("last_accepted", "last_matched", "last_told")
    )
    report.note(
        "stampede: POSTs",
        f"{len(load.answers):,} in {load.seconds:.1f} s, {load.rate:,.0f}/s,"
        f" p50 {load.percentile(0.5) * 1000:.0f} ms, p99 {load.percentile(0.99) * 1000:.0f} ms",
    )
    report.note("stampede: submit to booked, p50 / p99 s", "{:.1f} / {:.1f}".format(*row["waited"]))
    ends = stack.sql(_ENDS)
    report.note("stampede: ends", ", ".join(f"{end['requests']:,} {end['state']}" for end in ends))
    report.add(LAST_BOOKED_RATIO, matched / accepted, f"last accepted after {accepted:.1f} s")
    report.add(
        LAST_BOOKED, matched, f"{row['matched']:,} asks, 16 connections, first POST to commit"
    )
    report.add(LAST_TOLD, told, f"{row['told']:,} mails, {row['told'] / told:,.0f}/s over all")


def _correctness(stack: Stack, since: float, load: Load, report: Report, *, mails: int) -> None:
    stored = stack.one(
        "SELECT count(*) AS stored FROM request_intake.request"
        " WHERE submitted_at >= to_timestamp(%(since)s)",
        since=since,
    )["stored"]
    acknowledged = len(load.answers) - load.refused(ACCEPTED)
    missing = max(0, acknowledged - stored)
    sent = stack.one(
        "SELECT count(*) AS sent FROM notifier.notice WHERE sent_at >= to_timestamp(%(since)s)",
        since=since,
    )["sent"]
    report.add(REFUSED, load.refused(ACCEPTED), f"answers: {load.statuses()}")
    report.add(
        LOST,
        missing + stack.one(_LOST)["lost"],
        "acknowledged, but not stored, or neither booked nor waiting, or nobody told",
    )
    report.add(
        DOUBLED,
        stack.one(_DOUBLED)["doubled"] + max(0, stored - len(load.answers)) + max(0, mails - sent),
        "requests stored or booked twice, notices told twice, mails in the sink beyond those sent",
    )
    report.add(OVERLAPPING, stack.one(_OVERLAPPING)["overlapping"], "pairs, in either part")
    report.add(
        OUT_OF_REMIT, stack.one(_OUT_OF_REMIT)["out"], "of the model or of the coach's offer"
    )
    report.add(OVERLOADED, stack.one(_OVERLOADED)["overloaded"], "coach-days and coach-weeks")
    celery = stack.one(_BY_CELERY, since=since)
    report.add(
        BY_CELERY,
        float(celery["share"]),
        f"{celery['settled']:,} deliveries, {celery['dead']} dead",
    )


def _mails(stack: Stack) -> int:
    """How many the sink holds."""
    with_ending = stack.layout.mail.glob("*.eml")
    return sum(1 for _ in with_ending)


def _seconds(span: timedelta) -> float:
    return span.total_seconds()
