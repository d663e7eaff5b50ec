"""Who appraises whom is kept once, by whoever may, of whom it can be, and told in the same transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from deploy.cli import main
from deploy.stack.address import StackAddress
from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.request_intake.handlers.appraising import Pair, Said
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.division import (
    MAYA,
    NOOR,
    OFFICE,
    SCHOOL_ID,
    SYSTEM,
    SmallDivision,
)

PATH = "/api/intake/v1/appraisals"
JO, ANN = an_id(130), an_id(131)
_KEEP = (
    "INSERT INTO request_intake.appraisal VALUES (:coach, :teacher, :version, true, 'test', now())"
)


@pytest.fixture
def division(database: Database) -> SmallDivision:
    return with_coaches(SmallDivision(database))


@pytest.fixture
def admin(division: SmallDivision) -> FlaskClient:
    return division.client(OFFICE, "admin")


def with_coaches(division: SmallDivision) -> SmallDivision:
    """Jo Lindqvist and Ann Teller, who coach."""
    rows = [
        PersonRow(id=id_, name=name, email=email, role="coach", school_id=SCHOOL_ID)
        for id_, name, email in (
            (JO, "Jo Lindqvist", "jo.lindqvist@larches.example.org"),
            (ANN, "Ann Teller", "ann.teller@larches.example.org"),
        )
    ]
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, rows)
    return division


def told(database: Database) -> list[dict[str, Any]]:
    query = "SELECT body->'data' AS data FROM bus.event WHERE name = 'appraisal.kept' ORDER BY recorded_at"
    return [row.data for row in database.sql(query)]


def pair(coach: UUID = JO, teacher: UUID = MAYA) -> str:
    return f"{PATH}/{coach}/{teacher}"


def test_what_is_said_is_listed_told_and_audited(
    division: SmallDivision, admin: FlaskClient
) -> None:
    assert admin.get(PATH).json == {"appraisals": []}
    said = admin.put(pair()).json
    assert said == {
        "coach_id": str(JO),
        "teacher_id": str(MAYA),
        "stands": True,
        "version": 1,
        "changed": True,
    }
    (listed,) = admin.get(PATH).json["appraisals"]
    assert listed["coach"] == {"id": str(JO), "name": "Jo Lindqvist", "school": "Tamarack School"}
    assert listed["teacher"]["name"] == "Maya Okafor"
    assert (listed["version"], listed["by"]) == (1, "Ada Brandt")
    (event,) = told(division.database)
    assert event == {
        "version": 1,
        "teacher_id": str(MAYA),
        "coach_id": str(JO),
        "stands": True,
    }
    (entry,) = division.database.sql(
        "SELECT actor, subject, facts FROM access.audit_entry WHERE action = 'appraisal.kept'"
    )
    assert (entry.actor, entry.subject) == (str(OFFICE), str(MAYA))
    assert entry.facts == {"coach": str(JO), "stands": True}


def test_versions_grow_with_each_word_that_changes_something(
    division: SmallDivision, admin: FlaskClient
) -> None:
    answers = [
        admin.put(pair()).json,
        admin.put(pair()).json,
        admin.delete(pair()).json,
        admin.delete(pair()).json,
        admin.put(pair()).json,
    ]
    said = [(one["stands"], one["version"], one["changed"]) for one in answers]
    assert said == [
        (True, 1, True),
        (True, 1, False),
        (False, 2, True),
        (False, 2, False),
        (True, 3, True),
    ]
    events = told(division.database)
    assert [(one["version"], one["stands"]) for one in events] == [
        (1, True),
        (2, False),
        (3, True),
    ]


def test_what_was_never_said_is_taken_away_without_a_word(
    division: SmallDivision, admin: FlaskClient
) -> None:
    answer = admin.delete(pair()).json
    assert (answer["stands"], answer["version"], answer["changed"]) == (False, 0, False)
    assert told(division.database) == []
    assert division.database.sql("SELECT * FROM request_intake.appraisal") == []


def test_of_two_admins_at_once_one_says_it_and_the_other_is_told(division: SmallDivision) -> None:
    keep = division.application.appraising.keep
    whom = Pair(coach_id=JO, teacher_id=MAYA)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: keep(OFFICE, whom, stands=True), range(2)))
    changed = [answer.changed for answer in answers if isinstance(answer, Said)]
    assert sorted(changed) == [False, True]
    assert len(told(division.database)) == 1


@pytest.mark.parametrize(
    ("coach", "teacher", "field", "right"),
    [
        (NOOR, MAYA, "coach_id", "a person with the role coach"),
        (OFFICE, MAYA, "coach_id", "a person with the role coach"),
        (JO, OFFICE, "teacher_id", "a person with the role teacher"),
        (JO, ANN, "teacher_id", "a person with the role teacher"),
        (JO, JO, "teacher_id", "another person: nobody appraises herself"),
    ],
)
def test_who_can_not_is_refused_and_the_field_is_named(
    admin: FlaskClient, division: SmallDivision, coach: UUID, teacher: UUID, field: str, right: str
) -> None:
    refused = admin.put(pair(coach, teacher))
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    (error,) = refused.json["errors"]
    assert (error["field"], error["right"]) == (field, right)
    assert division.database.sql("SELECT * FROM request_intake.appraisal") == []


def test_one_who_teaches_and_coaches_is_appraised_by_another_never_by_herself(
    admin: FlaskClient, division: SmallDivision
) -> None:
    division.database.sql(
        "INSERT INTO access.role (actor_id, role) VALUES (:id, 'teacher')", id=ANN
    )
    assert admin.put(pair(JO, ANN)).status_code == 200
    (error,) = admin.put(pair(ANN, ANN)).json["errors"]
    assert error["message"] == "is the coach herself"


@pytest.mark.parametrize("method", ["put", "delete"])
@pytest.mark.parametrize(
    ("coach", "teacher", "fields"),
    [
        (str(an_id(999)), str(MAYA), ["coach_id"]),
        (str(JO), "nobody", ["teacher_id"]),
        (str(an_id(998)), str(an_id(999)), ["coach_id", "teacher_id"]),
    ],
)
def test_who_is_nobody_here_is_not_found_and_named(
    admin: FlaskClient, method: str, coach: str, teacher: str, fields: list[str]
) -> None:
    answer = getattr(admin, method)(f"{PATH}/{coach}/{teacher}")
    assert answer.status_code == 404
    assert [error["field"] for error in answer.json["errors"]] == fields


def test_only_admins_find_anything_there(division: SmallDivision) -> None:
    for person, role in ((MAYA, "teacher"), (JO, "coach")):
        client = division.client(person, role)
        assert client.get(PATH).status_code == 404
        assert client.put(pair()).status_code == 404
    assert division.app.test_client().get(PATH).status_code == 401


@pytest.mark.parametrize(
    ("coach", "teacher", "constraint"),
    [
        (JO, JO, "appraisal_is_of_another|appraisal_is_of_a_teacher|only a teacher"),
        (NOOR, MAYA, "only a coach appraises"),
        (JO, OFFICE, "only a teacher is appraised"),
        (JO, an_id(999), "only a teacher is appraised"),
    ],
)
def test_the_database_itself_refuses_who_can_not(
    division: SmallDivision, coach: UUID, teacher: UUID, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        division.database.sql(_KEEP, coach=coach, teacher=teacher, version=1)


def test_the_database_itself_refuses_a_word_that_would_be_old_news(
    division: SmallDivision,
) -> None:
    division.database.sql(_KEEP, coach=JO, teacher=MAYA, version=1)
    with pytest.raises(IntegrityError, match="the next version"):
        division.database.sql("UPDATE request_intake.appraisal SET stands = false")


def test_people_are_found_by_any_part_of_a_name_or_by_their_address(
    division: SmallDivision,
) -> None:
    find = division.application.appraising.find

    def names(typed: str, role: str = "teacher") -> list[str]:
        return [one.name for one in find(typed, role).people]

    assert names("okafor MAYA") == ["Maya Okafor"]
    assert names("a") == ["Maya Okafor", "Noor Haddad"]
    assert names("Maya.Okafor@larches.example.org") == ["Maya Okafor"]
    assert names("100%") == names("  ") == names("lindqvist") == []
    assert names("lindqvist", "coach") == ["Jo Lindqvist"]
    division.database.sql("UPDATE access.actor SET disabled_at = now() WHERE id = :id", id=MAYA)
    assert names("okafor") == []


def test_a_whole_address_is_hers_alone(division: SmallDivision) -> None:
    ann = PersonRow(
        id=an_id(132),
        name="Anna Noor",
        email="x.noor.haddad@larches.example.org",
        role="teacher",
        school_id=SCHOOL_ID,
    )
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, [ann])
    find = division.application.appraising.find
    assert len(find("noor.haddad", "teacher").people) == 2
    (found,) = find("noor.haddad@larches.example.org", "teacher").people
    assert found.id == NOOR


def test_of_many_of_a_name_some_are_shown_and_it_is_said(division: SmallDivision) -> None:
    rows = [
        PersonRow(
            id=an_id(200 + n),
            name=f"Sam Many {n:02}",
            email=f"sam{n}@larches.example.org",
            role="teacher",
            school_id=SCHOOL_ID,
        )
        for n in range(14)
    ]
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, rows)
    found = division.application.appraising.find("sam many", "teacher")
    assert (len(found.people), found.more) == (12, True)


@pytest.fixture
def remit(division: SmallDivision, tmp_path: Path) -> Callable[..., Result]:
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

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            main, ["person", "appraises", *arguments, "--data", str(tmp_path)]
        )

    return run


def test_the_terminal_says_it_by_addresses_and_takes_it_back(
    division: SmallDivision, remit: Callable[..., Result]
) -> None:
    two = ("Jo.Lindqvist@larches.example.org", "maya.okafor@larches.example.org")
    first = remit(*two)
    assert first.exit_code == 0
    assert first.output.strip() == f"{JO} appraises {MAYA}. Whom it concerns is told."
    assert "It was so already." in remit(*two).output
    assert f"{JO} does not appraise {MAYA}. Whom" in remit(*two, "--no-longer").output
    assert [(one["version"], one["stands"]) for one in told(division.database)] == [
        (1, True),
        (2, False),
    ]


def test_the_terminal_names_what_is_wrong_and_what_would_be_right(
    division: SmallDivision, remit: Callable[..., Result]
) -> None:
    jo, maya = "jo.lindqvist@larches.example.org", "maya.okafor@larches.example.org"
    for arguments, said in (
        ((maya, maya), "COACH: is no coach; give a person with the role coach"),
        ((jo, jo), "TEACHER: is the coach herself; give another person"),
        (("gone@larches.example.org", maya), "COACH: nobody here has this address"),
        ((jo, "gone@larches.example.org"), "TEACHER: nobody here has this address"),
    ):
        refused = remit(*arguments)
        assert refused.exit_code == 2
        assert said in " ".join(refused.output.split())
        assert "gone@" not in refused.output
    assert told(division.database) == []
