"""Ports on loopback: the one we would like, or a free one."""

import socket

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether somebody could listen on this port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(wish: int) -> int:
    """`wish` if it is free, else a port that the system picks."""
    if is_free(wish):
        return wish
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
