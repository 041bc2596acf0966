"""The rule by which quotes are verified, as data.

Each of `STEPS` names one thing that makes no difference, with the words that describe it and the function that sets it
aside; what debaters (`RULE`) and judges (`MARKS`) are told is made of the same steps and limits that `arena.quotes`
works with, so that no prompt can say another rule than the one that is applied.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from typing import Literal, NamedTuple

Status = Literal["exact", "normalised", "near", "absent"]
MIN_WORDS = 3
MIN_CHARACTERS = 10
MAX_GAP = 300
"""Characters of the source that may be left out at one ellipsis."""

MAX_PARTS = 8
"""Parts of one quote, as ellipses divide it."""


class Rewrite(NamedTuple):
    """Puts `sign`, one character or none, in place of whatever matches. Every pattern here takes linear time."""

    sign: str
    pattern: str

    def __call__(self, text: str) -> str:
        """The text rewritten."""
        return re.sub(self.pattern, self.sign, text)

    def mapped(self, text: str, at: array[int]) -> tuple[str, array[int]]:
        """The text rewritten, and where each of its characters began before. `at` says so of `text`, and of its end."""
        places, last = array("L"), 0
        for found in re.finditer(self.pattern, text):
            places += at[last : found.start() + len(self.sign)]
            last = found.end()
        return self(text), places + at[last:]


class Step(NamedTuple):
    """One thing that makes no difference: its name, the words that say so, and what sets it aside."""

    name: str
    words: str
    do: Rewrite | Callable[[str], str]


_ENDS = " .,;:!?…\"'()[]-"
_BEFORE = rf"^[{re.escape(_ENDS)}]*?(?=-?\.?\d|(?![{re.escape(_ENDS)}]))"


def trimmed(quote: str) -> str:
    """Without the punctuation at its ends, except what belongs to a number."""
    return re.sub(_BEFORE, "", quote.rstrip(_ENDS), count=1)


def other_case(quote: str) -> str:
    """With the first letter in the other case."""
    return quote[:1].swapcase() + quote[1:]


_DASH = r"[\-‐‑‒–—―−﹘﹣－]++"
_DOTS = r"(?:…|\.(?: ?\.){2,})[.…]*"

STEPS = (
    Step("unseen", "unseen characters of the passage", Rewrite("", r"[\u00ad\u200b\u2060\ufeff]+")),
    Step("spaces", "how wide a space is and where a line breaks", Rewrite(" ", r"\s{2,}|[^\S ]")),
    Step("double quotes", "the shape of quotation marks", Rewrite('"', "``|''|[“”„‟″＂«»]")),
    Step("single quotes", "the shape of apostrophes and single quotation marks", Rewrite("'", "[‘’‚‛′ʼ＇`´]")),
    Step("ellipses", "how an ellipsis is written", Rewrite("…", rf" ?(?:\[ ?{_DOTS} ?\]|\( ?{_DOTS} ?\)|{_DOTS}) ?")),
    Step("dashes", "the kind of a dash and the spaces around it", Rewrite("-", rf" ?{_DASH} | {_DASH}(?!\d)|{_DASH}")),
    Step("less", "how the sign < is drawn", Rewrite("<", "[‹＜﹤]")),
    Step("greater", "how the sign > is drawn", Rewrite(">", "[›＞﹥]")),
    Step("ends", "punctuation at either end", trimmed),
    Step("first letter", "whether the first letter is a capital", other_case),
)
"""The declared rule: all that may differ between a quote and its source. The last two are about the quote alone."""

REWRITES = tuple(step.do for step in STEPS if isinstance(step.do, Rewrite))
_NO_MATTER = "; ".join(step.words for step in STEPS)

STATUSES: dict[Status, str] = {
    "exact": "the words stand in the passage exactly as they are quoted",
    "normalised": f"they stand there, but for words left out at an ellipsis and for these: {_NO_MATTER}",
    "near": "the passage has similar words in one place, but not these",
    "absent": "the passage has nothing like it, or the quote could not be checked",
}
"""What each status says, for judges."""

RULE = (
    "A quote is verified if its words stand in the passage in the same order, none added, left out or changed, with a "
    f"whole word at either end. It needs at least {MIN_WORDS} words and {MIN_CHARACTERS} characters. No difference is "
    f"made by: {_NO_MATTER}. You may leave words out if you put ... or [...] in their place: each of at most "
    f"{MAX_PARTS} parts then needs the length of a quote, and at most {MAX_GAP} characters of the passage may lie "
    "between two."
)
"""What speakers are told of the rule (`$quote_rule`)."""

_MEANINGS = " ".join(f'<quote status="{status}"> means: {words}.' for status, words in STATUSES.items())
MARKS = (
    "A program has compared the quotes with the passage. What it found stands in marks that nobody else can write. "
    f"{_MEANINGS} A verified quote is what the passage says. Whether it proves what is claimed is for you to judge."
)
"""What judges are told of the marks (`$quote_marks`)."""
