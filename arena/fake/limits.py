"""Limits, as the vendors have them: so many requests, and so many tokens, in a stretch of time, for each model.

A limit is a `bucket` that fills steadily (the vendors' own), a `window` that is full again at every full stretch, or a
`sliding` log of the last stretch. It says what is left and when all of it is back, in the headers of both vendors.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, datetime
from math import ceil
from typing import Literal, NamedTuple, Self

from arena.errors import UsageError

Kind = Literal["bucket", "window", "sliding"]
KINDS: tuple[Kind, ...] = ("bucket", "window", "sliding")

Tells = Literal["all", "wait", "none"]
"""What is told of a limit: what is left of it, and how long to wait; only how long to wait; nothing."""

TELLS: tuple[Tells, ...] = ("all", "wait", "none")
_RATE = re.compile(r"(\d+)(?:/(\d+(?:\.\d+)?)s?)?")


class Rate(NamedTuple):
    """So much in so many seconds."""

    amount: float
    period: float = 60.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `600` (a minute) or `60/10` (in ten seconds); raises `UsageError`."""
        match = _RATE.fullmatch(text.strip())
        if match is None or int(match[1]) < 1 or not float(match[2] or 60):
            raise UsageError(
                f"{text!r} is no limit: write 600 for so many a minute, or 60/10 for so many in 10 seconds"
            )
        return cls(float(match[1]), float(match[2] or 60))


class Limit:
    """One limit. Times are seconds of one clock. A correction may leave less than nothing."""

    def __init__(self, rate: Rate, kind: Kind, now: float) -> None:
        self.rate, self._kind = rate, kind
        self._left, self._at = rate.amount, now
        self._taken: deque[tuple[float, float]] = deque()

    def left(self, now: float) -> float:
        """How much is left."""
        amount, period = self.rate
        if self._kind == "bucket":
            self._left = min(amount, self._left + (now - self._at) * amount / period)
            self._at = now
        elif self._kind == "window":
            if now - self._at >= period:
                self._left, self._at = amount, now - (now - self._at) % period
        else:
            while self._taken and self._taken[0][0] <= now - period:
                self._left += self._taken.popleft()[1]
        return self._left

    def take(self, now: float, amount: float) -> None:
        """Count something, or give it back where `amount` is negative."""
        self.left(now)
        self._left -= amount
        if self._kind == "sliding":
            self._taken.append((now, amount))

    def full_in(self, now: float) -> float:
        """Seconds until all of it is back."""
        missing = self.rate.amount - self.left(now)
        if missing <= 0:
            return 0.0
        if self._kind == "bucket":
            return missing * self.rate.period / self.rate.amount
        begun = self._at if self._kind == "window" else self._taken[-1][0]
        return begun + self.rate.period - now

    def ready_in(self, now: float, amount: float) -> float:
        """Seconds until so much is left."""
        short = min(amount, self.rate.amount) - self.left(now)
        if short <= 0:
            return 0.0
        if self._kind == "bucket":
            return short * self.rate.period / self.rate.amount
        if self._kind == "window":
            return self.full_in(now)
        for then, once in self._taken:
            short -= once
            if short <= 0:
                return then + self.rate.period - now
        return self.rate.period


class Limits:
    """The limits of one model: requests, and tokens. Tokens are those of the request and all that it allows a reply.

    They are set right when the reply is known. A refused request counts to neither.
    """

    def __init__(self, requests: Rate | None, tokens: Rate | None, kind: Kind, now: float) -> None:
        given = {"requests": requests, "tokens": tokens}
        self._limits = {name: Limit(rate, kind, now) for name, rate in given.items() if rate}

    def admit(self, now: float, tokens: float) -> tuple[str, float] | None:
        """Count a request; or what it runs into, and the seconds after which it would not."""
        amounts = {"requests": 1.0, "tokens": tokens}
        waits = {name: limit.ready_in(now, amounts[name]) for name, limit in self._limits.items()}
        name, wait = max(waits.items(), key=lambda pair: pair[1], default=("", 0.0))
        if wait > 0:
            return name, wait
        for name, limit in self._limits.items():
            limit.take(now, amounts[name])
        return None

    def settle(self, now: float, expected: float, used: float) -> None:
        """Count what was used in the place of what was expected."""
        if "tokens" in self._limits:
            self._limits["tokens"].take(now, used - expected)

    def headers(self, vendor: str, now: float) -> dict[str, str]:
        """What a response tells."""
        found: dict[str, str] = {}
        for name, limit in self._limits.items():
            parts = (int(limit.rate.amount), max(int(limit.left(now)), 0), limit.full_in(now))
            found |= _anthropic(name, *parts) if vendor == "anthropic" else _openai(name, *parts)
        return found


def _anthropic(name: str, limit: int, left: int, full_in: float) -> dict[str, str]:
    at = datetime.fromtimestamp(ceil(datetime.now(UTC).timestamp() + full_in), UTC)  # by then all of it is back
    head = f"anthropic-ratelimit-{name}"
    return {f"{head}-limit": f"{limit}", f"{head}-remaining": f"{left}", f"{head}-reset": f"{at:%Y-%m-%dT%H:%M:%SZ}"}


def _openai(name: str, limit: int, left: int, full_in: float) -> dict[str, str]:
    head = "x-ratelimit"
    reset = f"{full_in * 1000:.0f}ms" if full_in < 1 else f"{int(full_in // 60)}m{full_in % 60:.3f}s"
    return {f"{head}-limit-{name}": f"{limit}", f"{head}-remaining-{name}": f"{left}", f"{head}-reset-{name}": reset}
