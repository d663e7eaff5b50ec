"""What the handlers need of the world, for the length of one transaction."""

from services.scheduler.ports.appointments import Appointments
from services.scheduler.ports.cycles import Addition, Cycles
from services.scheduler.ports.fairness import Appraisals, KeptWeights, Stock
from services.scheduler.ports.free_times import Diaries, Weeks
from services.scheduler.ports.own_time import OwnTimes, WeekCaps
from services.scheduler.ports.schooling import Schools, SchoolYears, Timetables, TravelTimes
from services.scheduler.ports.sessions import (
    Closures,
    CoachTime,
    Declarations,
    HandOvers,
    HeldTime,
    HeldTimes,
    Meetings,
    OverSessions,
    TakingOff,
    TeacherMoves,
)
from services.scheduler.ports.work import PlanOutdatedError, Work

__all__ = [
    "Addition",
    "Appointments",
    "Appraisals",
    "Closures",
    "CoachTime",
    "Cycles",
    "Declarations",
    "Diaries",
    "HandOvers",
    "HeldTime",
    "HeldTimes",
    "KeptWeights",
    "Meetings",
    "OverSessions",
    "OwnTimes",
    "PlanOutdatedError",
    "SchoolYears",
    "Schools",
    "Stock",
    "TakingOff",
    "TeacherMoves",
    "Timetables",
    "TravelTimes",
    "WeekCaps",
    "Weeks",
    "Work",
]
