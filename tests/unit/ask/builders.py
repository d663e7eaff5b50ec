"""Answers of the two APIs, with only what matters to a test stated."""

from typing import Any

from deploy.asking.choices import Choices
from deploy.asking.standing import Notice, Standing

SESSION = {
    "session_id": "s",
    "coach": "Jun Kavanagh",
    "coach_type": "Instructional coach",
    "support_mode": "Consultation",
    "place": {"kind": "room", "address": "Room 12"},
    "starts_at": "2026-11-24T16:15:00Z",
    "ends_at": "2026-11-24T16:45:00Z",
    "zone": "America/Edmonton",
    "meetings_planned": 1,
}
OFFER = {
    "session_id": "o",
    "coach": "Jun Kavanagh",
    "place": {"kind": "room", "address": "Room 12"},
    "starts_at": "2026-11-24T16:15:00Z",
    "ends_at": "2026-11-24T16:45:00Z",
    "held_until": "2026-11-23T22:00:00Z",
    "later": [],
}
_WEEKS = ("2026-11-24", "2026-12-01", "2026-12-08")
CYCLE = {
    "state": "open",
    "coach": "Jun Kavanagh",
    "planned": 4,
    "owed": 1,
    "meetings": [
        {"starts_at": f"{day}T16:15:00Z", "ends_at": f"{day}T16:45:00Z"} for day in _WEEKS
    ],
    "offers": [],
}
REDIRECT = {
    "key": "device_repair",
    "label": "IT help desk",
    "kind": "link",
    "target": "https://help.example.org/devices",
    "sentence": "That's one for the IT help desk.",
    "urgent": False,
}
REASON = {"code": "serves_school", "sentence": "Serves your school", "count": None}


def a_standing(**stated: Any) -> Standing:
    answer = {
        "id": "r1",
        "status": "waiting",
        "decision": "in_remit",
        "clause": "",
        "redirect": None,
        "topic": "classroom_routines",
        "support_mode": "consultation",
        "school": {"id": "x", "name": "Birch Creek Elementary School"},
        "session": None,
        "offer": None,
        "cycle": None,
        "reasons": [],
    }
    return Standing(answer={**answer, **stated})


def scheduled(**stated: Any) -> Standing:
    return a_standing(**{"status": "scheduled", "session": SESSION, "reasons": [REASON], **stated})


def a_cycle() -> Standing:
    return scheduled(session={**SESSION, "meetings_planned": 4}, cycle=CYCLE)


def offered(**stated: Any) -> Standing:
    return a_standing(offer={**OFFER, **stated})


def declined() -> Standing:
    return a_standing(
        status="declined",
        decision="out_of_remit",
        topic="device_repair",
        support_mode=None,
        redirect=REDIRECT,
        clause="Repairing devices is not coaching.",
    )


def a_notice(part: str = "teacher", state: str = "sent", kind: str = "invitation") -> Notice:
    return Notice(part=part, kind=kind, state=state, message_id=f"<{part}@example.org>")


def choices() -> Choices:
    return Choices(
        topics={
            "classroom_routines": "Classroom routines and transitions",
            "device_routines": "Routines for devices in class",
            "device_repair": "Repairing a device",
            "early_reading": "Early reading",
        },
        modes={"consultation": "Consultation", "collaboration": "Collaboration"},
        schools={
            "birch-creek": "Birch Creek Elementary School",
            "birch-bluff": "Birch Bluff Junior High School",
            "willow-grove": "Willow Grove Junior High School",
        },
        zone="America/Edmonton",
        sides={
            "Instructional coach": ["classroom_routines", "device_routines", "early_reading"],
            "Not coaching": ["device_repair"],
        },
    )
