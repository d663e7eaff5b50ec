"""A division with somebody of every kind in it, and a walk over every route as each of them.

What each may reach stands in `tests/e2e/rights/matrix.py`, apart from what the product says of itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from deploy.composition import PREFIXES, by_path
from services.notifier import bootstrap as notifier
from services.notifier.config import Settings as NotifierSettings
from services.notifier.entrypoints.web import create_app as notifier_app
from services.request_intake.adapters.bulk_load import PersonRow, load_people
from services.scheduler import bootstrap as scheduler
from services.scheduler.adapters.bulk_load import CoachSeed, HoursSeed, load_coaches
from services.scheduler.domain.availability import ExceptionKind
from services.scheduler.domain.away import Away
from services.scheduler.domain.closing import Declaration
from services.scheduler.domain.school_time import SchoolTime
from services.scheduler.domain.weights import Weights
from services.scheduler.entrypoints.web import create_app as scheduler_app
from services.scheduler.handlers.own_time import Change, TimeKept
from shared.clock import utc_now
from shared.database.transaction import transaction
from shared.events.vocabulary import Window
from shared.identity import new_id
from shared.messaging.routing import INTAKE, NOTIFIER, SCHEDULER
from tests.support.events import an_id
from tests.support.notifier.rig import CODE_KEY, PUBLIC_URL, SENDER
from tests.support.pages import PagesDivision
from tests.support.postgres import Database
from tests.support.request_intake.division import (
    MAYA,
    NOOR,
    OFFICE,
    SCHOOL_ID,
    SYSTEM,
    an_ask_body,
)
from tests.support.scheduler.builders import a_scheduler

NOBODY, DISABLED = "nobody", "disabled"
COLLEAGUE, COACH, OTHER_COACH, LEADER, GONE = (an_id(n) for n in (120, 121, 122, 123, 124))
ACTORS: Mapping[str, tuple[UUID, str]] = {
    "owner": (MAYA, "teacher"),
    "colleague": (COLLEAGUE, "teacher"),
    "elsewhere": (NOOR, "teacher"),
    "coach": (COACH, "coach"),
    "other coach": (OTHER_COACH, "coach"),
    "leader": (LEADER, "leader"),
    "admin": (OFFICE, "admin"),
    DISABLED: (GONE, "admin"),
}
_NEW_PEOPLE = {
    COLLEAGUE: "teacher",
    COACH: "coach",
    OTHER_COACH: "coach",
    LEADER: "leader",
    GONE: "admin",
}
_TOPIC = "unit_planning"
_CLAUSE = "Thinking partners, growth plans and the first year."
_QUESTION = an_id(125)
# Fields without which a form leads nowhere.
_FORMS: Mapping[str, dict[str, str]] = {
    "POST /what-coaches-do/<coach_type>/new-to-me": {"clause": _CLAUSE},
    "POST /hand-over/<handed_id>/agree": {"seen": str(_QUESTION)},
    "POST /hand-over/<handed_id>/decline": {"seen": str(_QUESTION)},
    "POST /appraisals": {"coach": str(OTHER_COACH), "teacher": str(NOOR)},
    "POST /appraisals/find": {"coach_typed": "coach", "teacher_typed": "noor"},
    "POST /appraisals/end": {"coach": str(OTHER_COACH), "teacher": str(NOOR)},
    "POST /meetings/<over_id>/close": {"kind": "planning", "turned_out": "consultation"},
}
_EARLY = utc_now().replace(hour=14, minute=0, second=0, microsecond=0)
# What must be right before it is looked at who sends it.
_BODIES: Mapping[str, dict[str, Any]] = {
    "POST /api/intake/v1/requests": an_ask_body(),
    "PUT /api/scheduler/v1/coaches/<coach_id>/offers": {"offers": [], "seen": []},
    "PUT /api/scheduler/v1/school-years/<school_id>": {
        **{key: [] for key in ("labels", "terms", "bells", "closures", "specials")},
        "version": 0,
        "first_day": "2026-09-01",
        "last_day": "2027-06-25",
        "weekdays": [1, 2, 3, 4, 5],
        "shifts": True,
        "cover": "",
        "spot": None,
    },
    "PUT /api/scheduler/v1/teachers/<teacher_id>/timetable": {
        "version": 0,
        "teaches": [],
        "prepares": [],
    },
    "PUT /api/scheduler/v1/coaches/<coach_id>/hours": {
        **dict.fromkeys(("revision", "buffer_minutes", "sessions_per_day", "weekly_minutes"), 0),
        "cycles_at_once": 0,
        "hours": [],
        "schools": [],
    },
    "POST /api/scheduler/v1/coaches/<coach_id>/hours/away": {
        "revision": 0,
        "kind": "off",
        "first_day": (utc_now() + timedelta(days=60)).date().isoformat(),
    },
    "PUT /api/scheduler/v1/coaches/<coach_id>/grants/<grant_id>": {
        "week": utc_now().date().isoformat(),
        "minutes": 30,
        "reason": "Report cards",
    },
    "PUT /api/scheduler/v1/travel": {"version": 1, "kmh": 50, "ways": []},
    "PUT /api/scheduler/v1/weights": {"revision": 0, "weights": vars(Weights())},
    "POST /api/scheduler/v1/closures": {
        "day": (utc_now() + timedelta(days=58)).date().isoformat(),
        "school_ids": [str(SCHOOL_ID)],
    },
    "POST /api/scheduler/v1/covers": {
        "starts_at": (_EARLY + timedelta(days=50)).isoformat(),
        "ends_at": (_EARLY + timedelta(days=50, minutes=30)).isoformat(),
    },
    "POST /api/scheduler/v1/meetings/<meeting_id>/move": {
        "sequence": 0,
        "starts_at": _EARLY.isoformat(),
    },
    "PUT /api/intake/v1/schools/<key>/additions": {"revision": 0, "contacts": [], "topics": []},
    "POST /api/intake/v1/reviews/<review_id>/answer": {"version": 1, "answer": "keep"},
}
_CONVERTER = re.compile(r"<[^<>]*:")
_RAW_CSRF = "0" * 40
CANARY = "CANARY-7f3a"
# Who has nothing to do with Maya's request; a coach and an admin know of it, but not her words.
_NOT_FOUND, _FORGED = 404, (400, 403)
_STRANGERS = ("colleague", "elsewhere", "other coach", "leader", NOBODY)
_KEPT = (
    "request_intake.request",
    "request_intake.model_version",
    "request_intake.model_draft",
    "request_intake.review",
    "request_intake.exception_grant",
    "request_intake.appraisal",
    "scheduler.session",
    "scheduler.coach_offer",
    "scheduler.school_time",
    "scheduler.closure",
    "scheduler.log_entry",
    "scheduler.coach",
    "scheduler.coach_school",
    "scheduler.weekly_hours",
    "scheduler.hours_exception",
    "scheduler.week_cap",
    "scheduler.protected_grant",
    "scheduler.timetable",
    "scheduler.division",
    "scheduler.travel_time",
    "scheduler.appraisal",
    "scheduler.declaration",
    "scheduler.cycle",
    "scheduler.duty_tick",
    "scheduler.hand_over",
    "notifier.notice",
    "bus.event",
    "access.audit_entry",
    "access.token",
)


@dataclass(frozen=True)
class Route:
    """One way in: a rule of one service's application, by one method."""

    service: str
    method: str
    rule: Rule

    @property
    def name(self) -> str:
        """What its row in the matrix is called."""
        return f"{self.method} {_CONVERTER.sub('<', self.rule.rule)}"

    @property
    def is_api(self) -> bool:
        """Whether programs come this way, with a token."""
        return self.rule.rule.startswith("/api/")

    @property
    def takes_a_form(self) -> bool:
        """Whether a browser sends it."""
        return self.method == "POST" and not self.is_api


