"""The one table of who hears what."""

from shared.events import (
    CycleScheduled,
    Event,
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

INTAKE, SCHEDULER, NOTIFIER = "request_intake", "scheduler", "notifier"

SUBSCRIBERS: dict[type[Event], tuple[str, ...]] = {
    ModelPublished: (SCHEDULER,),
    SchoolKept: (SCHEDULER,),
    RequestSubmitted: (SCHEDULER,),
    RequestCancelled: (SCHEDULER,),
    RequestDeclined: (NOTIFIER,),
    RequestUnderReview: (NOTIFIER,),
    SessionScheduled: (INTAKE, NOTIFIER),
    RequestWaiting: (INTAKE, NOTIFIER),
    SessionCancelled: (INTAKE, NOTIFIER),
    SessionCompleted: (INTAKE,),
    TimeFreed: (SCHEDULER,),
    NoticeFailed: (INTAKE,),
    ReplayChunkReady: (INTAKE,),
    ReviewOverdue: (NOTIFIER,),
    SignInCodeAsked: (NOTIFIER,),
    OwnCopySent: (NOTIFIER,),
    SchoolTimeKept: (INTAKE,),
    SchoolDaysChanged: (SCHEDULER,),
    SessionReleased: (INTAKE, NOTIFIER),
    SessionOffered: (INTAKE, NOTIFIER),
    CycleScheduled: (INTAKE, NOTIFIER),
    TimetableKept: (INTAKE, SCHEDULER),
}

SERVICES = (INTAKE, SCHEDULER, NOTIFIER)
