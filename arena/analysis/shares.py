"""The log of a large run, cut into shares of whole lines that can be read at once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from arena.lines import CHUNK

LARGE = 1 << 28
"""Bytes of a log from which a second process saves more time than it takes to start; half of them are read by then."""

_MOST = 4
"""Processes at most: what they send back is put together by one."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The whole lines of a file from the byte `start`, where a line begins, up to `stop`, or to its end."""

    path: Path
    start: int = 0
    stop: int | None = None

    @property
    def before(self) -> int:
        """How many lines of the file lie before it; counted when it is asked for. Raises `OSError`."""
        with self.path.open("rb") as file:
            pieces = (file.read(min(CHUNK, self.start - at)) for at in range(0, self.start, CHUNK))
            return sum(piece.count(b"\n") for piece in pieces)


Share = Sequence[Stretch]


def cores() -> int:
    """How many processors this process may use."""
    with suppress(AttributeError):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def shares(paths: Sequence[Path], workers: int | None = None, large: int = LARGE) -> list[Share]:
    """Some files, in their order, as one share or more, the first of which is the largest."""
    parts = min(cores() if workers is None else workers, _MOST)
    with suppress(OSError):  # whoever reads the file will say so
        sizes = [path.stat().st_size for path in paths]
        if parts > 1 and sum(sizes) >= large:
            bounds = pairwise(_bounds(sum(sizes), parts, large // 2))
            return [[*_between(paths, sizes, low, high)] for low, high in bounds]
    return [[Stretch(path) for path in paths]]


def _bounds(total: int, parts: int, ahead: int) -> list[int]:
    """Where the shares begin and end; the first is larger by what is read before the others are begun."""
    return [0, *(ahead + (total - ahead) * n // parts for n in range(1, parts)), total]


def _between(paths: Sequence[Path], sizes: Sequence[int], low: int, high: int) -> Iterator[Stretch]:
    """What begins between two offsets into all the files, one behind the other."""
    base = 0
    for path, size in zip(paths, sizes, strict=True):
        start, stop = (_line_from(path, offset - base, size) for offset in (low, high))
        if start < stop:
            yield Stretch(path, start, None if stop == size else stop)
        base += size


def _line_from(path: Path, offset: int, size: int) -> int:
    """Where the first line begins at or behind an offset."""
    if not 0 < offset < size:
        return min(max(offset, 0), size)
    with path.open("rb") as file:
        file.seek(offset - 1)
        file.readline()
        return min(file.tell(), size)
