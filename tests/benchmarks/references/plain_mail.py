"""Hand ready bytes to the mail server on one kept connection: no ledger, no words, no second chance."""

import smtplib
from collections.abc import Sequence


def send_all(server: smtplib.SMTP, sender: str, letters: Sequence[tuple[str, bytes]]) -> None:
    """Send each letter to its address."""
    for address, letter in letters:
        server.sendmail(sender, [address], letter)
