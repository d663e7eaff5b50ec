"""What a school's days are called, as people say it."""

from services.scheduler.domain.school_time import SchoolTime
from shared.ui.languages import gettext as _


def weekdays() -> tuple[str, ...]:
    """Monday to Sunday, in the page's language."""
    return (
        *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday")),
        *(_("Saturday"), _("Sunday")),
    )


def day_name(label: str, school: SchoolTime) -> str:
    """Day 2, or its weekday where days have no labels of their own."""
    if school.labels:
        return _("Day %(label)s", label=label)
    return dict(zip(school.day_labels, _taught(school), strict=True)).get(label, label)


def _taught(school: SchoolTime) -> list[str]:
    return [weekdays()[day - 1] for day in school.weekdays]
