"""Who wants to hear words as they are spoken, so that nobody is told them for whom nobody listens any more."""

from __future__ import annotations

import time
from collections.abc import Callable

from arena.live import LEASE


class Listeners:
    """Those who want words. True as long as there is somebody.

    A wish holds for `LEASE` seconds, and a watcher that goes on listening repeats it: one that was killed, or whose
    machine is gone, is forgotten. `first` is somebody who wants words from the beginning, until the first watcher says
    what it wants. `clock` gives seconds.
    """

    def __init__(self, *, first: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._first, self._clock = first, clock
        self._until: dict[str, float] = {}

    def __bool__(self) -> bool:
        now = self._clock()
        return self._first or any(until > now for until in self._until.values())

    def wish(self, who: str, *, wants: bool) -> None:
        """A watcher wants words from now on, or none any more."""
        self._first = False
        self._until[who] = self._clock() + LEASE if wants else 0.0
