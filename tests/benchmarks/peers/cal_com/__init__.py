"""Cal.com's own date ranges, from its published library, under the tests' Node.js.

The library names two packages that were never published, and needs neither for this: the lock leads them
nowhere (`overrides` in package.json).
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.peers import INSTALLED

_HERE = Path(__file__).parent
_NODE = Path(sys.executable).with_name("node")
_DIST = INSTALLED / "cal_com" / "node_modules" / "@calcom" / "platform-libraries" / "dist"
_WANTED = json.loads((_HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
VERSION = _WANTED["@calcom/platform-libraries"]


def date_ranges(hosts: int, booked: int) -> float:
    """How many milliseconds of a processor it takes for so many hosts with so many booked hours each."""
    run = subprocess.run(
        [_NODE, _HERE / "date_ranges.cjs", _DIST, str(hosts), str(booked)],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(run.stdout)
