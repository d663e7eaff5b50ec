"""Goal 17: letters a second of one sender, from event to durable `sent` mark.

Ours writes each letter (words, two forms, calendar entry), keeps it, claims it, marks it before and
after; the reference hands the very same bytes to the same sink on one kept connection.
"""

import smtplib
import statistics
import time
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from services.notifier.bootstrap import Application, build
from services.notifier.config import Settings
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import SessionScheduled
from shared.identity import new_id
from shared.messaging.append import append
from tests.benchmarks.goals import MAIL_RATE
from tests.benchmarks.references import plain_mail
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack
from tests.benchmarks.turns import spread, turn_about
from tests.support.events import EXAMPLES

GOALS = (MAIL_RATE,)
_BOOKED = cast("SessionScheduled", EXAMPLES[SessionScheduled])
_LETTERS_OF_EACH = 2
_ACTOR = "system:notifier"
_SENT = """
SELECT count(*) AS letters,
    max(extract(epoch FROM pg_xact_commit_timestamp(xmin)))::float AS last_marked
FROM notifier.notice WHERE state = 'sent' AND queued_at >= to_timestamp(%(since)s)
"""
_BYTES = """
SELECT address, mime FROM notifier.notice WHERE state = 'sent' ORDER BY id DESC LIMIT %(most)s
"""


def measure(stack: Stack, sizes: Sizes, report: Report) -> None:
    """One notifier in this process, one thread; its other parts stand still."""
    stack.afresh(working=False)
    settings = Settings.from_env(stack.environ)
    application = build(settings, kind="worker")
    server = urlsplit(stack.address.smtp_url)
    try:
        _ours(stack, application, 10)  # warm: the connection, the templates
        with smtplib.SMTP(server.hostname or "", server.port or 25, timeout=30) as line:
            rates = turn_about(
                sizes.rounds,
                {
                    "ours": lambda: _ours(stack, application, sizes.letters),
                    "ready": lambda: _ready(stack, line, settings.mail_from, sizes.letters),
                },
            )
    finally:
        application.close()
    shares = [100 * a / b for a, b in zip(rates["ours"], rates["ready"], strict=True)]
    report.add(
        MAIL_RATE,
        statistics.median(shares),
        f"sendmail of ready bytes on a kept connection: {spread(rates['ready'])}/s;"
        f" ours {spread(rates['ours'])}/s",
    )


def _ours(stack: Stack, application: Application, letters: int) -> float:
    """Letters a second: told, written, sent and marked."""
    events = [
        replace(_BOOKED, request_id=new_id(), session_id=new_id())
        for _ in range(letters // _LETTERS_OF_EACH)
    ]
    with transaction(application.engine, _ACTOR) as connection:
        append(connection, events, utc_now())
    stack.sql("CHECKPOINT")
    began = time.time()
    while application.drain.run().busy:
        pass
    row: dict[str, Any] = stack.one(_SENT, since=began)
    if row["letters"] != letters:
        raise RuntimeError(f"{row['letters']} of {letters} letters were sent")
    last_marked: float = row["last_marked"]
    return letters / (last_marked - began)


def _ready(stack: Stack, line: smtplib.SMTP, sender: str, letters: int) -> float:
    """Letters a second, of bytes that are ready."""
    ready = [(row["address"], row["mime"]) for row in stack.sql(_BYTES, most=letters)]
    began = time.monotonic()
    plain_mail.send_all(line, sender, ready)
    return len(ready) / (time.monotonic() - began)
