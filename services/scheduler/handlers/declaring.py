"""An admin closes schools for a day, or takes that back; what it touches is found right after."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.closing import Declaration, NotDeclared, fault
from services.scheduler.ports import Declarations, Work
from shared.events import SchoolDaysChanged
from shared.identity import new_id


def declare_closure(
    work: Work,
    declarations: Declarations,
    by: UUID,
    *,
    day: date,
    school_ids: Collection[UUID],
    reason: str,
) -> Declaration | NotDeclared:
    """Close these schools on a day. Labels shift where the school says so."""
    today = work.now.astimezone(ZoneInfo(work.zone)).date()
    if wrong := fault(day, today, len(school_ids)):
        return wrong
    declaration = Declaration(
        id=new_id(), day=day, declared_at=work.now, declared_by=by, reason=reason
    )
    versions = declarations.declare(declaration, school_ids)
    if not versions:
        return NotDeclared(
            field="schools", message="are closed that day already", right="a school that is open"
        )
    _tell(work, declaration.id, versions)
    return declaration


def withdraw_closure(
    work: Work, declarations: Declarations, declaration_id: UUID
) -> Mapping[UUID, int] | None:
    """Open its schools again. Times that were released stay so: nobody is moved back unasked."""
    versions = declarations.withdraw(declaration_id)
    if versions is not None:
        _tell(work, declaration_id, versions)
    return versions


def _tell(work: Work, declaration_id: UUID, versions: Mapping[UUID, int]) -> None:
    for school_id, version in versions.items():
        work.announce(
            SchoolDaysChanged(version=version, declaration_id=declaration_id, school_id=school_id)
        )
