"""Write the golden files of the events and the AsyncAPI document anew: for a change that is meant."""

import json

from shared.events import ALL_EVENTS
from shared.messaging.asyncapi import document
from tests.contract.test_events import GOLDEN, ROOT, golden_file, golden_text
from tests.support.events import EXAMPLES


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for declaration in ALL_EVENTS:
        golden_file(declaration).write_text(golden_text(EXAMPLES[declaration]))
    (ROOT / "deploy/asyncapi.json").write_text(json.dumps(document(), indent=2) + "\n")


if __name__ == "__main__":
    main()
