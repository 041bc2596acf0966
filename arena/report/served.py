"""What a report says of the models that answered, where that is not what was asked for, and where it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from arena.analysis.served import Served, joined
from arena.report.model import ArmResult

MOST = 5
"""How many names of one model are told."""

LONGEST = 80
"""How many letters of a name are told."""


def asked(spec: str) -> str:
    """The name that a spec asks its provider for."""
    return spec.partition("/")[2].partition("?")[0].partition("@http")[0]


def answered(spec: str, served: Sequence[Served]) -> str:
    """Under which names a model answered, to stand behind its spec; nothing where they are what was asked for."""
    names = [one.model for one in served]
    if not names or names in ([asked(spec)], [spec]):
        return ""
    return f" (answered as {', '.join(map(_short, names[:MOST]))}{', …' * (len(names) > MOST)})"


def changes(arms: Iterable[ArmResult]) -> Iterator[str]:
    """A sentence for each model that answered under several names while the run lasted."""
    told: dict[str, dict[str, Served]] = {}
    for result in arms:
        for seat, served in result.served.items():
            if seat in result.arm.seats:
                known = told.setdefault(result.arm.seats[seat].model, {})
                known |= {one.model: joined(known.get(one.model, one), one) for one in served}
    for spec, found in told.items():
        if len(found) > 1:
            ordered = sorted(found.values(), key=lambda one: one.first)[:MOST]
            yield f"{spec} answered as more than one model: {'; '.join(map(_stretch, ordered))}"


def _stretch(one: Served) -> str:
    """A model, and from when to when it answered."""
    return f"{_short(one.model)} from {_time(one.first)} to {_time(one.last)}"


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[:LONGEST]}…"


def _time(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"{seconds:g} s"
