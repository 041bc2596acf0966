"""Reading a casefile's sentences: which exhibit, how reliable its words make it, what it speaks for.

This knows the English of the files (the vocabulary of reliability, the words of denial, of retraction and of
correction) and nothing else: the same sentences are all that a language model has. Where a text uses none of that
vocabulary the exhibits come out empty, and the callers fall back on coarser reading.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from arena.datasets.casefiles.words import EXCHANGED, LEVEL_OF, WITHDRAWN, denies, phrase_in

_EXHIBIT = re.compile(r"Exhibit (\d{1,6}), [^:.\n]{1,60}: [^.\n]{1,600}\.")
_LABEL = re.compile(r"\bExhibit (\d{1,6})\b")
_TARGET = re.compile(r"exhibit (\d{1,6})\b")
_ENDS = re.compile(r"(?<=[.!?])\s+|\n")
SHORTEST, LONGEST = 30, 400
_WORD = re.compile(r"[a-z]{4,}")


class Exhibit(NamedTuple):
    """One sentence of evidence or notice.

    `level` is the reliability that its words show, `phrase` those words; `notice` is "withdrawn" or "exchanged" where
    the sentence changes exhibit `target`.
    """

    number: int | None
    text: str
    level: float | None = None
    phrase: str = ""
    denies: bool = False
    notice: str = ""
    target: int | None = None


@lru_cache(maxsize=8192)
def sentence(text: str) -> Exhibit:
    """Read one sentence, be it from a passage or from a quotation."""
    low = text.lower()
    label = _LABEL.search(text)
    number = int(label[1]) if label else None
    for notice, forms in (("withdrawn", WITHDRAWN), ("exchanged", EXCHANGED)):
        for form in forms:
            at = low.find(form)
            if at >= 0 and (target := _TARGET.match(low, at + len(form) + 1)):
                return Exhibit(number, text, notice=notice, target=int(target[1]))
    phrase = phrase_in(low)
    if phrase is None:
        return Exhibit(number, text, denies=denies(low))
    return Exhibit(number, text, LEVEL_OF[phrase], phrase, denies(low))


@lru_cache(maxsize=1024)
def exhibits(passage: str) -> tuple[Exhibit, ...]:
    """The exhibits of a passage, in order; empty where it is not written as a casefile."""
    return tuple(sentence(found.group()) for found in _EXHIBIT.finditer(passage))


@lru_cache(maxsize=16384)
def points(exhibit: Exhibit, options: tuple[str, ...]) -> int | None:
    """The option that a sentence speaks for as printed; `None` where it names none or several."""
    low = exhibit.text.lower()
    named = [i for i, option in enumerate(options) if option.lower() in low]
    if len(named) != 1:
        return None
    if not exhibit.denies:
        return named[0]
    return 1 - named[0] if len(options) == 2 else None  # noqa: PLR2004 - of two answers the other one is left


@lru_cache(maxsize=1024)
def related(passage: str, side: str) -> tuple[str, ...]:
    """The sentences of any passage that share most words with `side`, best first, at most a dozen."""
    wanted = set(_WORD.findall(side.lower()))
    found = [s.strip() for s in _ENDS.split(passage) if SHORTEST <= len(s) <= LONGEST]
    scored = [(len(wanted & set(_WORD.findall(s.lower()))), -i, s) for i, s in enumerate(found)]
    return tuple(s for score, _, s in sorted(scored, reverse=True)[:12] if score)
