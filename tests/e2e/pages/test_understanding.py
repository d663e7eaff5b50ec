"""Being understood: copies by mail, also to who joins later; and the pulse, counted by school, never by name."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.request_intake.domain.pulse import STATEMENTS, statements
from services.request_intake.domain.request import Asker
from shared.clock import utc_now
from shared.database.transaction import transaction
from tests.support.events import an_id
from tests.support.notifier.letters import words_of_letter
from tests.support.notifier.rig import Rig, a_mailer, a_rig
from tests.support.pages import Hand, PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.builders import starter, starter_document
from tests.support.request_intake.division import MAYA, NOOR, OFFICE, SCHOOL_ID, SYSTEM
from tests.support.smtp import MailServer, mail_server
from tests.support.waiting import until

PAGE = "/understanding"


@pytest.fixture
def admin(division: PagesDivision) -> Hand:
    return Hand(division, OFFICE)


@pytest.fixture
def post(database: Database) -> Iterator[tuple[Rig, MailServer]]:
    with mail_server() as server, a_rig(database, a_mailer(server)) as rig:
        yield rig, server


def joins(division: PagesDivision, number: int, language: str = "en") -> UUID:
    """A teacher of Maya's school."""
    row = PersonRow(
        id=an_id(500 + number),
        name=f"Teacher {number}",
        email=f"teacher{number}@larches.example.org",
        role="teacher",
        school_id=SCHOOL_ID,
        language=language,
    )
    with transaction(division.engine, SYSTEM) as connection:
        load_people(connection, [row])
    return row.id


def the_clock_comes(division: PagesDivision) -> None:
    division.database.sql("UPDATE bus.timer SET due_at = now() WHERE name = 'send_copies'")
    due = "SELECT count(*) FROM bus.timer WHERE name = 'send_copies' AND due_at <= now()"

    def ran() -> bool:
        division.application.drain.run()
        return division.database.sql(due) == [(0,)]

    until(ran, 60)


def readers(post: tuple[Rig, MailServer], count: int) -> list[str]:
    rig, server = post
    until(lambda: rig.run() is not None and len(server.received) >= count, 60)
    rig.run()
    return sorted(address for letter in server.received for address in letter.readers)


def test_every_teacher_is_sent_her_copy_once_and_who_joins_later_gets_hers(
    division: PagesDivision, admin: Hand, post: tuple[Rig, MailServer]
) -> None:
    the_clock_comes(division)
    assert division.database.sql(
        "SELECT count(*) FROM bus.event WHERE name = 'model.copy_sent'"
    ) == [(0,)]
    admin.get(PAGE)
    assert admin.post(f"{PAGE}/copies").location == PAGE
    the_clock_comes(division)
    the_clock_comes(division)
    first = ["maya.okafor@larches.example.org", "noor.haddad@larches.example.org"]
    assert readers(post, 2) == first
    assert "Sent by mail: 2 of 2" in admin.get(PAGE).text
    text, html = words_of_letter(post[1].received[0].content)
    assert "http" in text
    assert "/what-coaches-do" in text
    assert "/what-coaches-do" in html

    joins(division, 1, language="fr")
    the_clock_comes(division)
    assert readers(post, 3) == [*first, "teacher1@larches.example.org"]
    assert "votre exemplaire" in words_of_letter(post[1].received[-1].content)[0].lower()

    admin.get(PAGE)
    admin.post(f"{PAGE}/copies")
    the_clock_comes(division)
    assert len(readers(post, 3)) == 3


