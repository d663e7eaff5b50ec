"""What the division's office does to its coaching model over the API, in the steps of the pages."""

from dataclasses import dataclass
from typing import Any

from tests.support.stack_people import INTAKE, SCHEDULER, Program
from tests.support.waiting import until

_DRAFT = f"{INTAKE}/draft"
DESTINATION = {
    "label": "The studio",
    "kind": "email",
    "target": "studio@schools.example.org",
    "sentence": "The studio looks after this and answers within a day.",
}


@dataclass(frozen=True)
class Office:
    """An admin's program."""

    admin: Program

    @property
    def newest(self) -> int:
        """The number of the version that was published last."""
        versions = self.admin.done("GET", f"{INTAKE}/versions")["versions"]
        return int(versions[0]["version"])

    @property
    def draft(self) -> Any:
        """The draft as it is now."""
        return self.admin.done("GET", _DRAFT)

    @property
    def preview(self) -> Any:
        """What teachers could choose from if the draft were published now."""
        return self.admin.done("GET", f"{_DRAFT}/preview")

    def clear(self) -> None:
        """Throw away the draft, if there is one."""
        status, draft = self.admin.call("GET", _DRAFT)
        if status == 200:
            self.admin.done("POST", f"{_DRAFT}/discard", {"revision": draft["revision"]})

    def begins(self, version: int | None = None) -> Any:
        """A draft of this version, of the newest without one."""
        return self.admin.done("POST", _DRAFT, {"version": version or self.newest})

    def entry(self, section: str, key: str) -> Any:
        """An entry of the draft."""
        (found,) = (one for one in self.draft["document"][section] if one["key"] == key)
        return found

    def writes(self, section: str, entry: dict[str, Any]) -> Any:
        """The draft with this entry."""
        sent = {"revision": self.draft["revision"], "entry": entry}
        return self.admin.done("PUT", f"{_DRAFT}/{section}/{entry['key']}", sent)

    def removes(self, section: str, key: str) -> Any:
        """The draft without this entry."""
        sent = {"revision": self.draft["revision"]}
        return self.admin.done("DELETE", f"{_DRAFT}/{section}/{key}", sent)

    def publishes(self, reason: str) -> int:
        """The number of the version that the draft became."""
        sent = {"revision": self.draft["revision"], "reason": reason}
        return int(self.admin.done("POST", f"{_DRAFT}/publish", sent)["version"])

    def replays(self) -> Any:
        """The replay of the draft, when the workers have judged every ask."""
        self.admin.done("POST", f"{_DRAFT}/replay", {"revision": self.draft["revision"]})
        return self.replayed()

    def replayed(self) -> Any:
        """The replay that was started, when the workers have judged every ask."""

        def finished() -> Any:
            found = self.admin.done("GET", f"{_DRAFT}/replay")
            return found if found["finished"] else None

        return until(finished, limit=60, every=0.1)

    def appoints(self, beside: str, coach_type: str, support_mode: str) -> int:
        """Let whoever offers the one type offer the other too, once it may be offered; how many do."""
        path = f"{SCHEDULER}/coaches"
        new = {"coach_type": coach_type, "support_mode": support_mode}
        until(lambda: new in self.admin.done("GET", path)["offerable"])
        coaches = [
            coach
            for coach in self.admin.done("GET", path)["coaches"]
            if beside in {offer["coach_type"] for offer in coach["offers"]}
        ]
        for coach in coaches:
            sent = {"offers": [*coach["offers"], new], "seen": coach["offers"]}
            self.admin.done("PUT", f"{path}/{coach['id']}/offers", sent)
        return len(coaches)


def out_of_remit(topic: dict[str, Any]) -> dict[str, Any]:
    """A topic in remit as one that is not, with a place to go."""
    kept = ("key", "title", "description", "boundary_note", "near", "examples", "phrases")
    rest = {"urgent": False, "signals": [], "destination": DESTINATION}
    return {name: topic[name] for name in kept} | rest


def in_remit(topic: dict[str, Any], coach_type: str, support_mode: str) -> dict[str, Any]:
    """A topic out of remit as coaching of this type."""
    kept = ("key", "title", "description", "boundary_note", "near", "examples", "phrases")
    rest = {"coach_types": [coach_type], "modes": [support_mode], "where_in_day": ""}
    return {name: topic[name] for name in kept} | rest
