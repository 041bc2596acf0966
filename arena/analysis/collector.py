"""Turning `Scored` events into a `Table`, number by number, without keeping the events."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import inf, nan
from typing import Any, TypeVar

import numpy as np

from arena.analysis.rows import UNKNOWN_SLOT, Episodes, Flags, Names, Rows, Spends, Table
from arena.errors import OUTCOMES
from arena.events import Score, Scored, Spend

MANY = 1 << 40
"""No count in a log reaches this; one that does is damage."""

MOST_OPTIONS = 1 << 10
"""No question has as many options."""

_OUTCOME: dict[str, int] = {name: code for code, name in enumerate(OUTCOMES)}
_SIDE = {None: -1, "honest": 0, "dishonest": 1}


class Collector:
    """Turns `Scored` events into a `Table`. An episode that is scored twice counts as it was scored last."""

    def __init__(self) -> None:
        self._arms: dict[str, int] = {}
        self._datasets: dict[str, int] = {}
        self._questions: dict[tuple[str, str], int] = {}
        self._groups: dict[tuple[str, str], int] = {}
        self._seats: dict[str, int] = {}
        self._group_of = array("q")
        self._regrouped: set[int] = set()
        self._last: dict[str, int] = {}
        self._count = 0
        self._rename: Mapping[str, str] = {}
        self._mark = ""
        self._episodes, self._episode_reals = array("q"), array("d")
        self._rows, self._row_reals = array("q"), array("d")
        self._spends, self._spend_reals = array("q"), array("d")

    def begin(self, rename: Mapping[str, str], mark: str) -> None:
        """Begin with the events of another run: its arms have other names from here, its episodes a mark in front."""
        self._rename, self._mark = rename, mark

    def add(self, event: Scored) -> None:
        """Take one event in; raises `ValueError` where a number in it is out of range, and then takes in nothing."""
        check(event)
        if self._mark:
            arm = self._rename.get(event.arm, event.arm)
            event = event.model_copy(update={"arm": arm, "episode": f"{self._mark}{event.episode}"})
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
            _renumbered(rows, alive),
            episodes.where(alive),
            len(self._regrouped),
            tuple(self._seats),
            _renumbered(spends, alive),
            self._names(),
        )

    def _names(self) -> Names:
        return Names(
            questions=[name for _, name in self._questions],
            groups=[name for _, name in self._groups],
            episodes=sorted(self._last, key=self._last.__getitem__),
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
            *self._heard(event),
        )
        self._episodes.extend(codes)
        self._episode_reals.extend((nan if event.cost is None else event.cost, max(posterior, default=nan)))

    def _heard(self, event: Scored) -> tuple[int, ...]:
        """What the judge heard, as the columns of `Episodes` have it."""
        honest = event.words[event.key] if event.key < len(event.words) else 0
        seats = [-1, -1]
        for seat, option in event.argued.items():
            seats[option != event.key] = self._seats.setdefault(seat, len(self._seats))
        return (
            honest,
            sum(event.words) - honest,
            -1 if event.last is None else int(event.last != event.key),
            event.rounds,
            *seats,
            _signed(event.transcript),
        )

    def _add_spend(self, seat: str, spend: Spend) -> None:
        usage, code = spend.usage, self._seats.setdefault(seat, len(self._seats))
        tokens = (usage.input, usage.output, usage.cache_read, usage.cache_write)
        self._spends.extend((self._count, code, spend.calls, spend.reused, *tokens))
        self._spend_reals.append(nan if spend.cost is None else spend.cost)

    def _add_row(self, event: Scored, score: Score, slot: int) -> None:
        correct, p = score.correct, score.p_correct
        missing = score.outcome != "ok" or correct is None
        outcome = _OUTCOME[_failure(score.outcome) if missing else "ok"]
        chosen = -1 if missing or score.chosen is None else score.chosen
        tokens, outside = score.stated == "tokens", score.outside
        self._rows.extend((self._count, event.dealing, event.repeat, slot, _SIDE[event.side], outcome, chosen, tokens))
        reals = (correct, p, outside)
        self._row_reals.extend(nan if missing or value is None else value for value in reals)

    def _question(self, event: Scored) -> int:
        code = self._questions.setdefault((event.dataset, event.question), len(self._questions))
        group = self._groups.setdefault((event.dataset, event.group), len(self._groups))
        if code == len(self._group_of):
            self._group_of.append(group)
        elif self._group_of[code] != group:
            self._regrouped.add(code)
        return code


_EPISODE_CODES = ("arm", "dataset", "question", "test", "outcome", "calls", "input", "output", "cache_read",
                  "cache_write", "options", "honest_words", "dishonest_words", "last", "rounds", "honest_seat",
                  "dishonest_seat", "transcript")  # fmt: skip
_EPISODE_REALS = ("cost", "reader")
_SPEND_CODES = ("episode", "seat", "calls", "reused", "input", "output", "cache_read", "cache_write")
_ROW_CODES = ("episode", "dealing", "repeat", "slot", "side", "outcome", "chosen", "tokens")
_ROW_REALS = ("correct", "p_correct", "outside")


def _columns(names: tuple[str, ...], flat: array[Any]) -> dict[str, Any]:
    """The columns of a table that was written row by row."""
    table = np.array(flat).reshape(-1, len(names))
    return {name: table[:, place].copy() for place, name in enumerate(names)}


_Of = TypeVar("_Of", Rows, Spends)


def _renumbered(columns: _Of, alive: Flags) -> _Of:
    """The entries of the episodes that are alive, with the places of these among the living."""
    kept = columns.where(alive[columns.episode])
    return replace(kept, episode=(np.cumsum(alive) - 1)[kept.episode])


def collect(events: Iterable[Scored]) -> Table:
    """The table of some `Scored` events; raises `ValueError` where a number in one is out of range."""
    collector = Collector()
    for event in events:
        collector.add(event)
    return collector.table()


def _signed(transcript: str) -> int:
    """The hash of a transcript as a number of 64 bits; 0 for none. Raises `ValueError` for what is no such hash."""
    return int.from_bytes(bytes.fromhex(transcript)[:8], "big", signed=True) if transcript else 0


def _failure(outcome: str) -> Any:
    """The outcome of a verdict that is missing: an `ok` without a verdict broke its contract."""
    return "error" if outcome == "ok" else outcome


def check(event: Scored) -> None:
    """Raise `ValueError` for a number that no count, share or price can be, and for a hash that is none."""
    _signed(event.transcript)
    for score in event.scores:
        for value in (score.correct, score.p_correct, score.outside):
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"a score of {value} is outside 0 to 1")
        for slot in (score.slot, score.chosen or 0):
            if not 0 <= slot < MOST_OPTIONS:
                raise ValueError(f"there is no slot {slot}")
    for p in event.posterior or ():
        if not 0 <= p <= 1:
            raise ValueError(f"a posterior of {p} is outside 0 to 1")
    for count in (event.rounds, event.key, *event.words):
        if not 0 <= count < MANY:
            raise ValueError(f"{count} is no number of words, rounds or options")
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
