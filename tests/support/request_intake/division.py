"""A small division in a real database, with its application and a client for its API."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from services.request_intake.adapters.bulk_load import (
    PersonRow,
    SchoolRow,
    load_people,
    load_schools,
)
from services.request_intake.bootstrap import Application, build
from services.request_intake.config import Settings
from services.request_intake.domain.request import Asker
from services.request_intake.entrypoints.web import create_app
from services.request_intake.handlers.publishing import Publication
from shared.access.tokens import issue
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.postgres import Database
from tests.support.request_intake.builders import starter_document

SCHOOL_ID, OTHER_SCHOOL_ID = an_id(100), an_id(101)
MAYA, NOOR, OFFICE = an_id(110), an_id(111), an_id(112)
REQUESTS = "/api/intake/v1/requests"
SYSTEM = "system:request_intake"
NOBODY_LISTENS = "redis://127.0.0.1:1/0"

_SCHOOLS = (
    SchoolRow(id=SCHOOL_ID, key="tamarack", name="Tamarack School"),
    SchoolRow(id=OTHER_SCHOOL_ID, key="birch", name="Birch School"),
)
_PEOPLE = (
    PersonRow(
        id=MAYA,
        name="Maya Okafor",
        email="Maya.Okafor@larches.example.org",
        role="teacher",
        school_id=SCHOOL_ID,
        room="12",
    ),
    PersonRow(
        id=NOOR,
        name="Noor Haddad",
        email="noor.haddad@larches.example.org",
        role="teacher",
        school_id=OTHER_SCHOOL_ID,
    ),
    PersonRow(
        id=OFFICE,
        name="Ada Brandt",
        email="ada.brandt@larches.example.org",
        role="admin",
        school_id=None,
    ),
)


@dataclass
class SmallDivision:
    """Two schools, two teachers, an admin, the starter model as version 1."""

    database: Database
    broker_url: str = NOBODY_LISTENS
    changes: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        settings = Settings(
            database_url=self.database.url,
            broker_url=self.broker_url,
            public_url="http://localhost",
            secret_key="0123456789abcdefghijklmnopqrstuvwxyz",
            **self.changes,
        )
        self.application: Application = build(settings)
        self.database.engines += [self.application.engine, self.application.desk.statements.engine]
        with transaction(self.engine, SYSTEM) as connection:
            load_schools(connection, _SCHOOLS, utc_now())
            load_people(connection, _PEOPLE)
        self.application.publish(
            Publication(document=starter_document(), published_by=SYSTEM, reason="starter")
        )
        self.app: Flask = create_app(self.application)

    @property
    def engine(self) -> Engine:
        return self.application.engine

    def asker(self, person_id: UUID = MAYA) -> Asker:
        found = self.application.asker(person_id)
        assert found
        return found

    def token(self, person_id: UUID = MAYA, role: str = "teacher", days: float = 1) -> str:
        with transaction(self.engine, SYSTEM) as connection:
            expires_at = utc_now() + timedelta(days=days)
            return issue(connection, actor_id=person_id, role=role, expires_at=expires_at)

    def client(self, person_id: UUID = MAYA, role: str = "teacher") -> FlaskClient:
        """A client that bears a token of this person."""
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.token(person_id, role)}"
        return client

    def counts(self) -> tuple[int, int, int]:
        """How many requests, events and deliveries of requests there are."""
        ((requests, events, deliveries),) = self.database.sql(
            "SELECT (SELECT count(*) FROM request_intake.request),"
            " (SELECT count(*) FROM bus.event WHERE name LIKE 'request.%'),"
            " (SELECT count(*) FROM bus.delivery WHERE name LIKE 'request.%')"
        )
        return int(str(requests)), int(str(events)), int(str(deliveries))


def an_ask_body(**changes: Any) -> dict[str, Any]:
    """The JSON of an ask in remit."""
    return {"words": "Could we plan my unit on fractions?", "topic": "unit_planning", **changes}
