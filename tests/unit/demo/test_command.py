"""What `remit demo` says, and how it exits."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from rich.progress import Progress
from sqlalchemy.exc import OperationalError

from deploy.cli import demo as module
from deploy.demo.division import CITY
from deploy.demo.load import Loaded, NotEmpty
from deploy.demo.progress import Bars, Lines, Silence, load_all
from deploy.stack.address import StackAddress


def _run(
    monkeypatch: pytest.MonkeyPatch, data: Path, answer: Loaded | Exception, *arguments: str
) -> Result:
    names = "web_url database_url owner_database_url broker_url smtp_url sink_url mail_folder run"
    StackAddress(**dict.fromkeys(names.split(), ""), data=str(data)).save()

    def load(_address: StackAddress, *_: object) -> Loaded:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "load_demo", load)
    return CliRunner().invoke(module.command, ["--data", str(data), *arguments])


def _loaded(*, new: bool) -> Loaded:
    return Loaded(division=SimpleNamespace(size=CITY, seed=3), new=new)


def test_what_was_loaded_is_said_with_its_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result = _run(monkeypatch, tmp_path, _loaded(new=True), "--size", "city")
    assert result.exit_code == 0
    assert "200 schools, 8,000 teachers, 240 coaches, 30,000 past sessions" in result.output


def test_the_same_demo_is_said_to_be_there_already(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    result = _run(monkeypatch, tmp_path, _loaded(new=False))
    assert (result.exit_code, "nothing was changed" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(NotEmpty("Another division."), 1), (OperationalError("", {}, Exception()), 3)],
)
def test_trouble_is_a_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, trouble: Exception, code: int
) -> None:
    result = _run(monkeypatch, tmp_path, trouble)
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_without_a_stack_it_exits_3_and_names_remit_up(tmp_path: Path) -> None:
    result = CliRunner().invoke(module.command, ["--data", str(tmp_path)])
    assert (result.exit_code, "remit up" in result.stderr) == (3, True)


def test_rows_are_loaded_in_a_few_large_pieces_without_losing_one() -> None:
    pieces: list[range] = []
    load_all(Silence(), "Rows", range(6_000), pieces.append)
    assert [row for piece in pieces for row in piece] == list(range(6_000))
    assert len(pieces) == 3


def test_without_a_terminal_a_part_is_one_line_once_it_is_whole() -> None:
    said: list[str] = []
    load_all(Lines(said.append), "People", range(6_000), lambda _: None)
    assert said == ["People: 6,000"]


def test_on_a_terminal_a_part_is_a_bar_that_fills() -> None:
    progress = Progress(disable=True)
    load_all(Bars(progress), "People", range(6_000), lambda _: None)
    assert progress.tasks[0].finished