def test_a_new_version_goes_to_everybody_only_when_an_admin_sends_it_but_newcomers_get_it(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    admin.get(PAGE)
    admin.post(f"{PAGE}/copies")
    the_clock_comes(division)
    drafting = division.application.drafting
    draft = drafting.begin(OFFICE, 1)
    assert draft
    admin.get("/model/draft")
    admin.post("/model/draft/publish", revision="1", reason="The same again.")
    newcomer = joins(division, 2)
    the_clock_comes(division)
    mailed = "SELECT person_id, model_version FROM request_intake.own_copy WHERE way = 'mail'"
    assert set(map(tuple, database.sql(mailed))) == {(MAYA, 1), (NOOR, 1), (newcomer, 2)}
    admin.get(PAGE)
    admin.post(f"{PAGE}/copies")
    the_clock_comes(division)
    assert set(map(tuple, database.sql(mailed))) >= {(MAYA, 2), (NOOR, 2)}


def opens(admin: Hand, days: int = 7) -> None:
    admin.get(PAGE)
    closes = (utc_now() + timedelta(days=days)).date().isoformat()
    assert admin.post(f"{PAGE}/pulse", name="Autumn", closes_on=closes).status_code == 303


def answers(division: PagesDivision, person: UUID, right: int) -> str:
    """She answers so many rightly: what she is told."""
    hand = Hand(division, person)
    hand.get("/pulse")
    pulse = division.application.pulsing.current()
    assert pulse
    asked = statements(starter(), pulse.id, person)
    given = {
        f"answer.{place}": ("yes" if one.is_coaching else "no") if place < right else "not_sure"
        for place, one in enumerate(asked)
    }
    assert hand.post("/pulse", **given).status_code == 200
    return hand.page


def test_a_pulse_is_answered_once_told_at_once_and_counted_for_schools_of_five_or_more(
    division: PagesDivision, admin: Hand
) -> None:
    assert "No pulse is open" in Hand(division, MAYA).get("/pulse").text
    opens(admin)
    assert "One minute for us?" in Hand(division, MAYA).get("/requests").text
    page = answers(division, MAYA, right=STATEMENTS)
    assert f"{STATEMENTS} of {STATEMENTS} were as the coaching model says" in page
    assert "Thank you, you have answered" in Hand(division, MAYA).get("/pulse").text
    assert "One minute for us?" not in Hand(division, MAYA).get("/requests").text
    assert "Too few to show" in admin.get(PAGE).text

    for number in range(4):
        answers(division, joins(division, number), right=4)
    text = admin.get(PAGE).text
    assert "5 people answered" in text
    assert "60 % as the model says" in text
    assert "Tamarack School" in text
    assert "Teacher 1" not in text
    answers(division, NOOR, right=0)
    # One of Birch School: to show Tamarack's five beside all six would tell her answers.
    assert admin.get(PAGE).text.count("Too few to show") == 2


def test_a_missing_answer_is_asked_for_and_the_others_are_kept(
    division: PagesDivision, admin: Hand
) -> None:
    opens(admin)
    hand = Hand(division, MAYA)
    hand.get("/pulse")
    assert hand.post("/pulse", **{"answer.0": "yes"}).status_code == 422
    assert "has no answer yet" in hand.page
    assert hand.page.count(" checked") == 1
    hand.get("/pulse")
    assert "Which of these" in hand.page


def test_one_pulse_at_a_time_with_a_name_and_a_day_and_closed_at_its_end(
    division: PagesDivision, admin: Hand, database: Database
) -> None:
    later = (utc_now() + timedelta(days=9)).date().isoformat()
    for fields, said in (
        ({"name": "", "closes_on": later}, "Give it a name"),
        ({"name": "Autumn", "closes_on": "soon"}, "until which day"),
        ({"name": "Autumn", "closes_on": "2020-01-01"}, "until which day"),
    ):
        admin.get(PAGE)
        assert admin.post(f"{PAGE}/pulse", **fields).status_code == 422
        assert said in admin.page
    opens(admin)
    token = admin.get(PAGE)
    assert token.status_code == 200
    assert admin.post(f"{PAGE}/pulse", name="Another", closes_on=later).status_code == 409
    database.sql("UPDATE request_intake.pulse SET closes_on = '2020-01-01'")
    assert "No pulse is open" in Hand(division, MAYA).get("/pulse").text
    opens(admin)
    (pulse,) = database.sql("SELECT id FROM request_intake.pulse WHERE closed_at IS NULL")
    admin.get(PAGE)
    assert admin.post(f"{PAGE}/pulse/{pulse[0]}/close").status_code == 303
    assert "No pulse is open" in Hand(division, MAYA).get("/pulse").text


def test_who_answered_is_hers_alone_to_see(division: PagesDivision, admin: Hand) -> None:
    opens(admin)
    answers(division, MAYA, right=1)
    query = "SELECT count(*) FROM request_intake.pulse_answered"
    for actor, seen in ((str(MAYA), 1), (str(NOOR), 0), (str(OFFICE), 0), (SYSTEM, 0)):
        with transaction(division.engine, actor) as connection:
            assert connection.exec_driver_sql(query).scalar_one() == seen


def test_a_pulse_asks_by_the_version_it_was_opened_under(
    division: PagesDivision, admin: Hand
) -> None:
    opens(admin)
    pulse = division.application.pulsing.current()
    assert pulse
    asker: Asker = division.asker(MAYA)
    before = division.application.pulsing.statements(pulse, asker)
    document = starter_document()
    for topic in document["topics"]:
        topic["title"] = f"New: {topic['title']}"
    draft = division.application.drafting.begin(OFFICE, 1)
    assert draft
    division.application.drafting.change(OFFICE, document, seen=1)
    admin.get("/model/draft")
    admin.post("/model/draft/publish", revision="2", reason="Other titles.")
    assert division.application.pulsing.statements(pulse, asker) == before
