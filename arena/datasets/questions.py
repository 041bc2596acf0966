"""The questions of a run, which may be read while the first of them are played."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from arena.datasets.base import Digest
from arena.errors import ArenaError
from arena.garbage import uncollected
from arena.question import Item

FIRST = 10_000
"""So many questions are read and checked before the first is played."""

SLICE = 100
"""Questions that are read between two moments at which a run may go on."""


class Questions(Sequence[Item]):
    """Questions in the order of play, read as they are asked for.

    Those that are `known` grow in steps: `first` of them, then twice as many each time, at last the `whole`. `grown`
    is called after each step. An iteration takes the next step before it gives a question that is not known yet, so
    that nothing is played of which `grown` has not told; the length is known once all are read. Where a record is
    broken its fault is raised, then and again whenever more is asked for, and kept as `fault`.
    """

    def __init__(self, items: Iterable[Item], first: int = FIRST) -> None:
        self._source, self._read, self._goal, self._hash = iter(items), list[Item](), first, Digest()
        self.known: Sequence[Item] = ()
        self.digest = ""
        self.whole = False
        self.fault: ArenaError | None = None
        self.grown: Callable[[], None] = lambda: None

    def creep(self) -> bool:
        """Read a slice further, and say whether there may be more."""
        if self.fault:
            raise self.fault
        if self.whole:
            return False
        before, wanted = len(self._read), min(SLICE, self._goal - len(self._read))
        try:
            with uncollected():
                self._read.extend(islice(self._source, wanted))
            self._take(before, wanted)
        except ArenaError as fault:
            self.fault = fault
            raise
        return not self.whole

    def _take(self, before: int, wanted: int) -> None:
        for item in self._read[before:]:
            self._hash.add(item)
        self.whole = len(self._read) < before + wanted
        if self.whole or len(self._read) == self._goal:
            self._goal *= 2
            self.known, self.digest = tuple(self._read), self._hash.hexdigest()
            self.grown()

    def step(self) -> None:
        """Read until more is known, or all."""
        known = len(self.known)
        with uncollected():
            while len(self.known) == known and self.creep():
                pass

    def all(self) -> None:
        """Read the rest."""
        with uncollected():
            while self.creep():
                pass

    def __iter__(self) -> Iterator[Item]:
        """Give one after the other, reading on where that is needed."""
        i = 0
        while i < len(self.known) or not self.whole:
            if i < len(self.known):
                yield self.known[i]
                i += 1
            else:
                self.step()

    def __len__(self) -> int:
        """How many there are; reads all."""
        self.all()
        return len(self.known)

    @overload
    def __getitem__(self, place: int) -> Item: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Item]: ...

    def __getitem__(self, place: int | slice) -> Item | Sequence[Item]:
        """Those at a place; reads as far as that needs."""
        last = place.stop if isinstance(place, slice) else place + 1
        while not self.whole and (last is None or not 0 < last <= len(self.known)):
            self.step()
        return self.known[place]


async def read_on(questions: Questions, halt: Callable[[str], None]) -> None:
    """Read all, a slice whenever nothing else is to be done at once; `halt` is told what ends it before."""
    try:
        while questions.creep():  # noqa: ASYNC110 - nothing is waited for; others are let go on
            await asyncio.sleep(0)
    except ArenaError as fault:
        halt(str(fault))
