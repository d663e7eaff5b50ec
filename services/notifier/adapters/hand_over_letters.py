"""Letters about a coach who asks that a colleague goes on: the question, and that she stays."""

from services.notifier.adapters.wording import Wording
from services.notifier.adapters.words import Link, Words, closing, expect, greeting, sentences
from services.notifier.domain.announcements import Announcement
from services.notifier.domain.plain_text import one_line
from shared.events import HandOverAsked, HandOverDeclined


def hand_over(told: Announcement, say: Wording, page: str) -> Words:
    """Its teacher is asked."""
    event = expect(told, HandOverAsked)
    coach, to = one_line(event.coach.name), one_line(event.to.name)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("A question about your meetings"),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _("{coach} asks whether {colleague} may go on with you.").format(
                coach=coach, colleague=to
            ),
            _("Nothing changes unless you say yes. You see the times before you answer."),
        ),
        facts=(
            (_("Topic"), one_line(event.topic_title)),
            (_("Support"), one_line(event.mode_name)),
        ),
        reasons_title=_("Why"),
        reasons=sentences(event.reasons),
        links=(Link(label=_("See the times, and say yes or no"), url=_question(page)),),
        closing=closing(say),
    )


def stays(told: Announcement, say: Wording, page: str) -> Words:
    """Its coach is told that it stays with her."""
    event = expect(told, HandOverDeclined)
    teacher, to = one_line(event.teacher.name), one_line(event.to.name)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Your meetings stay as they are"),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _("You asked whether {colleague} may go on with {name}.").format(
                colleague=to, name=teacher
            ),
            _("{name} would rather go on with you. Nothing has changed.").format(name=teacher),
        ),
        facts=(
            (_("Topic"), one_line(event.topic_title)),
            (_("Support"), one_line(event.mode_name)),
        ),
        links=(Link(label=_("See where it stands"), url=page),),
        closing=closing(say),
    )


def _question(page: str) -> str:
    root, _requests, request_id = page.rpartition("/requests/")
    return f"{root}/hand-over/{request_id}"
