"""The command's promises to scripts: what is printed where, and how it exits."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from deploy.asking.choices import Unknown
from deploy.asking.client import NobodyAnswers, NoDivision, Refused
from deploy.asking.conversation import Wish
from deploy.asking.ending import Ending
from deploy.asking.follow import Followed
from deploy.asking.teachers import NobodyAsks
from deploy.cli import ask as module
from deploy.stack.address import StackAddress
from tests.unit.ask.builders import a_standing, choices, scheduled


@pytest.fixture
def data(tmp_path: Path) -> Path:
    names = "web_url database_url owner_database_url broker_url smtp_url sink_url mail_folder run"
    StackAddress(**dict.fromkeys(names.split(), ""), data=str(tmp_path)).save()
    return tmp_path


def _run(
    monkeypatch: pytest.MonkeyPatch, data: Path, answer: Ending | Exception, *arguments: str
) -> Result:
    def conversation(
        _address: StackAddress, _wish: Wish, *, limit: float, console: Console
    ) -> Ending:
        console.print("shown while it happens")
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(module, "ask", conversation)
    return CliRunner().invoke(module.command, ["help me", "--data", str(data), *arguments])


def _ending(*, settled: bool = True) -> Ending:
    standing = scheduled() if settled else a_standing()
    followed = Followed(standing=standing, notices=(), settled=settled)
    return Ending(followed=followed, mails=(), zone="America/Edmonton")


def test_a_settled_ask_exits_0(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    result = _run(monkeypatch, data, _ending())
    assert (result.exit_code, result.stdout) == (0, "shown while it happens\n")


def test_json_is_one_object_and_nothing_else(monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    result = _run(monkeypatch, data, _ending(), "--json")
    assert json.loads(result.stdout)["status"] == "scheduled"


def test_past_the_limit_it_exits_4_and_still_prints_the_object(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    result = _run(monkeypatch, data, _ending(settled=False), "--json")
    assert result.exit_code == 4
    assert json.loads(result.stdout)["status"] == "waiting"
    assert "The request is safe" in result.stderr


@pytest.mark.parametrize("fault", [Unknown("There is no topic 'x'."), NobodyAsks("Nobody.")])
def test_an_unknown_key_exits_2(
    monkeypatch: pytest.MonkeyPatch, data: Path, fault: Exception
) -> None:
    result = _run(monkeypatch, data, fault, "--json")
    assert result.exit_code == 2
    assert str(fault) in result.stderr
    assert result.stdout == ""


def test_a_silent_stack_exits_3_and_names_remit_up(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    result = _run(monkeypatch, data, NobodyAnswers("http://127.0.0.1:1"))
    assert result.exit_code == 3
    assert "remit up" in result.stderr


def test_an_empty_stack_exits_3_and_names_remit_demo(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    result = _run(monkeypatch, data, NoDivision())
    assert result.exit_code == 3
    assert "remit demo" in result.stderr


def test_without_a_stack_it_exits_3_and_names_remit_up(tmp_path: Path) -> None:
    result = CliRunner().invoke(module.command, ["help", "--data", str(tmp_path)])
    assert result.exit_code == 3
    assert "remit up" in result.stderr


def test_a_refusal_exits_1_with_the_servers_sentence(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    result = _run(monkeypatch, data, Refused(422, {"detail": "Correct it."}))
    assert result.exit_code == 1
    assert "Correct it." in result.stderr


def test_an_ask_without_words_exits_2(data: Path) -> None:
    assert CliRunner().invoke(module.command, ["--data", str(data)]).exit_code == 2


def test_empty_words_exit_2_before_anything_is_looked_for(tmp_path: Path) -> None:
    result = CliRunner().invoke(module.command, ["  ", "--data", str(tmp_path / "none")])
    assert result.exit_code == 2
    assert "Your words are empty." in result.stderr


@pytest.mark.parametrize("what", ["topics", "modes", "schools"])
def test_keys_are_listed_without_asking(
    monkeypatch: pytest.MonkeyPatch, data: Path, what: str
) -> None:
    monkeypatch.setattr(module, "choices_of", lambda _address: choices())
    result = CliRunner().invoke(module.command, [f"--{what}", "--data", str(data)])
    assert result.exit_code == 0
    assert result.stdout.splitlines() == list(choices().listed(what))


def test_a_list_and_an_ask_at_once_exit_2(data: Path) -> None:
    result = CliRunner().invoke(module.command, ["help", "--topics", "--data", str(data)])
    assert result.exit_code == 2


def test_only_what_was_given_is_sent() -> None:
    assert Wish(words="help").body(choices()) == {"words": "help"}


def test_a_part_of_a_schools_name_is_sent_as_its_key() -> None:
    wish = Wish(words="help", topic="early_reading", mode="collaboration", school="Willow")
    assert wish.body(choices()) == {
        "words": "help",
        "topic": "early_reading",
        "support_mode": "collaboration",
        "school": "willow-grove",
    }
