"""Fields out of a request's JSON: each has the type that was asked for, or the request is refused with a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from arena.fake.asked import Json, Refusal
from arena.programs import FAKE


def body(raw: bytes) -> Json:
    """A request as JSON; refused where it is none."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise bad("We could not parse the JSON body of your request.") from None
    if not isinstance(found, dict):
        raise bad("The body of a request is a JSON object.")
    return found


def bad(message: str) -> Refusal:
    """The refusal of a request for its form."""
    return Refusal(400, "invalid_request_error", message)


def model(found: Json) -> str:
    """The model that is asked for; refused where it is not one of those here."""
    name = found.get("model")
    if not isinstance(name, str) or not name:
        raise bad("model: Field required")
    if not name.startswith(FAKE):
        raise Refusal(404, "not_found_error", f"model: {name}. Models here are fake: ask for {FAKE}{name}")
    return name


def known(found: Json, names: Iterable[str], sentence: str) -> None:
    """Refuse a request with a field that the interface does not have; `sentence` says so of `{}`."""
    if extra := sorted(set(found) - set(names)):
        raise bad(sentence.format(extra[0]))


def whole(found: Json, name: str, *, least: int = 1, most: int = 1_000_000) -> int | None:
    """A whole number within bounds; `None` where it is absent."""
    value = found.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise bad(f"{name}: Input should be a whole number from {least} to {most}")
    return value


def items(found: Json, name: str) -> list[Any]:
    """A list that is not empty."""
    value = found.get(name)
    if not isinstance(value, list) or not value:
        raise bad(f"{name}: Field required, a list of at least one")
    return value


def mapping(value: Any) -> Json:
    """The object that this is, or an empty one."""
    return value if isinstance(value, dict) else {}
