"""Matches between two debaters, as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from typing import NamedTuple

import numpy as np

from arena.analysis.arrays import number
from arena.analysis.rows import Flags, Floats, Ints
from arena.errors import UsageError


class Match(NamedTuple):
    """Who stood in slot A and who in slot B, and the share of wins of the former: 1, 0, ½ for a tie, or an average.

    `honest` is 1 where `first` argued the truth and `second` did not, -1 the other way round, 0 for neither or both.
    `weight` is the number of questions behind an average. `group` is the passage; without one a match is its own.
    """

    first: str
    second: str
    outcome: float | None
    honest: int = 0
    weight: float = 1.0
    group: str | None = None


@dataclass(frozen=True, eq=False)
class Matches:
    """Matches, shape (n,) each; `first` and `second` are indices into `players`, which are in alphabetical order."""

    players: tuple[str, ...]
    first: Ints
    second: Ints
    outcome: Floats
    honest: Floats
    weight: Floats
    group: Ints

    def of(self, chosen: Flags) -> Matches:
        """The matches among the chosen players, shape (players,), renumbered."""
        keep = chosen[self.first] & chosen[self.second]
        number = np.cumsum(chosen) - 1
        players = tuple(name for name, there in zip(self.players, chosen, strict=True) if there)
        outcome, honest, weight = (column[keep] for column in (self.outcome, self.honest, self.weight))
        first, second = number[self.first[keep]], number[self.second[keep]]
        return Matches(players, first, second, outcome, honest, weight, self.group[keep])

    def points(self) -> tuple[Floats, Floats]:
        """What each player won and lost, shape (players,) each, in matches by weight."""
        for_first, for_second = self.weight * self.outcome, self.weight * (1 - self.outcome)
        won, lost = self._sums(for_first, for_second), self._sums(for_second, for_first)
        return won, lost

    @cached_property
    def pairs(self) -> Floats:
        """The players of each match: +1 for the first and -1 for the second, shape (n, players)."""
        found = np.zeros((len(self.first), len(self.players)))
        at = np.arange(len(self.first))
        np.add.at(found, (at, self.first), 1.0)
        np.add.at(found, (at, self.second), -1.0)
        return found

    def _sums(self, first: Floats, second: Floats) -> Floats:
        count = len(self.players)
        sums = np.bincount(self.first, first, count) + np.bincount(self.second, second, count)
        return np.asarray(sums, np.float64)


def _unknown(outcome: float | None) -> bool:
    return outcome is None or isnan(outcome)


def _checked(entry: Match) -> Match:
    number(nan if entry.outcome is None else entry.outcome, "outcome", 0, 1)
    number(entry.weight, "weight", 0)
    if entry.honest not in (-1, 0, 1):
        raise UsageError(f"`honest` is {entry.honest}; it has to be 1, 0 or -1")
    if entry.first == entry.second:
        raise UsageError(f"{entry.first!r} played against itself, which says nothing of its skill; leave it out")
    return entry


def matches(entries: Iterable[Match]) -> Matches:
    """Matches as columns; those without an outcome (`None`, NaN) or weight are left out.

    Raises `UsageError` for an outcome outside 0 to 1, a weight below 0, an `honest` that is none, or a player against
    itself.
    """
    kept = [_checked(entry) for entry in entries if entry.weight != 0 and not _unknown(entry.outcome)]
    players = tuple(sorted({entry.first for entry in kept} | {entry.second for entry in kept}))
    number = {name: at for at, name in enumerate(players)}
    passages: dict[tuple[int, str], int] = {}
    groups = [
        passages.setdefault((at, "") if entry.group is None else (-1, entry.group), len(passages))
        for at, entry in enumerate(kept)
    ]
    return Matches(
        players,
        np.array([number[entry.first] for entry in kept], np.int64),
        np.array([number[entry.second] for entry in kept], np.int64),
        np.array([entry.outcome for entry in kept], np.float64),
        np.array([entry.honest for entry in kept], np.float64),
        np.array([entry.weight for entry in kept], np.float64),
        np.array(groups, np.int64),
    )
