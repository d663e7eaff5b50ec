"""Ports on loopback: the one we would like, or a free one, claimed for as long as this process lives.

A stack plans its ports seconds before its programs listen there. Two stacks that start together would
plan the same ones, and the mail of one would end in the sink of the other.
"""

import fcntl
import os
import socket
import tempfile
from pathlib import Path

HOST = "127.0.0.1"

# Open files whose locks are the claims; the system lets them go with the process, however it ends.
_claims: dict[int, int] = {}


def is_free(port: int) -> bool:
    """Whether somebody could listen on this port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def claim(port: int) -> bool:
    """Claim a port that is free; False when another stack has claimed it or somebody listens there."""
    if not is_free(port):
        return False
    if port in _claims:
        return True
    path = Path(tempfile.gettempdir()) / f"remit-{os.getuid()}-port-{port}.lock"
    try:
        file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return False  # somebody else's file of that name: leave the port alone
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        return False
    _claims[port] = file
    return True


def free_port(wish: int) -> int:
    """`wish` if it can be claimed, else a port that the system picks; claimed either way."""
    port = wish
    while not claim(port):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port = probe.getsockname()[1]
    return port
