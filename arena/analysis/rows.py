"""Scored episodes as columns: one row is one verdict.

A row says of one verdict: its arm, question, dealing, repeat and episode, the slot in which the right option was shown
(0 = first), the side that was argued where there is only one advocate, its outcome, and whether it was right. A verdict
that is missing (refused, unparsed, …) is a row too, with `correct` and `p_correct` NaN. Names stand as codes into the
tuples of `Table`. Only episodes of the split `test` have rows; those of `train` count in what a run cost.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cached_property
from math import inf, nan
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from arena.errors import OUTCOMES
from arena.events import Score, Scored, Spend

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SIDES = ("honest", "dishonest")
"""The sides of a single advocate; a row's `side` is an index into this, or -1 where both options were argued."""

MANY = 1 << 40
"""No count in a log reaches this; one that does is damage."""

MOST_OPTIONS = 1 << 10
"""No question has as many options."""

UNKNOWN_SLOT = -1
"""The slot of an episode that failed before a presentation was drawn."""

_OUTCOME: dict[str, int] = {name: code for code, name in enumerate(OUTCOMES)}
_SIDE = {None: -1, "honest": 0, "dishonest": 1}


@dataclass(frozen=True, eq=False)
class Columns:
    """Arrays of one length, which are selected from together."""

    def __len__(self) -> int:
        first: npt.NDArray[Any] = getattr(self, fields(self)[0].name)
        return len(first)

    def where(self, mask: Flags) -> Self:
        """The entries at which `mask` holds."""
        return type(self)(**{field.name: getattr(self, field.name)[mask] for field in fields(self)})


@dataclass(frozen=True, eq=False)
class Rows(Columns):
    """Verdicts, shape (rows,) each. `correct` is 1, 0, ½ for a declared tie, or NaN where there is no verdict."""

    arm: Ints
    dataset: Ints
    question: Ints
    group: Ints
    episode: Ints
    dealing: Ints
    repeat: Ints
    slot: Ints
    side: Ints
    outcome: Ints
    correct: Floats
    p_correct: Floats

    @cached_property
    def missing(self) -> Flags:
        """Which rows have no verdict."""
        return np.isnan(self.correct)


@dataclass(frozen=True, eq=False)
class Episodes(Columns):
    """Episodes, shape (episodes,) each.

    `cost` is in US dollars, NaN where a price is unknown. `reader` is the largest posterior probability of the
    question, NaN where it is not known. `options` is their number, 0 where the log does not tell.
    """

    arm: Ints
    dataset: Ints
    question: Ints
    test: Flags
    outcome: Ints
    calls: Ints
    input: Ints
    output: Ints
    cache_read: Ints
    cache_write: Ints
    cost: Floats
    reader: Floats
    options: Ints


@dataclass(frozen=True, eq=False)
class Spends(Columns):
    """What seats bought in episodes, shape (entries,) each; an entry is a seat in an episode.

    `calls` counts the replies that were bought, `reused` those that were looked up. The tokens and the `cost` in US
    dollars (NaN where a price is unknown) are of what was bought, failed attempts included.
    """

    arm: Ints
    dataset: Ints
    episode: Ints
    seat: Ints
    calls: Ints
    reused: Ints
    input: Ints
    output: Ints
    cache_read: Ints
    cache_write: Ints
    cost: Floats

    @classmethod
    def none(cls) -> Self:
        """No entries."""
        return cls(**{one.name: np.empty(0, float if one.name == "cost" else np.int64) for one in fields(cls)})


@dataclass(frozen=True, eq=False)
class Table:
    """All that a run scored. `regrouped` counts questions that the log puts into more than one group."""

    arms: tuple[str, ...]
    datasets: tuple[str, ...]
    rows: Rows
    episodes: Episodes
    regrouped: int = 0
    seats: tuple[str, ...] = ()
    spends: Spends = field(default_factory=Spends.none)

    def rows_of(self, arm: str, dataset: str) -> Rows:
        """The rows of one arm on one dataset; none where the arm scored nothing there."""
        return self.rows.where(self._mask(self.rows, arm, dataset))

    def episodes_of(self, arm: str, dataset: str) -> Episodes:
        """The episodes of one arm on one dataset, training episodes included."""
        return self.episodes.where(self._mask(self.episodes, arm, dataset))

    def spends_of(self, arm: str, dataset: str) -> Spends:
        """What the seats of one arm bought on one dataset, in training episodes too."""
        return self.spends.where(self._mask(self.spends, arm, dataset))

    def _mask(self, columns: Rows | Episodes | Spends, arm: str, dataset: str) -> Flags:
        if arm not in self.arms or dataset not in self.datasets:
            return np.zeros(len(columns), bool)
        mask: Flags = (columns.arm == self.arms.index(arm)) & (columns.dataset == self.datasets.index(dataset))
        return mask


