"""One ask from the first word to the last mail: choose, submit, follow, find what was mailed."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy.asking.choices import Choices
from deploy.asking.client import Client
from deploy.asking.ending import Ending, mails_of
from deploy.asking.follow import Followed, Follower
from deploy.asking.mail_folder import find_mails
from deploy.asking.screen import show, watching
from deploy.asking.teachers import (
    Teacher,
    intake_connection,
    next_teacher,
    teacher_of,
    token_for,
)
from deploy.asking.telling import Teller
from deploy.stack.address import StackAddress


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the person at the terminal wants to ask. Empty means left open."""

    words: str
    topic: str = ""
    mode: str = ""
    school: str = ""
    email: str = ""

    def body(self, choices: Choices) -> dict[str, str]:
        """What is sent; Unknown when a key is not the division's."""
        given = {
            "topic": self.topic and choices.topic(self.topic),
            "support_mode": self.mode and choices.mode(self.mode),
            "school": self.school and choices.school(self.school),
        }
        return {"words": self.words, **{name: key for name, key in given.items() if key}}


def ask(address: StackAddress, wish: Wish, *, limit: float, console: Console) -> Ending:
    """Ask on a running stack, showing each stage on `console` as it is reached."""
    choices = choices_of(address)
    body = wish.body(choices)
    teacher, token = _asker(address, wish, body.get("school", ""))
    teller = Teller(choices)
    client = Client(address.web_url, token)
    console.print(f"Asking as {teacher.name}, {teacher.school}", markup=False, soft_wrap=True)
    try:
        with watching(console, teller) as watch:
            follower = Follower(looker=client, report=watch, limit=limit)
            followed = follower.follow(lambda: client.submit(body))
    finally:
        client.close()
    ending = _ended(address, followed, choices.zone)
    show(console, ending, teller)
    return ending


def choices_of(address: StackAddress) -> Choices:
    """What may be chosen on a running stack."""
    client = Client(address.web_url)
    try:
        return client.choices()
    finally:
        client.close()


def _asker(address: StackAddress, wish: Wish, school: str) -> tuple[Teacher, str]:
    with intake_connection(address.database_url) as connection:
        known = teacher_of(connection, wish.email) if wish.email else None
        teacher = known or next_teacher(connection, school)
        return teacher, token_for(connection, teacher)


def _ended(address: StackAddress, followed: Followed, zone: str) -> Ending:
    wanted = [notice.message_id for notice in followed.notices if notice.state == "sent"]
    found = find_mails(Path(address.mail_folder), wanted) if address.mail_folder else {}
    page = f"{address.web_url.rstrip('/')}/requests/{followed.standing.id}"
    mails = mails_of(followed, found, address.sink_url)
    return Ending(followed=followed, mails=mails, zone=zone, page=page)
