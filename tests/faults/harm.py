"""Harm to the servers that the product stands on; sound and broken products suffer the very same."""

import random
import threading
import time
from uuid import UUID

from tests.support.faults_mail import message_id
from tests.support.faults_scene import Scene
from tests.support.smtp import DROP
from tests.support.stack import Stack
from tests.support.stack_postgresql import CrashablePostgres

FLUSHES = 5
_BETWEEN_FLUSHES = 1.5
# Drains that were at work when Redis went away may go on for 2 s; what is asked later needs help.
_AFTER_LAST_DRAINS = 3.0
# The bell must fail for 5 s, or work be 10 s late, until the ringer drains by itself.
HELPED_WITHIN = 15.0
_ASKS_LOOKED_AT = 10
# Seconds without a mail server, and letters after whose final dot it hangs up.
DOWN = 6.0
DROPS = 10


def flush_under_load(scene: Scene[Stack]) -> None:
    """FLUSHALL every other second while asks come in."""
    for _ in range(FLUSHES):
        some_more_asks(scene, 5)
        threading.Event().wait(_BETWEEN_FLUSHES)
        scene.stack.valkey.empty()
    scene.asking.finish()


def some_more_asks(scene: Scene[Stack], how_many: int, limit: float = 30.0) -> list[UUID]:
    """Wait until so many more asks are acknowledged; their ids."""
    before = len(scene.asking.acknowledged)
    enough = scene.until(lambda: len(scene.asking.acknowledged) >= before + how_many, limit=limit)
    assert enough, f"only {len(scene.asking.acknowledged) - before} asks in {limit} s"
    return scene.asking.ids[before : before + how_many]


def answered_within(scene: Scene[Stack], ids: list[UUID], limit: float) -> float | None:
    """Seconds until each of these asks was decided, matched and shown; None when it took longer."""
    answered = (
        "SELECT count(*) FROM request_intake.request WHERE id = ANY(CAST(:ids AS uuid[]))"
        " AND (decision = 'out_of_remit' OR standing_version > 0 OR state = 'cancelled')"
    )

    def all_answered() -> bool:
        return scene.stack.database.sql(answered, ids=ids)[0][0] == len(ids)

    began = time.monotonic()
    return time.monotonic() - began if scene.until(all_answered, limit) else None


def answered_without_redis(scene: Scene[Stack]) -> float | None:
    """Redis has just gone away: seconds until what is asked from now on is answered, or None."""
    threading.Event().wait(_AFTER_LAST_DRAINS)
    return answered_within(scene, some_more_asks(scene, _ASKS_LOOKED_AT), HELPED_WITHIN)


def crash_postgres(scene: Scene[Stack], server: CrashablePostgres, crashes: int) -> list[float]:
    """`-m immediate` under load; seconds from each crash until the next ask is acknowledged."""
    back_after = []
    for _ in range(crashes):
        some_more_asks(scene, 20)
        began = time.monotonic()
        server.crash()
        server.start()
        some_more_asks(scene, 1)
        back_after.append(time.monotonic() - began)
    scene.asking.finish()
    return back_after


def take_mail_down(scene: Scene[Stack]) -> float | None:
    """The mail server refuses every connection for a while; how long asks took meanwhile, or None."""
    scene.stack.mail.down()
    down_since = time.monotonic()
    answered = answered_within(scene, some_more_asks(scene, _ASKS_LOOKED_AT), HELPED_WITHIN)
    scene.until(lambda: time.monotonic() - down_since > DOWN, limit=DOWN)
    scene.stack.mail.up()
    return answered


def refuse_some(scene: Scene[Stack]) -> None:
    """The addresses of every other teacher are none."""
    scene.refused = [teacher.email for teacher in scene.stack.teachers[::2]]
    scene.stack.mail.script.reader = lambda address: (
        "550 5.1.1 nobody here" if address in scene.refused else "250 OK"
    )


def drop_some_once(scene: Scene[Stack], chance: random.Random) -> dict[str, bool]:
    """Hang up after the final dot of some letters, each once: whether they were taken, every other one."""
    mail, dropped = scene.stack.mail, dict[str, bool]()

    def answer(number: int) -> str:
        letter = message_id(mail.offered[number - 1])
        if letter in dropped or len(dropped) >= DROPS or chance.randrange(3):
            return "250 OK"
        dropped[letter] = mail.script.take_before_drop = len(dropped) % 2 == 0
        return DROP

    mail.script.letter = answer
    return dropped
