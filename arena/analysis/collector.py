"""Turning `Scored` events into a `Table`, number by number, without keeping the events."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from math import nan
from typing import Any, TypeVar

import numpy as np

from arena.analysis.bulk import Bulk, bulk
from arena.analysis.limits import OUTCOME, SIDE, check, failure, signed
from arena.analysis.rows import UNKNOWN_SLOT, Episodes, Flags, Floats, Ints, Names, Rows, Spends, Table
from arena.analysis.served import Roll
from arena.events import Score, Scored, Spend
from arena.garbage import uncollected


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
        self._served = Roll()

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
            self._served.add(event.arm, event.dataset, seat, spend.models, event.t)
        if event.split == "test":
            for score in event.scores or (Score(slot=0, outcome=failure(event.outcome)),):
                self._add_row(event, score, UNKNOWN_SLOT if not event.scores else score.slot)
        self._last[event.episode] = self._count
        self._count += 1

    @uncollected()
    def add_lines(self, lines: Sequence[bytes]) -> bool:
        """Take many `Scored` lines in; where one is out of the ordinary it takes in none, and says so by `False`."""
        try:
            found = bulk(lines)
        except ValueError:
            return False
        self._add_bulk(found)
        return True

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
            self._served.told(),
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
            OUTCOME[event.outcome],
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

    def _add_bulk(self, found: Bulk) -> None:
        arms = [self._rename.get(arm, arm) for arm in found.arm] if self._mark else found.arm
        names = [self._mark + name for name in found.episode] if self._mark else found.episode
        first, n = self._count, len(names)
        columns = found.episodes | {
            "arm": _coded(self._arms, arms),
            "dataset": _coded(self._datasets, found.dataset),
            "question": self._coded_questions(found),
        }
        for_seats = (seat for pair in zip(found.argued, found.spend, strict=True) for seats in pair for seat in seats)
        bought = self._seated([*for_seats], found, columns)
        _extend(self._episodes, columns, _EPISODE_CODES)
        _extend(self._episode_reals, columns, _EPISODE_REALS)
        for flat, reals, part, codes, numbers in (
            (self._rows, self._row_reals, found.rows, _ROW_CODES, _ROW_REALS),
            (self._spends, self._spend_reals, found.spends | {"seat": bought}, _SPEND_CODES, ("cost",)),
        ):
            _extend(flat, part | {"episode": part["of"] + first}, codes)
            _extend(reals, part, numbers)
        for place, seat, models in found.served:
            self._served.add(arms[place], found.dataset[place], seat, models, found.t[place])
        self._last.update(zip(names, range(first, first + n), strict=True))
        self._count += n

    def _seated(self, seats: Sequence[str], found: Bulk, columns: dict[str, Any]) -> Ints:
        """Give seats their codes in the order in which they are named; returns that of each spend."""
        _coded(self._seats, seats)
        of = np.repeat(np.arange(len(found.key)), [len(argued) for argued in found.argued])
        sitting = _coded(self._seats, [*chain.from_iterable(found.argued)])
        options = np.array([*chain.from_iterable(map(dict.values, found.argued))], np.int64)
        pair = np.full((len(found.key), 2), -1)
        pair[of, (options != found.key[of]).astype(np.int64)] = sitting
        columns["honest_seat"], columns["dishonest_seat"] = pair.T
        return _coded(self._seats, [*chain.from_iterable(found.spend)])

    def _coded_questions(self, found: Bulk) -> Ints:
        questions = _coded(self._questions, [*zip(found.dataset, found.question, strict=True)])
        groups = _coded(self._groups, [*zip(found.dataset, found.group, strict=True)])
        for pair in dict.fromkeys(zip(questions.tolist(), groups.tolist(), strict=True)):
            self._grouped(*pair)
        return questions

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
            signed(event.transcript),
        )

    def _add_spend(self, seat: str, spend: Spend) -> None:
        usage, code = spend.usage, self._seats.setdefault(seat, len(self._seats))
        tokens = (usage.input, usage.output, usage.cache_read, usage.cache_write)
        self._spends.extend((self._count, code, spend.calls, spend.reused, *tokens, spend.blind))
        self._spend_reals.append(nan if spend.cost is None else spend.cost)

    def _add_row(self, event: Scored, score: Score, slot: int) -> None:
        correct, p = score.correct, score.p_correct
        missing = score.outcome != "ok" or correct is None
        outcome = OUTCOME[failure(score.outcome) if missing else "ok"]
        chosen = -1 if missing or score.chosen is None else score.chosen
        tokens, outside = score.stated == "tokens", score.outside
        self._rows.extend((self._count, event.dealing, event.repeat, slot, SIDE[event.side], outcome, chosen, tokens))
        reals = (correct, p, outside)
        self._row_reals.extend(nan if missing or value is None else value for value in reals)

    def _question(self, event: Scored) -> int:
        code = self._questions.setdefault((event.dataset, event.question), len(self._questions))
        group = self._groups.setdefault((event.dataset, event.group), len(self._groups))
        self._grouped(code, group)
        return code

    def _grouped(self, code: int, group: int) -> None:
        """Note the group of a question; the first that the log names stands."""
        if code == len(self._group_of):
            self._group_of.append(group)
        elif self._group_of[code] != group:
            self._regrouped.add(code)


_EPISODE_CODES = ("arm", "dataset", "question", "test", "outcome", "calls", "input", "output", "cache_read",
                  "cache_write", "options", "honest_words", "dishonest_words", "last", "rounds", "honest_seat",
                  "dishonest_seat", "transcript")  # fmt: skip
_EPISODE_REALS = ("cost", "reader")
_SPEND_CODES = ("episode", "seat", "calls", "reused", "input", "output", "cache_read", "cache_write", "blind")
_ROW_CODES = ("episode", "dealing", "repeat", "slot", "side", "outcome", "chosen", "tokens")
_ROW_REALS = ("correct", "p_correct", "outside")


def _columns(names: tuple[str, ...], flat: array[Any]) -> dict[str, Any]:
    """The columns of a table that was written row by row."""
    table = np.frombuffer(flat, flat.typecode).reshape(-1, len(names))
    return {name: table[:, place].copy() for place, name in enumerate(names)}


def _extend(flat: array[Any], columns: Mapping[str, Ints | Floats], names: tuple[str, ...]) -> None:
    """Write columns below what stands in a table that is written row by row."""
    kind = np.int64 if flat.typecode == "q" else np.float64
    flat.frombytes(np.stack([columns[name] for name in names], axis=1).astype(kind, copy=False).tobytes())


_Name = TypeVar("_Name", str, tuple[str, str])


def _coded(codes: dict[_Name, int], names: Sequence[_Name]) -> Ints:
    """The codes of names; a name that is new gets the next."""
    for name in dict.fromkeys(names):
        codes.setdefault(name, len(codes))
    return np.array([codes[name] for name in names], np.int64)


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
