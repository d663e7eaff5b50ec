"""Become another program that dies with its parent: no orphan may outlive a killed supervisor.

Run as a plain file by the interpreter alone (`-I -S`), so that it costs a few milliseconds.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence

_PR_SET_PDEATHSIG = 1
# sysexits.h: a service manager can tell a wrong configuration from a crash.
WRONG_CONFIGURATION = 78


def die_with_parent(death: int = signal.SIGTERM) -> None:
    """Have the kernel send `death` to this process when its parent ends.

    Linux only; elsewhere the next start finds and ends what was left over.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0)


def become(user: str) -> None:
    """Take the identity of a system user, for good."""
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def main(arguments: Sequence[str]) -> None:
    """`guard.py SIGNAL NICENESS USER program …`; USER `-` keeps the present one."""
    death, niceness, user, *program = arguments
    os.nice(int(niceness))
    if user != "-":
        become(user)
    # After the identity: the kernel forgets the wish when credentials change.
    die_with_parent(signal.Signals[death])
    os.execvp(program[0], program)  # noqa: S606  -- a fixed list, no shell


if __name__ == "__main__":
    main(sys.argv[1:])
