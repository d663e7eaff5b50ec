"""Read a request's body as JSON, strictly: one meaning only, or a refusal that names the fault.

Duplicate names, NaN, wrong charsets and depth bombs are refused here, before any schema.
"""

import json
from typing import Any

from flask import Request

from shared.http.problems import ProblemError

LARGEST = 256 * 1024
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class _NotOneMeaningError(ValueError):
    pass


def read_json(request: Request) -> Any:
    """The body's value; raises ProblemError 400, 413 or 415. A route may set how much it takes itself."""
    _check_type(request)
    largest = request.max_content_length or LARGEST
    if (request.content_length or 0) > largest:
        raise _too_large(largest)
    body = request.get_data(cache=True)
    if len(body) > largest:
        raise _too_large(largest)
    if body.startswith(_BYTE_ORDER_MARKS):
        raise _unreadable("The body begins with a byte order mark; send plain UTF-8.")
    try:
        return _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _unreadable("The body is not UTF-8.") from error
    except _NotOneMeaningError as error:
        raise _unreadable(str(error)) from error
    except RecursionError as error:
        raise _unreadable("The body is nested too deeply.") from error
    except ValueError as error:
        raise _unreadable("The body is not JSON.") from error


def _check_type(request: Request) -> None:
    if request.content_type != "application/json":
        _check_parts_of_type(request)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ProblemError(415, "wrong-encoding", "Send the body as it is, not compressed.")


def _check_parts_of_type(request: Request) -> None:
    if request.mimetype != "application/json":
        raise ProblemError(415, "wrong-type", "Send JSON as `Content-Type: application/json`.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise ProblemError(415, "wrong-charset", "JSON is sent in UTF-8.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _NotOneMeaningError("A name stands twice in one object; send each once.")
    return found


def _constant(_name: str) -> Any:
    raise _NotOneMeaningError("NaN and Infinity are not JSON.")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _too_large(largest: int) -> ProblemError:
    return ProblemError(413, "too-large", f"The body may have at most {largest // 1024} KB.")


def _unreadable(detail: str) -> ProblemError:
    return ProblemError(400, "unreadable", detail)
