"""An object of a JSON schema: a verdict where it looks like one, else something plain of each type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from arena.fake.asked import Json

_DEEP = 12
"""How deep schemas that refer to themselves are followed."""

_LETTER = re.compile(r"[A-Z]")


class Shaping(NamedTuple):
    """What goes into an object: a belief by letter, in percent or as fractions of one, and a sentence for texts."""

    belief: Mapping[str, float]
    percent: bool
    sentence: str


def shaped(schema: Json, shaping: Shaping) -> Any:
    """An object of this schema."""
    return _value(schema, shaping, schema, "", 0)


def _value(schema: Any, shaping: Shaping, root: Json, name: str, deep: int) -> Any:
    schema = _resolved(schema, root) if isinstance(schema, dict) else {}
    kind = schema.get("type")
    kind = next((each for each in kind if each != "null"), None) if isinstance(kind, list) else kind
    if "const" in schema or schema.get("enum"):
        return _of_these(schema.get("enum") or [schema["const"]], shaping)
    for either in ("anyOf", "oneOf", "allOf"):
        if schema.get(either) and deep < _DEEP:
            return _value(schema[either][0], shaping, root, name, deep + 1)
    if kind == "object" or "properties" in schema:
        return _object(schema, shaping, root, deep)
    if kind == "array":
        return _list(schema, shaping, root, deep)
    return _plain(schema, str(kind), shaping, name)


def _plain(schema: Json, kind: str, shaping: Shaping, name: str) -> Any:
    if kind in ("number", "integer"):
        return _number(schema, shaping, name, whole=kind == "integer")
    return {"boolean": True, "null": None}.get(kind, shaping.sentence)


def _resolved(schema: Json, root: Json) -> Json:
    place: Any = schema.get("$ref")
    if not isinstance(place, str) or not place.startswith("#/"):
        return schema
    found: Any = root
    for part in place[2:].split("/"):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _of_these(values: list[Any], shaping: Shaping) -> Any:
    likeliest = sorted(shaping.belief, key=lambda letter: -shaping.belief[letter])
    return next((letter for letter in likeliest if letter in values), values[0])


def _object(schema: Json, shaping: Shaping, root: Json, deep: int) -> dict[str, Any]:
    fields = schema.get("properties")
    if not isinstance(fields, dict) or deep >= _DEEP:
        return {}
    made = {name: _value(field, shaping, root, name, deep + 1) for name, field in fields.items()}
    letters = [name for name in made if _LETTER.fullmatch(name) and isinstance(made[name], int | float)]
    if letters and not shaping.belief.keys() >= set(letters):  # nothing is known of these: all alike, adding up
        whole = 100 if shaping.percent else 1
        made |= {name: whole / len(letters) for name in letters}
    return made


def _list(schema: Json, shaping: Shaping, root: Json, deep: int) -> list[Any]:
    item = _resolved(schema.get("items") or {}, root)
    fields = item.get("properties")
    label = next((n for n, f in fields.items() if _letters(f, shaping)), None) if isinstance(fields, dict) else None
    if label is None or deep >= _DEEP:
        return [_value(item, shaping, root, "", deep + 1)] if deep < _DEEP else []
    return [
        {n: letter if n == label else _value(f, shaping, root, letter, deep + 1) for n, f in item["properties"].items()}
        for letter in shaping.belief
    ]


def _letters(field: Any, shaping: Shaping) -> bool:
    values = field.get("enum") if isinstance(field, dict) else None
    return isinstance(values, list) and bool(values) and set(values) <= shaping.belief.keys()


def _number(schema: Json, shaping: Shaping, name: str, *, whole: bool) -> float:
    percent = shaping.percent or whole or schema.get("maximum") == 100  # noqa: PLR2004
    if schema.get("maximum") == 1:
        percent = False
    share = shaping.belief.get(name, max(shaping.belief.values(), default=0.5))
    value = share * 100 if percent else share
    return round(value) if whole else round(value, 4)
