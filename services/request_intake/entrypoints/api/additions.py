"""What schools add to the model over HTTP, for admins."""

from typing import Any

from flask import Response, jsonify
from marshmallow import Schema, fields

from services.request_intake.adapters.directory import ListedSchool
from services.request_intake.bootstrap import Application
from services.request_intake.bootstrap.schooling import AdditionsChanged, AdditionsRefused
from services.request_intake.domain.school_additions import Contact, LocalTopic, SchoolAdditions
from services.request_intake.entrypoints.api import PREFIX
from services.request_intake.entrypoints.api.admins import admin, for_admins
from shared.http.api import SECURITY, Blueprint
from shared.http.fields import BoundedInt, CleanStr, ListOf, StrictSchema
from shared.http.problems import FieldFault, ProblemError, not_valid

_LONGEST = 300
_MOST = 200


class ContactField(StrictSchema):
    """A contact of the school's own, for the redirect of this key."""

    redirect = CleanStr(required=True, longest=_LONGEST)
    label = CleanStr(required=True, longest=_LONGEST)
    kind = CleanStr(required=True, longest=_LONGEST)
    target = CleanStr(required=True, longest=_LONGEST)


class LocalTopicField(StrictSchema):
    """A name of the school's own, for a topic in remit."""

    title = CleanStr(required=True, longest=_LONGEST)
    inside = CleanStr(required=True, longest=_LONGEST)


class AdditionsIn(StrictSchema):
    """All that the school adds, and the revision that was read: 0 when it added nothing yet."""

    revision = BoundedInt(required=True, minimum=0, maximum=2**31 - 1)
    contacts = ListOf(fields.Nested(ContactField), required=True, most=_MOST)
    topics = ListOf(fields.Nested(LocalTopicField), required=True, most=_MOST)


class ContactOut(Schema):
    redirect = fields.String()
    label = fields.String()
    kind = fields.String()
    target = fields.String()


class LocalTopicOut(Schema):
    title = fields.String()
    inside = fields.String()


class AdditionsOut(Schema):
    """What the school adds; `asleep` are keys that the model in force has no more."""

    revision = fields.Integer()
    contacts = fields.List(fields.Nested(ContactOut))
    topics = fields.List(fields.Nested(LocalTopicOut))
    asleep = fields.List(fields.String())


_ADDITIONS = AdditionsOut()


def create_blueprint(application: Application) -> Blueprint:
    """The routes below `/schools/<key>/additions`."""
    blueprint = Blueprint(
        "additions", __name__, url_prefix=f"{PREFIX}/schools", description="What schools add"
    )
    for_admins(blueprint, application)

    @blueprint.get("/<key>/additions")
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AdditionsOut)
    @blueprint.alt_response(404, description="No such school")
    def get(key: str) -> Response:
        """Its contacts and names."""
        return _shown(application, _school(application, key)[1])

    @blueprint.put("/<key>/additions")
    @blueprint.arguments(AdditionsIn())
    @blueprint.doc(security=SECURITY)
    @blueprint.alt_response(200, schema=AdditionsOut)
    @blueprint.alt_response(404, description="No such school")
    @blueprint.alt_response(409, description="Changed since that revision")
    @blueprint.alt_response(422, description="Does not fit the model; every place is named")
    def put(sent: dict[str, Any], key: str) -> Response:
        """Let it add exactly these. What is coaching stays the division's to say."""
        school = _school(application, key)[0]
        answer = application.schooling.change(admin(), school.id, _additions(sent))
        match answer:
            case AdditionsRefused(faults=faults):
                raise not_valid(
                    FieldFault(field=place, message=message, right="see the model in force")
                    for place, _, message in (fault.partition(": ") for fault in faults)
                )
            case AdditionsChanged():
                raise ProblemError(409, "additions-changed", "They changed. Read them again.")
            case _:
                return _shown(application, answer)

    return blueprint


def _school(application: Application, key: str) -> tuple[ListedSchool, SchoolAdditions]:
    found = application.schooling.school(key)
    if found is None:
        raise ProblemError(404, "no-such-school", "There is no such school.")
    return found


def _additions(sent: dict[str, Any]) -> SchoolAdditions:
    contacts = {
        one["redirect"]: Contact(label=one["label"], kind=one["kind"], target=one["target"])
        for one in sent["contacts"]
    }
    topics = tuple(LocalTopic(**one) for one in sent["topics"])
    return SchoolAdditions(contacts=contacts, topics=topics, revision=sent["revision"])


def _shown(application: Application, additions: SchoolAdditions) -> Response:
    shown = {
        "revision": additions.revision,
        "contacts": [{"redirect": k, **vars(one)} for k, one in additions.contacts.items()],
        "topics": additions.topics,
        "asleep": additions.asleep(application.model().model),
    }
    return jsonify(_ADDITIONS.dump(shown))
