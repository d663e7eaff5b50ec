"""Golden files: what is on the wire changes only when somebody means it to.

`python -m tests.contract.write_golden` writes them anew; a change of a released event needs a new
schema_version instead.
"""

import json
from pathlib import Path

import pytest

from shared.events import ALL_EVENTS, Event
from shared.messaging.asyncapi import document
from shared.messaging.envelope import seal, unseal
from tests.support.events import EXAMPLES, NOON, an_id

GOLDEN = Path(__file__).parent / "events"
ROOT = Path(__file__).parents[2]


def golden_text(event: Event) -> str:
    """The event's CloudEvent, laid out for reading."""
    return json.dumps(json.loads(seal(event, NOON, an_id(99)).body), indent=2) + "\n"


def golden_file(declaration: type[Event]) -> Path:
    return GOLDEN / f"{declaration.name}.v{declaration.schema_version}.json"


@pytest.mark.parametrize("declaration", ALL_EVENTS, ids=lambda event: event.name)
def test_an_event_is_on_the_wire_as_its_golden_file_says(declaration: type[Event]) -> None:
    assert golden_text(EXAMPLES[declaration]) == golden_file(declaration).read_text()


def test_every_golden_file_is_still_read() -> None:
    for file in GOLDEN.glob("*.json"):
        name, version = file.stem.rsplit(".v", 1)
        data = json.loads(file.read_text())["data"]
        assert unseal(name, int(version), json.dumps(data))


def test_the_asyncapi_document_is_the_one_that_the_declarations_give() -> None:
    assert json.loads((ROOT / "deploy/asyncapi.json").read_text()) == document()
