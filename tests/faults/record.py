"""What the fault suite measured: shown at its end and kept in build/faults.json."""

import json
from pathlib import Path
from typing import Any

_KEPT_IN = Path(__file__).resolve().parents[2] / "build" / "faults.json"


class Record:
    """Figures by the fault that they were measured under."""

    def __init__(self) -> None:
        self.figures: dict[str, dict[str, Any]] = {}

    def __call__(self, fault: str, **figures: Any) -> None:
        """Add figures of one fault."""
        rounded = {k: round(v, 2) if isinstance(v, float) else v for k, v in figures.items()}
        self.figures.setdefault(fault, {}).update(rounded)

    def lines(self) -> list[str]:
        """One for each fault."""
        return [
            f"{fault}: " + ", ".join(f"{name} {value}" for name, value in figures.items())
            for fault, figures in self.figures.items()
        ]

    def keep(self) -> None:
        """Add what this run measured to what is kept."""
        if not self.figures:
            return
        _KEPT_IN.parent.mkdir(exist_ok=True)
        kept = json.loads(_KEPT_IN.read_text()) if _KEPT_IN.exists() else {}
        _KEPT_IN.write_text(json.dumps(kept | self.figures, indent=2) + "\n")
