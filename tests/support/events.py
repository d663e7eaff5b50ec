"""One plausible instance of every event: what golden files, round trips and tests begin with."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from shared.events import (
    AppraisalKept,
    CycleScheduled,
    Event,
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
from shared.events.vocabulary import (
    CoachTypeTerms,
    Combination,
    CycleMeeting,
    Duties,
    FormerSeries,
    MeetingTime,
    ModeTerms,
    OfferedTime,
    Person,
    Place,
    Reason,
    Redirect,
    School,
    TopicTerms,
    Window,
)

NOON = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def an_id(number: int) -> UUID:
    """A readable id for tests."""
    return UUID(int=0x01890000_0000_7000_8000_000000000000 + number)


TEACHER = Person(id=an_id(1), name="Maya Okafor", email="maya.okafor@larches.example.org")
COACH = Person(
    id=an_id(2), name="Jo Lindqvist", email="jo.lindqvist@larches.example.org", language="fr"
)
SCHOOL = School(id=an_id(3), name="Tamarack School")
ROOM = Place(kind="room", address="Tamarack School, room 12")
REASON = Reason(code="serves_school", sentence="Jo serves Tamarack School.", count=1)
_SESSION = {
    "request_id": an_id(4),
    "session_id": an_id(5),
    "coach": COACH,
    "teacher": TEACHER,
    "school": SCHOOL,
    "place": ROOM,
    "starts_at": NOON + 24 * HOUR,
    "ends_at": NOON + 24.75 * HOUR,
    "zone": "America/Edmonton",
    "topic_title": "Classroom routines and transitions",
    "mode_name": "Collaboration",
}

COLLEAGUE = Person(id=an_id(36), name="Ada Roy", email="ada.roy@larches.example.org")
_HAND_OVER = {
    "hand_over_id": an_id(37),
    "to": COLLEAGUE,
    **{
        name: _SESSION[name]
        for name in ("request_id", "teacher", "coach", "topic_title", "mode_name")
    },
}

OFFER = OfferedTime(
    session_id=an_id(30),
    coach=COACH,
    place=ROOM,
    starts_at=NOON + 48 * HOUR,
    ends_at=NOON + 48.75 * HOUR,
    held_until=NOON + 24 * HOUR,
    later=(MeetingTime(starts_at=NOON + 216 * HOUR, ends_at=NOON + 216.75 * HOUR),),
)
_OF_CYCLE = (
    "request_id",
    "teacher",
    "school",
    "place",
    "coach",
    "zone",
    "topic_title",
    "mode_name",
)
_OFFERED = {
    name: _SESSION[name]
    for name in ("request_id", "teacher", "school", "zone", "topic_title", "mode_name")
}

EXAMPLES: dict[type[Event], Event] = {
    type(example): example
    for example in (
        SchoolKept(version=1, school_id=SCHOOL.id, key="tamarack", school_name=SCHOOL.name),
        CycleScheduled(
            version=2,
            changed_at=NOON,
            state="open",
            because="moved",
            series_id=an_id(32),
            sequence=1,
            anchor_at=NOON + 24 * HOUR,
            planned=4,
            weeks_between=1,
            coach_type_name="Instructional coach",
            support_mode="cognitive_coaching",
            meetings=(
                CycleMeeting(
                    session_id=an_id(33),
                    series_id=an_id(32),
                    number=1,
                    coach_name=COACH.name,
                    starts_at=NOON + 24 * HOUR,
                    ends_at=NOON + 24.75 * HOUR,
                    state="scheduled",
                ),
            ),
            offers=(OFFER,),
            former=FormerSeries(
                series_id=an_id(34), sequence=3, anchor_at=NOON - 24 * HOUR, coach=COACH
            ),
            reasons=(REASON,),
            **{name: _SESSION[name] for name in _OF_CYCLE},
        ),
        SchoolDaysChanged(version=1, declaration_id=an_id(31), school_id=SCHOOL.id),
        AppraisalKept(version=1, teacher_id=TEACHER.id, coach_id=COACH.id, stands=True),
        PersonMoved(version=1, person_id=TEACHER.id, moved_at=NOON, school=SCHOOL, room="Room 3"),
        HandOverAsked(version=1, asked_at=NOON, reasons=(REASON,), **_HAND_OVER),
        HandOverDeclined(version=1, declined_at=NOON, **_HAND_OVER),
        SessionHandedOver(
            version=3,
            sequence=1,
            handed_over_at=NOON,
            to=COLLEAGUE,
            **_SESSION,
        ),
        SessionReleased(
            version=3,
            sequence=1,
            released_at=NOON,
            because="school_closed",
            offer=OFFER,
            reasons=(REASON,),
            **_SESSION,
        ),
        SessionOffered(version=4, offered_at=NOON, offer=OFFER, reasons=(REASON,), **_OFFERED),
        SchoolTimeKept(
            version=2,
            school_id=SCHOOL.id,
            labels=("1", "2", "3", "4", "5", "6"),
            by_weekday=False,
            periods=("1", "2", "3", "lunch", "4"),
        ),
        TimetableKept(version=1, teacher_id=TEACHER.id, school_id=SCHOOL.id, prepares=True),
        ModelPublished(
            version=1,
            model_id=an_id(6),
            model_version=1,
            effective_from=date(2026, 8, 31),
            division_name="Three Larches School Division",
            zone="America/Edmonton",
            support_modes=(
                ModeTerms(
                    key="collaboration",
                    name="Collaboration",
                    minutes=45,
                    sessions_min=1,
                    sessions_max=3,
                    online_ok=False,
                ),
            ),
            coach_types=(
                CoachTypeTerms(
                    key="instructional",
                    name="Instructional coach",
                    sessions_per_day=5,
                    weekly_minutes=1200,
                ),
            ),
            topics=(
                TopicTerms(key="classroom_routines", title="Classroom routines and transitions"),
            ),
            combinations=(
                Combination(
                    coach_type="instructional",
                    topic="classroom_routines",
                    support_mode="collaboration",
                ),
            ),
            duties=Duties(coachees=("Keep the appointment, or change it early.",)),
        ),
        RequestSubmitted(
            version=1,
            request_id=an_id(4),
            submitted_at=NOON,
            model_version=1,
            teacher=TEACHER,
            school=SCHOOL,
            room="12",
            topic="classroom_routines",
            support_mode="collaboration",
            coach_types=("instructional",),
            meeting="in_person",
            windows=(Window(starts_at=NOON + 24 * HOUR, ends_at=NOON + 26 * HOUR),),
        ),
        RequestDeclined(
            version=1,
            request_id=an_id(4),
            declined_at=NOON,
            teacher=TEACHER,
            topic_title="Device repair",
            clause="Technology coaches do not repair devices.",
            redirect=Redirect(
                key="device_repair",
                label="IT help desk",
                kind="link",
                target="https://help.larches.example.org",
                sentence="The help desk will have it working again soonest.",
            ),
        ),
        RequestUnderReview(version=1, request_id=an_id(4), submitted_at=NOON, teacher=TEACHER),
        RequestCancelled(version=2, request_id=an_id(4), cancelled_at=NOON + HOUR),
        SessionScheduled(
            version=1,
            sequence=0,
            scheduled_at=NOON,
            coach_type_name="Instructional coach",
            support_mode="collaboration",
            meetings_planned=3,
            reasons=(REASON,),
            **_SESSION,
        ),
        RequestWaiting(
            version=1,
            request_id=an_id(4),
            waiting_since=NOON,
            teacher=TEACHER,
            topic_title="Classroom routines and transitions",
            mode_name="Collaboration",
            reasons=(Reason(code="no_time", sentence="Two coaches have no time.", count=2),),
        ),
        SessionCancelled(
            version=2, sequence=1, cancelled_at=NOON + HOUR, cancelled_by="teacher", **_SESSION
        ),
        SessionCompleted(
            version=2,
            completed_at=NOON + 25 * HOUR,
            coach_type_name="Instructional coach",
            **{
                name: _SESSION[name]
                for name in (
                    *("request_id", "session_id", "coach", "place", "starts_at", "ends_at"),
                    *("zone", "mode_name"),
                )
            },
        ),
        TimeFreed(
            version=1, coach_id=COACH.id, starts_at=NOON + 24 * HOUR, ends_at=NOON + 25 * HOUR
        ),
        ReplayChunkReady(version=1, chunk_id=an_id(8)),
        NoticeFailed(
            version=1,
            notice_id=an_id(7),
            request_id=an_id(4),
            recipient_id=TEACHER.id,
            kind="invitation",
            reason="550",
        ),
        OwnCopySent(
            version=1,
            copy_id=an_id(10),
            model_version=2,
            division_name="Three Larches School Division",
            person=TEACHER,
        ),
        SignInCodeAsked(version=1, attempt_id=an_id(9), asked_at=NOON, person=TEACHER),
        ReviewOverdue(
            version=1,
            request_id=an_id(4),
            under_review_since=NOON - 48 * HOUR,
            admins=(
                Person(id=an_id(8), name="Ada Brandt", email="ada.brandt@larches.example.org"),
            ),
        ),
    )
}


def a_time_freed(coach: int = 2, version: int = 1) -> TimeFreed:
    """The smallest event there is, heard by the scheduler."""
    return TimeFreed(version=version, coach_id=an_id(coach), starts_at=NOON, ends_at=NOON + HOUR)
