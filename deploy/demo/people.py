"""Invent the people of the schools: teachers with their rooms, principals, one division admin."""

from collections.abc import Iterator

from deploy.demo import names
from deploy.demo.division import (
    ADMIN,
    COACH,
    DOMAIN,
    ELEMENTARY,
    LEADER,
    SENIOR_HIGH,
    TEACHER,
    Person,
    School,
    Size,
)
from deploy.demo.draw import Draw, shares
from deploy.demo.schools import TEACHERS_FOR_EACH

_SPECIAL_ROOMS = ("Library", "Gym", "Music room", "Art room")
_ROOMS_ON_A_FLOOR = 14


def invent(size: Size, schools: tuple[School, ...], seed: int) -> tuple[Person, ...]:
    """Everybody but their work: the admin, a principal a school, the teachers, the coaches."""
    draw = Draw(seed, "people")
    full_names = _full_names(draw)
    admin = _person(draw, next(full_names), ADMIN)
    leaders = [
        _person(draw, next(full_names), LEADER, at=school, room="Office") for school in schools
    ]
    teachers = [
        _person(draw, next(full_names), TEACHER, at=school, room=_room(school.level, index))
        for school, count in zip(schools, _teachers_of(size, schools, draw), strict=True)
        for index in range(count)
    ]
    coaches = [_person(draw, next(full_names), COACH) for _ in range(size.coaches)]
    return (admin, *leaders, *teachers, *coaches)


def _full_names(draw: Draw) -> Iterator[str]:
    """Names that do not repeat: with a name each, an address each."""
    return iter(
        draw.shuffled([f"{given} {family}" for given in names.GIVEN for family in names.FAMILY])
    )


def _teachers_of(size: Size, schools: tuple[School, ...], draw: Draw) -> list[int]:
    return shares(
        size.teachers,
        [TEACHERS_FOR_EACH[school.level] * (80 + draw.below(41)) / 100 for school in schools],
    )


def _person(draw: Draw, name: str, role: str, at: School | None = None, room: str = "") -> Person:
    desk = "coaching" if role == COACH else "staff"
    return Person(
        id=draw.id(),
        name=name,
        email=f"{names.plain(name).replace('-', '.')}@{desk}.{DOMAIN}",
        role=role,
        school_ids=(at.id,) if at else (),
        room=room,
    )


def _room(level: str, index: int) -> str:
    if index < len(_SPECIAL_ROOMS):
        return _SPECIAL_ROOMS[index]
    floor, door = divmod(index - len(_SPECIAL_ROOMS), _ROOMS_ON_A_FLOOR)
    if level == ELEMENTARY:
        return f"Room {index - len(_SPECIAL_ROOMS) + 1}"
    if level == SENIOR_HIGH:
        return f"{'ABCDEFGHJK'[floor % 10]}{101 + door + 100 * (floor // 10)}"
    return f"Room {101 + door + 100 * floor}"
