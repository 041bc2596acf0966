"""Under which names providers answered: a spec asks for a model, and what is served behind it may be another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from arena.views import SHADOWED


class Served(NamedTuple):
    """A model as its provider named it. `first` and `last` are when episodes that it played in ended, in seconds."""

    model: str
    episodes: int
    first: float
    last: float


Seats = Mapping[str, tuple[Served, ...]]
"""What was served to each seat, in the order in which it first came."""


class Roll:
    """Counts what was served to the seats of each arm on each dataset."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], Served] = {}

    def add(self, arm: str, dataset: str, seat: str, models: Iterable[str], t: float) -> None:
        """Take in what was served to one seat in one episode."""
        for model in models:
            place = (arm, dataset, seat, model)
            had = self._found.get(place) or Served(model, 0, t, t)
            self._found[place] = Served(model, had.episodes + 1, min(had.first, t), max(had.last, t))

    def join(self, other: Roll) -> None:
        """Take in all that another roll took in, of other episodes."""
        for place, more in other._found.items():
            had = self._found.get(place)
            self._found[place] = more if had is None else _added(had, more)

    def told(self) -> Mapping[tuple[str, str], Seats]:
        """All that was taken in, by arm and dataset. A shadow judge is served as the judge."""
        made: dict[tuple[str, str], dict[str, dict[str, Served]]] = {}
        for (arm, dataset, seat, model), one in self._found.items():
            known = made.setdefault((arm, dataset), {}).setdefault(seat.removesuffix(SHADOWED), {})
            known[model] = joined(known[model], one) if model in known else one
        return {
            place: {seat: tuple(sorted(found.values(), key=lambda one: one.first)) for seat, found in seats.items()}
            for place, seats in made.items()
        }


def _added(one: Served, other: Served) -> Served:
    """One model in episodes and in others."""
    return joined(one, other)._replace(episodes=one.episodes + other.episodes)


def joined(one: Served, other: Served) -> Served:
    """One model at two seats, or in two arms; an episode that both played in counts once at least."""
    return Served(one.model, max(one.episodes, other.episodes), min(one.first, other.first), max(one.last, other.last))
