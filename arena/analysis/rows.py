"""Scored episodes as columns: one row is one verdict.

A row says of one verdict: its arm, question, dealing, repeat and episode, the slot in which the right option was shown
(0 = first), the side that was argued where there is only one advocate, its outcome, and whether it was right. A verdict
that is missing (refused, unparsed, …) is a row too, with `correct` and `p_correct` NaN. Names stand as codes into the
tuples of `Table`. Only episodes of the split `test` have rows; those of `train` count in what a run cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from arena.analysis.served import Seats
from arena.errors import UsageError
from arena.events import Stated

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

SIDES = ("honest", "dishonest")
"""The sides of a single advocate; a row's `side` is an index into this, or -1 where both options were argued."""

UNKNOWN_SLOT = -1
"""The slot of an episode that failed before a presentation was drawn."""


@dataclass(frozen=True, eq=False)
class Columns:
    """Arrays of one length, which are selected from together; a selection takes a column when it is asked for."""

    def __len__(self) -> int:
        if (chosen := self._chosen) is not None:
            return len(chosen[1])
        first: npt.NDArray[Any] = getattr(self, fields(self)[0].name)
        return len(first)

    def where(self, mask: Flags) -> Self:
        """The entries at which `mask` holds."""
        if mask.all():
            return self
        selection = object.__new__(type(self))
        object.__setattr__(selection, "_chosen", (self, np.flatnonzero(mask)))
        return selection

    _chosen: ClassVar[tuple[Any, Ints] | None] = None
    """What a selection is from, and at which places."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> npt.NDArray[Any]:
            if name.startswith("_") or self._chosen is None:
                raise AttributeError(name=name, obj=self)
            whole, places = self._chosen
            column = getattr(whole, name)[places]
            object.__setattr__(self, name, column)
            return column


@dataclass(frozen=True, eq=False)
class Rows(Columns):
    """Verdicts, shape (rows,) each. `correct` is 1, 0, ½ for a declared tie, or NaN where there is no verdict.

    `episode` is the place in the table's `Episodes`. `chosen` is the slot that the judge chose, -1 at a tie, where
    there is no verdict, and where the log does not say. `tokens` is 1 where the belief was read off token
    probabilities, 0 where it was put in words; `outside` is the probability mass that fell on no option, NaN where that
    is not known.
    """

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
    chosen: Ints
    tokens: Ints
    outside: Floats

    @cached_property
    def missing(self) -> Flags:
        """Which rows have no verdict."""
        return np.isnan(self.correct)

    @property
    def mixed(self) -> bool:
        """Whether beliefs of both forms are among the rows: they are different forecasts, and no mean is of both."""
        forms = self.tokens[~np.isnan(self.p_correct)]
        return bool(len(forms)) and bool((forms != forms[0]).any())

    def stated(self, form: Stated) -> Rows:
        """The rows whose verdict was asked for in this form."""
        return self.where(self.tokens == (form == "tokens"))


@dataclass(frozen=True, eq=False)
class Episodes(Columns):
    """Episodes, shape (episodes,) each.

    `cost` is in US dollars, NaN where a price is unknown. `reader` is the largest posterior probability of the
    question, NaN where it is not known. `options` is their number, 0 where the log does not tell.

    What the judge heard: words for the right option and for the others, 0 where it heard none; `last`, the side with
    the last word as an index into `SIDES`, -1 where nobody had it alone; `rounds` of speeches; the seats that argued
    for the right option and for another, as codes into the table's seats, -1 for nobody; and the hash of all of it, 0
    where there is none.
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
    honest_words: Ints
    dishonest_words: Ints
    last: Ints
    rounds: Ints
    honest_seat: Ints
    dishonest_seat: Ints
    transcript: Ints


@dataclass(frozen=True, eq=False)
class Names:
    """What the codes of a table stand for; episodes are named in the order of `Episodes`."""

    questions: Sequence[str] = ()
    groups: Sequence[str] = ()
    episodes: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Spends(Columns):
    """What seats bought in episodes, shape (entries,) each; an entry is a seat in an episode.

    `calls` counts the replies that were bought, `reused` those that were looked up. The tokens and the `cost` in US
    dollars (NaN where a price is unknown) are of what was bought, failed attempts included, but for `blind` ones of
    which nobody said what they cost.
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
    blind: Ints
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
    names: Names = Names()
    served: Mapping[tuple[str, str], Seats] = field(default_factory=dict)

    def rows_of(self, arm: str, dataset: str | None = None) -> Rows:
        """The rows of one arm on one dataset; none where the arm scored nothing there.

        A table of one dataset needs no name of it. Raises `UsageError` without a name where there are several: rows of
        different datasets are never pooled.
        """
        part = (arm, self._only(dataset))
        if part not in self._parts:
            self._parts[part] = self.rows.where(self._mask(self.rows, *part))
        return self._parts[part]

    @cached_property
    def _parts(self) -> dict[tuple[str, str], Rows]:
        """The rows of each arm that were asked for so far."""
        return {}

    def _only(self, dataset: str | None) -> str:
        if dataset is None and len(self.datasets) > 1:
            raise UsageError(f"the table has the datasets {', '.join(self.datasets)}; say which one is meant")
        return dataset or "".join(self.datasets)

    def episodes_of(self, arm: str, dataset: str | None = None) -> Episodes:
        """The episodes of one arm on one dataset, training episodes included; `dataset` is as in `rows_of`."""
        return self.episodes.where(self._mask(self.episodes, arm, self._only(dataset)))

    def spends_of(self, arm: str, dataset: str | None = None) -> Spends:
        """What the seats of one arm bought on one dataset, in training episodes too; `dataset` is as in `rows_of`."""
        return self.spends.where(self._mask(self.spends, arm, self._only(dataset)))

    def _mask(self, columns: Rows | Episodes | Spends, arm: str, dataset: str) -> Flags:
        if arm not in self.arms or dataset not in self.datasets:
            return np.zeros(len(columns), bool)
        mask: Flags = (columns.arm == self.arms.index(arm)) & (columns.dataset == self.datasets.index(dataset))
        return mask
