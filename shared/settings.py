"""Settings from the environment: read once, checked as a whole, every fault named at once.

A service declares a frozen dataclass whose fields are made with `setting(...)`. The table of the
README is drawn from the same declarations.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Protocol, TypeVar, runtime_checkable
from urllib.parse import urlsplit

S = TypeVar("S")


class SettingsError(Exception):
    """The environment does not make a complete, safe configuration. `faults` has a line for each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class InvalidSetting(ValueError):  # noqa: N818  -- reads as what it is: a value that is not valid
    """Raised by a parser; its text says what would be right."""


@runtime_checkable
class Together(Protocol):
    """Settings of which one may need another."""

    def faults_together(self) -> list[str]:
        """A line for each setting that another one asks for."""


@dataclass(frozen=True, kw_only=True)
class Declared:
    """What is known of a setting beside its value: for the loader, the README and `remit doctor`."""

    env: str
    parse: Callable[[str], Any]
    explanation: str
    secret: bool


def setting(
    env: str,
    explanation: str,
    *,
    parse: Callable[[str], Any] = str,
    default: Any = MISSING,
    secret: bool = False,
) -> Any:
    """A dataclass field that is read from the environment variable `env`; without default, required."""
    declared = Declared(env=env, parse=parse, explanation=explanation, secret=secret)
    return field(default=default, repr=not secret, metadata={"setting": declared})


def declared(item: Field[Any]) -> Declared:
    """The declaration behind a settings field."""
    found: Declared = item.metadata["setting"]
    return found


def load(settings_class: type[S], environ: Mapping[str, str]) -> S:
    """Build `settings_class` from `environ`, or raise SettingsError naming all that is wrong."""
    values: dict[str, Any] = {}
    faults: list[str] = []
    for item in fields(settings_class):  # type: ignore[arg-type]
        known = declared(item)
        text = environ.get(known.env, "").strip()
        if not text:
            if item.default is MISSING:
                faults.append(f"{known.env} is missing: {known.explanation}")
            continue
        try:
            values[item.name] = known.parse(text)
        except InvalidSetting as fault:
            faults.append(f"{known.env}: {fault}")
    if faults:
        raise SettingsError(faults)
    loaded = settings_class(**values)
    if isinstance(loaded, Together) and (faults := loaded.faults_together()):
        raise SettingsError(faults)
    return loaded


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """A parser for a whole number in [minimum, maximum]."""

    def parse(text: str) -> int:
        if not text.isascii() or not text.lstrip("-").isdigit():
            raise InvalidSetting(f"{text!r} is not a whole number")
        if not minimum <= int(text) <= maximum:
            raise InvalidSetting(f"{text} is not between {minimum} and {maximum}")
        return int(text)

    return parse


def seconds(minimum: float, maximum: float) -> Callable[[str], float]:
    """A parser for a duration in seconds, in [minimum, maximum]."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError as error:
            raise InvalidSetting(f"{text!r} is not a number of seconds") from error
        if not minimum <= value <= maximum:
            raise InvalidSetting(f"{text} is not between {minimum} and {maximum} seconds")
        return value

    return parse


def switch(text: str) -> bool:
    """A parser for on / off."""
    words = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
    if text.lower() not in words:
        raise InvalidSetting("say on or off")
    return words[text.lower()]


def url(*schemes: str) -> Callable[[str], str]:
    """A parser for a URL of one of `schemes`. The value itself is never put in a message."""

    def parse(text: str) -> str:
        try:
            parts = urlsplit(text)
        except ValueError as error:
            raise InvalidSetting("is not a URL") from error
        if parts.scheme not in schemes:
            raise InvalidSetting(f"must begin with one of {', '.join(f'{s}://' for s in schemes)}")
        return text

    return parse


def long_secret(text: str) -> str:
    """A parser for a signing secret: at least 32 characters, and not a placeholder."""
    if len(text) < 32 or len(set(text)) < 10:
        raise InvalidSetting("must be at least 32 random characters")
    return text
