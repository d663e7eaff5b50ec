"""`remit model`: export, check, compare, import; nothing is overwritten and nothing published."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.cli import main
from deploy.stack.address import StackAddress
from services.request_intake.adapters import packs
from services.request_intake.domain.model_draft import ModelDraft
from tests.support.postgres import Database
from tests.support.request_intake.division import OFFICE, SmallDivision
from tests.support.request_intake.packs import HostilePack, a_pack, a_text, hostile_packs

Remit = Callable[..., Result]


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return SmallDivision(database)


@pytest.fixture
def remit(division: SmallDivision, tmp_path: Path) -> Remit:
    StackAddress(
        web_url="",
        database_url=division.database.url,
        owner_database_url=division.database.owner_url,
        broker_url="",
        smtp_url="",
        sink_url="",
        mail_folder="",
        data=str(tmp_path),
        run="",
    ).save()

    def run(name: str, *arguments: object) -> Result:
        data = () if name in ("check", "compare") else ("--data", str(tmp_path))
        return CliRunner().invoke(main, ["model", name, *map(str, arguments), *data])

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Another division's pack, with a promise of its own."""
    found = tmp_path / "theirs.yaml"
    pack = a_pack(promise="Ask.", division={"name": "Four Firs", "zone": "America/Halifax"})
    found.write_bytes(packs.write(pack))
    return found


def drafted(division: SmallDivision) -> ModelDraft:
    found = division.application.drafting.draft()
    assert found
    return found


def test_what_is_exported_is_imported_as_the_same_model(
    division: SmallDivision, remit: Remit, tmp_path: Path
) -> None:
    file = tmp_path / "ours.yaml"
    assert remit("export", file).exit_code == 0
    printed = remit("export", "--version", 1)
    assert printed.stdout_bytes == file.read_bytes()
    assert "is whole: Three Larches School Division: coaching model, CC-BY-4.0" in (
        remit("check", file).output
    )
    assert remit("import", file).exit_code == 0
    assert drafted(division).document == division.application.drafting.document(1)
    assert remit("export", "--draft").stdout_bytes == file.read_bytes()


def test_an_imported_pack_is_a_draft_under_our_own_name_and_is_not_published(
    division: SmallDivision, remit: Remit, file: Path
) -> None:
    said = remit("import", file)
    assert "stay yours (Three Larches School Division), not those of Four Firs" in said.output
    draft = drafted(division)
    assert draft.document["promise"] == "Ask."
    assert draft.document["division"]["zone"] == "America/Edmonton"
    assert [one.version for one in division.application.drafting.versions()] == [1]


def test_a_draft_with_changes_is_never_replaced_and_one_without_is(
    division: SmallDivision, remit: Remit, file: Path
) -> None:
    begun = division.application.drafting.begin(OFFICE, 1)
    assert begun
    assert remit("import", file).exit_code == 0
    assert drafted(division).revision == 2
    refused = remit("import", file)
    assert refused.exit_code == 1
    assert "There is a draft with changes" in refused.output
    assert drafted(division).revision == 2


@pytest.mark.parametrize("hostile", hostile_packs(), ids=lambda pack: pack.name)
def test_a_hostile_file_is_refused_by_every_command(hostile: HostilePack, tmp_path: Path) -> None:
    file = tmp_path / "hostile.yaml"
    file.write_bytes(hostile.raw)
    for command in (["check", file], ["compare", file, file], ["import", file, "--data", tmp_path]):
        refused = CliRunner().invoke(main, ["model", *map(str, command)])
        assert refused.exit_code == 1
        assert all(said in refused.output for said in hostile.said)


def test_two_packs_are_put_side_by_side(remit: Remit, tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(a_text())
    assert "Every entry is the same in both." in remit("compare", first, first).output
    changed = a_pack()
    changed.document["topics"][0]["title"] = "Settling in"
    changed.document["coach_types"][0]["aliases"] = ("learning coach", "teacher's friend")
    gone = changed.document["out_of_remit"][-1]["key"]
    changed.document["out_of_remit"] = changed.document["out_of_remit"][:-1]
    for one in (*changed.document["topics"], *changed.document["out_of_remit"]):
        one["near"] = tuple(key for key in one["near"] if key != gone)
    second.write_bytes(packs.write(changed))
    shown = remit("compare", first, second).output
    for said in (
        "topics[classroom_routines]: in both, not the same",
        "      + Settling in",
        "      - pedagogical coach",
        "      + teacher's friend",
        f"out_of_remit[{gone}]: only in the first",
    ):
        assert said in shown


def test_what_is_credited_as_shared_alike_is_handed_on_alike(
    division: SmallDivision, remit: Remit, tmp_path: Path
) -> None:
    credit = {"title": "Firs", "licence": "CC-BY-SA-4.0", "parts": ["topics[unit_planning]"]}
    begun = division.application.drafting.begin(OFFICE, 1)
    assert begun
    division.application.drafting.change(OFFICE, {**begun.document, "credits": [credit]}, seen=1)
    assert remit("export", "--draft", "--licence", "CC0-1.0").exit_code == 2
    shown = remit("export", "--draft").output
    assert "\nlicence: CC-BY-SA-4.0\n" in shown
    assert "topics[unit_planning]" in shown
    assert packs.read(shown.encode()).document["credits"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version", 9], "There is no version 9."),
        (["--draft"], "There is no draft."),
        (["--draft", "--version", 1], "Choose one"),
        (["--title", "a\nb"], "title: must be a text on one line"),
    ],
)
def test_what_is_not_there_is_not_exported(
    remit: Remit, arguments: list[object], said: str
) -> None:
    refused = remit("export", *arguments)
    assert refused.exit_code in (1, 2)
    assert said in refused.output


def test_a_reading_is_measured_by_a_pack_too(tmp_path: Path) -> None:
    pack, asks = tmp_path / "pack.yaml", tmp_path / "asks.jsonl"
    pack.write_text(a_text()[:900])
    asks.write_text("{}")
    refused = CliRunner().invoke(main, ["need", "evaluate", str(asks), "--model", str(pack)])
    assert "pack.yaml is no pack:\nline 1: " in refused.output
