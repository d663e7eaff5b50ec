"""The passwords and keys of one stack: made once, kept in the data folder, readable by its owner."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path


def _fresh() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True, repr=False)
class Secrets:
    """Random from the first start on."""

    administrator: str = field(default_factory=_fresh)
    owner: str = field(default_factory=_fresh)
    login: str = field(default_factory=_fresh)
    signing: str = field(default_factory=_fresh)

    @classmethod
    def kept_in(cls, folder: Path) -> "Secrets":
        """Those of this data folder; made now when there are none."""
        path = folder / "secrets.json"
        if not path.exists():
            made = cls()
            draft = path.with_suffix(".draft")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(asdict(made), file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        return cls(**json.loads(path.read_text(encoding="utf-8")))
