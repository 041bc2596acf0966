"""What a server's error means: from a status and a body to a kind of the table in `failures`."""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Mapping
from typing import Any

from arena.models.failures import CallFailed, Kind
from arena.models.values import Json, mapping, text

Headers = Mapping[str, str]

STATUS: dict[int, Kind] = {
    401: "auth",
    402: "quota",
    403: "auth",
    404: "not_found",
    408: "timeout",
    409: "conflict",
    413: "too_long",
    429: "rate_limit",
    503: "overloaded",
    504: "server",
    529: "overloaded",
}
"""Statuses by kind. Other 5xx are `server`; 3xx are `not_found`: the address is another one; the rest `bad_request`."""

TYPES: dict[str, Kind] = {
    "api_error": "server",
    "authentication_error": "auth",
    "billing_error": "quota",
    "conflict_error": "conflict",
    "content_filter": "filtered",
    "context_length_exceeded": "too_long",
    "insufficient_quota": "quota",
    "invalid_request_error": "bad_request",
    "not_found_error": "not_found",
    "overloaded_error": "overloaded",
    "permission_error": "auth",
    "rate_limit_error": "rate_limit",
    "rate_limit_exceeded": "rate_limit",
    "request_too_large": "too_long",
    "server_error": "server",
    "service_unavailable": "overloaded",
    "timeout_error": "timeout",
    "too_many_requests": "rate_limit",
}
"""Names of errors by kind, for errors that come without a status: inside a stream, or in an answer of 200."""

_QUOTA = re.compile(
    r"insufficient_quota|exceeded your current quota|billing_(error|hard_limit|not_active)|spend_?limit|spend limit"
    r"|credit balance|out of credits|payment required",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|string_above_max_length|request_too_large|prompt is too long"
    r"|maximum context length|context (window|size|length)|exceeds? the (available|maximum) context"
    r"|input is too long|too many (input )?tokens in",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_filter|content_policy|content management policy|content filter|usage policy|responsible_?ai",
    re.IGNORECASE,
)
_NO_MODEL = re.compile(
    r"model_not_found|invalid model name|unknown model|no such model|\bmodel\b.{0,80}\b(does not exist|not found)",
    re.IGNORECASE,
)
_LONGEST = 400
_READ = 16_384


def from_status(status: int, headers: Headers, body: bytes) -> CallFailed:
    """The failure that an answer other than 200 tells."""
    said = body[:_READ].decode("utf-8", "replace")
    error = _error(said)
    kind = _exact(STATUS.get(status) or _range(status), error, status)
    return CallFailed(kind, f"HTTP {status}: {_told(error, said)}", retry_after=retry_after(headers))


def from_error(error: Any) -> CallFailed:
    """The failure that an error without a status tells, be it an object or a text."""
    fields = mapping(error) or {"message": text(error)}
    code = fields.get("code")
    if isinstance(code, int) and 400 <= code < 600:  # noqa: PLR2004  # the statuses that are errors
        kind = STATUS.get(code) or _range(code)
    else:
        kind = TYPES.get(text(code)) or TYPES.get(text(fields.get("type"))) or "server"
    return CallFailed(_exact(kind, fields), f"the server told an error in its answer: {_told(fields, 'no reason')}")


def retry_after(headers: Headers, now: float | None = None) -> float | None:
    """The seconds that a server asks to wait, from any of the forms in use; `None` where it asks for none."""
    if (thousandths := _number(headers.get("retry-after-ms"))) is not None:
        return thousandths / 1000
    asked = headers.get("retry-after") or headers.get("llm_provider-retry-after")
    if asked is None or (seconds := _number(asked)) is not None:
        return seconds if asked else None
    try:
        then = email.utils.parsedate_to_datetime(asked).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    wait = then - (time.time() if now is None else now)
    return wait if wait > 0 else None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if 0 <= number < float("inf") else None


def _range(status: int) -> Kind:
    if status >= 500:  # noqa: PLR2004
        return "server"
    return "not_found" if 300 <= status < 400 else "bad_request"  # noqa: PLR2004


def _exact(kind: Kind, error: Json, status: int = 0) -> Kind:
    """A kind made more exact by what was said: statuses alone do not tell a spent credit or a full context.

    Only the fields in which a server speaks are read, for others may repeat what was sent.
    """
    said = " ".join(text(error.get(name))[:_READ] for name in ("type", "code", "message"))
    said += text(mapping(error.get("details")).get("error_code"))
    if kind in ("rate_limit", "bad_request", "auth") and _QUOTA.search(said):
        return "quota"
    if (kind == "bad_request" or status == 500) and _TOO_LONG.search(said):  # noqa: PLR2004  # some local servers say 500
        return "too_long"
    if kind == "bad_request" and _FILTERED.search(said):
        return "filtered"
    return "not_found" if kind == "bad_request" and _NO_MODEL.search(said) else kind


def _error(said: str) -> Json:
    """The object in which a body tells its error, in any of the forms in use."""
    try:
        found = mapping(json.loads(said))
    except (ValueError, RecursionError):
        return {}
    inner = found.get("error", found)
    return mapping(inner) or {"message": text(inner)}


def _told(error: Json, said: str) -> str:
    """What to tell a person: the server's own sentence where it can be found, cut to a line."""
    line = " ".join((text(error.get("message")) or text(error.get("detail")) or said).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
