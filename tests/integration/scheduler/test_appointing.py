"""An admin appoints a coach: within the published model, told when somebody else did, and who waits is matched."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.scheduler.domain.appointment import AppointedCoach, Offer
from services.scheduler.entrypoints.web import create_app
from services.scheduler.handlers.appointing import NotPublished, OffersChanged, StillNeeded
from shared.events.vocabulary import CoachTypeTerms, Combination, TopicTerms
from shared.identity import new_id
from tests.support.scheduler.builders import (
    COLLABORATION,
    COMBINATIONS,
    CONSULTATION,
    LITERACY,
    OFFERS,
    TOPICS,
    TYPES,
    Division,
    a_coach,
    a_model,
    a_request,
    an_id,
)
from tests.support.scheduler.people import token_for

ANA, OFFICE = an_id("ana"), an_id("office")
WEB = "web"
HERS = frozenset(Offer(coach_type=kind, support_mode=mode) for kind, mode in OFFERS)
NEW = Offer(coach_type=WEB, support_mode=CONSULTATION)


def publish_a_fifth_type(division: Division) -> None:
    division.hear(
        a_model(
            2,
            coach_types=(
                *TYPES,
                CoachTypeTerms(key=WEB, name="Web coach", sessions_per_day=4, weekly_minutes=600),
            ),
            topics=(*TOPICS, TopicTerms(key="school_page", title="A page for families")),
            combinations=(
                *COMBINATIONS,
                Combination(coach_type=WEB, topic="school_page", support_mode=CONSULTATION),
            ),
        )
    )


def an_ask_for_it() -> Any:
    return a_request(model_version=2, topic="school_page", coach_types=(WEB,))


def appoint(division: Division, wanted: frozenset[Offer], seen: frozenset[Offer] = HERS) -> Any:
    return division.application.appoint(OFFICE, ANA, wanted, seen=seen)


def test_who_waits_for_a_new_coach_type_is_booked_when_a_coach_is_appointed(
    division: Division,
) -> None:
    publish_a_fifth_type(division)
    division.hear(an_ask_for_it())
    assert division.sessions() == []

    answer = appoint(division, HERS | {NEW})
    division.drain()

    assert isinstance(answer, AppointedCoach)
    assert answer.offers == HERS | {NEW}
    (session,) = division.sessions()
    assert (session.coach_id, session.coach_type, session.model_version) == (ANA, WEB, 2)
    assert division.database.sql("SELECT action, facts ->> 'offers' FROM access.audit_entry") == [
        ("coach.offers_changed", "3")
    ]


def test_what_no_version_publishes_is_never_offered(division: Division) -> None:
    strange = Offer(coach_type=WEB, support_mode=CONSULTATION)
    assert appoint(division, HERS | {strange}) == NotPublished(offers=(strange,))
    publish_a_fifth_type(division)
    more = Offer(coach_type=WEB, support_mode=COLLABORATION)
    assert appoint(division, HERS | {more}) == NotPublished(offers=(more,))


def test_the_second_of_two_admins_is_told_and_nothing_is_written(division: Division) -> None:
    one = Offer(coach_type=LITERACY, support_mode=CONSULTATION)
    assert isinstance(appoint(division, frozenset({one})), AppointedCoach)
    answer = appoint(division, frozenset())
    assert isinstance(answer, OffersChanged)
    assert answer.now.offers == {one}


def test_what_a_meeting_needs_stays(division: Division) -> None:
    division.hear(a_request())
    answer = appoint(division, frozenset())
    assert isinstance(answer, StillNeeded)
    assert [(one.offer.support_mode, one.meetings) for one in answer.in_use] == [(CONSULTATION, 1)]
    less = frozenset({Offer(coach_type=LITERACY, support_mode=CONSULTATION)})
    assert isinstance(appoint(division, less), AppointedCoach)


def test_an_offer_of_an_older_version_may_stay(division: Division) -> None:
    publish_a_fifth_type(division)
    appoint(division, HERS | {NEW})
    division.hear(a_model(3))
    less = frozenset({NEW})
    assert isinstance(appoint(division, less, seen=HERS | {NEW}), AppointedCoach)


def test_nobody_is_appointed_who_is_no_coach(division: Division) -> None:
    assert division.application.appoint(OFFICE, new_id(), frozenset(), seen=frozenset()) is None


@pytest.fixture
def client(division: Division) -> FlaskClient:
    client = create_app(division.application).test_client()
    token = token_for(division, OFFICE, "admin")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


def sent(offers: frozenset[Offer]) -> list[dict[str, str]]:
    return [vars(offer) for offer in sorted(offers)]


def put(client: FlaskClient, coach: UUID, **body: Any) -> Any:
    return client.put(f"/api/scheduler/v1/coaches/{coach}/offers", json=body)


def test_the_same_by_program(division: Division, client: FlaskClient) -> None:
    publish_a_fifth_type(division)
    listed = client.get("/api/scheduler/v1/coaches").json
    assert vars(NEW) in listed["offerable"]
    (ana,) = listed["coaches"]
    assert ana["offers"] == sent(HERS)
    done = put(client, ANA, offers=sent(HERS | {NEW}), seen=ana["offers"])
    assert done.status_code == 200
    assert done.json["offers"] == sent(HERS | {NEW})
    assert put(client, ANA, offers=[], seen=ana["offers"]).status_code == 409
    assert put(client, new_id(), offers=[], seen=[]).status_code == 404


def test_a_program_is_told_which_offer_is_wrong(division: Division, client: FlaskClient) -> None:
    refused = put(client, ANA, offers=[*sent(HERS), vars(NEW)], seen=sent(HERS))
    assert refused.status_code == 422
    (fault,) = refused.json["errors"]
    assert fault["field"] == "offers.2"
    assert "published" in fault["message"]
    division.hear(a_request())
    needed = put(client, ANA, offers=[], seen=sent(HERS))
    assert needed.status_code == 409
    assert "literacy by consultation (1)" in needed.json["detail"]


def test_coaches_without_any_type_and_types_without_a_coach_are_named(division: Division) -> None:
    division.with_coaches(a_coach("bo", offers=()))
    publish_a_fifth_type(division)
    coaches, offerable = division.application.coaches()
    assert [coach.name for coach in coaches if not coach.offers] == ["Bo"]
    assert offerable.types[WEB] == "Web coach"
