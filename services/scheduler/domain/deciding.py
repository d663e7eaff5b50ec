"""Turn a plan into what is to be stored: bookings, and what waits, each with its reasons. Pure."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from services.scheduler.domain.booking import Booking, Waiting, book
from services.scheduler.domain.candidate import Match
from services.scheduler.domain.model import ModelTerms
from services.scheduler.domain.planning import Decision, Picture, plan
from services.scheduler.domain.reasons import why_this, why_waiting
from services.scheduler.domain.request import Request


def decide(
    requests: Sequence[Request],
    terms: Mapping[int, ModelTerms],
    picture: Picture,
    ids: Callable[[], UUID],
) -> tuple[list[Booking], list[Waiting]]:
    """Plan these requests, in the order of fairness. `ids` makes new ones."""
    bookings: list[Booking] = []
    waiting: list[Waiting] = []
    for decision in plan(requests, terms, picture):
        made = _made_of(decision, terms[decision.request.model_version], picture, ids)
        if isinstance(made, Booking):
            bookings.append(made)
        else:
            waiting.append(made)
    return bookings, waiting


def _made_of(
    decision: Decision, terms: ModelTerms, picture: Picture, ids: Callable[[], UUID]
) -> Booking | Waiting:
    request, found = decision.request, decision.found
    if isinstance(found, Match):
        reasons = why_this(found, request, terms, picture.teachers[request.teacher.id])
        return book(found, request, terms, ids, reasons)
    return Waiting(
        request=request, reasons=why_waiting(found, request), candidates=found.candidates
    )
