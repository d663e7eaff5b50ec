"""Invent the schools: places of a prairie division, in the shares of their levels."""

from deploy.demo import names
from deploy.demo.division import ELEMENTARY, JUNIOR_HIGH, SENIOR_HIGH, School, Size
from deploy.demo.draw import Draw, shares

_TITLES = {
    ELEMENTARY: "Elementary School",
    JUNIOR_HIGH: "Junior High School",
    SENIOR_HIGH: "Senior High School",
}
_WEIGHTS = (0.6, 0.22, 0.18)
TEACHERS_FOR_EACH = {ELEMENTARY: 30.0, JUNIOR_HIGH: 42.0, SENIOR_HIGH: 60.0}
"""How large a school of a level is, beside the others."""


def invent(size: Size, seed: int) -> tuple[School, ...]:
    """The schools, in the order of the map: neighbours stand beside each other."""
    draw = Draw(seed, "schools")
    places = draw.shuffled(
        [f"{land} {feature}" for land in names.LAND for feature in names.FEATURE]
    )
    counts = shares(size.schools, _WEIGHTS)
    levels = draw.shuffled(
        [level for level, count in zip(_TITLES, counts, strict=True) for _ in range(count)]
    )
    return tuple(
        School(
            id=draw.id(),
            key=names.plain(place),
            name=f"{place} {_TITLES[level]}",
            level=level,
        )
        for place, level in zip(places[: size.schools], levels, strict=True)
    )
