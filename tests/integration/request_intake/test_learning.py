"""What reviews teach: words that a person gave a topic are read so from then on, in this division."""

import pytest

from services.request_intake.adapters import ask_vectors, lessons
from services.request_intake.domain.need import LikelyTopics, Reading
from services.request_intake.domain.request import Request
from services.request_intake.domain.review import Coaching, Elsewhere
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.pages import PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.builders import starter
from tests.support.request_intake.division import NOOR, OFFICE, SYSTEM
from tests.support.waiting import until

# No model knows what this school calls its hour for planning together.
TAUGHT = (
    "can somebody come to our zephyr block",
    "zephyr time, want company",
    "zephyr next week? all of us",
)
LIKE_THEM = "is there anybody for zephyr on friday"
TOPIC = "plc_facilitation"


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


def reads(division: PagesDivision, words: str) -> Reading:
    return division.application.model().reader.read(words)


def teach(division: PagesDivision, verdict: Coaching | Elsewhere) -> list[Request]:
    asked = [division.asks(topic=None, support_mode=None, words=words) for words in TAUGHT]
    for one in asked:
        assert one.state == "under_review", one.decision
        answer = division.application.reviewing.answer(
            OFFICE, one.id, verdict, seen_version=one.version
        )
        assert isinstance(answer, Request)
    with transaction(division.engine, SYSTEM) as connection:
        ask_vectors.keep(connection, utc_now())
    return asked


def test_what_an_admin_answered_is_how_near_words_are_read(division: PagesDivision) -> None:
    before = reads(division, LIKE_THEM)
    assert not isinstance(before, LikelyTopics) or before.topics[0] != TOPIC
    examples = [topic.examples[0] for topic in starter().all_topics]
    known = [reads(division, words) for words in examples]

    teach(division, Coaching(topic=TOPIC))
    division.application.desk.refresh()

    after = reads(division, LIKE_THEM)
    assert isinstance(after, LikelyTopics)
    assert after.topics[0] == TOPIC
    read_alike = [
        type(reads(division, words)) is type(reading)
        for words, reading in zip(examples, known, strict=True)
    ]
    assert all(read_alike)


def test_a_running_process_learns_by_itself_while_it_reads_as_before(
    division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = reads(division, LIKE_THEM)
    teach(division, Coaching(topic=TOPIC))
    assert reads(division, LIKE_THEM) == before  # not before a minute has passed
    monkeypatch.setattr(lessons, "_EVERY", 0.1)
    division.application.desk.lessons._next = 0.0

    def has_learned() -> bool:
        reading = reads(division, LIKE_THEM)
        return isinstance(reading, LikelyTopics) and reading.topics[0] == TOPIC

    until(has_learned, 60)


def test_what_was_never_reviewed_teaches_nothing_and_neither_does_a_topic_that_is_gone(
    division: PagesDivision,
) -> None:
    asked = [division.asks(topic=None, support_mode=None, words=words) for words in TAUGHT]
    with transaction(division.engine, SYSTEM) as connection:
        ask_vectors.keep(connection, utc_now())
    assert not division.application.desk.lessons.all()
    answer = division.application.reviewing.answer(
        OFFICE, asked[0].id, Coaching(topic=TOPIC), seen_version=asked[0].version
    )
    assert isinstance(answer, Request)
    (taught,) = division.application.desk.lessons.all()
    assert (taught.text, taught.topic) == (TAUGHT[0], TOPIC)
    division.database.sql(
        f"UPDATE request_intake.request SET topic = 'gone' WHERE id = '{asked[0].id}'"
    )
    division.application.desk.refresh()
    assert reads(division, "my printer is jammed")


def test_what_one_teacher_wrote_is_never_shown_to_another(division: PagesDivision) -> None:
    teach(division, Coaching(topic=TOPIC))
    division.application.desk.refresh()
    program = division.client(NOOR)
    read = program.post("/api/intake/v1/need", json={"words": LIKE_THEM})
    assert read.status_code == 200
    for words in TAUGHT:
        assert words not in read.text
