"""In how many waves the calls of an episode go out, counted while it is rehearsed.

Calls that could be under way at the same time are one step, as they are one wave of a run in batches: the next one
begins when nothing can go on without an answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from arena.models import idle

T = TypeVar("T")


class Steps:
    """Counts the steps that were `taken`, each by all the calls that wait for it."""

    def __init__(self) -> None:
        self.taken = 0
        self._waiting: list[asyncio.Future[None]] = []

    async def next(self) -> None:
        """Wait for the next step."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        await waiting

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run to the end, and take a step whenever nothing else can go on."""
        quiet = idle.Idle()
        quiet.ask = self._take
        return idle.run(main, quiet)

    def _take(self) -> bool:
        """Let go who waits; false where nobody does."""
        waiting, self._waiting = [one for one in self._waiting if not one.done()], []
        self.taken += bool(waiting)
        for one in waiting:
            one.set_result(None)
        return bool(waiting)
