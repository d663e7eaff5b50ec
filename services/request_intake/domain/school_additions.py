"""What a school adds to the division's model, and can not change of it. Pure.

A contact of its own in place of a redirect's address, and names of its own for topics of the model.
Neither is asked when an ask is decided: the decision, its clause and its sentence are the division's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_faults import address_faults
from shared.events.vocabulary import Redirect

_MOST_TOPICS = 50


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Where a school's own asks go for a redirect. `kind` is link, email or person."""

    label: str
    kind: str
    target: str


@dataclass(frozen=True, kw_only=True)
class LocalTopic:
    """A name that a school has for a topic in remit: choosing it is choosing that topic."""

    title: str
    inside: str


@dataclass(frozen=True, kw_only=True)
class SchoolAdditions:
    """All that one school adds; contacts by the redirect's key. `revision` counts its changes."""

    contacts: Mapping[str, Contact] = field(default_factory=dict)
    topics: tuple[LocalTopic, ...] = ()
    revision: int = 0

    def localized(self, redirect: Redirect | None) -> Redirect | None:
        """The redirect with the school's own contact, if it has one; all else stays."""
        if redirect is None or redirect.key not in self.contacts:
            return redirect
        return replace(redirect, **vars(self.contacts[redirect.key]))

    def asleep(self, model: CoachingModel) -> tuple[str, ...]:
        """The keys that this model has no more: what was added to them waits, and does nothing."""
        inside = {topic.key for topic in model.topics}
        outside = {topic.key for topic in model.out_of_remit}
        contacts = [key for key in self.contacts if key not in outside]
        return (*contacts, *(one.inside for one in self.topics if one.inside not in inside))


def faults(
    additions: SchoolAdditions, model: CoachingModel, before: SchoolAdditions
) -> Iterator[str]:
    """What keeps these from being added, as lines that begin with the place; what sleeps may stay."""
    asleep = set(before.asleep(model))
    outside = {topic.key for topic in model.out_of_remit} | asleep
    for key, contact in additions.contacts.items():
        place = f"contacts[{key}]"
        if key not in outside:
            yield f"{place}: the coaching model has no redirect of this key"
        if not contact.label.strip():
            yield f"{place}.label: must not be empty"
        yield from address_faults(place, contact.kind, contact.target)
    inside = {topic.key for topic in model.topics} | asleep
    if len(additions.topics) > _MOST_TOPICS:
        yield f"topics: at most {_MOST_TOPICS}"
    for number, topic in enumerate(additions.topics):
        if not topic.title.strip():
            yield f"topics[{number}].title: must not be empty"
        if topic.inside not in inside:
            yield f"topics[{number}].inside: must be a topic in remit of the coaching model"
