"""Say why, in plain sentences: why this coach and this time, or what stood in the way.

Each reason has a stable code; whoever translates goes by that, and the sentence is English.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from services.scheduler.domain.candidate import Candidate, Match, NoMatch, Verdict
from services.scheduler.domain.diary import TeacherTime
from services.scheduler.domain.handing_over import HandOver, Why
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.release import Because, LiveSession, Released
from services.scheduler.domain.request import Request
from shared.events.vocabulary import Person, Reason

_A_TRIFLE = 0.01  # points


def why_this(
    found: Match, request: Request, terms: ModelTerms, teacher: TeacherTime
) -> tuple[Reason, ...]:
    """Why this coach and this time, the weightiest first."""
    return tuple(_why_this(found, request, terms, teacher))


def _why_this(
    found: Match, request: Request, terms: ModelTerms, teacher: TeacherTime
) -> Iterator[Reason]:
    chosen, diary = found.chosen, found.chosen.diary
    name = diary.coach.person.name
    coach_type = terms.coach_types[chosen.coach_type].name
    topic = terms.topics[request.topic].title
    possible = [c for c in found.candidates if c.verdict is Verdict.POSSIBLE]
    yield Reason(
        code="covers",
        sentence=f"{name} serves {request.school.name} as {coach_type}, whose role covers “{topic}”.",
    )
    if request.coach_types[0] != chosen.coach_type:
        first = terms.coach_types[request.coach_types[0]].name
        yield Reason(
            code="other_type",
            sentence=f"{first} would be the first choice; {coach_type} covers it too and has time.",
        )
    yield _why_then(found, possible)
    if diary.coach.person.id in teacher.met:
        yield Reason(
            code="continuity",
            sentence=f"{request.teacher.name} and {name} have worked together before.",
        )
    if chosen.points is not None and chosen.points.travel:
        yield Reason(
            code="there_already", sentence=f"{name} is at {request.school.name} that day already."
        )
    if len(possible) > 1 and _has_least(chosen, possible):
        yield Reason(
            code="load",
            sentence=f"Of the {len(possible)} who have time, {name} has the least to do"
            " in these weeks.",
            count=len(possible),
        )
    if _spares_the_rare(chosen, possible):
        yield Reason(
            code="spares_the_rare",
            sentence="Who is one of few coaches at another school is kept for it where others can help.",
        )
    if len(possible) == 1 and len(found.candidates) > 1:
        yield Reason(
            code="only_one",
            sentence=f"{len(found.candidates)} coaches cover this at {request.school.name}; {name} is the one"
            " who has time.",
            count=len(found.candidates),
        )


def _why_then(found: Match, possible: list[Candidate]) -> Reason:
    chosen = found.chosen
    if chosen.slot == min(candidate.slot for candidate in possible):
        return Reason(code="earliest", sentence="It is the earliest time that suits both.")
    return Reason(
        code="suits_both",
        sentence="It suits both, and weighs best against the other coaches' times.",
    )


def _has_least(chosen: Candidate, possible: list[Candidate]) -> bool:
    loads = [candidate.diary.load for candidate in possible]
    return chosen.diary.load == min(loads) < max(loads)


def _spares_the_rare(chosen: Candidate, possible: list[Candidate]) -> bool:
    """Whether another would have been chosen, were she not one of few at a school of hers."""

    def otherwise(candidate: Candidate) -> float:
        points = candidate.points
        return points.total - points.rarity if points else 0.0

    return any(otherwise(other) > otherwise(chosen) + _A_TRIFLE for other in possible)


_IN_THE_WAY = {
    Verdict.NO_TIME: (
        "no_time",
        "{n} has no free time at the times asked for",
        "{n} have no free time at the times asked for",
    ),
    Verdict.FULLY_BOOKED: (
        "fully_booked",
        "{n} already has as much in those days or weeks as a coach should",
        "{n} already have as much in those days or weeks as a coach should",
    ),
    Verdict.TOO_FAR: (
        "too_far",
        "{n} could not get there between her other meetings",
        "{n} could not get there between their other meetings",
    ),
    Verdict.PROTECTED: (
        "protected",
        "{n} keeps the time that is left for meetings that build on each other",
        "{n} keep the time that is left for meetings that build on each other",
    ),
    Verdict.HERSELF: ("herself", "{n} is the one who asks", "{n} are those who ask"),
    Verdict.APPRAISES: (
        "appraises",
        "{n} appraises the one who asks",
        "{n} appraise the one who asks",
    ),
}


def why_waiting(found: NoMatch, request: Request) -> tuple[Reason, ...]:
    """What stood in the way, counted."""
    return tuple(_why_waiting(found, request))


def _why_waiting(found: NoMatch, request: Request) -> Iterator[Reason]:
    looked_at = len(found.candidates)
    if not looked_at:
        yield Reason(
            code="no_coach",
            sentence="No coach who covers this in this support mode serves"
            f" {request.school.name} yet.",
            count=0,
        )
        return
    coaches = "1 coach covers" if looked_at == 1 else f"{looked_at} coaches cover"
    yield Reason(
        code="covering", sentence=f"{coaches} this at {request.school.name}.", count=looked_at
    )
    if found.prep_unknown:
        yield Reason(
            code="prep_unknown",
            sentence="We do not know your timetable yet, so “my prep” names no time."
            " Fill it in, or say the periods yourself.",
        )
    if (request.windows or request.school_windows) and not found.asked_slots:
        yield Reason(
            code="windows",
            sentence="The times asked for have passed, are too near,"
            " or lie further ahead than we book.",
        )
        return
    counted = Counter(candidate.verdict for candidate in found.candidates)
    for verdict, (code, one, many) in _IN_THE_WAY.items():
        if n := counted[verdict]:
            yield Reason(code=code, sentence=f"{(one if n == 1 else many).format(n=n)}.", count=n)


def why_held(
    found: Match, before: LiveSession, because: Because, target: datetime | None
) -> tuple[Reason, ...]:
    """Why a told time fell away, and why this one is held in its place."""
    if because.asks_for_a_colleague:
        name = found.chosen.diary.coach.person.name
        instead = Reason(code="other_coach", sentence=f"{name} covers this too and has the time.")
    else:
        instead = why_instead(found, before, target)
    return _fell_away(because, before), instead


def why_instead(found: Match, before: LiveSession, target: datetime | None = None) -> Reason:
    """Why this time is held in place of one that was not, or will not be."""
    chosen = found.chosen
    name = chosen.diary.coach.person.name
    starts_at = chosen.diary.horizon.instant(chosen.slot)
    if chosen.coach_id != before.coach.id:
        sentence = f"{before.coach.name} has no time that suits; {name} covers this too and has."
        return Reason(code="other_coach", sentence=sentence)
    if target is not None and starts_at.date() == target.date():
        sentence = f"It is the next day of the same name at your school, with {name} again."
        return Reason(code="same_label", sentence=sentence)
    return Reason(code="same_coach", sentence=f"It is the best time that {name} has for you.")


def why_released(before: LiveSession, because: Because) -> tuple[Reason, ...]:
    """Why a told time fell away, when none could be held in its place."""
    return (
        _fell_away(because, before),
        Reason(code="at_the_head", sentence="You are at the head of the waitlist."),
    )


def why_fell_away(released: Released) -> Reason:
    """Why a told time fell away."""
    return _fell_away(released.because, released.session)


def _fell_away(because: Because, before: LiveSession) -> Reason:
    school, coach = before.request.school.name, before.coach.name
    sentence = {
        Because.SCHOOL_CLOSED: f"{school} is closed that day.",
        Because.DAY_MOVED: f"The days at {school} moved, so that this is no longer your free time.",
        Because.COVER: f"{coach} was called to cover a class.",
        Because.COACH_LEFT: f"{coach} will no longer be here by then.",
        Because.COACH_AWAY: f"{coach} can not be there at that time any more.",
        Because.TEACHER_MOVED: f"{coach} can not meet then at {school}, where you are now.",
        Because.APPRAISED: f"{coach} appraises you, and nobody is coached by who appraises her.",
    }[because]
    return Reason(code=because.value, sentence=sentence)


def sooner_with(coach: Person) -> Reason:
    """Why a meeting has another coach now, and an earlier time."""
    return Reason(code="sooner", sentence=f"You chose {coach.name}, who has time for you sooner.")


def why_hand_over(hand_over: HandOver) -> Reason:
    """Why a coach would rather have a colleague go on."""
    coach, to = hand_over.coach.name, hand_over.to.name
    sentence = {
        Why.FITS_BETTER: f"{coach} thinks that {to} can help you better with this.",
        Why.NO_TIME: f"{coach} can not keep these times any more; {to} can help you too.",
        Why.NEARER: f"{to} is at your school more often than {coach}.",
    }[hand_over.why]
    return Reason(code=hand_over.why.value, sentence=sentence)


def handed_over(coach: Person, to: Person) -> Reason:
    """Why a request has another coach now."""
    sentence = f"You agreed that {to.name} goes on in place of {coach.name}."
    return Reason(code="handed_over", sentence=sentence)


LOOKED_FOR_ANEW = Reason(
    code="looked_for_anew", sentence="You are at another school now, so a time is looked for there."
)
FOLLOWED = Reason(
    code="followed", sentence="You meet at your new school, with the same coach at the same time."
)
MISSED = Reason(code="missed", sentence="The last meeting did not take place.")
OWED = Reason(
    code="owed", sentence="A meeting of your cycle had no time yet; your coach has this one."
)
AS_ASKED = Reason(code="as_asked", sentence="You asked for it, and this time suits you both.")
STILL_OWED = Reason(
    code="still_owed",
    sentence="No other time could be held for it yet. Your coach owes it to you, and we look on.",
)
TURNED_DOWN = Reason(
    code="turned_down", sentence="You did not want the time that was held for you; we look on."
)
LAPSED = Reason(
    code="lapsed",
    sentence="The time that was held for you was not confirmed, and went to somebody else."
    " You are at the head of the waitlist.",
)
