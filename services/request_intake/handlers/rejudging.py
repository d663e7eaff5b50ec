"""Judge anew, by the model in force, what is still open from an earlier version; and change nothing.

What was agreed stays: a session keeps its version, and a request its decision. Where the model would
decide otherwise today, an admin sees it and may speak with the teacher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.request_intake.domain.replay import Flip, PastAsk, flips_of
from services.request_intake.ports import PublishedModel


@dataclass(frozen=True, kw_only=True)
class OpenRequest:
    """A request that waits or is under review, decided by an earlier version."""

    ask: PastAsk
    school: str
    state: str
    submitted_at: datetime
    model_version: int


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """An open request that the model in force would send another way."""

    request: OpenRequest
    flip: Flip


def judge_anew(published: PublishedModel, requests: Sequence[OpenRequest]) -> Sequence[Elsewhere]:
    """Those of the requests that would be decided otherwise now, in the order given."""
    flips = {
        ask.id: flip
        for ask, flip in flips_of(
            published.model, published.reader, [request.ask for request in requests]
        )
    }
    return [
        Elsewhere(request=request, flip=flips[request.ask.id])
        for request in requests
        if request.ask.id in flips
    ]
