"""Goal "replay": 10,000 past asks, none of them with a chosen topic, judged by a draft.

From the start of the replay to the commit of its last chunk, by the stack's own workers. Every ask has
words of its own, as many as teachers write. Their vectors are kept, as those of a term's asks are; the
same without any is a note. The reference reads such asks one by one on one core.
"""

import random
import time
from collections.abc import Sequence
from typing import Any

from services.request_intake.adapters import ask_vectors
from services.request_intake.adapters.reading import trained
from services.request_intake.bootstrap import Application, build
from services.request_intake.config import Settings
from services.request_intake.domain.replay import Replay, Standing
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.identity import new_id
from tests.benchmarks.asks import starter_model
from tests.benchmarks.goals import REPLAYED
from tests.benchmarks.report import Report
from tests.benchmarks.sizes import Sizes
from tests.benchmarks.stack import Stack, used
from tests.support.waiting import until

GOALS = (REPLAYED,)
_SEED = 17
_ONE_BY_ONE = 200
_LONGEST = 600.0
_INSERT = """
INSERT INTO request_intake.request (id, teacher_id, school_id, words, coach_types, meeting, windows, room,
    model_version, decision, clause, suggestions, state, version, idempotency_key, body_sha256,
    submitted_at, changed_at)
SELECT id, p.teacher, p.school, words, '{}', 'either', '[]', '', 1, 'unclear', 'Which?', '{}',
    'under_review', 1, id::text, '\\x00', now(), now()
FROM unnest(%(ids)s::uuid[], %(words)s::text[]) AS t (id, words),
    (SELECT id AS teacher, school_id AS school FROM request_intake.person
        WHERE role = 'teacher' ORDER BY id LIMIT 1) AS p
"""
_UNKEPT = """
SELECT count(*) AS asks FROM request_intake.request
WHERE NOT EXISTS (SELECT FROM request_intake.ask_vector WHERE request_id = request.id)
    AND asked_topic IS NULL AND submitted_at > now() - interval '1 day'
"""
_ADMIN = "SELECT id FROM request_intake.person WHERE role = 'admin' ORDER BY id LIMIT 1"
_LAST_JUDGED = """
SELECT extract(epoch FROM max(pg_xact_commit_timestamp(c.xmin)))::float AS at
FROM request_intake.replay_chunk c
"""


def measure(stack: Stack, sizes: Sizes, report: Report) -> None:
    """Replay them once; the city's workers have nothing else to do."""
    stack.afresh(working=True)
    asks = _asks(sizes.replayed)
    stack.sql(_INSERT, ids=[new_id() for _ in asks], words=asks)
    application = build(Settings.from_env(stack.environ))
    before = stack.processor_seconds()
    try:
        without = _replayed(stack, application, len(asks))
        report.note("a replay of asks whose vectors are not kept yet", f"{without:.1f} s")
        _keep_vectors(stack, application)
        seconds = _replayed(stack, application, len(asks))
    finally:
        application.close()
    alone = _one_by_one(asks[:_ONE_BY_ONE])
    report.note("processor time of the replay", used(before, stack.processor_seconds()))
    report.add(
        REPLAYED,
        seconds * 10_000 / len(asks),
        f"{len(asks):,} asks, {seconds / len(asks) * 1000:.1f} ms each;"
        f" read one by one on one core {alone * 1000:.1f} ms each",
    )


def _keep_vectors(stack: Stack, application: Application) -> None:
    """What the clock does in quiet time, here at once."""
    while stack.one(_UNKEPT)["asks"]:
        with transaction(application.engine, "system:request_intake") as connection:
            ask_vectors.keep(connection, utc_now())


def _replayed(stack: Stack, application: Application, count: int) -> float:
    """Seconds from the start to the commit of the last chunk."""
    admin = stack.one(_ADMIN)["id"]
    draft = application.drafting.draft() or application.drafting.begin(admin, 1)
    if draft is None:
        raise RuntimeError("the city has no model to draft from")
    began = time.time()
    started = application.replaying.start(admin, seen=draft.revision)
    if not isinstance(started, Replay):
        raise TypeError("the draft changed under the benchmark")
    until(lambda: _standing(application).finished, _LONGEST, every=0.5)
    judged = _standing(application).judged
    if judged != count:
        raise RuntimeError(f"{judged} of {count} asks were judged")
    row: dict[str, Any] = stack.one(_LAST_JUDGED)
    return float(row["at"]) - began


def _standing(application: Application) -> Standing:
    found = application.replaying.standing()
    if found is None:
        raise RuntimeError("the replay is gone")
    return found


def _one_by_one(asks: Sequence[str]) -> float:
    """Seconds for each of these in this process."""
    reader = trained(starter_model())
    reader.read(f"warm {utc_now():%c}")
    began = time.perf_counter()
    for words in asks:
        reader.read(words)
    return (time.perf_counter() - began) / len(asks)


def _asks(count: int) -> list[str]:
    """So many different asks of two or three sentences, in the model's own examples."""
    draw = random.Random(_SEED)  # noqa: S311  -- invented asks, the same each time
    examples = [one for topic in starter_model().all_topics for one in topic.examples]
    return [f"{draw.choice(examples)} {draw.choice(examples)} ({at})" for at in range(count)]
