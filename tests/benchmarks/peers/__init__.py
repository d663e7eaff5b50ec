"""Other products, installed by `make bench-peers` into build/peers/ and measured beside; Remit needs none of them."""

from pathlib import Path

HERE = Path(__file__).parent
INSTALLED = Path(__file__).parents[3] / "build" / "peers"
PYTHON = INSTALLED / "python" / "bin" / "python"


def are_installed() -> bool:
    """Whether all of them are there, as their locks name them."""
    return (INSTALLED / ".ready").exists()
