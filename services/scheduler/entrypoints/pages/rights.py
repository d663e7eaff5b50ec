"""Who may open which of the scheduler's pages: a page without a row is closed to everybody."""

_ADMIN = frozenset({"admin"})
_TEACHER = frozenset({"teacher"})
_COACH = frozenset({"coach"})
_LEADER = frozenset({"leader"})

PAGES: dict[str, frozenset[str]] = {
    "pages.coaches": _ADMIN,
    "pages.coach": _ADMIN,
    "pages.appoint": _ADMIN,
    "pages.coach_leaves": _ADMIN,
    "pages.closures": _ADMIN,
    "pages.my_timetable": _TEACHER,
    "pages.save_timetable": _TEACHER,
    "pages.school_years": _ADMIN,
    "pages.school_year": _ADMIN,
    "pages.save_school_year": _ADMIN,
    "pages.travel": _ADMIN,
    "pages.save_travel": _ADMIN,
    "pages.weights": _ADMIN,
    "pages.save_weights": _ADMIN,
    "pages.why": _ADMIN | _COACH | _TEACHER,
    "pages.meeting": _TEACHER,
    "pages.move_meeting": _TEACHER,
    "pages.hand_over": _TEACHER | _COACH,
    "pages.ask_hand_over": _COACH,
    "pages.withdraw_hand_over": _COACH,
    "pages.agree_to_hand_over": _TEACHER,
    "pages.decline_hand_over": _TEACHER,
    "pages.cycle": _TEACHER | _COACH,
    "pages.undertake": _TEACHER | _COACH,
    "pages.pause_cycle": _TEACHER,
    "pages.resume_cycle": _TEACHER,
    "pages.extend_cycle": _TEACHER,
    "pages.end_cycle": _TEACHER,
    "pages.let_go_meeting": _TEACHER,
    "pages.our_part": _LEADER,
    "pages.undertake_for_school": _LEADER,
    "pages.close_session": _COACH,
    "pages.session_missed": _TEACHER | _COACH,
    "pages.my_time": _COACH,
    "pages.with_teacher": _COACH,
    "pages.cover_class": _COACH,
    "pages.cover_back": _COACH,
    "pages.my_hours": _COACH,
    "pages.save_my_hours": _COACH,
    "pages.note_my_away": _COACH,
    "pages.my_away_back": _COACH,
    "pages.lighten": _COACH,
    "pages.unlighten": _COACH,
    "pages.coach_hours": _ADMIN,
    "pages.save_coach_hours": _ADMIN,
    "pages.note_coach_away": _ADMIN,
    "pages.coach_away_back": _ADMIN,
    "pages.end_ramp_up": _ADMIN,
    "pages.grant_protected": _ADMIN,
    "pages.close_schools": _ADMIN,
    "pages.open_schools": _ADMIN,
    "pages.offer": _TEACHER,
    "pages.take_offer": _TEACHER,
    "pages.turn_down_offer": _TEACHER,
}


def may(role: str, endpoint: str | None) -> bool:
    """Whether this role may open it."""
    return role in PAGES.get(endpoint or "", frozenset())
