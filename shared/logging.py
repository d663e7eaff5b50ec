"""Logs as events: one JSON line each, a constant dotted name and ids as fields, never prose.

Configured once, at the door of each process. Names, addresses, words and tokens have no field
here: a value that is not an id, a number, a flag or a short code is left out, and that is said.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from uuid import UUID

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_LONGEST_CODE = 80
_CODE_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:-/")


def _safe(value: object) -> object:
    """The value if it can not carry what somebody wrote, else a mark that it was left out."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and len(value) <= _LONGEST_CODE and set(value) <= _CODE_CHARACTERS:
        return value
    return "[left out]"


class EventFormatter(logging.Formatter):
    """Writes a record as one JSON line; of an error it keeps type and place, not its text."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON, UTC, with the record's extra fields."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.msg if not record.args else "library.message",
            "logger": record.name,
        }
        line |= {k: _safe(v) for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _place(record)
        if not record.name.startswith(("services", "shared", "deploy")):
            line["event"] = "library.message"  # its text may hold anything: keep only who spoke
            line["where"] = f"{record.module}:{record.lineno}"
        return json.dumps(line, ensure_ascii=True)


def _place(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    return (
        f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
    )


def configure(level: int = logging.INFO) -> None:
    """Send every log of this process to standard error, as events."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("celery", "kombu", "amqp", "alembic", "granian", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
