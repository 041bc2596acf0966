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
        self._arms: _Codes[str] = _Codes()
        self._datasets: _Codes[str] = _Codes()
        self._questions: _Codes[tuple[str, str]] = _Codes()
        self._groups: _Codes[tuple[str, str]] = _Codes()
        self._seats: _Codes[str] = _Codes()
        self._group_of = array("q")
        self._regrouped: set[int] = set()
        self._named: list[str] = []
        self.rename: Mapping[str, str] = {}
        self.mark = ""
        self._episodes = _Growing(_EPISODE_CODES, _EPISODE_REALS)
        self._rows = _Growing(_ROW_CODES, _ROW_REALS)
        self._spends = _Growing(_SPEND_CODES, ("cost",))
        self._served = Roll()

    def begin(self, rename: Mapping[str, str], mark: str) -> None:
        """Begin with the events of another run: its arms have other names from here, its episodes a mark in front."""
        self.rename, self.mark = rename, mark

    def add(self, event: Scored) -> None:
        """Take one event in; raises `ValueError` where a number in it is out of range, and then takes in nothing."""
        check(event)
        if self.mark:
            arm = self.rename.get(event.arm, event.arm)
            event = event.model_copy(update={"arm": arm, "episode": f"{self.mark}{event.episode}"})
        self._add_episode(event)
        for seat, spend in event.spend.items():
            self._add_spend(seat, spend)
            self._served.add(event.arm, event.dataset, seat, spend.models, event.t)
        if event.split == "test":
            for score in event.scores or (Score(slot=0, outcome=failure(event.outcome)),):
                self._add_row(event, score, UNKNOWN_SLOT if not event.scores else score.slot)
        self._named.append(event.episode)

    @uncollected()
    def add_lines(self, lines: Sequence[bytes]) -> bool:
        """Take many `Scored` lines in; where one is out of the ordinary it takes in none, and says so by `False`."""
        try:
            found = bulk(lines)
        except ValueError:
            return False
        self._add_bulk(found)
        return True

    @uncollected()
    def join(self, other: Collector) -> None:
        """Take in all that another collector took in, as if it came only now; that one is no longer of use."""
        arms, datasets = self._arms.of(other._arms), self._datasets.of(other._datasets)
        questions, groups = self._questions.of(other._questions), self._groups.of(other._groups)
        seats = np.append(self._seats.of(other._seats), -1)
        for question, group in zip(
            questions.tolist(), groups[np.array(other._group_of, np.int64)].tolist(), strict=True
        ):
            self._grouped(question, group)
        self._regrouped.update(questions[[*other._regrouped]].tolist() if other._regrouped else ())
        codes = {"arm": arms, "dataset": datasets, "question": questions}
        codes |= {"honest_seat": seats, "dishonest_seat": seats}
        self._episodes.join(other._episodes, codes)
        later = len(self._named) + np.arange(len(other._named))
        self._rows.join(other._rows, {"episode": later})
        self._spends.join(other._spends, {"episode": later, "seat": seats})
        self._served.join(other._served)
        self._named += other._named

    def table(self) -> Table:
        """What was taken in so far."""
        alive = self._alive()
        columns = self._episodes.columns()
        columns["test"] = columns["test"].astype(bool)
        episodes = Episodes(**columns)
        codes = self._rows.columns()
        of = {name: getattr(episodes, name)[codes["episode"]] for name in ("arm", "dataset", "question")}
        rows = Rows(group=np.array(self._group_of, np.int64)[of["question"]], **of, **codes)
        codes = self._spends.columns()
        spends = Spends(**{name: getattr(episodes, name)[codes["episode"]] for name in ("arm", "dataset")}, **codes)
        return Table(
            tuple(self._arms),
            tuple(self._datasets),
            _renumbered(rows, alive),
            episodes.where(alive),
            len(self._regrouped),
            tuple(self._seats),
            _renumbered(spends, alive),
            self._names(alive),
            self._served.told(),
        )

    def _alive(self) -> Flags:
        """Which episodes count: of those with one name the last."""
        count = len(self._named)
        if len({*self._named}) == count:
            return np.ones(count, bool)
        alive = np.zeros(count, bool)
        alive[[*dict(zip(self._named, range(count), strict=True)).values()]] = True
        return alive

    def _names(self, alive: Flags) -> Names:
        return Names(
            questions=[name for _, name in self._questions],
            groups=[name for _, name in self._groups],
            episodes=self._named[:] if alive.all() else [self._named[place] for place in np.flatnonzero(alive)],
        )

    def _add_episode(self, event: Scored) -> None:
        posterior, usage = event.posterior or (), event.usage
        self._episodes.add(
            self._arms[event.arm],
            self._datasets[event.dataset],
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
            nan if event.cost is None else event.cost,
            max(posterior, default=nan),
        )

    def _add_bulk(self, found: Bulk) -> None:
        arms = [self.rename.get(arm, arm) for arm in found.arm] if self.mark else found.arm
        names = [self.mark + name for name in found.episode] if self.mark else found.episode
        first = len(self._named)
        columns = found.episodes | {
            "arm": self._arms.of(arms),
            "dataset": self._datasets.of(found.dataset),
            "question": self._coded_questions(found),
        }
        spends = found.spends | {"seat": self._seated(found, columns)}
        self._episodes.extend(columns)
        self._rows.extend(found.rows | {"episode": found.rows["of"] + first})
        self._spends.extend(spends | {"episode": spends["of"] + first})
        for place, seat, models in found.served:
            self._served.add(arms[place], found.dataset[place], seat, models, found.t[place])
        self._named += names

    def _seated(self, found: Bulk, columns: dict[str, Any]) -> Ints:
        """Give seats their codes in the order in which they are named; returns that of each spend."""
        arguing, buying = ([*chain.from_iterable(each)] for each in (found.argued, found.spend))
        if not {*arguing, *buying} <= self._seats.keys():
            named = chain.from_iterable(zip(found.argued, found.spend, strict=True))
            self._seats.of(dict.fromkeys(chain.from_iterable(named)))
        of = np.repeat(np.arange(len(found.key)), [len(argued) for argued in found.argued])
        sitting = self._seats.of(arguing)
        options = np.array([*chain.from_iterable(map(dict.values, found.argued))], np.int64)
        pair = np.full((len(found.key), 2), -1)
        pair[of, (options != found.key[of]).astype(np.int64)] = sitting
        columns["honest_seat"], columns["dishonest_seat"] = pair.T
        return self._seats.of(buying)

    def _coded_questions(self, found: Bulk) -> Ints:
        questions = self._questions.of([*zip(found.dataset, found.question, strict=True)])
        groups = self._groups.of([*zip(found.dataset, found.group, strict=True)])
        for pair in dict.fromkeys(zip(questions.tolist(), groups.tolist(), strict=True)):
            self._grouped(*pair)
        return questions

    def _heard(self, event: Scored) -> tuple[int, ...]:
        """What the judge heard, as the columns of `Episodes` have it."""
        honest = event.words[event.key] if event.key < len(event.words) else 0
        seats = [-1, -1]
        for seat, option in event.argued.items():
            seats[option != event.key] = self._seats[seat]
        return (
            honest,
            sum(event.words) - honest,
            -1 if event.last is None else int(event.last != event.key),
            event.rounds,
            *seats,
            signed(event.transcript),
        )

    def _add_spend(self, seat: str, spend: Spend) -> None:
        usage, code = spend.usage, self._seats[seat]
        tokens = (usage.input, usage.output, usage.cache_read, usage.cache_write)
        cost = nan if spend.cost is None else spend.cost
        self._spends.add(len(self._named), code, spend.calls, spend.reused, *tokens, spend.blind, cost)

    def _add_row(self, event: Scored, score: Score, slot: int) -> None:
        correct, p = score.correct, score.p_correct
        missing = score.outcome != "ok" or correct is None
        outcome = OUTCOME[failure(score.outcome) if missing else "ok"]
        chosen = -1 if missing or score.chosen is None else score.chosen
        codes = (event.dealing, event.repeat, slot, SIDE[event.side], outcome, chosen, score.stated == "tokens")
        reals = (nan if missing or value is None else value for value in (correct, p, score.outside))
        self._rows.add(len(self._named), *codes, *reals)

    def _question(self, event: Scored) -> int:
        code = self._questions[(event.dataset, event.question)]
        group = self._groups[(event.dataset, event.group)]
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


