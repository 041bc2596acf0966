"""Simulated models at a human speed: so that what a newcomer watches is a debate, and not a flash."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from arena.models.base import Model, Reply, Request

WORDS_A_SECOND = 4.0
"""About how fast people read."""
MOST = 30.0
"""Seconds that a reply takes, at most."""


class Paced:
    """A simulated model that waits before each reply as long as it takes to read it.

    What it says, and under what name it is logged, stays the same. `sleep` takes seconds.
    """

    simulated = True

    def __init__(self, model: Model, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        self._model, self._sleep = model, sleep

    @property
    def spec(self) -> str:
        """The spec of the model."""
        return self._model.spec

    async def __call__(self, request: Request) -> Reply:
        """The model's own reply, after a while."""
        reply = await self._model(request)
        await self._sleep(min(len(reply.text.split()) / WORDS_A_SECOND, MOST))
        return reply


def paced(model: Model) -> Model:
    """The model at a human speed where it is simulated; a real one as it is."""
    return Paced(model) if model.simulated else model
