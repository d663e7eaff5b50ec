"""Settings of the processes themselves; each service declares its own beside this."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from shared.messaging.routing import SERVICES
from shared.settings import InvalidSetting, SettingsError, load, setting, switch, url, whole_number


def services(text: str) -> tuple[str, ...]:
    """A parser for names of services, with commas between them."""
    names = tuple(name.strip() for name in text.split(","))
    if unknown := [name for name in names if name not in SERVICES]:
        raise InvalidSetting(f"{', '.join(unknown)} is none of {', '.join(SERVICES)}")
    return names


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What web, worker, ringer and beat need to know."""

    database_url: str = setting(
        "REMIT_DATABASE_URL",
        "PostgreSQL 15 or newer; the login role remit_app",
        parse=url("postgresql", "postgres"),
        secret=True,
    )
    broker_url: str = setting(
        "REMIT_BROKER_URL",
        "Redis or Valkey 6.2 or newer; rings only, losing it loses nothing",
        parse=url("redis", "rediss", "unix"),
        secret=True,
    )
    public_url: str = setting(
        "REMIT_PUBLIC_URL",
        "Where people reach Remit; links in mail begin with it",
        parse=url("http", "https"),
    )
    demo: bool = setting(
        "REMIT_DEMO",
        "on: pages open with a persona chosen on the page; never where real people are",
        parse=switch,
        default=False,
    )
    services: tuple[str, ...] = setting(
        "REMIT_SERVICES",
        "The services that this web process serves",
        parse=services,
        default=SERVICES,
    )
    web_host: str = setting("REMIT_WEB_HOST", "The address web listens on", default="127.0.0.1")
    web_port: int = setting(
        "REMIT_WEB_PORT", "The port web listens on", parse=whole_number(1, 65_535), default=8300
    )
    web_workers: int = setting(
        "REMIT_WEB_WORKERS", "Web processes", parse=whole_number(1, 64), default=2
    )
    web_threads: int = setting(
        "REMIT_WEB_THREADS",
        "Threads in each web process; all but four of them may wait for slow senders",
        parse=whole_number(5, 64),
        default=16,
    )
    worker_concurrency: int = setting(
        "REMIT_WORKER_CONCURRENCY",
        "Processes or threads of a worker group, in place of its own number (planning 2, telling 4)",
        parse=whole_number(0, 64),
        default=0,
    )
    most_rings: int = setting(
        "REMIT_MOST_RINGS",
        "The ringer rings a queue only while fewer rings wait: twice the workers that answer it",
        parse=whole_number(1, 1_000),
        default=4,
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The process's settings, complete, or SettingsError."""
        return load(cls, environ)


@dataclass(frozen=True, kw_only=True)
class OwnerSettings:
    """What `remit migrate` needs, and nobody else may have."""

    owner_database_url: str = setting(
        "REMIT_OWNER_DATABASE_URL",
        "The same database as its owner, remit_owner; for remit migrate alone",
        parse=url("postgresql", "postgres"),
        secret=True,
    )


@dataclass(frozen=True, kw_only=True)
class AdministratorSettings:
    """What `remit migrate --roles` needs, once for each managed database."""

    administrator_database_url: str = setting(
        "REMIT_ADMINISTRATOR_DATABASE_URL",
        "The same database as an administrator of its server; for remit migrate --roles alone",
        parse=url("postgresql", "postgres"),
        secret=True,
    )


def settings_classes(names: tuple[str, ...] = SERVICES) -> list[type[Any]]:
    """Every settings declaration that processes of these services read."""
    of_services = [import_module(f"services.{name}.config").Settings for name in names]
    return [Settings, *of_services]


def faults_in(environ: Mapping[str, str], names: tuple[str, ...] = SERVICES) -> list[str]:
    """All that is missing or malformed, each said once."""
    faults: dict[str, None] = {}
    for declaration in settings_classes(names):
        try:
            load(declaration, environ)
        except SettingsError as error:
            faults |= dict.fromkeys(error.faults)
    return list(faults)
