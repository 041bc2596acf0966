"""A text in pieces, as it is streamed, and in tokens, where their probabilities are asked for."""

from __future__ import annotations

import re

WORDS = 4
"""The words in one piece of a stream."""

_PIECE = re.compile(rf"(?:\s*\S+){{1,{WORDS}}}\s*$|(?:\s*\S+){{1,{WORDS}}}|\s+")
_WORD = re.compile(r"\s?\w+|\s|[^\w\s]")


def pieces(text: str) -> list[str]:
    """A text in pieces of a few words, which add up to it."""
    return _PIECE.findall(text)


def words(text: str) -> list[str]:
    """A text in words, each with the space before it, and marks, which add up to it."""
    return _WORD.findall(text)
