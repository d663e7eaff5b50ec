"""An admin hands the model on, lays another division's beside it, and takes parts of it with credit."""

import io

import pytest

from services.request_intake.adapters import packs
from services.request_intake.domain.pack import Pack
from tests.support.pages import Hand, PagesDivision
from tests.support.request_intake.division import MAYA, OFFICE
from tests.support.request_intake.packs import a_pack, a_text


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


def theirs() -> Pack:
    """Another division's: a coach type of its own, and another title for a topic."""
    pack = a_pack()
    document = pack.document
    art = {**document["coach_types"][0], "key": "art", "name": "Art <b>coach</b>", "aliases": ()}
    document["coach_types"] = (*document["coach_types"], art)
    document["topics"][0]["title"] = "Settling in"
    return packs.read(packs.write(pack))


def uploads(admin: Hand, raw: bytes) -> int:
    admin.get("/model/packs")
    file = (io.BytesIO(raw), "pack.yaml")
    return admin.post("/model/packs", pack=file).status_code  # type: ignore[arg-type]


def test_the_model_is_downloaded_as_a_pack(admin: Hand) -> None:
    assert "Download the pack" in admin.get("/model/packs").text
    file = admin.get("/model/pack.yaml?of=1&title=Ours&licence=CC0-1.0")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.mimetype == "application/yaml"
    pack = packs.read(file.data)
    assert (pack.title, pack.licence) == ("Ours", "CC0-1.0")
    assert pack.document == a_pack().document
    assert admin.get("/model/pack.yaml?of=draft").status_code == 404
    assert admin.get("/model/pack.yaml?of=7").status_code == 404
    assert admin.get("/model/pack.yaml?of=1&licence=MINE").status_code == 422
    assert "one of these licences: CC-BY-4.0" in admin.page


def test_parts_of_another_s_are_seen_side_by_side_and_taken_with_credit(
    division: PagesDivision, admin: Hand
) -> None:
    raw = packs.write(theirs())
    assert uploads(admin, raw) == 200
    for said in ("Beside version 1.", "Settling in", "Only theirs has it", "Take theirs"):
        assert said in admin.page
    assert (
        "Art &lt;b&gt;coach" in admin.client.post("/model/packs", data={}, buffered=True).text
        or "Art <b>coach</b>" in admin.page
    )

    taken = admin.post(
        "/model/packs/adopt", pack=raw.decode(), revision="0", part="coach_types[art]"
    )
    assert taken.status_code == 303
    admin.get("/model/draft")
    assert "Credit: Larches' model (CC-BY-4.0)" in admin.page
    draft = division.application.drafting.draft()
    assert draft
    assert draft.document["coach_types"][-1]["key"] == "art"
    assert draft.document["topics"][0]["title"] != "Settling in"

    admin.post("/model/draft/publish", revision=str(draft.revision), reason="Art.")
    admin.get("/what-coaches-do")
    assert "Parts of this are from:" in admin.page
    assert "Larches' model" in admin.page


def test_the_second_of_two_writers_is_told_and_keeps_her_ticks(
    division: PagesDivision, admin: Hand
) -> None:
    raw = packs.write(theirs())
    uploads(admin, raw)
    division.application.drafting.begin(OFFICE, 1)
    told = admin.post(
        "/model/packs/adopt", pack=raw.decode(), revision="0", part="coach_types[art]"
    )
    assert told.status_code == 409
    assert "Somebody changed the draft" in told.text
    assert 'value="coach_types[art]" checked' in told.text
    assert "Beside the draft." in told.text
    admin.post("/model/packs/adopt", pack=raw.decode(), revision="1", part="coach_types[art]")
    draft = division.application.drafting.draft()
    assert draft
    assert draft.revision == 2
    assert admin.post("/model/packs/import", pack=raw.decode()).status_code == 409
    assert division.application.drafting.draft() == draft


def test_a_whole_pack_becomes_the_draft(division: PagesDivision, admin: Hand) -> None:
    raw = packs.write(theirs())
    uploads(admin, raw)
    assert admin.post("/model/packs/import", pack=raw.decode()).status_code == 303
    draft = division.application.drafting.draft()
    assert draft
    assert draft.document["topics"][0]["title"] == "Settling in"
    assert division.application.model().version == 1


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (a_text().replace("promise: ", "promise: !!python/name:os.system ", 1), "tags (!name)"),
        (a_text().replace("target: https://", "target: javascript:", 1), "begins with https://"),
        (a_text()[:9_000], "it may be cut off"),
        ("", "Choose a file first."),
    ],
)
def test_a_faulty_file_is_refused_with_its_lines(
    division: PagesDivision, admin: Hand, raw: str, said: str
) -> None:
    assert uploads(admin, raw.encode()) == 422
    assert said in admin.page
    assert admin.post("/model/packs/adopt", pack=raw, part="topics[x]").status_code == 422
    assert admin.post("/model/packs/import", pack=raw).status_code == 422
    assert division.application.drafting.draft() is None


def test_nothing_ticked_takes_nothing_and_a_large_file_is_refused(admin: Hand) -> None:
    uploads(admin, a_text().encode())
    assert "Every entry is the same in both." in admin.page
    admin.get("/model/packs")
    assert admin.post("/model/packs/adopt", pack=a_text(), revision="0").status_code == 422
    assert uploads(admin, b"#" * 1_100_000) == 413


def test_it_speaks_french(admin: Hand) -> None:
    shown = admin.get("/model/packs", **{"Accept-Language": "fr"})
    assert "Télécharger le paquet" in shown.text


def test_a_teacher_does_not_find_it(division: PagesDivision) -> None:
    teacher = Hand(division, MAYA)
    for path in ("/model/packs", "/model/pack.yaml?of=1"):
        assert teacher.get(path).status_code == 404


def test_whose_parts_were_taken_everybody_can_read_once_it_is_published(
    division: PagesDivision, admin: Hand
) -> None:
    text = packs.write(theirs()).decode()
    uploads(admin, text.encode())
    admin.post("/model/packs/adopt", revision="0", pack=text, part="coach_types[art]")
    draft = division.application.drafting.draft()
    assert draft
    admin.get("/model/draft")
    admin.post("/model/draft/publish", revision=str(draft.revision), reason="We have an art coach.")
    everybody = Hand(division, None).get("/what-coaches-do").text
    assert "Parts of this are from:" in everybody
    assert "CC-BY-4.0" in everybody
