import sys
from pathlib import Path

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
    for name in ("status", "doctor"):
        result = CliRunner().invoke(main, [name, "--data", str(tmp_path)])
        assert result.exit_code == 1
        assert "No stack runs on" in result.output
