"""Beat: rings every service now and then, whatever the ringer does. Any number of beats is safe.

Run with `python -m deploy.processes.beat`. Its schedule holds no fact, so nothing of it is kept.
"""

import os

from celery.beat import Scheduler

from deploy.processes.config import Settings
from deploy.processes.safety import refuse_unsafe
from shared.logging import configure
from shared.messaging.celery_app import make_celery


def main() -> None:
    """Ring until told to stop."""
    configure()
    refuse_unsafe(os.environ, ())
    app = make_celery(Settings.from_env().broker_url)
    app.Beat(scheduler_cls=Scheduler, loglevel="WARNING", quiet=True, redirect_stdouts=False).run()


if __name__ == "__main__":
    main()
