"""Letters that are no news of a request: codes to sign in with, copies of the model, what is overdue."""

from services.notifier.adapters.wording import Wording
from services.notifier.adapters.words import Link, Words, closing, expect, greeting
from services.notifier.domain.announcements import Announcement
from services.notifier.domain.plain_text import one_line
from shared.events import OwnCopySent, ReviewOverdue
from shared.events.vocabulary import Person


def overdue(told: Announcement, say: Wording, page: str) -> Words:
    """What an admin is told of a review that waits too long."""
    expect(told, ReviewOverdue)
    _ = say.text
    return Words(
        language=say.language,
        subject=_("A request waits for your answer"),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _("A request has been under review for longer than your division allows."),
            _("Its teacher was told that a person reads it. Please answer it, or see that it is."),
        ),
        links=(Link(label=_("Read it and answer"), url=page),),
        closing=closing(say),
    )


def copy_of_model(told: Announcement, say: Wording, page: str) -> Words:
    """What comes with her own copy."""
    event = expect(told, OwnCopySent)
    root = page.rpartition("/requests/")[0]
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Your copy: what {division} offers teachers").format(
            division=one_line(event.division_name)
        ),
        greeting=greeting(told.reader, say),
        paragraphs=(
            _(
                "This is your own copy of what coaches do for you, what they do not, and who helps then."
            ),
            _("It always shows what is in force. You can print it, or keep it as a PDF."),
        ),
        links=(
            Link(label=_("Read my copy"), url=f"{root}/what-coaches-do"),
            Link(label=_("Ask for something"), url=f"{root}/ask"),
        ),
        closing=closing(say),
    )


def words_with_code(reader: Person, code: str, say: Wording, public_url: str) -> Words:
    """What she is told who wants to sign in. The code is not in the subject: a locked screen shows it."""
    _ = say.text
    return Words(
        language=say.language,
        subject=_("Your code for Remit"),
        greeting=greeting(reader, say),
        paragraphs=(
            _("Type this code into the page where you asked for it. It is good for ten minutes."),
            _("If you did not ask for it, there is nothing to do: nobody can use it but you."),
        ),
        facts=((_("Code"), f"{code[:4]} {code[4:]}"),),
        links=(Link(label=_("The page to type it into"), url=f"{public_url}/sign-in/code"),),
        closing=closing(say),
    )
