"""The moment at which nothing can go on by itself: an event loop that says so before it waits for the world.

A loop asks its selector to wait only when no callback is ready to run. Whatever could go on without a timer, a thread
or the network has then done so; there is no way to be told too early, and no need to look again and again.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Idle(selectors.DefaultSelector):
    """The selector of a loop. `ask` is called when the loop is about to wait; true says that it made something ready.

    It is called within the loop, where tasks can be made.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ask: Callable[[], bool] = lambda: False

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Wait for the world, unless something was made ready first."""
        waits = timeout is None or timeout > 0
        return super().select(0 if waits and self.ask() else timeout)


def run(main: Coroutine[Any, Any, T], idle: Idle) -> T:
    """Run to the end in a loop of its own, which asks `idle` before it waits."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(idle)) as runner:
        return runner.run(main)
