"""Many `Scored` lines at once, as columns.

Nearly every line of a log is as it always is, and for those there is no need of an event. Whatever is not (a field
that nobody knows, a number written as text, a count out of range, damage) raises `ValueError`, and the lines are read
one by one as events, which know what to make of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from math import nan
from operator import itemgetter
from typing import Any

import numpy as np
from pydantic_core import from_json

from arena.analysis.cost import KINDS
from arena.analysis.limits import MANY, MOST_OPTIONS, OUTCOME, SIDE, failure, signed
from arena.analysis.rows import UNKNOWN_SLOT, Floats, Ints
from arena.events import Score, Scored, Spend, Usage

Item = dict[str, Any]
Codes = dict[str, Ints]

_HASH = 16
"""The hexadecimal digits of a hash of 64 bits."""


@dataclass(frozen=True, eq=False)
class Bulk:
    """Some episodes: their names as lists, the columns of `Episodes`, `Rows` and `Spends` that need no code of a name.

    `of` of the rows and the spends is the number of the episode among these. `argued` has the seats of each episode
    with the options that they argued for, `bought` the names of seats by spend, `served` the number of an episode, a
    seat and the names of the models that answered it.
    """

    episode: Sequence[str]
    arm: Sequence[str]
    dataset: Sequence[str]
    question: Sequence[str]
    group: Sequence[str]
    key: Ints
    argued: Sequence[dict[str, int]]
    spend: Sequence[dict[str, Any]]
    episodes: dict[str, Any]
    rows: dict[str, Any]
    spends: dict[str, Any]
    t: Sequence[float]
    served: Sequence[tuple[int, str, Sequence[str]]]


class Items:
    """JSON objects of one kind; raises `ValueError` where one has a field that the `record` lacks, or is no object."""

    def __init__(self, items: Sequence[Item], record: type[Scored | Score | Spend | Usage]) -> None:
        _typed(items, dict)
        self.items, self._columns = items, _alike(items)
        self.keys = self._columns.keys() if self._columns else set().union(*items)
        if not self.keys <= record.model_fields.keys():
            raise ValueError("an unknown field")

    def __len__(self) -> int:
        return len(self.items)

    def all(self, name: str, absent: Any) -> list[Any]:
        """The values of a field, `absent` where it is not given."""
        if name in self._columns:
            return self._columns[name]
        if name not in self.keys:
            return [absent] * len(self.items)
        try:
            return list(map(itemgetter(name), self.items))
        except KeyError:
            return [item.get(name, absent) for item in self.items]

    def texts(self, name: str) -> list[str]:
        """A field that each has, a text."""
        found = list(map(itemgetter(name), self.items))
        _typed(found, str)
        return found

    def codes(self, name: str, codes: Mapping[Any, int], absent: Any) -> Ints:
        """The codes of a field with words."""
        if name not in self.keys:
            return np.full(len(self), codes[absent])
        return np.array([codes[word] for word in self.all(name, absent)], np.int64)

    def counts(self, name: str, most: int = MANY) -> Ints:
        """A field with whole numbers from 0, below `most`; 0 where it is not given."""
        return _counts(self.all(name, 0), most) if name in self.keys else np.zeros(len(self), np.int64)

    def small(self, name: str) -> Ints:
        """A field with whole numbers of either sign."""
        if name not in self.keys:
            return np.zeros(len(self), np.int64)
        found = _whole(self.all(name, 0))
        if len(found) and not np.abs(found).max() < MANY:
            raise ValueError("a number out of range")
        return found

    def shares(self, name: str) -> Floats:
        """A field with numbers from 0 to 1, NaN for `None`."""
        if name not in self.keys:
            return np.full(len(self), nan)
        values = self.all(name, None)
        return _shares(values, values.count(None))

    def dicts(self, name: str) -> list[Item]:
        """A field with objects; empty ones where it is not given."""
        found = self.all(name, _NONE)
        if name in self.keys:
            _typed(found, dict)
        return found


_NONE: Item = {}


def _alike(items: Sequence[Item]) -> dict[str, list[Any]]:
    """All values by field where each item has the same fields, as most have; nothing where not."""
    first = items[0].keys() if items else ()
    if {*map(len, items)} == {len(first)}:
        with suppress(KeyError):
            return {name: list(map(itemgetter(name), items)) for name in first}
    return {}


def bulk(lines: Sequence[bytes]) -> Bulk:
    """The columns of `Scored` lines, one or more. Raises `ValueError` where one of them is out of the ordinary."""
    try:
        return _bulk(from_json(b"[" + b",".join(lines) + b"]", cache_strings="keys"))
    except (TypeError, KeyError, AttributeError, OverflowError) as why:
        raise ValueError(str(why)) from None


def _bulk(found: Sequence[Item]) -> Bulk:
    items = Items(found, Scored)
    if {*items.all("type", None)} != {"Scored"} or any(items.all("at", "")):
        raise ValueError("no plain `Scored` line")
    times = items.all("t", 0.0)
    _typed(times, float, int)
    if "quotes" in items.keys:
        _typed(chain.from_iterable(map(dict.values, items.dicts("quotes"))), int)
    key, argued, spend = _counts(items.all("key", None)), items.dicts("argued"), items.dicts("spend")
    _typed(chain.from_iterable(map(dict.values, argued)), int)
    spends = Items([*chain.from_iterable(map(dict.values, spend))], Spend)
    return Bulk(
        **{name: items.texts(name) for name in ("episode", "arm", "dataset", "question", "group")},
        key=key,
        argued=argued,
        spend=spend,
        episodes=_episodes(items, key) | _taken(items),
        rows=_rows(items),
        spends=_taken(spends, free=0.0)
        | {name: spends.counts(name) for name in ("reused", "blind")}
        | {"of": _places(spend)},
        t=times,
        served=_served(spend) if "models" in spends.keys else (),
    )


def _served(spend: Sequence[Item]) -> list[tuple[int, str, Sequence[str]]]:
    places = ((place, seat, took) for place, found in enumerate(spend) for seat, took in found.items())
    served = [(place, seat, took["models"]) for place, seat, took in places if "models" in took]
    _typed((models for *_, models in served), list)
    _typed((name for *_, models in served for name in models), str)
    return served


def _episodes(items: Items, key: Ints) -> dict[str, Any]:
    posteriors = [posterior or () for posterior in items.all("posterior", ())]
    _typed(posteriors, list, tuple)
    lengths, flat = _lengths(posteriors), _shares([*chain.from_iterable(posteriors)], 0)
    honest, others = _words(items.all("words", ()), key)
    last, keys = items.all("last", None), key.tolist()
    _typed(last, int, type(None))
    return {
        "test": items.codes("split", _SPLIT, "test"),
        "outcome": items.codes("outcome", OUTCOME, "ok"),
        "options": lengths,
        "reader": _largest(flat, lengths),
        "honest_words": honest,
        "dishonest_words": others,
        "last": np.array([-1 if at is None else at != right for at, right in zip(last, keys, strict=True)], np.int64),
        "rounds": items.counts("rounds"),
        "transcript": _hashes(items.all("transcript", "")),
    }


_SPLIT = {"test": 1, "train": 0}


def _largest(flat: Floats, lengths: Ints) -> Floats:
    """The largest number of each part, NaN where it has none; the parts lie one behind the other."""
    found = np.full(len(lengths), nan)
    there = np.flatnonzero(lengths)
    if len(there):
        found[there] = np.maximum.reduceat(flat, (np.cumsum(lengths) - lengths)[there])
    return found


def _words(words: Sequence[Sequence[int]], key: Ints) -> tuple[Ints, Ints]:
    """The words for the right option and for the others, by episode."""
    _typed(words, list, tuple)
    flat, lengths = _counts([*chain.from_iterable(words)]), _lengths(words)
    sums = np.append(0, np.cumsum(flat))
    ends = np.cumsum(lengths)
    there = key < lengths
    honest = np.zeros(len(words), np.int64)
    honest[there] = flat[(ends - lengths + key)[there]]
    return honest, sums[ends] - sums[ends - lengths] - honest


def _rows(items: Items) -> dict[str, Any]:
    """The verdicts of test episodes; an episode without any has one that is missing."""
    given = items.all("scores", None)
    _typed(given, list)
    none = np.array([not each for each in given])
    if none.any():
        failed = [failure(outcome) for outcome in items.all("outcome", "ok")]
        given = [each or [{"slot": 0, "outcome": why}] for each, why in zip(given, failed, strict=True)]
    scores = Items([*chain.from_iterable(given)], Score)
    correct, said = scores.shares("correct"), scores.codes("outcome", OUTCOME, "ok")
    missing = (said != OUTCOME["ok"]) | np.isnan(correct)
    of, tested = _places(given), items.codes("split", _SPLIT, "test") == 1
    columns = {
        "of": of,
        "dealing": items.small("dealing")[of],
        "repeat": items.small("repeat")[of],
        "slot": np.where(none[of], UNKNOWN_SLOT, _counts(scores.all("slot", None), MOST_OPTIONS)),
        "side": items.codes("side", SIDE, None)[of],
        "outcome": np.where(missing & (said == OUTCOME["ok"]), OUTCOME["error"], said),
        "chosen": np.where(missing, -1, _chosen(scores)),
        "tokens": scores.codes("stated", _STATED, "verbalised"),
        "correct": np.where(missing, nan, correct),
        "p_correct": np.where(missing, nan, scores.shares("p_correct")),
        "outside": np.where(missing, nan, scores.shares("outside")),
    }
    return columns if tested.all() else {name: column[tested[of]] for name, column in columns.items()}


_STATED = {"verbalised": 0, "tokens": 1}


def _chosen(scores: Items) -> Ints:
    """The slots that were chosen, -1 for none."""
    if "chosen" not in scores.keys:
        return np.full(len(scores), -1)
    slots = scores.all("chosen", None)
    known = [0 if slot is None else slot for slot in slots]
    return np.where([slot is None for slot in slots], -1, _counts(known, MOST_OPTIONS))


def _taken(items: Items, free: float | None = None) -> dict[str, Any]:
    """Calls, tokens and money; a cost that is not given is `free`."""
    costs = items.all("cost", free)
    cost = _reals(costs)
    known = cost[~np.isnan(cost)]
    if not ((known >= 0) & (known < np.inf)).all() or len(cost) - len(known) != costs.count(None):
        raise ValueError("no amount of money")
    usages = Items(items.dicts("usage"), Usage)
    return {"calls": items.counts("calls"), **{kind: usages.counts(kind) for kind in KINDS}, "cost": cost}


def _typed(values: Iterable[Any], *kinds: type) -> None:
    types = [*map(type, values)]
    if types.count(kinds[0]) < len(types) and not {*types} <= {*kinds}:
        raise ValueError("a value of another type")


def _counts(values: list[Any], most: int = MANY) -> Ints:
    """Whole numbers from 0, below `most`."""
    found = _whole(values)
    if len(found) and int(found.view(np.uint64).max()) >= most:  # those below 0 are the largest, read so
        raise ValueError("a count out of range")
    return found


def _whole(values: list[Any]) -> Ints:
    _typed(values, int)
    return np.array(values, np.int64)


def _reals(values: list[Any]) -> Floats:
    _typed(values, float, int, type(None))
    return np.array(values, np.float64)


def _shares(values: list[Any], absent: int) -> Floats:
    """Numbers from 0 to 1, of which so many are `None`."""
    found = _reals(values)
    if int(((found >= 0) & (found <= 1)).sum()) + absent != len(values):
        raise ValueError("a share outside 0 to 1")
    return found


def _lengths(parts: Sequence[Any]) -> Ints:
    return np.fromiter(map(len, parts), np.int64, len(parts))


def _places(parts: Sequence[Any]) -> Ints:
    """For each member of each part, the number of its part."""
    return np.repeat(np.arange(len(parts)), _lengths(parts))


def _hashes(texts: list[Any]) -> Ints:
    """Hashes of 64 bits as numbers, 0 for none."""
    _typed(texts, str)
    if not {*map(len, texts)} <= {0, _HASH}:
        return np.array([signed(text) for text in texts], np.int64)
    data = bytes.fromhex("".join(text or "0" * _HASH for text in texts))
    if len(data) * 2 != _HASH * len(texts):
        raise ValueError("no hash")
    return np.frombuffer(data, ">i8").astype(np.int64)
