"""A sender that is killed for real, at the worst moment: between the server's yes and our mark.

The stub kills the sender when it has taken the letter and before it answers. Each such death makes
exactly one second copy, of the same bytes; without deaths there is none.
"""

import os
import signal
import subprocess
import sys
from collections import Counter

from tests.support.notifier.builders import a_wait
from tests.support.notifier.rig import a_mailer, a_rig
from tests.support.postgres import Database
from tests.support.smtp import MailServer, Script, mail_server
from tests.support.waiting import until

LETTERS, DEATHS = 60, 6


class Assassin:
    """Kills the sender that is talking at every tenth letter."""

    def __init__(self) -> None:
        self.sender: subprocess.Popen[bytes] | None = None
        self.killed = 0

    def letter(self, number: int) -> str:
        if number % 10 == 0 and self.killed < DEATHS and self.sender is not None:
            self.killed += 1
            os.kill(self.sender.pid, signal.SIGKILL)
        return "250 taken"


def start(database: Database, server: MailServer) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.support.notifier.sender", database.url, server.url]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def test_every_death_after_the_servers_yes_makes_one_identical_second_copy(
    database: Database,
) -> None:
    assassin = Assassin()
    with mail_server(Script(letter=assassin.letter)) as server:
        with a_rig(database, a_mailer(server)) as rig:
            rig.told(*[a_wait() for _ in range(LETTERS)])
            while assassin.killed < DEATHS:
                assassin.sender = start(database, server)
                assassin.sender.wait(timeout=60)
                rig.make_due()
            assassin.sender = start(database, server)
            until(lambda: set(rig.states_of_all()) == {"sent"}, limit=60)
            assassin.sender.terminate()
            assassin.sender.wait(timeout=10)
        copies = Counter(letter.message["Message-ID"] for letter in server.received)
        assert len(copies) == LETTERS
        assert max(copies.values()) == 2
        assert sum(copies.values()) - LETTERS == DEATHS
        assert len({letter.content for letter in server.received}) == LETTERS
