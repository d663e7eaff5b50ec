"""A draft is replayed: past asks that would go elsewhere are counted by clause, each ask once."""

from typing import Any

import pytest

from services.request_intake.domain.model_draft import with_entry, without_entry
from services.request_intake.domain.replay import Replay, Standing
from services.request_intake.handlers import replaying
from services.request_intake.handlers.drafting import DraftChanged
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events import ReplayChunkReady
from shared.messaging.append import append
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, OFFICE, SYSTEM
from tests.support.waiting import happens

_WEB_TOPIC = {
    "key": "school_page",
    "title": "A page for families",
    "description": "Writing a school page that families understand.",
    "boundary_note": "",
    "near": [],
    "coach_types": ["technology"],
    "modes": ["consultation"],
    "examples": ["Help me write the kindergarten page on our school website."],
    "phrases": [
        "write a page for families on the school website",
        "our class page for parents should be easier to read",
        "a text about kindergarten for the website",
    ],
}


@pytest.fixture
def division(database: Database) -> PagesDivision:
    return PagesDivision(database)


def a_draft_that_takes_websites_in(division: PagesDivision) -> int:
    """Its revision."""
    drafting = division.application.drafting
    draft = drafting.begin(OFFICE, 1)
    assert draft
    document = without_entry(draft.document, "out_of_remit", "website_updates")
    changed = drafting.change(
        OFFICE, with_entry(document, "topics", None, _WEB_TOPIC), seen=draft.revision
    )
    assert not isinstance(changed, DraftChanged)
    return changed.revision


def replay(division: PagesDivision, revision: int) -> Standing:
    answer = division.application.replaying.start(OFFICE, seen=revision)
    assert isinstance(answer, Replay)

    def finished() -> bool:
        division.application.drain.run()
        return standing(division).finished

    assert happens(finished)
    return standing(division)


def standing(division: PagesDivision) -> Standing:
    found = division.application.replaying.standing()
    assert found
    return found


def test_what_flips_is_counted_by_clause_and_what_stays_is_not(division: PagesDivision) -> None:
    for _ in range(2):
        division.asks(topic="website_updates")
    words = "Help me write the kindergarten page on our school website."
    division.asks(topic=None, words=words)
    division.asks(topic="unit_planning")
    division.asks(topic="payroll")

    found = replay(division, a_draft_that_takes_websites_in(division))

    assert found.finished
    assert (found.judged, found.asks) == (5, 5)
    flips = {(f.before.topic, f.after.decision, f.after.topic): f.count for f in found.flips}
    assert flips[("website_updates", "in_remit", "school_page")] >= 1
    assert sum(flips.values()) == 3
    (clause,) = {f.clause for f in found.flips if f.after.topic == "school_page"}
    assert clause == "A page for families: Writing a school page that families understand."


def test_a_draft_without_changes_flips_nothing(division: PagesDivision) -> None:
    for topic in ("unit_planning", "payroll", None):
        division.asks(topic=topic, words="help")
    draft = division.application.drafting.begin(OFFICE, 1)
    assert draft
    found = replay(division, draft.revision)
    assert (found.finished, found.flips) == (True, ())


def test_chunks_are_judged_side_by_side_and_a_second_copy_counts_once(
    division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_CHUNK", 2)
    for _ in range(9):
        division.asks(topic="website_updates")
    found = replay(division, a_draft_that_takes_websites_in(division))
    assert (found.judged, found.asks) == (9, 9)
    assert sum(flip.count for flip in found.flips) == 9

    chunks = division.database.sql("SELECT id FROM request_intake.replay_chunk")
    assert len(chunks) == 5
    with transaction(division.engine, SYSTEM) as connection:
        events = [ReplayChunkReady(version=1, chunk_id=row[0]) for row in chunks]  # type: ignore[arg-type]
        append(connection, events, utc_now())
    division.application.drain.run()
    assert standing(division).flips == found.flips


def test_it_can_be_stopped_and_started_again(
    division: PagesDivision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "_CHUNK", 1)
    for _ in range(4):
        division.asks(topic="website_updates")
    revision = a_draft_that_takes_websites_in(division)
    division.application.replaying.start(OFFICE, seen=revision)
    division.application.replaying.stop(OFFICE)
    division.application.drain.run()
    assert standing(division).judged == 0
    assert replay(division, revision).finished


def test_words_are_shown_only_of_asks_that_were_sent_to_a_person(division: PagesDivision) -> None:
    division.asks(topic="website_updates", words="CANARY-1 our website")
    division.asks(topic=None, words="help")
    drafting = division.application.drafting
    revision = a_draft_that_takes_websites_in(division)
    draft = drafting.draft()
    assert draft
    phrases = {**_WEB_TOPIC, "phrases": ["help"], "examples": ["help", "help!"]}
    changed = drafting.change(
        OFFICE,
        {
            **with_entry(draft.document, "topics", "school_page", phrases),
            "vague": [],
        },
        seen=revision,
    )
    assert not isinstance(changed, DraftChanged)
    found = replay(division, changed.revision)
    words = [w for flip in found.flips for w in division.application.replaying.words(flip)]
    assert words == ["help"]
    admin = Hand(division, OFFICE)
    page = admin.get("/model/draft/replay").text
    assert "CANARY" not in page
    assert '<p class="words">help</p>' in page


def test_whoever_saw_an_older_draft_is_told(division: PagesDivision) -> None:
    revision = a_draft_that_takes_websites_in(division)
    assert isinstance(division.application.replaying.start(OFFICE, seen=revision - 1), DraftChanged)


def test_the_page_says_how_far_it_is_and_what_flips(division: PagesDivision) -> None:
    admin = Hand(division, OFFICE)
    assert "None was started yet" in admin.get("/model/draft/replay").text
    revision = a_draft_that_takes_websites_in(division)
    admin.get("/model/draft")
    assert admin.post("/model/draft/replay", revision=str(revision)).status_code == 303
    assert "there is nothing to replay yet" in admin.get("/model/draft/replay").text

    division.asks(topic="website_updates")
    admin.get("/model/draft")
    admin.post("/model/draft/replay", revision=str(revision))
    waiting = admin.get("/model/draft/replay").text
    assert "0 of 1 asks judged" in waiting
    assert 'http-equiv="refresh"' in waiting
    division.application.drain.run()
    done = admin.get("/model/draft/replay").text
    for said in ("1 of 1 asks judged", "1 ask would go elsewhere", "Not coaching"):
        assert said in done
    assert 'http-equiv="refresh"' not in done


def test_the_same_by_program(division: PagesDivision) -> None:
    client, path = division.client(OFFICE, "admin"), "/api/intake/v1/draft/replay"
    assert client.get(path).status_code == 404
    division.asks(topic="website_updates")
    revision = a_draft_that_takes_websites_in(division)
    assert client.post(path, json={"revision": revision + 1}).status_code == 409
    started: Any = client.post(path, json={"revision": revision})
    assert (started.status_code, started.json["judged"], started.json["asks"]) == (202, 0, 1)
    division.application.drain.run()
    found: Any = client.get(path).json
    assert (found["finished"], found["flips"][0]["count"]) == (True, 1)
    assert found["flips"][0]["before"]["topic"] == "website_updates"
    assert client.delete(path).status_code == 204
    assert division.client(MAYA).get(path).status_code == 404
