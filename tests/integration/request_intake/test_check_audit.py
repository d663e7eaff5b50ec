"""`remit check audit` on a division's own deeds."""

import pytest
from click.testing import CliRunner

from deploy.cli import check
from tests.support.postgres import Database
from tests.support.request_intake.division import SmallDivision


def test_it_prints_the_newest_entry_and_names_the_first_altered(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Found:
        database_url = database.url

    monkeypatch.setattr(check.StackAddress, "find", lambda _data: Found)
    SmallDivision(database).token()
    runner = CliRunner()

    whole = runner.invoke(check.command, ["audit"])
    assert (whole.exit_code, "The audit is whole" in whole.output) == (0, True)
    newest = whole.output.split()[-1]
    assert runner.invoke(check.command, ["audit", "--since", newest]).exit_code == 0
    gone = runner.invoke(check.command, ["audit", "--since", f"9999:{'0' * 64}"])
    assert (gone.exit_code, "9999 is gone" in gone.output) == (1, True)
    assert runner.invoke(check.command, ["audit", "--since", "x"]).exit_code == 2

    entries = database.sql("SELECT action FROM access.audit_entry ORDER BY number DESC LIMIT 2")
    assert [row[0] for row in entries] == ["token.issued", "model.published"]
    for statement in (
        "ALTER TABLE access.audit_entry DISABLE TRIGGER audit_entry_stays",
        "UPDATE access.audit_entry SET action = 'nothing.done' WHERE action = 'token.issued'",
        "ALTER TABLE access.audit_entry ENABLE TRIGGER audit_entry_stays",
    ):
        database.sql(statement)
    altered = runner.invoke(check.command, ["audit"])
    assert (altered.exit_code, "is not as it was written" in altered.output) == (1, True)
