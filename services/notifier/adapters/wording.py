"""One language of letters: its translations and its way to say when something is."""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

_LOCALE = Path(__file__).parent / "locale"
_SOURCE = "en"


class Wording:
    """Texts and dates in one language; English where a translation is missing."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = _catalogue(language)

    def text(self, english: str) -> str:
        """The text in this language."""
        return self._translations.get(english, english)

    def start(self, starts_at: datetime, zone: str) -> str:
        """When it begins: the day, and the time on the wall."""
        local = starts_at.astimezone(ZoneInfo(zone))
        return f"{_day(self.language, local.date())}, {_clock(self.language, local.time())}"

    def from_to(self, starts_at: datetime, ends_at: datetime, zone: str) -> str:
        """From when to when, on the wall of the division."""
        end = ends_at.astimezone(ZoneInfo(zone))
        return f"{self.start(starts_at, zone)} \u2013 {_clock(self.language, end.time())}"


@lru_cache(maxsize=1024)
def _day(language: str, day: date) -> str:
    return _ordinary_spaces(format_date(day, "full", locale=language))


@lru_cache(maxsize=1024)
def _clock(language: str, at: time) -> str:
    return _ordinary_spaces(format_time(at, "short", locale=language))


def _ordinary_spaces(text: str) -> str:
    """The narrow spaces of some locales would have a whole subject encoded for their sake."""
    return " ".join(text.split())


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """The languages that letters are written in."""
    return frozenset({_SOURCE, *(path.stem for path in _LOCALE.glob("*.po"))})


@lru_cache(maxsize=32)
def wording_for(language: str) -> Wording:
    """The wording for a reader's language tag; English for what is not translated or not a tag."""
    try:
        wanted = Locale.parse(language, sep="-" if "-" in language else "_").language
    except (ValueError, UnknownLocaleError, TypeError):
        wanted = _SOURCE
    return Wording(wanted if wanted in languages() else _SOURCE)


def _catalogue(language: str) -> Mapping[str, str]:
    path = _LOCALE / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.string and message.id
    }
