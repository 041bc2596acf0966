"""The questions of chains: a small grammar in which a question can be split at any link.

    Which depot loaded the truck that carried the crate that held the valve Arlow?     (from one start, three links)
    For each truck in the file: which firm owned the depot that loaded it?             (a mapping, two links)

A `Chain` is the parsed form: the nouns from the start upwards, the verbs that join neighbours (`verbs[i]` has
`nouns[i + 1]` for its subject and `nouns[i]` for its object), and the start, which is `None` for a mapping.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Chain(NamedTuple):
    """A question about a chain: `len(verbs)` links from `start` (or from every `nouns[0]`) up to a `nouns[-1]`."""

    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    start: str | None

    @property
    def links(self) -> int:
        """How many links the chain has."""
        return len(self.verbs)

    def part(self, low: int, high: int) -> Chain:
        """The links from `low` up to `high`. Only a part that begins at the bottom knows the start."""
        return Chain(self.nouns[low : high + 1], self.verbs[low:high], self.start if low == 0 else None)


def ask(chain: Chain) -> str:
    """Write the question that a chain stands for."""
    end = "it" if chain.start is None else chain.start
    words = [f"{chain.nouns[-1]} {chain.verbs[-1]}"]
    words += [f"the {chain.nouns[i]} that {chain.verbs[i - 1]}" for i in range(chain.links - 1, 0, -1)]
    tail = f"{' '.join(words)} {end}?"
    return f"Which {tail}" if chain.start is not None else f"For each {chain.nouns[0]} in the file: which {tail}"


_SINGLE = re.compile(r"which (\w+) (\w+) ((?:the \w+ that \w+ ){0,16})(the (\w+) [A-Z]\w*)\?", re.IGNORECASE)
_MAPPING = re.compile(r"for each (\w+) in the file: which (\w+) (\w+) ((?:the \w+ that \w+ ){0,16})it\?", re.IGNORECASE)
_STEP = re.compile(r"the (\w+) that (\w+) ", re.IGNORECASE)


@lru_cache(maxsize=4096)
def parse(text: str) -> Chain | None:
    """Find the first question about a chain in `text`; `None` where there is none."""
    if found := _MAPPING.search(text):
        return _build(found[2], found[3], found[4], found[1], None)
    if found := _SINGLE.search(text):
        return _build(found[1], found[2], found[3], found[5], found[4])
    return None


def _build(top: str, verb: str, middle: str, bottom: str, start: str | None) -> Chain:
    steps = _STEP.findall(middle)
    nouns = [top, *(noun for noun, _ in steps), bottom]
    verbs = [verb, *(did for _, did in steps)]
    return Chain(tuple(noun.lower() for noun in reversed(nouns)), tuple(reversed(verbs)), start)
