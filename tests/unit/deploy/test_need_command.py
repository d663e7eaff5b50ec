"""`remit need evaluate`: measures a file of labelled asks, or says what is wrong with it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.cli import main

_ASK = {
    "id": "a-1",
    "text": "Transitions between centres are chaos.",
    "difficulty": "easy",
    "label": {
        "in_remit": True,
        "topic": "classroom_routines",
        "coach_types": ["instructional"],
        "modes": ["consultation"],
        "redirect": None,
        "needs_clarification": False,
    },
}


def evaluate(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["need", "evaluate", *arguments])


@pytest.fixture
def asks(tmp_path: Path) -> Path:
    file = tmp_path / "asks.jsonl"
    file.write_text(json.dumps(_ASK) + "\n\n")
    return file


def test_one_json_object_keyed_by_the_measures(asks: Path) -> None:
    answer = json.loads(evaluate(str(asks), "--json").output)
    assert answer["topic_accuracy@1"] == 1.0
    assert answer["urgent_missed"] == 0
    assert answer["redirect_accuracy"] is None
    assert answer["counts"]["topic_accuracy@3"] == [1, 1]
    assert answer["by"]["easy"]["mode_ok"] == [1, 1]


def test_the_table_gives_counts_beside_shares(asks: Path) -> None:
    shown = evaluate(str(asks)).output
    assert "topic_accuracy@1" in shown
    assert "100% 1/1" in shown
    assert "ms (p99)" in shown


def test_every_faulty_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "asks.jsonl"
    wrong = _ASK | {"difficulty": "fiendish"}
    file.write_text(f"{json.dumps(_ASK)}\n{{\n{json.dumps(wrong)}\n")
    refused = evaluate(str(file))
    assert refused.exit_code == 1
    assert "line 2: is not JSON" in refused.output
    assert "line 3: difficulty" in refused.output


def test_a_file_without_asks_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "asks.jsonl"
    file.touch()
    assert "holds no asks" in evaluate(str(file)).output


def test_a_model_that_is_none_is_refused_with_its_faults(asks: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    model.write_text("{}")
    refused = evaluate(str(asks), "--model", str(model))
    assert refused.exit_code == 1
    assert "format" in refused.output


def test_thresholds_are_chosen_without_the_asks_they_judge(tmp_path: Path) -> None:
    file = tmp_path / "asks.jsonl"
    file.write_text("\n".join(json.dumps(_ASK | {"id": f"a-{n}"}) for n in range(4)))
    answer = json.loads(evaluate(str(file), "--json", "--folds", "2").output)
    assert answer["counts"]["topic_accuracy@3"] == [4, 4]


def test_a_miss_is_named_by_its_id_and_not_by_its_words(tmp_path: Path) -> None:
    file = tmp_path / "asks.jsonl"
    label = _ASK["label"] | {"topic": "algebra_readiness"}  # type: ignore[operator]
    file.write_text(json.dumps(_ASK | {"label": label}))
    shown = evaluate(str(file), "--worst", "10").output
    assert "a-1 (easy): right is algebra_readiness" in shown
    assert "Transitions" not in shown
