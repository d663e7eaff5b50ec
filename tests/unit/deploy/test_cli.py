import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from deploy.cli import main
from deploy.cli.settings import rows


def test_help_names_each_command_without_importing_any() -> None:
    before = {name for name in sys.modules if name.startswith("deploy.cli.")}
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert {"up", "status", "doctor", "logs", "migrate", "settings"} <= set(result.output.split())
    assert {name for name in sys.modules if name.startswith("deploy.cli.")} == before


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(main, ["fly"]).exit_code == 2


def test_every_setting_stands_once_in_the_table_and_required_ones_say_so() -> None:
    table = {row.env: row for row in rows()}
    assert len(table) == len(rows())
    assert table["REMIT_DATABASE_URL"].default == "required"
    assert table["REMIT_DEMO"].default == "off"


def test_commands_say_plainly_when_no_stack_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REMIT_DATABASE_URL", raising=False)
    codes = {"status": 1, "doctor": 3, "bus list": 3, "check availability": 3, "token list": 3}
    for name, code in codes.items():
        result = CliRunner().invoke(main, [*name.split(), "--data", str(tmp_path)])
        assert (name, result.exit_code) == (name, code)
        assert f"No stack runs on {tmp_path}" in result.output
        assert f"remit up --demo --data {tmp_path}" in result.output


def _all(group: click.Group) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            yield from _all(command)


def test_no_commands_help_shows_a_mark_of_its_source() -> None:
    for command in (main, *_all(main)):
        shown = CliRunner().invoke(command, ["--help"]).output
        assert "Usage:" in shown
        assert not {"\\", "\b"} & set(shown), command.name


def test_a_narrow_terminal_cuts_no_setting() -> None:
    shown = CliRunner().invoke(main, ["settings"], env={"COLUMNS": "80"}).output
    assert {row.env for row in rows()} <= set(shown.split())
    assert max(map(len, shown.splitlines())) <= 80


def test_a_data_folder_that_can_not_be_made_is_one_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = CliRunner().invoke(main, ["up", "--data", str(tmp_path / "file" / "data")])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1


def _logged(data: Path, *names: str) -> None:
    (data / "logs").mkdir()
    for name in names:
        (data / "logs" / f"{name}.log").touch()


def test_a_process_that_wrote_nothing_is_said_to_be_silent(tmp_path: Path) -> None:
    _logged(tmp_path, "web")
    result = CliRunner().invoke(main, ["logs", "web", "--data", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert "web has written nothing yet" in result.stderr


def test_an_unknown_process_exits_2_and_the_known_are_named(tmp_path: Path) -> None:
    _logged(tmp_path, "beat", "web")
    result = CliRunner().invoke(main, ["logs", "wbe", "--data", str(tmp_path)])
    assert result.exit_code == 2
    assert "There are: beat, web" in result.stderr
