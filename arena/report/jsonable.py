"""Frozen results as what JSON knows: dicts, lists, texts, finite numbers, `None`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

from arena.analysis.selective import Selective

POINTS = 100
"""No curve has more points than this; of a longer one every so many-th is kept, and the last."""


def jsonable(value: Any) -> Any:
    """A result as JSON; fields that are not part of its `repr` are left out, and what is not finite is `None`."""
    if isinstance(value, Selective):
        value = {"curve": [point._asdict() for point in value.thinned(POINTS)], "area": value.area}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    return value
