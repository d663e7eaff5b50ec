"""One sender in a process of its own, to be killed: `python -m tests.support.notifier.sender`."""

import sys
import time

from services.notifier.bootstrap import build
from services.notifier.config import Settings
from tests.support.notifier.rig import CODE_KEY, PUBLIC_URL, SENDER


def main(database_url: str, smtp_url: str) -> None:
    """Drain again and again until somebody ends it."""
    application = build(
        Settings.from_env(
            {
                "REMIT_DATABASE_URL": database_url,
                "REMIT_SMTP_URL": smtp_url,
                "REMIT_MAIL_FROM": SENDER,
                "REMIT_SECRET_KEY": CODE_KEY,
                "REMIT_PUBLIC_URL": PUBLIC_URL,
            }
        ),
        kind="worker",
    )
    while True:
        application.drain.run()
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