@dataclass
class World:
    """Maya asked and was booked with one of two coaches; an admin has begun a draft."""

    database: Database
    smtp_url: str
    apps: dict[str, Flask] = field(init=False)
    known: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        self.division = PagesDivision(self.database)
        self._people()
        self.scheduler = scheduler.build(a_scheduler(self.database))
        self.notifier = notifier.build(
            NotifierSettings.from_env(
                {
                    "REMIT_DATABASE_URL": self.database.url,
                    "REMIT_SMTP_URL": self.smtp_url,
                    "REMIT_MAIL_FROM": SENDER,
                    "REMIT_SECRET_KEY": CODE_KEY,
                    "REMIT_PUBLIC_URL": PUBLIC_URL,
                }
            )
        )
        self.database.engines += [self.scheduler.engine, self.notifier.engine]
        self.database.engines += [self.notifier.senders, self.scheduler.statements.engine]
        self.apps = {
            INTAKE: self.division.app,
            SCHEDULER: scheduler_app(self.scheduler),
            NOTIFIER: notifier_app(self.notifier),
        }
        self.known = self._booked()
        self._tokens = {name: self.division.token(*who) for name, who in ACTORS.items()}
        self._secrets = {name: self._session(*who) for name, who in ACTORS.items()}
        self.database.sql("UPDATE access.actor SET disabled_at = now() WHERE id = :id", id=GONE)
        composed = by_path(
            (prefix, app) for service, app in self.apps.items() for prefix in PREFIXES[service]
        )
        self._client = Client(composed, use_cookies=False)

    def close(self) -> None:
        """Let go of what was opened."""
        self.notifier.close()
        self.scheduler.close()

    def routes(self) -> Iterator[Route]:
        """Every route of every service, what only reads first, and what ends a session last."""
        found = [
            Route(service, method, rule)
            for service, app in self.apps.items()
            for rule in app.url_map.iter_rules()
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        ]
        yield from sorted(found, key=_order)

    def call(
        self, route: Route, actor: str, *, known: bool = True, forged: bool = False
    ) -> TestResponse:
        """Go this way as `actor`; unless `known`, to things that never were or are deleted."""
        path = self.path(route, known=known)
        headers = {}
        if route.is_api and actor != NOBODY:
            headers["Authorization"] = f"Bearer {self._tokens[actor]}"
        elif not route.is_api:
            headers["Cookie"] = f"remit={self._cookie(actor)}"
        options: dict[str, Any] = {"headers": headers, "method": route.method}
        if route.method != "GET":
            if route.is_api:
                options["json"] = _BODIES.get(route.name, {})
            elif not forged:
                token = {"csrf_token": self._signed(_RAW_CSRF)}
                options["data"] = token | _FORMS.get(route.name, {})
        if path.endswith("/notices"):
            options["query_string"] = {"request_id": str(self.known["request_id"])}
        if path.endswith("/free"):
            day = utc_now().date() + timedelta(days=3)
            options["query_string"] = {"day": day.isoformat(), "minutes": 30}
        return self._client.open(path, buffered=True, **options)

    def path(self, route: Route, *, known: bool = True) -> str:
        """Its address, filled with what is known or with what is not there."""
        missing = route.rule.arguments - self.known.keys()
        assert not missing, f"say what {missing} of {route.name} may be in World.known"
        values = {
            name: self.known[name]
            if known or not isinstance(self.known[name], UUID)
            else an_id(999)
            for name in route.rule.arguments
        }
        if "/schools/" in route.rule.rule:
            values["key"] = "tamarack"
        if route.rule.rule.startswith("/bootstrap/"):
            values["filename"] = "css/bootstrap.min.css"
        built = route.rule.build(values)
        assert built
        return str(built[1])

    def digest(self) -> Sequence[object]:
        """Equal as long as nothing was written that matters."""
        query = " UNION ALL ".join(
            f"SELECT '{table}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t"
            for table in _KEPT
        )
        return [tuple(row) for row in self.database.sql(query)]

    def _people(self) -> None:
        with transaction(self.division.engine, SYSTEM) as connection:
            load_people(
                connection,
                [
                    PersonRow(
                        id=id_,
                        name=f"{role} {id_}",
                        email=f"{id_}@larches.example.org",
                        role=role,
                        school_id=None if role == "admin" else SCHOOL_ID,
                    )
                    for id_, role in _NEW_PEOPLE.items()
                ],
            )

    def _booked(self) -> dict[str, object]:
        application = self.division.application
        combination = next(c for c in application.model().model.combinations() if c.topic == _TOPIC)
        self.scheduler.drain.run()
        with transaction(self.scheduler.engine, "system:test") as connection:
            load_coaches(connection, [_coach(COACH, combination.coach_type)], now=utc_now())
        request = self.division.asks(
            topic=_TOPIC, support_mode=combination.support_mode, words=f"My unit, {CANARY}"
        )
        for drain in (self.scheduler.drain, application.drain, self.notifier.drain):
            drain.run()
        application.drafting.begin(OFFICE, 1)
        application.replaying.start(OFFICE, seen=1)
        booked = application.request(MAYA, request.id)
        assert booked
        assert booked.state == "scheduled"
        notice = self.database.sql("SELECT id FROM notifier.notice WHERE part = 'coach'")[0][0]
        return {
            "request_id": request.id,
            "review_id": self.division.asks(topic=None, support_mode=None, words="help").id,
            "notice_id": notice,
            "meeting_id": self._meeting(request.id),
            "cycle_id": self._cycle(),
            "over_id": self._over(),
            "pulse_id": self._pulse(),
            "version": 1,
            "session_id": an_id(998),
            "declaration_id": an_id(998),
            "entry_id": an_id(998),
            "cover_id": an_id(998),
            "handed_id": an_id(998),
            "away_id": an_id(998),
            "grant_id": an_id(997),
            "coach_id": COACH,
            "school_id": SCHOOL_ID,
            "teacher_id": MAYA,
            "section": "topics",
            "key": _TOPIC,
            "coach_type": "instructional",
            "filename": "remit.css",
        }

    def _meeting(self, request_id: UUID) -> UUID:
        query = "SELECT id FROM scheduler.session WHERE request_id = :id"
        return UUID(str(self.database.sql(query, id=request_id)[0][0]))

    def _cycle(self) -> UUID:
        request = self.division.asks(
            topic=_TOPIC, support_mode="cognitive_coaching", words=f"My goal, {CANARY}"
        )
        for drain in (self.scheduler.drain, self.division.application.drain, self.notifier.drain):
            drain.run()
        return request.id

    def _over(self) -> UUID:
        """A session that was yesterday, and that nobody has closed."""
        request = self.division.asks(topic=_TOPIC, support_mode="consultation", words="Last one")
        self.scheduler.drain.run()
        yesterday = utc_now().replace(hour=5, minute=0, second=0, microsecond=0) - timedelta(days=1)
        over = self.database.sql(
            "UPDATE scheduler.session SET during = tstzrange(:since, :until)"
            " WHERE request_id = :id RETURNING id",
            id=request.id,
            since=yesterday,
            until=yesterday + timedelta(minutes=30),
        )
        return UUID(str(over[0][0]))

    def hold_and_close(self) -> None:
        """A time is held for Maya, and a closure was declared."""
        self.known |= {"session_id": self._held(), "declaration_id": self._closed()}
        self.known |= {"entry_id": self._covered(days=55), "cover_id": self._covered(days=54)}
        self.known["away_id"] = self._extra()
        self.known["handed_id"] = self._handed()

    def _held(self) -> UUID:
        request = self.division.asks(
            topic=_TOPIC, support_mode="consultation", words="Another unit"
        )
        self.scheduler.drain.run()
        held = self.database.sql(
            "UPDATE scheduler.session SET state = 'held', held_until = now() + interval '1 day',"
            " offer_id = id WHERE request_id = :id RETURNING id",
            id=request.id,
        )
        return UUID(str(held[0][0]))

    def _extra(self) -> UUID:
        """Extra hours of an evening in which the coach meets Maya: they are not taken back unasked."""
        zone = ZoneInfo(self.scheduler.division().zone)
        day = utc_now().astimezone(zone).date() + timedelta(days=7)
        day -= timedelta(days=day.weekday())
        extra = Away(
            id=new_id(),
            kind=ExceptionKind.EXTRA,
            first_day=day,
            last_day=day,
            starts=time(17),
            ends=time(19),
        )
        added = self.scheduler.own_times.add(OFFICE, Change(coach_id=COACH, seen=0), extra)
        assert isinstance(added, TimeKept)
        begins = datetime.combine(day, time(17), zone)
        window = Window(starts_at=begins, ends_at=begins + timedelta(hours=2))
        asked = self.division.asks(topic=_TOPIC, support_mode="consultation", windows=(window,))
        self.scheduler.drain.run()
        assert self._meeting(asked.id)
        return extra.id

    def _handed(self) -> UUID:
        """A request whose teacher is asked whether somebody else may go on."""
        request = self.division.asks(topic=_TOPIC, support_mode="consultation", words="With Jo")
        self.scheduler.drain.run()
        with transaction(self.scheduler.engine, "system:test") as connection:
            other = replace(_coach(OTHER_COACH, "instructional"), school_ids=[], offers=[])
            load_coaches(connection, [other], now=utc_now())
        self.database.sql(
            "INSERT INTO scheduler.hand_over (id, request_id, number, coach_id, to_coach_id, why,"
            " state, asked_at) VALUES (:id, :request, 1, :coach, :to, 'nearer', 'asked', now())",
            id=_QUESTION,
            request=request.id,
            coach=COACH,
            to=OTHER_COACH,
        )
        return request.id

    def _covered(self, *, days: int) -> UUID:
        """A class that the coach covers, when nobody meets."""
        early = _EARLY + timedelta(days=days)
        self.scheduler.covering.cover(COACH, early, early + timedelta(minutes=30))
        return self.scheduler.covering.covered(COACH)[0].id

    def _closed(self) -> UUID:
        """A declared closure, of a day on which nobody meets."""
        today = utc_now().date()
        school = SchoolTime(
            school_id=SCHOOL_ID,
            name="Tamarack School",
            first_day=today - timedelta(days=30),
            last_day=today + timedelta(days=300),
        )
        self.scheduler.schooling.keep_school_time("system:test", [school])
        declared = self.scheduler.closing.declare(
            OFFICE, day=today + timedelta(days=59), school_ids=[SCHOOL_ID], reason="Roof"
        )
        assert isinstance(declared, Declaration)
        return declared.id

    def _pulse(self) -> UUID:
        pulsing = self.division.application.pulsing
        assert pulsing.begin(OFFICE, "This term", date(2099, 12, 1))
        pulse = pulsing.current()
        assert pulse
        return pulse.id

    def _session(self, person: UUID, role: str) -> str:
        asker = self.division.asker(person)
        assert asker.role == role
        secret = self.division.application.signing_in.begin_session(asker.person.id, asker.role)
        assert secret
        return secret

    def _cookie(self, actor: str) -> str:
        kept = {"csrf_token": _RAW_CSRF}
        if actor != NOBODY:
            kept["key"] = self._secrets[actor]
        interface: Any = self.division.app.session_interface
        return str(interface.get_signing_serializer(self.division.app).dumps(kept))

    def _signed(self, raw: str) -> str:
        return str(
            URLSafeTimedSerializer(self.division.app.secret_key or "", "wtf-csrf-token").dumps(raw)
        )


