"""Models that answer at once, at a human speed: so that what a newcomer watches is a debate, and not a flash."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from arena.models.base import Around, Model, Reply, Request, paid

WORDS_A_SECOND = 4.0
"""About how fast people read."""
MOST = 30.0
"""Seconds that a reply takes, at most."""


_WORD = re.compile(r"\s*\S+\s*|\s+")


class Paced(Around):
    """A model that takes as long for a reply as it takes to read it, and speaks it word by word.

    What it says, and under what name it is logged, stays the same. `sleep` takes seconds.
    """

    def __init__(self, model: Model, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self.model: Model = model
        self._sleep = sleep

    async def __call__(self, request: Request) -> Reply:
        """The model's own reply, after a while."""
        reply = await self.model(replace(request, hear=None))
        words = _WORD.findall(reply.text)
        pause = min(1 / WORDS_A_SECOND, MOST / max(len(words), 1))
        for word in words:
            if request.hear is not None:
                request.hear(word)
            await self._sleep(pause)
        return reply


def paced(model: Model) -> Model:
    """The model at a human speed where it is simulated or recorded; one of a server, or a person, as it is."""
    at_once = model.simulated or getattr(model, "recorded", False)
    return Paced(model) if at_once and not paid(model) else model
