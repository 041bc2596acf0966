"""Protocols, datasets and models are found by entry points, the arena's own through the same door as a stranger's.

Listing names imports nothing. Loading one imports that one, and says what is installed where it is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal, TypeVar
from urllib.parse import unquote

from pydantic import BaseModel, ValidationError

from arena.errors import UsageError, unknown

Kind = Literal["protocols", "datasets", "models"]
M = TypeVar("M", bound=BaseModel)


def installed(kind: Kind) -> dict[str, list[EntryPoint]]:
    """The entry points of a kind by name, sorted; more than one under a name is a clash of packages."""
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=f"arena.{kind}"):
        twins = found.setdefault(point.name, [])
        if all((twin.value, _dist(twin)) != (point.value, _dist(point)) for twin in twins):
            twins.append(point)
    return dict(sorted(found.items()))


def load(kind: Kind, name: str) -> Any:
    """What the entry point `name` of a kind refers to; raises `UsageError` where there is none, or more than one."""
    points = installed(kind)
    what = kind.removesuffix("s")
    if name not in points:
        raise unknown(what, name, points)
    if len(points[name]) > 1:
        owners = " and ".join(_dist(point) for point in points[name])
        raise UsageError(f"the {what} {name!r} is defined by {owners}. Uninstall one of them.")
    try:
        return points[name][0].load()
    except (ImportError, AttributeError) as why:
        raise UsageError(
            f"the {what} {name!r} of {_dist(points[name][0])} cannot be imported: {why}. Is it installed whole?"
        ) from why


def origin(kind: Kind, name: str) -> str:
    """The distribution and version behind a name, such as `oversight-arena 0.1.0`."""
    return " and ".join(_dist(point) for point in installed(kind).get(name, ()))


def parse_spec(spec: str) -> tuple[str, dict[str, str]]:
    """Split `name?key=value&key=value`; raises `UsageError` where the settings are not of that form."""
    name, _, query = spec.partition("?")
    if not name:
        raise UsageError(f"{spec!r} names nothing; write a name, and settings behind a question mark: name?key=value")
    settings: dict[str, str] = {}
    for pair in query.split("&") if query else ():
        key, equals, value = pair.partition("=")
        if not key or not equals:
            raise UsageError(f"the settings in {spec!r} must have the form key=value&key=value")
        if unquote(key) in settings:
            raise UsageError(f"{spec!r} gives the setting {unquote(key)!r} twice")
        settings[unquote(key)] = unquote(value)
    return name, settings


def build(cls: type[M], values: Mapping[str, object], what: str) -> M:
    """A settings model from values as typed; raises `UsageError` that names the setting, and what it takes."""
    for name in values:
        if name not in cls.model_fields:
            raise unknown(f"setting of {what}", name, cls.model_fields)
    try:
        return cls.model_validate(dict(values))
    except ValidationError as why:
        first = why.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        given = f" = {first['input']!r}" if first["loc"] else ""
        raise UsageError(f"{what}: {name}{given}: {_lower(first['msg'])}") from None


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _dist(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
