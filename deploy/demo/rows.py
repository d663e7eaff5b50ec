"""The demo division in the words of each service's bulk loader."""

from deploy.demo.division import Coach, Division, PastSession
from services.request_intake.adapters.bulk_load import PersonRow, SchoolRow
from services.scheduler.adapters.bulk_load import CoachSeed, ExceptionSeed, HoursSeed, SessionSeed


def schools(division: Division) -> list[SchoolRow]:
    """For intake."""
    return [
        SchoolRow(id=school.id, key=school.key, name=school.name) for school in division.schools
    ]


def people(division: Division) -> list[PersonRow]:
    """For intake, with the coaches among them."""
    return [
        PersonRow(
            id=person.id,
            name=person.name,
            email=person.email,
            role=person.role,
            school_id=person.school_ids[0] if person.school_ids else None,
            room=person.room,
        )
        for person in division.people
    ]


def coaches(division: Division) -> list[CoachSeed]:
    """For the scheduler."""
    return [_coach(coach) for coach in division.coaches]


def past_sessions(division: Division, model_version: int) -> list[SessionSeed]:
    """For the scheduler, under the version that was just published."""
    return [_session(session, model_version) for session in division.past_sessions]


def _coach(coach: Coach) -> CoachSeed:
    return CoachSeed(
        id=coach.person.id,
        name=coach.person.name,
        email=coach.person.email,
        offers=[(coach.coach_type, mode) for mode in coach.modes],
        school_ids=coach.school_ids,
        hours=[
            HoursSeed(iso_weekday=hours.weekday + 1, starts=hours.starts, ends=hours.ends)
            for hours in coach.hours
        ],
        exceptions=[
            ExceptionSeed(day=away.day, starts=away.starts, ends=away.ends) for away in coach.away
        ],
        sessions_per_day=coach.sessions_per_day,
        weekly_minutes=coach.weekly_minutes,
        online_address=coach.online_address,
        home_base=coach.school_ids[0],
    )


def _session(session: PastSession, model_version: int) -> SessionSeed:
    return SessionSeed(
        id=session.id,
        request_id=session.request_id,
        coach_id=session.coach.person.id,
        teacher_id=session.teacher.id,
        teacher_name=session.teacher.name,
        teacher_email=session.teacher.email,
        school_id=session.school.id,
        school_name=session.school.name,
        model_version=model_version,
        coach_type=session.coach.coach_type,
        topic=session.topic,
        support_mode=session.mode.key,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        place_kind="online" if session.online else "room",
        place_address=session.coach.online_address if session.online else session.teacher.room,
    )
