"""Takes a mail server that is away for the letters' own fault, and fails them all."""

from services.notifier.domain import notice
from services.notifier.domain.notice import Answer, Misconfigured, Refused, ServerAway
from services.notifier.handlers import sending


def commit() -> None:
    """No difference is made between a refused letter and a refused connection."""
    settle = notice.settle

    def settled(standing: notice.Standing, answer: Answer) -> notice.Settlement:
        if isinstance(answer, ServerAway | Misconfigured):
            answer = Refused(code=554, reply="no server")
        return settle(standing, answer)

    sending.settle = settled
