"""Where the faults of a reading go: raised at the first, as a run needs it, or gathered, as a check does."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from arena.errors import DataError

T = TypeVar("T")

MOST = 1000
"""How many faults are kept word for word; the others are counted."""


class Faults:
    """What was wrong with the records that were read: `said` holds the first, `count` is of all."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.count = 0

    def add(self, fault: DataError) -> None:
        """Take note of one."""
        self.count += 1
        if len(self.said) < MOST:
            self.said.append(str(fault))


_GATHERED: ContextVar[Faults | None] = ContextVar("faults", default=None)


@contextmanager
def gathered() -> Iterator[Faults]:
    """Within this, a broken record is noted and the next one read, where the reader knows how to go on."""
    faults = Faults()
    token = _GATHERED.set(faults)
    try:
        yield faults
    finally:
        _GATHERED.reset(token)


def noted(found: Iterable[T]) -> Iterator[T]:
    """Let all through up to a fault, which is noted; what is read from one place ends there."""
    try:
        yield from found
    except DataError as fault:
        note(fault)


def changed(found: Iterable[T], change: Callable[[T], T]) -> Iterator[T]:
    """Change one after the other; those that cannot be are noted."""
    for one in found:
        try:
            made = change(one)
        except DataError as fault:
            note(fault)
        else:
            yield made


def any_noted() -> bool:
    """Whether a fault was noted, of which more would say no more."""
    faults = _GATHERED.get()
    return faults is not None and faults.count > 0


def note(fault: DataError) -> None:
    """Note that a record is broken, and return if reading is to go on; raises the fault where nobody gathers them."""
    faults = _GATHERED.get()
    if faults is None:
        raise fault
    faults.add(fault)
