"""The `Scored` lines of a log file, found without parsing the other lines, and the lines that are no events at all.

A report rests on the `Scored` lines alone, so the rest is skipped without being split. Yet a line that was damaged so
much that its type can no longer be read may have been a `Scored` one. Such lines are found by counting: where a block
has more line ends than heads of events, it is looked at line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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

    `cut` where it is a last line without its end.
    """

    data: bytes
    first: int
    ends: npt.NDArray[np.int64]
    cut: bool = False

    def scored(self) -> list[bytes] | None:
        """The `Scored` lines; `None` where a line is damaged, for which `lines` has to be asked."""
        if self.cut or not self._heads():
            return None
        before, *parts = self.data.split(SCORED)
        if not all(part.endswith(b"\n") for part in parts) or (before and not before.endswith(b"\n")):
            return None
        return [SCORED + part[: part.find(b"\n")] for part in parts]

    def _heads(self) -> bool:
        """Whether every line begins as an event does; an empty one does not."""
        starts = np.concatenate(([0], self.ends[:-1] + 1))
        if int((self.ends - starts).min()) < len(HEAD):
            return False
        windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(self.data, np.uint8), len(HEAD))
        return bool((windows[starts] == np.frombuffer(HEAD, np.uint8)).all())

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


def blocks(path: Path, size: int = _BLOCK) -> Iterator[Block]:
    """A file in blocks of whole lines. Raises `OSError`."""
    first, rest = 1, b""
    with path.open("rb") as file:
        while chunk := file.read(size):
            end = chunk.rfind(b"\n") + 1
            if end:
                data = rest + chunk[:end]
                ends = np.flatnonzero(np.frombuffer(data, np.uint8) == _END)
                yield Block(data, first, ends)
                first, rest = first + len(ends), chunk[end:]
            else:
                rest += chunk
    if rest.strip():
        yield Block(rest, first, np.empty(0, np.int64), cut=True)


def scored_lines(path: Path, size: int = _BLOCK) -> Iterator[Line]:
    """The `Scored` lines of a file in their order, and those that are no events. Raises `OSError`."""
    for block in blocks(path, size):
        yield from block.lines()
