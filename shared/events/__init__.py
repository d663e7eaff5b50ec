"""The published language: every event that one service tells another, declared once."""

from shared.events.cycles import CycleScheduled
from shared.events.declaration import Event
from shared.events.hand_overs import HandOverAsked, HandOverDeclined
from shared.events.notices import NoticeFailed
from shared.events.people import AppraisalKept, PersonMoved
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
    SessionHandedOver,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
    TimeFreed,
)

ALL_EVENTS: tuple[type[Event], ...] = (
    AppraisalKept,
    CycleScheduled,
    HandOverAsked,
    HandOverDeclined,
    ModelPublished,
    NoticeFailed,
    OwnCopySent,
    PersonMoved,
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
    SessionHandedOver,
    SessionOffered,
    SessionReleased,
    SessionScheduled,
    SignInCodeAsked,
    TimeFreed,
    TimetableKept,
)

__all__ = [
    "ALL_EVENTS",
    "AppraisalKept",
    "CycleScheduled",
    "Event",
    "HandOverAsked",
    "HandOverDeclined",
    "ModelPublished",
    "NoticeFailed",
    "OwnCopySent",
    "PersonMoved",
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
    "SessionHandedOver",
    "SessionOffered",
    "SessionReleased",
    "SessionScheduled",
    "SignInCodeAsked",
    "TimeFreed",
    "TimetableKept",
]