class Collector:
    """Turns `Scored` events into a `Table`. An episode that is scored twice counts as it was scored last."""

    def __init__(self) -> None:
        self._arms: dict[str, int] = {}
        self._datasets: dict[str, int] = {}
        self._questions: dict[tuple[str, str], int] = {}
        self._groups: dict[tuple[str, str], int] = {}
        self._group_of = array("q")
        self._regrouped: set[int] = set()
        self._last: dict[str, int] = {}
        self._count = 0
        self._episodes, self._episode_reals = array("q"), array("d")
        self._rows, self._row_reals = array("q"), array("d")
        self._seats: dict[str, int] = {}
        self._spends, self._spend_reals = array("q"), array("d")

    def add(self, event: Scored) -> None:
        """Take one event in; raises `ValueError` where a number in it is out of range, and then takes in nothing."""
        _check(event)
        self._add_episode(event)
        for seat, spend in event.spend.items():
            self._add_spend(seat, spend)
        if event.split == "test":
            for score in event.scores or (Score(slot=0, outcome=_failure(event.outcome)),):
                self._add_row(event, score, UNKNOWN_SLOT if not event.scores else score.slot)
        self._last[event.episode] = self._count
        self._count += 1

    def table(self) -> Table:
        """What was taken in so far."""
        alive = np.zeros(self._count, bool)
        alive[np.fromiter(self._last.values(), np.int64, len(self._last))] = True
        columns = _columns(_EPISODE_CODES, self._episodes) | _columns(_EPISODE_REALS, self._episode_reals)
        columns["test"] = columns["test"].astype(bool)
        episodes = Episodes(**columns)
        codes = _columns(_ROW_CODES, self._rows) | _columns(_ROW_REALS, self._row_reals)
        of = {name: getattr(episodes, name)[codes["episode"]] for name in ("arm", "dataset", "question")}
        rows = Rows(group=np.array(self._group_of, np.int64)[of["question"]], **of, **codes)
        codes = _columns(_SPEND_CODES, self._spends) | _columns(("cost",), self._spend_reals)
        spends = Spends(**{name: getattr(episodes, name)[codes["episode"]] for name in ("arm", "dataset")}, **codes)
        return Table(
            tuple(self._arms),
            tuple(self._datasets),
            rows.where(alive[rows.episode]),
            episodes.where(alive),
            len(self._regrouped),
            tuple(self._seats),
            spends.where(alive[spends.episode]),
        )

    def _add_episode(self, event: Scored) -> None:
        posterior, usage = event.posterior or (), event.usage
        codes = (
            self._arms.setdefault(event.arm, len(self._arms)),
            self._datasets.setdefault(event.dataset, len(self._datasets)),
            self._question(event),
            event.split == "test",
            _OUTCOME[event.outcome],
            event.calls,
            usage.input,
            usage.output,
            usage.cache_read,
            usage.cache_write,
            len(posterior),
        )
        self._episodes.extend(codes)
        self._episode_reals.extend((nan if event.cost is None else event.cost, max(posterior, default=nan)))

    def _add_spend(self, seat: str, spend: Spend) -> None:
        usage, code = spend.usage, self._seats.setdefault(seat, len(self._seats))
        tokens = (usage.input, usage.output, usage.cache_read, usage.cache_write)
        self._spends.extend((self._count, code, spend.calls, spend.reused, *tokens))
        self._spend_reals.append(nan if spend.cost is None else spend.cost)

    def _add_row(self, event: Scored, score: Score, slot: int) -> None:
        correct, p = score.correct, score.p_correct
        missing = score.outcome != "ok" or correct is None
        outcome = _OUTCOME[_failure(score.outcome) if missing else "ok"]
        self._rows.extend((self._count, event.dealing, event.repeat, slot, _SIDE[event.side], outcome))
        self._row_reals.extend((nan if missing or correct is None else correct, nan if missing or p is None else p))

    def _question(self, event: Scored) -> int:
        code = self._questions.setdefault((event.dataset, event.question), len(self._questions))
        group = self._groups.setdefault((event.dataset, event.group), len(self._groups))
        if code == len(self._group_of):
            self._group_of.append(group)
        elif self._group_of[code] != group:
            self._regrouped.add(code)
        return code


_EPISODE_CODES = ("arm", "dataset", "question", "test", "outcome", "calls", "input", "output", "cache_read",
                  "cache_write", "options")  # fmt: skip
_EPISODE_REALS = ("cost", "reader")
_SPEND_CODES = ("episode", "seat", "calls", "reused", "input", "output", "cache_read", "cache_write")
_ROW_CODES = ("episode", "dealing", "repeat", "slot", "side", "outcome")
_ROW_REALS = ("correct", "p_correct")


def _columns(names: tuple[str, ...], flat: array[Any]) -> dict[str, Any]:
    """The columns of a table that was written row by row."""
    table = np.array(flat).reshape(-1, len(names))
    return {name: table[:, place].copy() for place, name in enumerate(names)}


def collect(events: Iterable[Scored]) -> Table:
    """The table of some `Scored` events; raises `ValueError` where a number in one is out of range."""
    collector = Collector()
    for event in events:
        collector.add(event)
    return collector.table()


def _failure(outcome: str) -> Any:
    """The outcome of a verdict that is missing: an `ok` without a verdict broke its contract."""
    return "error" if outcome == "ok" else outcome


def _check(event: Scored) -> None:
    """Raise `ValueError` for a number that no count, share or price can be."""
    for score in event.scores:
        for value in (score.correct, score.p_correct):
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"a score of {value} is outside 0 to 1")
        if not 0 <= score.slot < MOST_OPTIONS:
            raise ValueError(f"there is no slot {score.slot}")
    for p in event.posterior or ():
        if not 0 <= p <= 1:
            raise ValueError(f"a posterior of {p} is outside 0 to 1")
    _check_taken(event)
    for spend in event.spend.values():
        _check_taken(spend)
    if not (abs(event.dealing) < MANY and abs(event.repeat) < MANY):
        raise ValueError("a dealing or repeat is out of range")


def _check_taken(taken: Scored | Spend) -> None:
    """Raise `ValueError` for what nobody can have bought."""
    if taken.cost is not None and not 0 <= taken.cost < inf:
        raise ValueError(f"a cost of {taken.cost} is no amount of money")
    usage, looked_up = taken.usage, taken.reused if isinstance(taken, Spend) else 0
    for count in (taken.calls, looked_up, usage.input, usage.output, usage.cache_read, usage.cache_write):
        if not 0 <= count < MANY:
            raise ValueError(f"{count} is no number of calls or tokens")
