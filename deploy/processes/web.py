"""The web process: granian in front of `deploy.wsgi`. Run with `python -m deploy.processes.web`."""

import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from deploy.composition import preload
from deploy.processes.config import Settings
from deploy.processes.safety import refuse_unsafe
from shared.logging import configure

# Longer than any statement may take, so that an open request is always answered.
_SECONDS_TO_FINISH = 20


def main() -> None:
    """Serve until told to stop; open requests are answered first."""
    configure()
    refuse_unsafe(os.environ)
    settings = Settings.from_env()
    preload(settings.services)
    Granian(
        "deploy.wsgi:create",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.web_host,
        port=settings.web_port,
        workers=settings.web_workers,
        blocking_threads=settings.web_threads,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1_024,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=_SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
