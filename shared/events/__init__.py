"""The published language: every event that one service tells another, declared once."""

from shared.events.cycles import CycleScheduled
from shared.events.declaration import Event
from shared.events.notices import NoticeFailed
from shared.events.requests import (
    ModelPublished,
    OwnCopySent,
    ReplayChunkReady,
    RequestCancelled,
    RequestDeclined,
    RequestSubmitted,
    RequestUnderReview,
    ReviewOverdue,
    SchoolKept,
    SignInCodeAsked,
)
from shared.events.school_time import SchoolTimeKept, TimetableKept
from shared.events.sessions import (
    RequestWaiting,
    SchoolDaysChanged,
    SessionCancelled,
    SessionCompleted,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
    TimeFreed,
)

ALL_EVENTS: tuple[type[Event], ...] = (
    CycleScheduled,
    ModelPublished,
    NoticeFailed,
    OwnCopySent,
    ReplayChunkReady,
    RequestCancelled,
    RequestDeclined,
    RequestSubmitted,
    RequestUnderReview,
    RequestWaiting,
    ReviewOverdue,
    SchoolDaysChanged,
    SchoolKept,
    SchoolTimeKept,
    SessionCancelled,
    SessionCompleted,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
    SignInCodeAsked,
    TimeFreed,
    TimetableKept,
)

__all__ = [
    "ALL_EVENTS",
    "CycleScheduled",
    "Event",
    "ModelPublished",
    "NoticeFailed",
    "OwnCopySent",
    "ReplayChunkReady",
    "RequestCancelled",
    "RequestDeclined",
    "RequestSubmitted",
    "RequestUnderReview",
    "RequestWaiting",
    "ReviewOverdue",
    "SchoolDaysChanged",
    "SchoolKept",
    "SchoolTimeKept",
    "SessionCancelled",
    "SessionCompleted",
    "SessionOffered",
    "SessionReleased",
    "SessionScheduled",
    "SignInCodeAsked",
    "TimeFreed",
    "TimetableKept",
]
