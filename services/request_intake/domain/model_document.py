"""Read a coaching model from its document, strictly: every fault is named with its place, at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, fields, is_dataclass
from itertools import islice
from typing import Any, get_args, get_origin, get_type_hints

from services.request_intake.domain.coaching_model import CoachingModel
from services.request_intake.domain.model_faults import holes, holes_of_one

FORMAT = "remit coaching model, format 1"

# NUL and lone surrogates are no text to PostgreSQL.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PART, _MOST_PARTS = re.compile(r"[.\[]"), 20
_NAMES = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


class ModelFaults(Exception):  # noqa: N818  -- they are what is wrong with a model
    """The document does not make a complete, coherent model. `faults` has a line for each hole."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def read(document: Any) -> CoachingModel:
    """The model in `document`, or ModelFaults naming all that is missing, unknown or contradictory."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ModelFaults([f'format: must be "{FORMAT}"'])
    rest = {name: value for name, value in document.items() if name != "format"}
    if faults := list(_faults(CoachingModel, rest, "")):
        raise ModelFaults([*faults, *_holes_beside(faults, rest)])
    model: CoachingModel = _build(CoachingModel, rest)
    if faults := list(holes(model)):
        raise ModelFaults(faults)
    return model


def write(model: CoachingModel) -> dict[str, Any]:
    """The document of a model; reading it gives the same model again."""
    return {"format": FORMAT, **asdict(model)}


def entry_faults(kind: Any, entry: Any, place: str) -> list[str]:
    """What keeps `entry` from being a `kind` of the model, as lines that begin with the place."""
    return list(_faults(kind, entry, place))


def _faults(wanted: Any, value: Any, place: str) -> Iterator[str]:
    """What keeps `value` from being a `wanted`, as lines that begin with the place."""
    if get_origin(wanted) is tuple:
        yield from _list_faults(get_args(wanted)[0], value, place)
    elif is_dataclass(wanted):
        yield from _object_faults(wanted, value, place)
    elif not _is_a(wanted, value):
        yield f"{place}: must be {_NAMES[wanted]}"


def _is_a(wanted: Any, value: Any) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is str:
        return isinstance(value, str) and not _UNSTORABLE.search(value)
    return type(value) is wanted


def _list_faults(item: Any, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, list | tuple):
        yield f"{place}: must be a list"
        return
    for index, element in enumerate(value):
        key = element.get("key", index) if isinstance(element, Mapping) else index
        yield from _faults(item, element, f"{place}[{key}]")


def _object_faults(wanted: Any, value: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place}: must be an object"
        return
    hints = get_type_hints(wanted)
    known = {field.name: field for field in fields(wanted)}
    yield from (f"{_at(place, name)}: is not known here" for name in value if name not in known)
    for name, field in known.items():
        if name in value:
            yield from _faults(hints[name], value[name], _at(place, name))
        elif field.default is MISSING:
            yield f"{_at(place, name)}: is missing"


def _holes_beside(faults: Sequence[str], document: Mapping[str, Any]) -> Iterator[str]:
    """The holes elsewhere than where the faults are, so that whoever mends hears of all at once."""
    wrong = {_place(fault) for fault in faults}
    around_wrong = set().union(*map(_around, wrong))
    for hole in holes_of_one(_build(CoachingModel, _filled(CoachingModel, document))):
        place = _place(hole)
        if place not in around_wrong and wrong.isdisjoint(_around(place)):
            yield hole


def _filled(wanted: Any, value: Any) -> Any:
    """The value with a blank for all that is not a `wanted`, and without what is not known."""
    if get_origin(wanted) is tuple:
        elements = value if isinstance(value, list | tuple) else ()
        return [_filled(get_args(wanted)[0], element) for element in elements]
    if is_dataclass(wanted):
        known = value if isinstance(value, Mapping) else {}
        hints = get_type_hints(wanted)
        return {
            field.name: _filled(hints[field.name], known.get(field.name))
            for field in fields(wanted)
            if field.name in known or field.default is MISSING
        }
    return value if _is_a(wanted, value) else wanted()


def _place(fault: str) -> str:
    return fault.partition(": ")[0]


def _around(place: str) -> set[str]:
    """The place and what it lies in; a name made of dots is not looked through to its end."""
    cuts = islice(_PART.finditer(place), _MOST_PARTS)
    return {place, *(place[: cut.start()] for cut in cuts)}


def _at(place: str, name: Any) -> str:
    return f"{place}.{name}" if place else str(name)


def _build(wanted: Any, value: Any) -> Any:
    if get_origin(wanted) is tuple:
        return tuple(_build(get_args(wanted)[0], element) for element in value)
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{name: _build(hints[name], part) for name, part in value.items()})  # type: ignore[operator]
    return float(value) if wanted is float else value
