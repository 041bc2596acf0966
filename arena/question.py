"""Questions, and their keys, which are kept apart from them.

A `Question` holds all that may be known at a table. Which option is right stands in an `AnswerKey`, which no protocol
and no model ever holds: the runner joins it when a finished episode is scored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MIN_OPTIONS = 2
MAX_OPTIONS = 26
"""Options are labelled with the letters of the alphabet."""


class Question(BaseModel):
    """What is asked, and what may be known about it.

    `group` is the passage or article that the question belongs to: the unit of replication in the statistics. A
    question without one is a group of its own. The options stand in the order in which a reader first sees them; a
    dataset shuffles them before a `Question` exists, so that their order says nothing about the key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    text: str = Field(min_length=1)
    options: tuple[str, ...]
    passage: str | None = None
    group: str = ""
    dataset: str = ""

    @model_validator(mode="after")
    def _check(self) -> Self:
        if len(self.options) > MAX_OPTIONS:
            raise ValueError(f"a question has at most {MAX_OPTIONS} options, this one has {len(self.options)}")
        if not whole("".join(self.options)) or not whole(self.passage or ""):
            raise ValueError("a text holds half of a surrogate pair, which no encoding can write")
        distinct(self.options)
        if not self.group:
            object.__setattr__(self, "group", self.id)
        return self


def distinct(options: Sequence[str]) -> None:
    """Raise `ValueError` where these are no options of one question: fewer than two, an empty one, two equal ones."""
    if len(options) < MIN_OPTIONS:
        raise ValueError(f"a question needs at least two options, this one has {len(options)}")
    if not all(map(str.strip, options)):
        raise ValueError("an option is empty")
    if len(set(map(same, options))) == len(options):
        return
    seen: dict[str, str] = {}
    for option in options:
        form = same(option)
        if form in seen:
            raise ValueError(f"two options are equal after normalisation: {seen[form]!r} and {option!r}")
        seen[form] = option


def whole(text: str) -> bool:
    """Whether a text can be written in an encoding: it holds no half of a surrogate pair."""
    return text.isascii() or _SURROGATE.search(text) is None


_SURROGATE = re.compile("[\ud800-\udfff]")


class AnswerKey(BaseModel):
    """Which option is right, and, where it is known exactly, what a perfect reader of the passage would believe.

    `listed` is for the audit of a set alone: the place from 0 at which its source lists the right option, and among
    how many; `None` where the source lists it apart.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    option: int = Field(ge=0)
    posterior: tuple[float, ...] | None = None
    listed: tuple[int, int] | None = None


class Item(NamedTuple):
    """A question with its key, as a dataset yields it. Only the runner takes the two apart."""

    question: Question
    key: AnswerKey


_SYMBOL = re.compile(r"\W*(?i:([a-z])\1)+\W*|.*(?:[a-z][A-Z]|[A-Z]{2}[a-z]).*", re.DOTALL)
"""A word whose case has a meaning: genotypes (`Rr`, `BBee`, `XRXr`), `pH`, `mRNA`."""


@lru_cache(maxsize=4096)
def same(option: str) -> str:
    """The form in which two options are compared: NFKC, case folded, white space and outer punctuation dropped.

    The case of a single letter, and of a word in which it has a meaning (see `_SYMBOL`), is kept.
    """
    normal = option if option.isascii() else unicodedata.normalize("NFKC", option)
    plain = " ".join(normal.split()).strip(_OUTER)
    if len(plain) == 1 or plain == plain.casefold():
        return plain
    folded = (word if _SYMBOL.fullmatch(word) else word.casefold() for word in plain.split(" "))
    return " ".join(" ".join(folded).split()).strip(_OUTER)


_OUTER = " .,;:!?\"'“”‘’"
