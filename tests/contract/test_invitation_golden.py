"""What people's mail programs get from us changes only when somebody means it to.

`python -m tests.contract.test_invitation_golden` writes the letters anew.
"""

import re
from pathlib import Path
from uuid import UUID

import pytest

from services.notifier.adapters.writer import LetterWriter
from services.notifier.domain.announcements import Told, announcements_of
from shared.events.vocabulary import Person, School
from tests.support.notifier.builders import (
    NOW,
    a_decline,
    a_review,
    a_session,
    a_wait,
    an_overdue_review,
    its_cancellation,
)
from tests.support.notifier.rig import CODE_KEY

FOLDER = Path(__file__).parent / "invitations"
REQUEST = UUID("01920000-0000-7000-8000-000000000001")
SESSION = UUID("01920000-0000-7000-8000-000000000002")
TEACHER = Person(
    id=UUID("01920000-0000-7000-8000-000000000003"), name="Ana Núñez", email="ana@division.example"
)
COACH = Person(
    id=UUID("01920000-0000-7000-8000-000000000004"), name="Dana Cole", email="dana@division.example"
)
SCHOOL = School(id=UUID("01920000-0000-7000-8000-000000000005"), name="Northview School")
SCHEDULED = a_session(REQUEST, session_id=SESSION, teacher=TEACHER, coach=COACH, school=SCHOOL)
LETTERS: dict[str, Told] = {
    "invitation": SCHEDULED,
    "cancellation": its_cancellation(SCHEDULED),
    "waiting": a_wait(REQUEST, teacher=TEACHER),
    "decline": a_decline(request_id=REQUEST, teacher=TEACHER),
    "review": a_review(REQUEST, teacher=TEACHER),
    "overdue": an_overdue_review(REQUEST, admins=(COACH,)),
}


def written(event: Told) -> bytes:
    """The teacher's letter; its own new id is the only thing in it that differs each time."""
    writer = LetterWriter(
        "remit@division.example", "https://remit.example", lambda: NOW, code_key=CODE_KEY
    )
    letter = writer.write(announcements_of(event)[0])
    assert letter.mime is not None
    return re.sub(letter.id.hex.encode(), b"0" * 32, letter.mime)


@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_is_as_its_golden_file(kind: str) -> None:
    assert written(LETTERS[kind]) == (FOLDER / f"{kind}.eml").read_bytes()


def test_there_is_a_golden_file_for_each_kind_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(LETTERS)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, told in LETTERS.items():
        (FOLDER / f"{name}.eml").write_bytes(written(told))
