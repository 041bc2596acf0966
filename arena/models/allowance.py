"""What a provider allows in a stretch of time, as it tells it itself, and the pace that makes it last.

Vendors say with every response how much is left and when all of it will be back. What they mean by it differs: a bucket
that fills steadily, a window that is full again at once, a log that slides. The pace here needs no word on which it is.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

UNITS = ("requests", "tokens", "input_tokens", "output_tokens")
"""What providers count, and bound."""

EASY = 0.5
"""Above this part of the limit what is left is not spread over the time until all is back."""

HURRY = 10.0
"""How much faster than it sustains a limit is used up at the most; many refuse what comes all at once."""

SHARE = 0.98
"""The part of the sustainable rate at which what is left is surely enough; the rest is for latecomers and rounding."""

LATE = 1.0
"""Readings of calls that began so many seconds before the newest are not looked at."""

MARGIN = 0.1
"""By how much sooner than another a request may arrive, in seconds."""

LEAST = 0.001
"""The shortest time that is reckoned with, in seconds."""


class Reading(NamedTuple):
    """How much of an allowance is left. `reset` is in how many seconds all of it is back, rounded up to `grain`."""

    limit: float
    remaining: float
    reset: float
    grain: float = 0.0


def readings(told: Mapping[str, float]) -> Iterator[tuple[str, Reading]]:
    """The whole readings among what a response said, such as `requests_limit`, `requests_remaining` and so on."""
    for name in UNITS:
        parts = {part: told[f"{name}_{part}"] for part in Reading._fields if f"{name}_{part}" in told}
        if parts.keys() >= _WHOLE:
            yield name, Reading(**parts)


_WHOLE = {"limit", "remaining", "reset"}


class Quota:
    """One allowance (requests, or tokens of some kind), read from responses and reckoned on between them.

    A response tells what was left at some moment between its call's start and now, and nobody knows which. So all that
    is under way now is taken as not yet counted, less what the allowance may have regained since that start. In a
    steady flow the two are equal.
    """

    def __init__(self) -> None:
        self.limit = 0.0
        self._under_way = self._fresh = 0.0
        self._left = 0.0
        self._resets = 0.0
        self._longest = LEAST
        self._window = 0.0
        self._slides = math.inf
        self._begun = 0.0
        self._newest = 0.0
        self._last, self._step = 0.0, 0.0
        self._recent: deque[tuple[float, float]] = deque()
        self._sum = self._others = 0.0

    def read(self, now: float, reading: Reading, begun: float, *, counted: bool = True) -> None:
        """Take in a reading that came with the call that began at `begun`; one of old is no news.

        `counted` tells whether the server took the call.
        """
        limit, remaining, reset, grain = reading
        if limit <= 0 or remaining < 0 or reset < 0 or begun < self._newest - LATE:
            return
        first = self.limit <= 0
        self.limit, self._newest = limit, max(begun, self._newest)
        self._resets = now + reset
        if counted:
            self._bound(reset - grain, reset + now - begun, min(now - self._last, now - begun))
        regained = min(self._sustained(), (limit - remaining) / max(reset, LEAST)) * (now - begun)
        self._left = remaining - max(self._under_way - regained, 0.0)
        self._fresh = 0.0
        if first:
            self._begun = begun
            self._note(begun, limit - self._left)
        self._forget(now)
        self._others = max(limit - remaining - self._sum, 0.0)

    def ready(self, now: float, amount: float) -> float:
        """The earliest moment at which `amount` may start; it may be past.

        Nothing starts that is more than what is left. What is left is spread over the time until all is back, though
        never thinner than the limit over the longest such time seen, which is what any kind of server sustains.
        """
        if self.limit <= 0:
            return now
        if now >= self._resets:
            self._left, self._resets = self.limit - self._fresh, now + self._longest
        hurried = self._last + self._step / (HURRY * self._sustained())
        if self._left < min(amount, self.limit):
            return max(hurried, min(self._resets, self._room(now, amount)))
        if self._left >= self.limit * EASY:
            return hurried
        return max(hurried, self._last + self._step / max(self._left / (self._resets - now), self._sustained()))

    def take(self, now: float, amount: float) -> None:
        """Count a start."""
        self._left -= amount
        self._under_way += amount
        self._fresh += amount
        self._last, self._step = now, amount
        if self.limit > 0:
            self._note(now, amount)

    def end(self, amount: float) -> None:
        """Count an end."""
        self._under_way -= amount

    def _bound(self, least: float, most: float, quiet: float) -> None:
        """Narrow down the period by a reset that is at least `least`, `quiet` seconds after the last start.

        No reset is longer than the period, and it was longer by the quiet at the last start. In a log that slides every
        start sets the reset back to a whole period, so there a reset and the time that its call took, which are `most`,
        are never shorter; one that is tells that the log does not slide.
        """
        least += max(quiet - MARGIN, 0.0)
        if least >= self._longest:
            self._longest, self._window = least, most
        self._slides = min(self._slides, most)

    def _period(self, now: float) -> float:
        if self._slides < self._longest or now < self._begun + self._window:
            return self._window
        return self._longest

    def _room(self, now: float, amount: float) -> float:
        """When so little was started of late that even the strictest server, one with a sliding log, has room."""
        self._forget(now)
        room = max(self.limit - self._others, min(amount, self.limit))
        over, period = self._sum + min(amount, room) - room, self._period(now)
        for begun, once in self._recent:
            if over <= 0:
                break
            over, now = over - once, begun + period + MARGIN
        return now

    def _note(self, now: float, amount: float) -> None:
        self._forget(now)
        self._recent.append((now, amount))
        self._sum += amount

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0][0] <= now - self._period(now) - MARGIN:
            self._sum -= self._recent.popleft()[1]

    def _sustained(self) -> float:
        return SHARE * self.limit / self._longest


class Bucket:
    """An allowance that the user set: `rate` units a second, saved up for at most `saved` seconds.

    An amount that is more than it can ever hold passes when it is full, and is paid off afterwards.
    """

    def __init__(self, rate: float, saved: float, now: float) -> None:
        self.rate = rate
        self.most = rate * saved
        self._level = self.most
        self._at = now

    def ready(self, now: float, amount: float) -> float:
        """The earliest moment at which `amount` may start; it may be past."""
        self._fill(now)
        return now + (min(amount, self.most) - self._level) / self.rate

    def take(self, now: float, amount: float) -> None:
        """Count an estimate as used."""
        self._fill(now)
        self._level -= amount

    def settle(self, estimate: float, used: float) -> None:
        """Put what was used in the place of an estimate that was taken."""
        self._level = min(self._level + estimate - used, self.most)

    def _fill(self, now: float) -> None:
        self._level = min(self._level + (now - self._at) * self.rate, self.most)
        self._at = max(now, self._at)
