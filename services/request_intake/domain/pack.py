"""A pack: one coaching model as it is handed on, with a title and an open licence. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from services.request_intake.domain import model_document
from services.request_intake.domain.coaching_model import LICENCES, SHARE_ALIKE, CoachingModel
from services.request_intake.domain.model_document import ModelFaults
from services.request_intake.domain.model_draft import Document

FORMAT = "remit coaching pack, format 1"
LONGEST_TITLE = 200
# What stands in a pack before the model, and what the model's own document says in their place.
_HEADER = ("format", "title", "licence")


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A model's document as somebody hands it on: under this title, with this licence."""

    title: str
    licence: str
    document: Document


def read(document: Any) -> Pack:
    """The pack in `document`, its model whole; or ModelFaults naming all that is wrong with it."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ModelFaults([f'format: must be "{FORMAT}"'])
    faults = list(header_faults(document.get("title"), document.get("licence")))
    inner = {name: value for name, value in document.items() if name not in _HEADER}
    try:
        model = model_document.read({"format": model_document.FORMAT, **inner})
        faults += _licence_faults(document.get("licence"), model)
    except ModelFaults as holes:
        faults += holes.faults
    if faults:
        raise ModelFaults(faults)
    return Pack(
        title=document["title"],
        licence=document["licence"],
        document=model_document.write(model),
    )


def write(pack: Pack) -> Document:
    """The document of a pack, in the order that it is read in; its model may be a draft with holes."""
    header: Document = {"format": FORMAT, "title": pack.title, "licence": pack.licence}
    model: Document = _in_order(CoachingModel, pack.document)
    if whose := model.pop("credits", None):
        header["credits"] = whose
    return {**header, **{name: part for name, part in model.items() if name not in _HEADER}}


def header_faults(title: Any, licence: Any) -> Iterator[str]:
    """What keeps these from being the title and licence of a pack."""
    if not isinstance(title, str) or not title.strip() or not title.isprintable():
        yield "title: must be a text on one line"
    elif len(title) > LONGEST_TITLE:
        yield f"title: must have at most {LONGEST_TITLE} characters"
    if licence not in LICENCES:
        yield f"licence: must be one of {', '.join(LICENCES)}"


def licences_for(document: Document) -> tuple[str, ...]:
    """The licences that a pack of this document may carry, the usual one first."""
    credited = {one["licence"] for one in document.get("credits", ())}
    return (SHARE_ALIKE,) if SHARE_ALIKE in credited else LICENCES


def _licence_faults(licence: Any, model: CoachingModel) -> Iterator[str]:
    if licence in LICENCES and licence not in licences_for(model_document.write(model)):
        yield f"licence: must be {SHARE_ALIKE}, because parts with this licence are credited"


def _in_order(wanted: Any, value: Any) -> Any:
    """The value with its fields in the order of their declaration: a database keeps none."""
    if get_origin(wanted) is tuple and isinstance(value, list | tuple):
        return [_in_order(get_args(wanted)[0], element) for element in value]
    if not is_dataclass(wanted) or not isinstance(value, Mapping):
        return value
    hints = get_type_hints(wanted)
    known = [field.name for field in fields(wanted) if field.name in value]
    others = [name for name in value if name not in hints]
    return {name: _in_order(hints.get(name), value[name]) for name in (*known, *others)}