def _order(route: Route) -> tuple[bool, bool, str]:
    return route.rule.rule == "/leave", route.method != "GET", route.name


def _coach(id_: UUID, coach_type: str) -> CoachSeed:
    modes = ("consultation", "coordination", "collaboration", "cognitive_coaching")
    return CoachSeed(
        id=id_,
        name="Jo Lindqvist",
        email=f"{id_}@larches.example.org",
        offers=[(coach_type, mode) for mode in modes],
        school_ids=[SCHOOL_ID],
        hours=[HoursSeed(iso_weekday=day, starts=time(8), ends=time(16)) for day in range(1, 6)],
        sessions_per_day=5,
        weekly_minutes=1200,
        online_address="https://meet.example.org/jo",
    )


def walk(world: World, matrix: Mapping[str, frozenset[str]]) -> list[str]:
    """What is not as the matrix says, a line each; empty when everything is.

    A route without a row is a finding, and so is one that leads somebody in who was to be kept out,
    keeps somebody out who was to be let in, leads anybody to what is not there, changes something for
    who is refused, takes a form that another site sent, or shows what she wrote to somebody else.
    """
    findings: list[str] = []
    for route in world.routes():
        if route.name not in matrix:
            findings.append(f"{route.name}: has no row")
            continue
        findings += _refused(world, route, matrix[route.name])
        findings += _let_in(world, route, matrix[route.name])
    return findings


