"""Where a running stack can be reached: written when it is ready, read by every other command."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "stack.json"
DEFAULT_DATA = Path(".remit")
_SERVERS = ("REMIT_DATABASE_URL", "REMIT_BROKER_URL", "REMIT_SMTP_URL", "REMIT_PUBLIC_URL")


class NoStack(Exception):  # noqa: N818  -- reads as what it says
    """No stack runs on this data folder; the text is a sentence for the person who asked."""


@dataclass(frozen=True, kw_only=True)
class StackAddress:
    """The addresses of one stack. Parts on managed servers have their URL here like the rest.

    `database_url` logs in as `remit_app`, `owner_database_url` as the owner of the tables.
    `sink_url` and `mail_folder` are empty when mail goes to a real server.
    """

    web_url: str
    database_url: str
    owner_database_url: str
    broker_url: str
    smtp_url: str
    sink_url: str
    mail_folder: str
    data: str
    run: str

    @classmethod
    def load(cls, data: Path = DEFAULT_DATA) -> "StackAddress":
        """The address of the stack on `data`; NoStack when there is none."""
        try:
            return cls(**json.loads((data / FILE_NAME).read_text(encoding="utf-8")))
        except FileNotFoundError:
            folder = data.resolve()
            sentence = f"No stack runs on {folder}. Start one: remit up --demo --data {folder}"
            raise NoStack(sentence) from None

    @classmethod
    def find(
        cls, data: Path = DEFAULT_DATA, environ: Mapping[str, str] = os.environ
    ) -> "StackAddress":
        """The stack on `data` or, where none runs, the servers that the environment names."""
        try:
            return cls.load(data)
        except NoStack:
            if not environ.get("REMIT_DATABASE_URL"):
                raise
        if missing := [name for name in _SERVERS if not environ.get(name)]:
            raise NoStack(f"To reach Remit on managed servers, set {', '.join(missing)} too.")
        return cls(
            web_url=environ["REMIT_PUBLIC_URL"],
            database_url=environ["REMIT_DATABASE_URL"],
            owner_database_url=environ.get("REMIT_OWNER_DATABASE_URL", ""),
            broker_url=environ["REMIT_BROKER_URL"],
            smtp_url=environ["REMIT_SMTP_URL"],
            sink_url="",
            mail_folder="",
            data="",
            run="",
        )

    def save(self) -> None:
        """Write it whole or not at all; it holds passwords, so only its owner may read it."""
        target = Path(self.data) / FILE_NAME
        draft = target.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, indent=2)
        draft.replace(target)
