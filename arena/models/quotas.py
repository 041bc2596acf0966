"""What a server says of the quota that remains: the headers of both vendors in one form.

Readings are named `requests_remaining`, `tokens_limit`, `input_tokens_reset` and so on: `requests`, `tokens`,
`input_tokens` or `output_tokens`, then `limit`, `remaining` or `reset`. A reset is in seconds from now until the quota
is full again; where it was told in whole seconds a `grain` of 1 stands beside it. What a server does not say is absent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime

Headers = Mapping[str, str]

_ANTHROPIC = re.compile(r"anthropic-ratelimit-(requests|tokens|input-tokens|output-tokens)-(limit|remaining|reset)")
_OPENAI = re.compile(r"x-ratelimit-(limit|remaining|reset)-(requests|tokens)")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_WHOLE_SECOND = re.compile(r"T\d\d:\d\d:\d\d(Z|[+-]|$)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def quota(headers: Headers, now: float | None = None) -> dict[str, float]:
    """The readings in the headers of one answer."""
    found: dict[str, float] = {}
    for name, value in headers.items():
        if "ratelimit" not in name:
            continue
        if match := _ANTHROPIC.fullmatch(name.lower()):
            what, kind = match[1].replace("-", "_"), match[2]
        elif match := _OPENAI.fullmatch(name.lower()):
            what, kind = match[2], match[1]
        else:
            continue
        reading = _reset(value, now) if kind == "reset" else _count(value)
        if reading is not None:
            found[f"{what}_{kind}"] = reading
            if kind == "reset" and _WHOLE_SECOND.search(value):
                found[f"{what}_grain"] = 1.0
    return found


def _count(value: str) -> float | None:
    return float(value) if re.fullmatch(r"\d{1,15}", value) else None


def _reset(value: str, now: float | None) -> float | None:
    """Seconds from a duration such as `6m0s`, from plain seconds, or from a time in RFC 3339."""
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return float(value)
    parts = _PART.findall(value)
    if parts and "".join(number + unit for number, unit in parts) == value:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    try:
        then = datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(then - (time.time() if now is None else now), 0.0)
