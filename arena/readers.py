"""Readers: how a reply becomes a value.

A reader is any function from a reply to a value. It raises `ValueError` with a reason that the speaker can act on; the
table sends the reason back and asks again. A value that is a string is what the turn's audience hears; for any other
value they hear the reply without its thinking.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Self

from arena.beliefs import Belief
from arena.models.base import Reply
from arena.text import cut_words

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_THINKING = re.compile(r"<\s?(/?)\s?think(?:ing)?\b[^<>]{0,200}>", re.IGNORECASE)
_ENTRY = re.compile(
    r"(?:^|[,;])[^\w\n]{0,8}([A-Z])[^\w\n:=]{0,8}[:=][ \t]{0,8}(\d{1,9}(?:\.\d{1,20})?|\.\d{1,20})[ \t]{0,8}(%?)"
    r"(?=[ \t]{0,8}(?:[.,;]?[ \t]{0,8}$|[,;][^\w\n]{0,8}[A-Z][^\w\n:=]{0,8}[:=]))",
    re.MULTILINE,
)
_SUM_TOLERANCE = 0.05


class Speech(str):
    """A speech as it is heard; `cut` is the number of words that its limit removed."""

    __slots__ = ("cut",)
    cut: int

    def __new__(cls, text: str, cut: int = 0) -> Self:
        """A speech of `text` from which `cut` words were removed."""
        speech = super().__new__(cls, text)
        speech.cut = cut
        return speech


def public(text: str) -> str:
    """The text without its thinking; raises `ValueError` where thinking was opened and never closed, or only closed."""
    kept, at, thinking = [], 0, False
    for tag in _THINKING.finditer(text):
        closing = bool(tag[1])
        if closing and not thinking:
            raise ValueError("there is a </thinking> without its <thinking>, so your speech could not be told from it")
        if not closing and not thinking:
            kept.append(text[at : tag.start()])
        thinking, at = not closing, tag.end()
    if thinking:
        raise ValueError("your thinking was never closed with </thinking>, so your speech could not be told from it")
    heard = "".join([*kept, text[at:]]).strip()
    if _THINKING.search(heard):
        raise ValueError("your thinking tags stand inside each other, so your speech could not be told from them")
    return heard


def speech(words: int | None = None, tag: str = "argument") -> Callable[[Reply], Speech]:
    """A reader for speeches: what stands inside the last `tag`, or all of the reply where there is none.

    The speech is cut after `words` words: a limit holds for what is heard, whatever the speaker wrote.
    """

    def read(reply: Reply) -> Speech:
        whole = public(reply.text)
        inside = _inside(whole, tag)
        text = whole if inside is None else inside
        if not text:
            raise ValueError("the speech is empty")
        return Speech(*cut_words(text, words)) if words else Speech(text)

    return read


def parts(most: int, words: int = 100) -> Callable[[Reply], list[str]]:
    """A reader for lists: every `<part>`, at most `most` of them, each cut after `words` words."""

    def read(reply: Reply) -> list[str]:
        found = [part.strip() for part in _blocks(public(reply.text), "part")]
        found = [cut_words(part, words)[0] for part in found if part]
        if not found:
            raise ValueError("no <part>…</part> was found")
        if len(found) > most:
            raise ValueError(f"there are {len(found)} parts, at most {most} are allowed")
        return found

    return read


def belief(order: Sequence[int]) -> Callable[[Reply], Belief]:
    """A reader for verdicts over options that were shown in this order (`order[i]` is the option labelled i-th).

    The last `<belief>` and the last `<choice>` count. Probabilities may be given in percent or as fractions and must
    sum to one within .05; they are then scaled to one. The choice must be an option, and no other may be believed more.
    """
    letters = LETTERS[: len(order)]

    def read(reply: Reply) -> Belief:
        text = public(reply.text)
        stated, percent = _entries(text)
        return placed(stated, _choice(text, letters), order, percent=percent)

    return read


def placed(stated: Mapping[str, float], choice: str, order: Sequence[int], *, percent: bool = False) -> Belief:
    """The belief behind a number of 0 or more for each letter and the letter chosen, in the question's own order.

    Numbers that sum to more than one are `percent` whether or not they say so. Raises `ValueError` as `belief` does.
    """
    letters = LETTERS[: len(order)]
    if stated.keys() != set(letters):
        raise ValueError(f"the belief must give a number for each of {', '.join(letters)} and for nothing else")
    percent = percent or math.fsum(stated.values()) > 1 + _SUM_TOLERANCE
    values = [stated[letter] / (100 if percent else 1) for letter in letters]
    total = math.fsum(values)
    if abs(total - 1) > _SUM_TOLERANCE:
        raise ValueError(f"the beliefs sum to {total:.0%}, they must sum to 100 percent")
    shown = [value / total for value in values]
    if shown[letters.index(choice)] < max(shown) - 1e-9:
        raise ValueError(f"you chose {choice}, but your belief in another answer is higher")
    by_option = dict(zip(order, shown, strict=True))
    return Belief(tuple(by_option[i] for i in range(len(order))), order[letters.index(choice)])


def verdict_form(count: int) -> str:
    """What a judge of `count` options is told about the form that `belief` reads."""
    letters = LETTERS[:count]
    lines = "\n".join(f"{letter}: <percent>" for letter in letters)
    return (
        "End with your belief in each answer, in percent summing to 100, and then the answer you choose, "
        f"in exactly this form:\n<belief>\n{lines}\n</belief>\n<choice>{' or '.join(letters)}</choice>"
    )


def _entries(text: str) -> tuple[dict[str, float], bool]:
    """The numbers of a belief by letter, and whether any of them says that it is in percent."""
    block = _inside(text, "belief")
    if block is None:
        raise ValueError("no <belief>…</belief> was found")
    entries = _ENTRY.findall(block)
    stated = {letter: float(number) for letter, number, _ in entries}
    if len(entries) != len(stated):
        raise ValueError("the belief names an answer twice")
    return stated, any(sign for _, _, sign in entries)


def _choice(text: str, letters: str) -> str:
    block = _inside(text, "choice")
    if block is None:
        raise ValueError("no <choice>…</choice> was found")
    chosen = block.strip(" ().\n")
    if len(chosen) != 1 or chosen not in letters:
        raise ValueError(f"the choice must be one of {', '.join(letters)}, and nothing else")
    return chosen


def _inside(text: str, tag: str) -> str | None:
    """What stands inside the last block of this tag, stripped; `None` where there is none."""
    blocks = _blocks(text, tag)
    return blocks[-1].strip() if blocks else None


def _blocks(text: str, tag: str) -> list[str]:
    opening, closing = f"<{tag}>", f"</{tag}>"
    blocks, at = [], text.find(opening)
    while at >= 0:
        end = text.find(closing, at)
        if end < 0:
            break
        start = text.rfind(opening, at, end) + len(opening)
        blocks.append(text[start:end])
        at = text.find(opening, end)
    return blocks
