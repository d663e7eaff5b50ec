"""The README is part of the product: what it says is held true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.cli import main

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def between(start: str, end: str) -> str:
    """The README's text between two markers, each on a line of its own."""
    return README.split(start, 1)[1].split("-->\n", 1)[1].split(end, 1)[0].strip()


def test_its_settings_table_is_the_one_of_the_declarations() -> None:
    printed = CliRunner().invoke(main, ["settings", "--markdown"])
    assert between("<!-- settings:", "<!-- end of settings -->") == printed.output.strip()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z-]+)", README))))
def test_every_make_target_it_names_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "name", sorted(set(re.findall(r"`(?:.venv/bin/)?remit ([a-z]+)", README)) - {"is"})
)
def test_every_command_it_names_is_there(name: str) -> None:
    assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize(
    "path",
    sorted(
        set(re.findall(r"[`(](?:\.\./)?((?:services|shared|deploy|tests)/[\w./]+)[`)]", README))
    ),
)
def test_every_path_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_command_answers_from_the_shell() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from deploy.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "ask" in told.stdout
