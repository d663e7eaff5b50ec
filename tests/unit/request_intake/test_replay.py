"""A replay: what goes elsewhere by a draft is counted by clause, what stays is not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_document import read
from services.request_intake.domain.model_draft import Document, with_entry, without_entry
from services.request_intake.domain.need import Reader
from services.request_intake.domain.remit import NotOffered, decide
from services.request_intake.domain.replay import (
    IN_REMIT,
    NOT_OFFERED,
    OUT_OF_REMIT,
    UNCLEAR,
    Flip,
    PastAsk,
    Way,
    merged,
    replayed,
)
from services.request_intake.domain.request import Judged, received
from tests.support.events import NOON, an_id
from tests.support.request_intake.builders import (
    an_ask,
    an_asker,
    starter,
    starter_document,
    starter_reader,
)

MODEL = starter()


class NobodyReads:
    """Likelihoods for asks whose topic was chosen: no word is weighed."""

    def shares(self, words: object, kept: object = ()) -> list[dict[str, float]]:  # noqa: ARG002
        raise AssertionError(words)


def asked(number: int = 1, **given: str | None) -> PastAsk:
    """An ask as the starter model decided it."""
    ask = an_ask(**given)
    reading = None if ask.topic else starter_reader().read(ask.words)
    decision = decide(MODEL, topic=ask.topic, support_mode=ask.support_mode, reading=reading)
    assert not isinstance(decision, NotOffered)
    judged = Judged(school=None, decision=decision, model_version=1)
    request = received(an_id(number), an_asker(), ask, judged, NOON)
    return PastAsk(
        id=request.id,
        words=request.words,
        asked_topic=request.asked_topic,
        asked_mode=request.asked_mode,
        decision=request.decision,
        topic=request.topic,
        coach_types=request.coach_types,
        in_review=request.state == "under_review",
    )


def by(document: Document, *asks: PastAsk) -> list[Flip]:
    """The flips by a draft, of asks whose topic was chosen and is known to it."""
    model = read(document)
    return replayed(model, Reader(model, NobodyReads()), asks)


def changed(section: str, key: str, **fields: object) -> Document:
    """The starter with one entry changed."""
    document = starter_document()
    entry = next(one for one in document[section] if one["key"] == key)
    return with_entry(document, section, key, {**entry, **fields})


def moved_out(key: str) -> Document:
    """The starter with a topic moved out of remit."""
    document = starter_document()
    entry = next(one for one in document["topics"] if one["key"] == key)
    pattern = document["out_of_remit"][0]
    moved = {**pattern, **{name: entry[name] for name in pattern.keys() & entry.keys()}, "near": []}
    return with_entry(_without(document, key), "out_of_remit", None, moved)


def _without(document: Document, key: str) -> Document:
    """Without a topic, and without what is said to be near it."""
    less = without_entry(document, "topics", key)
    for section in ("topics", "out_of_remit"):
        for entry in less[section]:
            if key in entry.get("near", []):
                entry["near"] = [near for near in entry["near"] if near != key]
    return less


def test_the_model_that_judged_them_flips_none_of_them() -> None:
    phrases = [topic.examples[0] for topic in MODEL.all_topics] + ["help"]
    asks = [asked(number, words=words, topic=None) for number, words in enumerate(phrases)]
    asks += [asked(900 + n, topic=topic.key) for n, topic in enumerate(MODEL.all_topics)]
    assert replayed(MODEL, starter_reader(), asks) == []


def test_what_the_draft_declines_flips_by_the_drafts_own_clause() -> None:
    (flip,) = by(moved_out("unit_planning"), asked(1), asked(2), asked(3, topic="payroll"))
    topic = MODEL.topic_of["unit_planning"]
    assert (flip.before.decision, flip.after.decision, flip.count) == (IN_REMIT, OUT_OF_REMIT, 2)
    assert flip.after.topic == "unit_planning"
    assert flip.clause == f"{topic.title}: {topic.description}"


def test_another_coach_type_is_another_way() -> None:
    types = [kind.key for kind in MODEL.coach_types]
    ask = asked()
    other = next(key for key in types if key not in ask.coach_types)
    (flip,) = by(changed("topics", "unit_planning", coach_types=[other]), ask)
    assert (flip.before.goes_to, flip.after.goes_to) == (ask.coach_types, (other,))


def test_other_words_for_the_same_way_are_no_flip() -> None:
    document = changed("topics", "unit_planning", title="Planning", description="Units and more.")
    assert by(document, asked()) == []


def test_a_mode_that_is_no_longer_offered_is_a_flip_that_says_so() -> None:
    topic = MODEL.topic_of["unit_planning"]
    (kept, *_), gone = topic.modes, topic.modes[-1]
    assert kept != gone
    (flip,) = by(
        changed("topics", "unit_planning", modes=[kept]), asked(support_mode=gone), asked(2)
    )
    assert (flip.after.decision, flip.count) == (NOT_OFFERED, 1)
    assert flip.clause == "is not offered for the topic unit_planning"


def test_a_chosen_topic_that_the_draft_does_not_know_is_read_from_her_words() -> None:
    document = _without(starter_document(), "unit_planning")
    model = read(document)
    words = MODEL.topic_of["payroll"].examples[0]
    (flip,) = replayed(model, starter_reader(), [asked(words=words)])
    assert (flip.after.decision, flip.after.topic) == (OUT_OF_REMIT, "payroll")


def test_only_asks_in_review_are_named_and_of_one_flip_a_few() -> None:
    unclear = asked(topic=None, words="help")
    assert (unclear.decision, unclear.in_review) == (UNCLEAR, True)
    chosen = [
        replace(unclear, id=an_id(number), asked_topic="payroll", in_review=number % 2 == 0)
        for number in range(20)
    ]
    (flip,) = by(starter_document(), *chosen)
    assert flip.count == 20
    assert 0 < len(flip.reviewed) < 10
    assert set(flip.reviewed) <= {an_id(number) for number in range(0, 20, 2)}


def _way(topic: str) -> Way:
    return Way(decision=IN_REMIT, topic=topic, goes_to=("literacy",))


FLIPS = st.lists(
    st.builds(
        Flip,
        before=st.sampled_from([_way("a"), _way("b")]),
        after=st.sampled_from([_way("c"), _way("d")]),
        clause=st.sampled_from(["one", "other"]),
        count=st.integers(1, 9),
    ),
    max_size=12,
)


@given(flips=FLIPS, cut=st.integers(0, 12))
def test_it_is_all_one_in_which_chunks_asks_were_counted(flips: list[Flip], cut: int) -> None:
    whole = merged(flips)
    assert merged([*merged(flips[:cut]), *merged(flips[cut:])]) == whole
    assert sum(flip.count for flip in whole) == sum(flip.count for flip in flips)
    assert [flip.count for flip in whole] == sorted((f.count for f in whole), reverse=True)


@pytest.mark.parametrize("mode", [None, "a_mode_of_old"])
def test_a_mode_that_the_draft_does_not_know_is_as_none_chosen(mode: str | None) -> None:
    assert by(starter_document(), replace(asked(), asked_mode=mode)) == []


def test_the_starter_is_what_these_tests_take_it_for() -> None:
    assert isinstance(MODEL, CoachingModel)
    assert len(MODEL.topic_of["unit_planning"].modes) > 1
