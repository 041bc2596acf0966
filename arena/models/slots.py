"""So many at a time, where the number may change meanwhile; whoever waits is let in in turn."""

from __future__ import annotations

import asyncio
from collections import deque


class Slots:
    """An asynchronous context manager that at most `width` are inside of; a width that shrinks sends nobody out."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._busy = 0
        self._line: deque[asyncio.Future[None]] = deque()

    def resize(self, width: int) -> None:
        """Let in so many from now on."""
        self.width = width
        self._let_in()

    async def __aenter__(self) -> None:
        if self._busy < self.width and not self._line:
            self._busy += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # let in and cancelled at the same moment
            raise

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    def _leave(self) -> None:
        self._busy -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._line and self._busy < self.width:
            turn = self._line.popleft()
            if not turn.done():
                self._busy += 1
                turn.set_result(None)
