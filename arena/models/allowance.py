"""What a provider allows in a stretch of time, as it tells it itself, and the pace that makes it last.

Vendors say with every response how much is left and when all of it will be back. What they mean by it differs: a bucket
that fills steadily, a window that is full again at once, a log that slides. The pace here needs no word on which it is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

UNITS = ("requests", "tokens", "input_tokens", "output_tokens")
"""What providers count, and bound."""

HURRIED = 0.5
"""Above this part of the limit nothing is slowed."""

SHARE = 0.95
"""The part of the sustainable rate at which what is left is surely enough; the rest is for latecomers and rounding."""

PROBE = 1.05
"""By how much a pace that nobody told is raised after each stretch without a refusal."""

LONGEST_STRETCH = 60.0
"""The longest time that a pace is measured over, in seconds: providers count by the minute."""

LATE = 1.0
"""Readings of calls that began so many seconds before the newest are not looked at."""

MARGIN = 0.1
"""By how much sooner than another a request may arrive, in seconds."""

LEAST = 0.001
"""The shortest time that is reckoned with, in seconds."""


class Reading(NamedTuple):
    """How much of an allowance is left. `reset` is the number of seconds until all of it is back."""

    limit: float
    remaining: float
    reset: float


def readings(told: Mapping[str, float]) -> Iterator[tuple[str, Reading]]:
    """The whole readings among what a response said, such as `requests_limit`, `requests_remaining` and so on."""
    for name in UNITS:
        parts = [told.get(f"{name}_{part}") for part in Reading._fields]
        if all(part is not None for part in parts):
            yield name, Reading._make(parts)


class Quota:
    """One allowance (requests, or tokens of some kind), read from responses and reckoned on between them.

    A response tells what was left at some moment between its call's start and now, and nobody knows which. So all that
    is under way now is taken as not yet counted, less what the allowance may have regained since that start. In a
    steady flow the two are equal.
    """

    def __init__(self) -> None:
        self.limit = 0.0
        self._under_way = 0.0
        self._left = 0.0
        self._resets = 0.0
        self._longest = self._window = 0.0
        self._newest = 0.0
        self._last, self._step = 0.0, 0.0
        self._recent: deque[tuple[float, float]] = deque()
        self._sum = 0.0

    def read(self, now: float, reading: Reading, begun: float) -> None:
        """Take in a reading that came with the call that began at `begun`; one of old is no news."""
        limit, remaining, reset = reading
        if limit <= 0 or remaining < 0 or reset < 0 or begun < self._newest - LATE:
            return
        first = self.limit <= 0
        self.limit, self._newest = limit, max(begun, self._newest)
        self._resets = now + reset
        self._longest = max(self._longest, reset, LEAST)
        self._window = max(self._window, reset + now - begun)
        self._left = remaining - max(self._under_way - self._sustained() * (now - begun), 0.0)
        if first:
            self._note(begun, limit - self._left)

    def ready(self, now: float, amount: float) -> float:
        """The earliest moment at which `amount` may start; it may be past.

        Nothing starts that is more than what is left. What is left is spread over the time until all is back, though
        never thinner than the limit over the longest such time seen, which is what any kind of server sustains.
        """
        if self.limit <= 0:
            return now
        if now >= self._resets:
            self._left, self._resets = self.limit, now + self._longest
        if self._left < min(amount, self.limit):
            return min(self._resets, self._room(now, amount))
        if self._left >= self.limit * HURRIED:
            return now
        return self._last + self._step / max(self._left / (self._resets - now), self._sustained())

    def take(self, now: float, amount: float) -> None:
        """Count a start."""
        self._left -= amount
        self._under_way += amount
        self._last, self._step = now, amount
        if self.limit > 0:
            self._note(now, amount)

    def end(self, amount: float) -> None:
        """Count an end."""
        self._under_way -= amount

    def _room(self, now: float, amount: float) -> float:
        """When so little was started of late that even the strictest server, one with a sliding log, has room."""
        self._forget(now)
        over = self._sum + min(amount, self.limit) - self.limit
        for begun, once in self._recent:
            if over <= 0:
                break
            over, now = over - once, begun + self._window + MARGIN
        return now

    def _note(self, now: float, amount: float) -> None:
        self._forget(now)
        self._recent.append((now, amount))
        self._sum += amount

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0][0] <= now - self._window - MARGIN:
            self._sum -= self._recent.popleft()[1]

    def _sustained(self) -> float:
        return SHARE * self.limit / self._longest


class Learned:
    """The pace of a server that tells nothing but no: as many starts a second as it took between its refusals.

    It is measured over the whole of the last two stretches, the pause included that a refusal asks for, and raised a
    little after each stretch without a refusal.
    """

    def __init__(self, now: float) -> None:
        self.rate = 0.0
        self._accepted = 0
        self._before = self._since = (now, 0)
        self._stretch = LONGEST_STRETCH
        self._until: float | None = None
        self._last = now

    def ready(self, now: float) -> float:
        """The earliest moment at which a call may start; it may be past."""
        if self._until is not None and now >= self._until:
            self._measure(self._until)
        elif self._until is None and now >= self._since[0] + self._stretch:
            self.rate *= PROBE
            self._before, self._since = self._since, (now, self._accepted)
        return self._last + 1 / self.rate if self.rate else now

    def take(self, now: float) -> None:
        """Count a start."""
        self._accepted += 1
        self._last = now

    def refuse(self, now: float, pause: float, *, news: bool) -> None:
        """Take in a refusal that asks for a pause, in seconds; `news` where it is the first of its episode."""
        self._accepted -= 1
        if news:
            self._until = max(self._until or 0.0, now + pause)

    def _measure(self, until: float) -> None:
        begun, before = self._before
        self._until, self._stretch = None, min(until - self._since[0], LONGEST_STRETCH)
        if self._accepted > before:
            rate = (self._accepted - before) / max(until - begun, LEAST)
            self.rate = min(rate, self.rate) if self.rate else rate
        self._before, self._since = self._since, (until, self._accepted)


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
