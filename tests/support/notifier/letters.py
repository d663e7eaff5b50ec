"""Taking a letter apart with the standard library, as a mail program would."""

from email import message_from_bytes, policy
from email.message import EmailMessage


def parsed(mime: bytes) -> EmailMessage:
    message = message_from_bytes(mime, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def calendar_of(mime: bytes) -> str:
    """The calendar entry, which the letter holds twice: inline and as a file, the same bytes."""
    parts = {
        part.get_content_type(): part.get_payload(decode=True)
        for part in parsed(mime).walk()
        if part.get_content_type() in ("text/calendar", "application/ics")
    }
    assert len(parts) == 2
    inline, file = parts["text/calendar"], parts["application/ics"]
    assert isinstance(inline, bytes)
    assert inline == file
    return inline.decode()


def words_of_letter(mime: bytes) -> tuple[str, str]:
    """(text, HTML)."""
    message = parsed(mime)
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return _plain_ends(text.get_content()), _plain_ends(html.get_content())


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n")
