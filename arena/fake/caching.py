"""Prompt caches, by the rules of the two vendors: what of a request is read from one, and what is written to it.

Anthropic caches where a breakpoint says so: a prefix of whole blocks up to it, if it is long enough. A request reads
the longest prefix that is kept, of those that end at one of its breakpoints or at up to 20 blocks before one; the rest
up to its last breakpoint is written. OpenAI caches every prefix of 1,024 tokens and more, in steps of 128. Either way
an entry is there once the response that wrote it has begun, it is the model's own, and reading it renews it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from arena.fake.asked import CHARACTERS_A_TOKEN, Asked, Tally, size, tokens

LOOK_BACK = 20
SECONDS = {"5m": 300.0, "1h": 3600.0}
FIRST, STEP = 1024, 128
KEPT = 1800.0
"""Seconds that OpenAI keeps a prefix."""

MOST = 200_000
"""Entries that are kept at most; the oldest go first."""

_LEAST = (
    (re.compile(r"claude-(opus|fable|mythos|haiku|sonnet)-5-[5-9]|claude-(opus|fable|mythos)-5"), 512),
    (re.compile(r"claude-opus-4-7"), 2048),
    (re.compile(r"claude-(opus-4-[56]|haiku-4-5)"), 4096),
)
_WRITES_COST = re.compile(r"gpt-(5\.[6-9]|[6-9])")


def least(model: str) -> int:
    """The fewest tokens that Anthropic caches of a model's request."""
    return next((number for pattern, number in _LEAST if pattern.match(model)), 1024)


class Entry(NamedTuple):
    """A cached prefix: when it is forgotten unless it is read, and how long it is kept."""

    ends: float
    kept: float


class Mark(NamedTuple):
    """A prefix of a request: its name, its tokens, and for how long it is to be kept where it is to be cached."""

    name: bytes
    tokens: int
    kept: float | None


class Found(NamedTuple):
    """What a request finds in the cache, as its tally without output, and what it leaves there once it is answered."""

    tally: Tally
    leaves: tuple[tuple[bytes, float], ...]


class Cache:
    """The caches of one server, of both vendors."""

    def __init__(self) -> None:
        self._entries: dict[bytes, Entry] = {}

    def find(self, vendor: str, asked: Asked, now: float) -> Found:
        """What a request finds now."""
        return self._anthropic(asked, now) if vendor == "anthropic" else self._openai(asked, now)

    def leave(self, found: Found, now: float) -> None:
        """Keep what a request leaves: its response has begun."""
        for name, kept in found.leaves:
            self._entries.pop(name, None)  # so that it becomes the newest
            self._entries[name] = Entry(now + kept, kept)
        while len(self._entries) > MOST:
            del self._entries[next(iter(self._entries))]

    def _there(self, name: bytes, now: float) -> bool:
        entry = self._entries.get(name)
        return entry is not None and entry.ends > now

    def _anthropic(self, asked: Asked, now: float) -> Found:
        marks = list(_blocks(asked))
        stops = [i for i, mark in enumerate(marks) if mark.kept is not None and mark.tokens >= least(asked.real)]
        if not stops:
            return Found(Tally(marks[-1].tokens), ())
        read = next((marks[i] for i in self._looked_at(stops) if self._there(marks[i].name, now)), None)
        had, last = read.tokens if read else 0, marks[stops[-1]]
        hours = [marks[i].tokens for i in stops if marks[i].kept == SECONDS["1h"]]
        kept_1h = max(max(hours, default=0) - had, 0)
        tally = Tally(marks[-1].tokens - max(last.tokens, had), had, max(last.tokens - had, 0), kept_1h)
        leaves = [(marks[i].name, marks[i].kept or 0.0) for i in stops]
        if read is not None:
            leaves.append((read.name, self._entries[read.name].kept))
        return Found(tally, tuple(leaves))

    def _looked_at(self, stops: list[int]) -> Iterator[int]:
        """The blocks whose prefixes are looked for, the longest first."""
        wanted = {at for stop in stops for at in range(max(stop - LOOK_BACK, 0), stop + 1)}
        yield from sorted(wanted, reverse=True)

    def _openai(self, asked: Asked, now: float) -> Found:
        total, marks = size(asked.blocks), list(_steps(asked))
        read = next((mark for mark in reversed(marks) if self._there(mark.name, now)), None)
        had = read.tokens if read else 0
        written = (marks[-1].tokens if marks else 0) - had if _WRITES_COST.match(asked.real) else 0
        return Found(Tally(total - had - written, had, written), tuple((mark.name, KEPT) for mark in marks))


def _blocks(asked: Asked) -> Iterator[Mark]:
    digest, total = blake2b(asked.model.encode(), digest_size=12), 0
    for role, text, ttl in asked.blocks:
        digest.update(f"\0{role}\0".encode())
        digest.update(text.encode("utf-8", "surrogatepass"))
        total += tokens(text)
        yield Mark(digest.copy().digest(), total, SECONDS[ttl] if ttl else None)


def _steps(asked: Asked) -> Iterator[Mark]:
    text = "".join(f"\0{role}\0{text}" for role, text, _ in asked.blocks)
    digest, at = blake2b(asked.model.encode(), digest_size=12), 0
    for end in range(FIRST, min(len(text) // CHARACTERS_A_TOKEN, size(asked.blocks)) + 1, STEP):
        digest.update(text[at : end * CHARACTERS_A_TOKEN].encode("utf-8", "surrogatepass"))
        at = end * CHARACTERS_A_TOKEN
        yield Mark(digest.copy().digest(), end, KEPT)
