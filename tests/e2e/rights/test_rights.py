"""Every way in, as everybody: nobody gets further than the matrix says, and no check may be missing."""

from collections.abc import Callable, Iterator
from unittest.mock import ANY

import pytest
from sqlalchemy import text

from services.request_intake.adapters import unit_of_work
from services.request_intake.adapters.rows import requests, to_request
from services.request_intake.adapters.tables import request
from services.request_intake.entrypoints.api import admins
from services.request_intake.entrypoints.pages import rights
from services.scheduler.domain.explained import ExplainedMatch
from shared.access import tokens
from shared.http import browser
from tests.e2e.rights.matrix import MATRIX
from tests.support.postgres import Server
from tests.support.rights import World, walk
from tests.support.smtp import mail_server

Break = Callable[[World, pytest.MonkeyPatch], None]


@pytest.fixture
def world(postgres: Server) -> Iterator[World]:
    with postgres.clone() as database, mail_server() as server:
        world = World(database, server.url)
        world.hold_and_close()
        yield world
        world.close()


def test_everybody_gets_exactly_as_far_as_the_matrix_says(world: World) -> None:
    assert walk(world, MATRIX) == []
    assert MATRIX.keys() == {route.name for route in world.routes()}


def every_role_may(_world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rights, "may", lambda _role, _endpoint: True)


def anybody_drafts(_world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admins, "_ADMIN", ANY)


def a_match_is_explained_to_all(_world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ExplainedMatch, "as_seen_by", lambda self, _person, _role: self)


def disabled_accounts_keep_their_tokens(_world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        tokens, "_WHO_BEARS", text(tokens.WHO_BEARS.replace("AND actor.disabled_at IS NULL", ""))
    )


def forms_of_other_sites_are_taken(_world: World, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(browser._csrf, "protect", lambda: None)


def both_walls_before_a_request_are_gone(world: World, patch: pytest.MonkeyPatch) -> None:
    the_first_wall_is_gone(world, patch)
    world.database.sql("ALTER TABLE request_intake.request DISABLE ROW LEVEL SECURITY")


def the_first_wall_is_gone(_world: World, patch: pytest.MonkeyPatch) -> None:
    def of_anybody(self: unit_of_work.SqlRequests, _teacher: object, id_: object) -> object:
        rows = self._connection.execute(requests().where(request.c.id == id_)).mappings()
        row = rows.one_or_none()
        return None if row is None else to_request(row)

    patch.setattr(unit_of_work.SqlRequests, "of_teacher", of_anybody)


@pytest.mark.parametrize(
    ("broken", "finding"),
    [
        (every_role_may, "GET /model: is open to owner"),
        (anybody_drafts, "GET /api/intake/v1/draft: is open to coach"),
        (
            a_match_is_explained_to_all,
            "GET /api/scheduler/v1/requests/<request_id>/match: is open to colleague",
        ),
        (
            disabled_accounts_keep_their_tokens,
            "GET /api/notifier/v1/notices: is open to disabled",
        ),
        (forms_of_other_sites_are_taken, "POST /ask: takes a forged form of owner"),
        (
            both_walls_before_a_request_are_gone,
            "GET /requests/<request_id>: is open to colleague",
        ),
    ],
)
def test_a_check_that_is_taken_away_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: Break, finding: str
) -> None:
    broken(world, monkeypatch)
    assert finding in walk(world, MATRIX)


def test_row_security_holds_where_a_query_forgets_whose_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    the_first_wall_is_gone(world, monkeypatch)
    assert walk(world, MATRIX) == []
