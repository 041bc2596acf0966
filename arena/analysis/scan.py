"""The `Scored` lines of an events file, each with its line number, and the lines that are no events at all.

A report rests on the `Scored` lines alone, so the rest is skipped without being split. Yet a line that was damaged so
much that its type can no longer be read may have been a `Scored` one. Such lines are found by counting: where a block
has more line ends than heads of events, it is looked at line by line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = b'{"type":"'
SCORED = b'{"type":"Scored",'

_BLOCK = 1 << 22


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


def scored_lines(path: Path, block: int = _BLOCK) -> Iterator[Line]:
    """The `Scored` lines of a file in their order, and those that are no events. Raises `OSError`."""
    first, rest = 1, b""
    with path.open("rb") as file:
        while chunk := file.read(block):
            end = chunk.rfind(b"\n") + 1
            if end:
                data = rest + chunk[:end]
                count = data.count(b"\n")
                yield from _lines(data, first, count)
                first, rest = first + count, chunk[end:]
            else:
                rest += chunk
    if rest.strip():
        yield Line(rest, first, 0, None, cut=True)


def _lines(data: bytes, first: int, count: int) -> Iterator[Line]:
    """The lines of a block; one by one where a head is missing, or stands inside a line."""
    heads = data.count(b"\n" + HEAD) + data.startswith(HEAD)
    starts = list(_starts(data))
    if heads < count or any(at and data[at - 1 : at] != b"\n" for at in starts):
        yield from _each(data, first)
    else:
        yield from (Line(data, first, at, data[at : data.find(b"\n", at)]) for at in starts)


def _starts(data: bytes) -> Iterator[int]:
    at = data.find(SCORED)
    while at >= 0:
        yield at
        at = data.find(SCORED, at + 1)


def _each(data: bytes, first: int) -> Iterator[Line]:
    at = 0
    for text in data.split(b"\n")[:-1]:
        if text.startswith(SCORED) and text.count(SCORED) == 1:
            yield Line(data, first, at, text)
        elif text.strip() and (not text.startswith(HEAD) or SCORED in text):
            yield Line(data, first, at, None)
        at += len(text) + 1
