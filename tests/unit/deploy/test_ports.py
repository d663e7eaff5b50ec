"""Two stacks that start together plan different ports."""

import socket
import subprocess
import sys

from deploy.stack import ports
from tests.support.processes import free_port

_CLAIM = "import sys; from deploy.stack import ports; print(ports.free_port(int(sys.argv[1])))"


def planned_by_another(wish: int) -> int:
    command = [sys.executable, "-c", _CLAIM, str(wish)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def test_a_claimed_port_is_not_planned_by_another_process() -> None:
    wish = free_port()
    assert ports.free_port(wish) == wish
    assert planned_by_another(wish) != wish


def test_a_claim_ends_with_its_process() -> None:
    wish = free_port()
    assert planned_by_another(wish) == wish
    assert ports.claim(wish)


def test_a_port_where_somebody_listens_can_not_be_claimed() -> None:
    with socket.socket() as listening:
        listening.bind((ports.HOST, 0))
        listening.listen()
        assert not ports.claim(listening.getsockname()[1])
