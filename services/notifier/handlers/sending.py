"""One round of sending: what is due goes out, and every answer is in the ledger before the next.

`sending` is committed before a letter leaves and `sent` right after the server took it, so a death
in between leaves one letter, and only one, that may go out a second time. Both marks are one
statement, under way while the server is told who the next letter is from and for.
"""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from services.notifier.domain.hold import held_for, someone_must_act
from services.notifier.domain.notice import (
    Accepted,
    Answer,
    InDoubt,
    Misconfigured,
    ServerAway,
    Settlement,
    Standing,
    gave_up,
    settle,
)
from services.notifier.ports import InHand, Mailer, PostOffice

log = logging.getLogger(__name__)

LETTERS_IN_HAND = 100
Spent = Callable[[], bool]


def send_due(office: PostOffice, mailer: Mailer, spent: Spent) -> int:
    """Send up to one handful of due notices; how many were dealt with. Zero: nothing is due."""
    if not office.anything_due():
        return 0
    interrupted = office.interrupted()
    for notice_id in interrupted:
        _settle(office, notice_id, InDoubt())
    held = office.held() and not _goes_again(office, mailer)
    notices = office.claim(LETTERS_IN_HAND, overdue_only=held)
    try:
        dealt = _send_all(office, mailer, notices, spent)
    finally:
        office.let_rest_go()
    return len(interrupted) + dealt


def _goes_again(office: PostOffice, mailer: Mailer) -> bool:
    """On hold: ask the server, when it is time and our turn."""
    failures = office.may_ask()
    if failures is None:
        return False
    problem = mailer.probe()
    if problem is not None:
        _hold(office, problem, failures)
        return False
    office.let_go()
    log.info("mail.resumed", extra={"probes": failures})
    return True


def _send_all(office: PostOffice, mailer: Mailer, notices: Sequence[InHand], spent: Spent) -> int:
    """Whatever is accepted is recorded with the start of the next letter, or at once at the end."""
    worth_sending = [notice for notice in notices if not _too_old(office, notice)]
    dealt = len(notices) - len(worth_sending)
    accepted: tuple[UUID, Accepted] | None = None
    for notice in worth_sending:
        if spent():
            break
        begun, accepted = office.begin(notice, accepted), None
        answer = mailer.send(notice.address, notice.mime, begun)
        if not begun() or answer is None:
            continue
        dealt += 1
        if isinstance(answer, Accepted):
            accepted = (notice.id, answer)
        elif not _goes_on(office, notice, answer):
            break
    if accepted:
        office.finish(accepted)
    return dealt


def _too_old(office: PostOffice, notice: InHand) -> bool:
    settlement = gave_up(notice.standing)
    if settlement is None:
        return False
    office.settle(notice.id, lambda _standing: settlement, None)
    return True


def _goes_on(office: PostOffice, notice: InHand, answer: Answer) -> bool:
    """Settle what was not accepted; False when it is the server or we who are at fault."""
    _settle(office, notice.id, answer)
    if isinstance(answer, ServerAway | Misconfigured):
        _hold(office, answer, 0)
        return False
    return True


def _settle(office: PostOffice, notice_id: UUID, answer: Answer) -> None:
    settlement = office.settle(notice_id, partial(_settled, answer), answer)
    if settlement is None:
        return
    level = logging.WARNING if settlement.failure else logging.INFO
    log.log(
        level,
        "notice.settled",
        extra={
            "notice_id": notice_id,
            "state": settlement.state,
            "failure": settlement.failure,
            "attempts": settlement.attempts,
        },
    )


def _settled(answer: Answer, standing: Standing) -> Settlement:
    return settle(standing, answer)


def _hold(office: PostOffice, problem: ServerAway | Misconfigured, failures: int) -> None:
    hold = held_for(problem, failures)
    held = office.keep_held(hold)
    level = logging.ERROR if someone_must_act(hold, held) else logging.WARNING
    log.log(
        level,
        "mail.held",
        extra={"reason": hold.reason, "smtp_code": hold.code, "failures": hold.failures},
    )
