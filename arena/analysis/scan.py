"""The `Scored` lines of a log file, found without parsing the other lines, and the lines that are no events at all.

A report rests on the `Scored` lines alone, so the rest is skipped without being split. Yet a line that was damaged so
much that its type can no longer be read may have been a `Scored` one. Such lines are found by counting: where a block
has more line ends than heads of events, it is looked at line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

import numpy as np
import numpy.typing as npt

HEAD = b'{"type":"'
SCORED = b'{"type":"Scored",'

_BLOCK = 1 << 18
"""What fits into a processor's cache is looked through several times at the cost of once."""

_END = ord("\n")


@dataclass(frozen=True, slots=True)
class Line:
    """A line at the offset `at` of a block of whole lines, whose first line has the number `first`.

    `text` is `None` where the line is no event, or was cut off at the end of the file.
    """

    block: bytes
    first: int
    at: int
    text: bytes | None
    cut: bool = False

    @property
    def number(self) -> int:
        """The number of the line in its file, from 1; counted when it is asked for."""
        return self.first + self.block.count(b"\n", 0, self.at)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file, the first with the number `first`, and the offsets of their ends.

    `data` may go on behind the last end with the beginning of the next line. `cut` where it is a last line without its
    end.
    """

    data: bytes
    first: int
    ends: npt.NDArray[np.int64]
    cut: bool = False

    def scored(self) -> list[bytes] | None:
        """The `Scored` lines; `None` where a line is damaged, for which `lines` has to be asked."""
        if self.cut:
            return None
        starts = np.concatenate(([0], self.ends[:-1] + 1))
        if int((self.ends - starts).min()) < len(SCORED) or not self._are(HEAD, starts).all():
            return None
        found = np.flatnonzero(self._are(SCORED, starts))
        if self.data.count(SCORED, 0, int(self.ends[-1])) != len(found):
            return None
        spans = zip(starts[found].tolist(), self.ends[found].tolist(), strict=True)
        return [self.data[start:end] for start, end in spans]

    def _are(self, what: bytes, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Which lines begin so; each has to be as long at least."""
        windows = np.ndarray(len(self.data) - len(what) + 1, f"S{len(what)}", self.data, strides=1)
        same: npt.NDArray[np.bool_] = windows[starts] == what
        return same

    def lines(self) -> Iterator[Line]:
        """The `Scored` lines and those that are no events, in their order."""
        if self.cut:
            yield Line(self.data, self.first, 0, None, cut=True)
            return
        at = 0
        for text in self.data.split(b"\n")[:-1]:
            if text.startswith(SCORED) and text.count(SCORED) == 1:
                yield Line(self.data, self.first, at, text)
            elif text.strip() and (not text.startswith(HEAD) or SCORED in text):
                yield Line(self.data, self.first, at, None)
            at += len(text) + 1


def blocks(path: Path, size: int = _BLOCK, start: int = 0, stop: int | None = None) -> Iterator[Block]:
    """A file in blocks of whole lines, those that begin from `start`, where one does, to `stop`. Raises `OSError`."""
    first, at = 1, start
    with path.open("rb", buffering=0) as file:
        file.seek(at)
        while stop is None or at < stop:
            data = _piece(file, size)[: None if stop is None else stop - at]
            ends = _ends(data)
            if not len(ends):
                if data.strip():
                    yield Block(data, first, ends, cut=True)
                return
            yield Block(data, first, ends)
            first, at = first + len(ends), at + int(ends[-1]) + 1
            file.seek(at)


def _piece(file: RawIOBase, size: int) -> bytes:
    """What comes next in a file, so much that it holds the end of a line; or all that is left."""
    parts = [file.read(size) or b""]
    while parts[-1] and b"\n" not in parts[-1]:
        parts.append(file.read(size) or b"")
    return b"".join(parts)


def _ends(data: bytes) -> npt.NDArray[np.int64]:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == _END)


def scored_lines(path: Path, size: int = _BLOCK) -> Iterator[Line]:
    """The `Scored` lines of a file in their order, and those that are no events. Raises `OSError`."""
    for block in blocks(path, size):
        yield from block.lines()
