"""What this start consists of: which parts are embedded, where each answers, what processes are told.

A part whose URL stands in the environment is somebody else's server and is not started here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.stack import ports, postgresql, programs, valkey
from deploy.stack.address import StackAddress
from deploy.stack.layout import Layout
from deploy.stack.leftovers import MARK
from deploy.stack.programs import Program
from deploy.stack.secrets import Secrets
from shared.database.roles import LOGIN, OWNER

WEB_PORT, PAGE_PORT, SMTP_PORT = 8300, 8301, 8302
_MAIL_FROM = "coaching@division.example"


class PortTaken(Exception):  # noqa: N818  -- reads as what it says
    """The port that was asked for is in use."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the person asked of `remit up`."""

    data: Path
    demo: bool = False
    port: int | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One start: programs, the environment they read, and the address others will find."""

    layout: Layout
    programs: list[Program]
    environ: dict[str, str]
    address: StackAddress
    embeds_database: bool
    demo: bool


def draw(wishes: Wishes, layout: Layout, environ: Mapping[str, str]) -> Plan:
    """Decide ports and parts, and write each embedded part's configuration."""
    port = web_port(wishes.port)
    secrets = Secrets.kept_in(layout.data)
    parts: list[Program] = []
    told = {"REMIT_MAIL_FROM": _MAIL_FROM, "REMIT_SECRET_KEY": secrets.signing, **environ}
    embeds_database = "REMIT_DATABASE_URL" not in environ
    sink_url = ""
    if embeds_database:
        parts.append(programs.database(layout, secrets.administrator))
        told["REMIT_DATABASE_URL"] = postgresql.url(layout, LOGIN, secrets.login)
        told["REMIT_OWNER_DATABASE_URL"] = postgresql.url(layout, OWNER, secrets.owner)
    if "REMIT_BROKER_URL" not in environ:
        parts.append(programs.broker(layout))
        told["REMIT_BROKER_URL"] = valkey.url(layout)
    if "REMIT_SMTP_URL" not in environ:
        smtp_port, page_port = ports.free_port(SMTP_PORT), ports.free_port(PAGE_PORT)
        parts.append(programs.mail(layout, smtp_port, page_port))
        told["REMIT_SMTP_URL"] = f"smtp://{ports.HOST}:{smtp_port}?tls=none"
        sink_url = f"http://{ports.HOST}:{page_port}"
    web_url = f"http://{ports.HOST}:{port}"
    told |= {
        "REMIT_DEMO": "on" if wishes.demo else "off",
        "REMIT_WEB_HOST": ports.HOST,
        "REMIT_WEB_PORT": str(port),
        "REMIT_PUBLIC_URL": environ.get("REMIT_PUBLIC_URL", web_url),
        MARK: str(layout.data),
    }
    address = StackAddress(
        web_url=web_url,
        database_url=told["REMIT_DATABASE_URL"],
        owner_database_url=told.get("REMIT_OWNER_DATABASE_URL", ""),
        broker_url=told["REMIT_BROKER_URL"],
        smtp_url=told["REMIT_SMTP_URL"],
        sink_url=sink_url,
        mail_folder=str(layout.mail) if sink_url else "",
        data=str(layout.data),
        run=str(layout.run),
    )
    return Plan(
        layout=layout,
        programs=[*parts, *programs.work()],
        environ=told,
        address=address,
        embeds_database=embeds_database,
        demo=wishes.demo,
    )


def web_port(wish: int | None) -> int:
    """The port that was asked for, or a free one; PortTaken when somebody listens there."""
    if wish is None:
        return ports.free_port(WEB_PORT)
    if not ports.claim(wish):
        raise PortTaken(f"Port {wish} is in use. Name another with --port, or none.")
    return wish
