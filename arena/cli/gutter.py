"""Text behind a gutter: every line, the folded ones too, begins with the name of whoever it is from.

So nothing that a text holds can stand at the left edge, where the arena speaks. Lines are folded here and not by the
terminal, which would begin the rest of a long line at the left edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells, get_character_cell_size

from arena.text import terminal

HEARD = "│"
UNHEARD = "┊"

_WORD = re.compile(r"\s*\S+|\s+$")
_LEAST = 20


def behind(name: str, text: str, width: int, *, indent: str = "", sign: str = HEARD) -> Iterator[str]:
    """The lines of a text, each behind `indent`, the name and the sign; at most `width` columns where that can be."""
    gutter = f"{indent}{name} {sign} "
    room = max(width - cells(gutter), _LEAST)
    for line in terminal(text).expandtabs(4).split("\n"):
        for piece in folded(line, room):
            yield (gutter + piece).rstrip()


def folded(line: str, room: int) -> Iterator[str]:
    """A line in pieces of at most `room` columns, broken between words, and inside a word only where it is longer."""
    piece, used = "", 0
    for word in _WORD.findall(line):
        wide = cells(word)
        if used + wide > room and piece:
            yield piece
            piece, used, word = "", 0, word.lstrip()  # noqa: PLW2901  # the space at a fold is not shown
            wide = cells(word)
        if wide > room:
            *whole, word = _chopped(word, room)  # noqa: PLW2901
            yield from whole
            wide = cells(word)
        piece, used = piece + word, used + wide
    yield piece


def cells(text: str) -> int:
    """The columns that a text may take: on a terminal that joins characters, or on one that does not."""
    if text.isascii():
        return len(text)
    return max(cell_len(text), sum(map(get_character_cell_size, text)))


def _chopped(word: str, room: int) -> list[str]:
    if word.isascii():
        return [word[start : start + room] for start in range(0, len(word), room)]
    pieces = []
    for piece in chop_cells(word, room):
        # What joins to few columns may come apart to many; then every character counts by itself.
        pieces += (
            [piece] if cells(piece) <= room else [piece[i : i + room // 2] for i in range(0, len(piece), room // 2)]
        )
    return pieces
