"""The mail server down, refusing, and hanging up: bookings go on, and everybody is told in the end."""

import random
from collections import Counter
from pathlib import Path

from tests.faults.harm import (
    DOWN,
    DROPS,
    drop_some_once,
    refuse_some,
    some_more_asks,
    take_mail_down,
)
from tests.faults.record import Record
from tests.support.faults_client import Asking
from tests.support.faults_scene import Scene
from tests.support.stack import Division, a_stack

# A held queue asks again after 1, 2, 5, 10 s; then all is sent.
TOLD_WITHIN = 30.0


def test_bookings_do_not_wait_for_a_mail_server_that_is_down_and_all_are_told_later(
    division: Division, tmp_path: Path, chance: random.Random, record: Record
) -> None:
    with (
        a_stack(division, tmp_path / "stack") as stack,
        Asking(stack, chance.randrange(10**9)) as asking,
    ):
        scene = Scene(stack, asking)
        some_more_asks(scene, 10)
        answered_after = take_mail_down(scene)
        asking.finish()
        violations = scene.settled(TOLD_WITHIN)
        record(
            "mail down",
            seconds=DOWN,
            answered_after=answered_after,
            mails=len(stack.mail.received),
        )
        assert answered_after is not None
        assert violations == {}, stack.keeper.tails()


def test_a_refused_address_fails_once_and_its_teacher_reads_it_on_her_page(
    division: Division, tmp_path: Path, chance: random.Random
) -> None:
    with (
        a_stack(division, tmp_path / "stack") as stack,
        Asking(stack, chance.randrange(10**9), most=60) as asking,
    ):
        scene = Scene(stack, asking)
        refuse_some(scene)
        scene.until(lambda: asking.done)
        asking.finish()
        violations = scene.settled(TOLD_WITHIN)
        notices = stack.database.sql("SELECT address, state FROM notifier.notice")
        failed = [str(address) for address, state in notices if state == "failed"]
        tried = [address for address in stack.mail.readers_named if address in scene.refused]
        assert violations == {}, stack.keeper.tails()
        assert failed
        assert Counter(failed) <= Counter(tried)
        # What was overtaken by a cancellation at the server's door was tried too, and once.
        assert Counter(tried) <= Counter(str(address) for address, _ in notices)


def test_a_letter_in_doubt_goes_out_once_more_as_the_same_bytes(
    division: Division, tmp_path: Path, chance: random.Random, record: Record
) -> None:
    with (
        a_stack(division, tmp_path / "stack") as stack,
        Asking(stack, chance.randrange(10**9), most=80) as asking,
    ):
        scene = Scene(stack, asking)
        dropped = drop_some_once(scene, chance)
        scene.until(lambda: asking.done)
        asking.finish()
        violations = scene.settled(TOLD_WITHIN)
        copies = scene.copies()
        # What was taken back while it was in doubt is not sent again: its cancellation is.
        ended = stack.database.sql(
            "SELECT message_id FROM notifier.notice WHERE state = 'superseded'"
        )
        superseded = {str(letter) for (letter,) in ended}
        twice = [letter for letter, taken in dropped.items() if taken and letter not in superseded]
        record("dropped after DATA", drops=len(dropped), second_copies=copies.extra)
        assert violations == {}, stack.keeper.tails()
        assert len(dropped) == DROPS
        assert twice
        assert copies.extra == len(twice)