class _Growing:
    """Columns of one length by name, whole numbers and then reals, to which entries are added."""

    def __init__(self, codes: tuple[str, ...], reals: tuple[str, ...]) -> None:
        self._columns: dict[str, array[Any]] = {name: array("q") for name in codes}
        self._columns |= {name: array("d") for name in reals}
        self._lent = False

    def add(self, *entry: float) -> None:
        """One entry, its values in the order of the columns."""
        for column, value in zip(self._own().values(), entry, strict=True):
            column.append(value)

    def extend(self, found: Mapping[str, Ints | Floats | Flags]) -> None:
        """Many entries; what else is `found` is left alone."""
        for name, column in self._own().items():
            column.frombytes(np.asarray(found[name], column.typecode).tobytes())

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled: whole numbers as short as they can be."""
        return {name: _short(np.frombuffer(one, one.typecode)) for name, one in self._columns.items()}

    def __setstate__(self, columns: Mapping[str, Any]) -> None:
        self.__init__((), ())  # type: ignore[misc]
        for name, column in columns.items():
            code = "d" if column.dtype.kind == "f" else "q"
            self._columns[name] = array(code, np.asarray(column, code).tobytes())

    def join(self, other: _Growing, codes: Mapping[str, Ints]) -> None:
        """All entries of another; each of the `codes` says what became of those in a column."""
        for name, column in self._own().items():
            found = other._columns[name]
            column.extend(array("q", codes[name][np.frombuffer(found, np.int64)].tobytes()) if name in codes else found)

    def columns(self) -> dict[str, Any]:
        """All entries so far, not copied: what is added later is added to a copy."""
        self._lent = True
        return {name: np.frombuffer(column, column.typecode) for name, column in self._columns.items()}

    def _own(self) -> dict[str, array[Any]]:
        if self._lent:
            self._columns = {name: column[:] for name, column in self._columns.items()}
            self._lent = False
        return self._columns


def _short(column: Any) -> Any:
    """A column with the same numbers in as few bytes as hold them all."""
    if column.dtype.kind == "f" or not len(column):
        return column
    low, high = int(column.min()), int(column.max())
    return column.astype(next(kind for kind in _WHOLE if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max))


_WHOLE = (np.int8, np.int16, np.int32, np.int64)

_Name = TypeVar("_Name", str, tuple[str, str])


class _Codes(dict[_Name, int]):
    """The codes of names; a name that is new gets the next."""

    def __missing__(self, name: _Name) -> int:
        code = self[name] = len(self)
        return code

    def of(self, names: Iterable[_Name]) -> Ints:
        """The codes of these names."""
        return np.array([*map(self.__getitem__, names)], np.int64)


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
