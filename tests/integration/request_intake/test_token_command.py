"""`remit token`: issue, use, list, revoke."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deploy.cli import main
from deploy.stack.address import StackAddress
from tests.support.postgres import Database
from tests.support.request_intake.division import MAYA, REQUESTS, SmallDivision

Remit = Callable[..., Result]

EMAIL = "maya.okafor@larches.example.org"


@pytest.fixture
def remit(database: Database, tmp_path: Path) -> Remit:
    StackAddress(
        web_url="",
        database_url=database.url,
        owner_database_url=database.owner_url,
        broker_url="",
        smtp_url="",
        sink_url="",
        mail_folder="",
        data=str(tmp_path),
        run="",
    ).save()
    runner = CliRunner()

    def run(*arguments: str) -> Result:
        return runner.invoke(main, ["token", *arguments, "--data", str(tmp_path)])

    return run


def test_a_token_is_good_until_it_is_revoked(database: Database, remit: Remit) -> None:
    division = SmallDivision(database)

    token = remit("create", "--email", EMAIL.title(), "--label", "laptop").output.strip()

    headers = {"Authorization": f"Bearer {token}"}
    assert division.app.test_client().get(REQUESTS, headers=headers).status_code == 200
    assert "Maya" in remit("list").output

    ((token_id,),) = database.sql("SELECT id FROM access.token")
    assert remit("revoke", str(token_id)).exit_code == 0
    assert division.app.test_client().get(REQUESTS, headers=headers).status_code == 401
    assert remit("revoke", str(token_id)).exit_code == 1


def test_only_its_hash_is_stored(database: Database, remit: Remit) -> None:
    SmallDivision(database)

    token = remit("create", "--person", str(MAYA)).output.strip()

    rows = database.sql("SELECT to_json(token)::text FROM access.token")
    assert token not in json.dumps([str(row[0]) for row in rows])


def test_nobody_gets_a_token_for_a_role_that_is_not_hers(database: Database, remit: Remit) -> None:
    SmallDivision(database)

    refused = remit("create", "--email", EMAIL, "--role", "admin")

    assert refused.exit_code == 1
    assert "has no role admin" in refused.output
    assert remit("create", "--email", "nobody@example.org").exit_code == 1
    assert remit("create").exit_code == 2
