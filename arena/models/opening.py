"""One call opens a prefix, then the others follow: so that a passage is written to a provider's cache only once.

A cache has a prefix when the first response to it has begun. Calls that begin with the same passage (both debaters,
several questions about it, every arm) and go out at the same moment would all pay for it in full.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from arena.models.base import Around, Model, Reply, Request

LEAST = 2_000
"""Characters of a preface that is worth waiting for: no vendor caches less than about 500 tokens."""

FRESH = 240.0
"""Seconds after its last use at which a prefix is taken to be still there; caches keep one for five minutes or more."""

Prefix = tuple[str, str, int]


@dataclass
class Prefixes:
    """The prefixes of a run: when each was last used, in seconds of `clock`, and which are being opened right now."""

    clock: Callable[[], float] = time.monotonic
    used: dict[Prefix, float] = field(default_factory=dict)
    opening: dict[Prefix, asyncio.Event] = field(default_factory=dict)

    def fresh(self, prefix: Prefix) -> bool:
        """Whether the cache has a prefix."""
        return self.clock() - self.used.get(prefix, -FRESH) < FRESH


@dataclass(frozen=True)
class Opening(Around):
    """A model whose calls wait, outside of every line, while the first one with their prefix is under way."""

    model: Model
    account: str
    prefixes: Prefixes

    async def __call__(self, request: Request) -> Reply:
        """The reply, as soon as the prefix is open or this call is to open it; if that fails, the next one tries."""
        if len(request.preface) < LEAST:
            return await self.model(request)
        prefixes = self.prefixes
        prefix = (self.account, self.spec.partition("?")[0], hash(request.preface))
        while not prefixes.fresh(prefix):
            under_way = prefixes.opening.get(prefix)
            if under_way is None:
                return await self._open(prefix, request)
            await under_way.wait()
        reply = await self.model(request)
        prefixes.used[prefix] = prefixes.clock()
        return reply

    async def _open(self, prefix: Prefix, request: Request) -> Reply:
        done = self.prefixes.opening[prefix] = asyncio.Event()
        try:
            reply = await self.model(request)
            self.prefixes.used[prefix] = self.prefixes.clock()
            return reply
        finally:
            del self.prefixes.opening[prefix]
            done.set()
