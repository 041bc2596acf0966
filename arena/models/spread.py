"""Starts that are spread over the time that a reply takes.

When many places become free at once, as when a limit doubles, the calls that take them would all be on the wire before
the first refusal is back. So they are spread, as the packets of a window are (Aggarwal, Savage and Anderson 2000,
"Understanding the performance of TCP pacing"): half as fast again as replies come back, so that nothing is held up for
long. Where a server has borne all the calls that may ever be under way, there is nothing to spread them for.
"""

from __future__ import annotations

HASTE = 1.5
"""How much faster starts may follow each other than replies do."""

WEIGHT = 0.1
"""The weight of the newest reply in the mean of the times that they take."""


FIRST = 0.001
"""The least space between starts as long as the limit grows, in seconds: about what a start costs in processor time."""

LAX = 0.001
"""By how much a start may be late without those behind it being later, too, in seconds."""


class Spread:
    """The space between starts. Times are of one clock, in seconds."""

    def __init__(self) -> None:
        self._takes = 0.0
        self._next = 0.0

    def ready(self) -> float:
        """The earliest moment at which a call may start; it may be past."""
        return self._next

    def take(self, now: float, width: int, *, grows: bool) -> None:
        """Count a start where `width` calls may be under way, a number that may still grow."""
        space = max(self._takes / (HASTE * width), FIRST if grows else 0.0)
        self._next = max(self._next, now - LAX) + space

    def replied(self, seconds: float) -> None:
        """Take in how long a reply took."""
        self._takes += (seconds - self._takes) * (WEIGHT if self._takes else 1.0)
