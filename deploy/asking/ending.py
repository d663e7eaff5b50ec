"""How an ask ended: one object for programs, and the same facts for the screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from deploy.asking.follow import Followed
from deploy.asking.standing import Notice


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A notice and where its mail lies; without path or page it went to a real mail server."""

    notice: Notice
    path: str
    page: str


@dataclass(frozen=True, kw_only=True)
class Ending:
    """All that there is to say once the following is over. `page` is the request's own, for people.

    `zone` is that of the division's clocks.
    """

    followed: Followed
    mails: tuple[Mail, ...]
    zone: str
    page: str = ""

    def as_object(self) -> dict[str, Any]:
        """What `remit ask --json` prints."""
        standing = self.followed.standing
        answer, session = standing.answer, standing.session or {}
        return {
            "id": answer["id"],
            "status": answer["status"],
            "decision": answer["decision"],
            "topic": answer.get("topic"),
            "redirect": answer.get("redirect"),
            "coach": _coach(session),
            "support_mode": answer.get("support_mode"),
            "starts_at": self._local(session["starts_at"]) if session else None,
            "place": session.get("place"),
            "offer": self._offer(standing.offer) if standing.offer else None,
            "cycle": self._cycle(standing.cycle) if standing.cycle else None,
            "reasons": [dict(reason) for reason in self.reasons],
            "mails": [_mail(mail) for mail in self.mails],
        }

    def _offer(self, offer: Mapping[str, Any]) -> dict[str, Any]:
        """What is held; the further meetings of a cycle come with the same yes."""
        return {
            "session_id": offer["session_id"],
            "coach": offer["coach"],
            "starts_at": self._local(offer["starts_at"]),
            "place": offer["place"],
            "held_until": self._local(offer["held_until"]),
            "later": [self._local(meeting["starts_at"]) for meeting in offer["later"]],
        }

    def _cycle(self, cycle: Mapping[str, Any]) -> dict[str, Any]:
        """How many meetings it is to have, for how many no time is found, and when the others are."""
        starts = [self._local(meeting["starts_at"]) for meeting in cycle["meetings"]]
        return {"planned": cycle["planned"], "owed": cycle["owed"], "starts_at": starts}

    def _local(self, instant: str) -> str:
        """As the division's clocks show it, with its offset."""
        return datetime.fromisoformat(instant).astimezone(ZoneInfo(self.zone)).isoformat()

    @property
    def reasons(self) -> list[Mapping[str, Any]]:
        """Why: of the match or the wait; of a decline the model's clause, of a review the question."""
        standing = self.followed.standing
        clause = standing.answer.get("clause")
        if standing.reasons or not clause or standing.decision == "in_remit":
            return list(standing.reasons)
        return [{"code": standing.decision, "sentence": clause, "count": None}]


def _coach(session: Mapping[str, Any]) -> dict[str, str] | None:
    if not session:
        return None
    return {"name": session["coach"], "coach_type": session["coach_type"]}


def mails_of(followed: Followed, found: Mapping[str, Path], sink_url: str) -> tuple[Mail, ...]:
    """Each notice with its file and its page of the sink, teacher first."""
    notices = sorted(followed.notices, key=lambda notice: notice.part, reverse=True)
    return tuple(_located(notice, found.get(notice.message_id), sink_url) for notice in notices)


def _located(notice: Notice, path: Path | None, sink_url: str) -> Mail:
    page = f"{sink_url.rstrip('/')}/mail/{path.stem}" if path and sink_url else ""
    return Mail(notice=notice, path=str(path) if path else "", page=page)


def _mail(mail: Mail) -> dict[str, str | None]:
    return {
        "to": mail.notice.part,
        "kind": mail.notice.kind,
        "state": mail.notice.state,
        "message_id": mail.notice.message_id,
        "path": mail.path or None,
        "page": mail.page or None,
    }