def _refused(world: World, route: Route, let_in: frozenset[str]) -> Iterator[str]:
    before = world.digest()
    for actor in (*ACTORS, NOBODY):
        if actor not in let_in and not _is_refusal(route, actor, world.call(route, actor)):
            yield f"{route.name}: is open to {actor}"
    for actor in sorted(let_in - {NOBODY}) if _leads_to_a_thing(world, route) else ():
        if world.call(route, actor, known=False).status_code != _NOT_FOUND:
            yield f"{route.name}: {actor} finds what is not there"
    for actor in sorted(let_in) if route.takes_a_form else ():
        if world.call(route, actor, forged=True).status_code not in _FORGED:
            yield f"{route.name}: takes a forged form of {actor}"
    if world.digest() != before:
        yield f"{route.name}: changes something for who is refused"


def _leads_to_a_thing(world: World, route: Route) -> bool:
    return any(isinstance(world.known[name], UUID) for name in route.rule.arguments)


def _let_in(world: World, route: Route, let_in: frozenset[str]) -> Iterator[str]:
    for actor in (*ACTORS, NOBODY):
        if actor not in let_in:
            continue
        answer = world.call(route, actor)
        if answer.status_code in (401, 403, 404) or answer.status_code >= 500:
            yield f"{route.name}: {actor} is answered {answer.status_code}"
        said = answer.get_data().decode(errors="replace")
        if actor != "owner" and CANARY in said:
            yield f"{route.name}: {actor} reads her words"
        if actor in _STRANGERS and str(world.known["notice_id"]) in said:
            yield f"{route.name}: {actor} learns of her meeting"


def _is_refusal(route: Route, actor: str, answer: TestResponse) -> bool:
    """Who is not signed in is told to, or finds nothing either; for everybody else it does not exist."""
    if answer.status_code == _NOT_FOUND or actor not in (NOBODY, DISABLED):
        return answer.status_code == _NOT_FOUND
    if route.is_api:
        return answer.status_code == 401
    return answer.status_code == 303 and answer.location.partition("?")[0] == "/"
