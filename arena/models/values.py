"""Values out of JSON that a stranger wrote: each has the type that was asked for, or is absent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from arena.models.failures import CallFailed

Json = Mapping[str, Any]

_NOTHING: Json = {}


def parse(text: str | bytes) -> Json:
    """A JSON object; raises `CallFailed` (malformed) for whatever else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as why:
        reason = why.msg if isinstance(why, json.JSONDecodeError) else type(why).__name__
    else:
        if isinstance(found, dict):
            return found
        reason = f"it is a {type(found).__name__}, and not an object"
    raise malformed(f"what the server sent is no JSON object: {reason}")


def malformed(message: str) -> CallFailed:
    """The failure of a reply that is not what the interface promises."""
    return CallFailed("malformed", message)


def mapping(value: Any) -> Json:
    """The object that this is, or an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: Any) -> Sequence[Any]:
    """The list that this is, or an empty one."""
    return value if isinstance(value, list) else ()


def text(value: Any) -> str:
    """The text that this is, or an empty one."""
    return value if isinstance(value, str) else ""


def count(value: Any) -> int:
    """The number of tokens that this is; 0 for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**12 else 0
