"""Time that passes only when nobody has anything to do, and a server that has limits."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import selectors
from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from arena.errors import Stopped
from arena.events import Usage
from arena.models.base import Message, Reply, Request
from arena.models.failures import CallFailed


class Leap(selectors.DefaultSelector):
    """Instead of waiting for a time, makes it that time. Counts the turns of the loop."""

    now = 0.0
    turns = 0

    def select(self, timeout=None):
        assert timeout is not None, "everybody waits, and nothing will ever happen"
        self.now += timeout
        self.turns += 1
        return super().select(0)


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock leaps to the next thing that is due."""

    def __init__(self):
        self.leap = Leap()
        super().__init__(self.leap)

    def time(self):
        return self.leap.now


@dataclass
class World:
    """Runs a coroutine in time of its own; `clock` reads that time."""

    loop: Any = None

    def clock(self):
        return self.loop.time() if self.loop else 0.0

    def run(self, main):
        with asyncio.Runner(loop_factory=Loop) as runner:
            self.loop = runner.get_loop()
            return runner.run(main)


@pytest.fixture
def world(monkeypatch):
    """A world whose throttlers go by its clock, too."""
    made = World()
    monkeypatch.setattr("asyncio_throttle.throttler.time", SimpleNamespace(monotonic=made.clock))
    return made


class Window:
    """So many requests between one full minute (of any length) and the next."""

    def __init__(self, limit, period):
        self.limit, self.period = limit, period
        self.begun, self.used = 0.0, 0

    def admit(self, now):
        if now >= self.begun + self.period:
            self.begun, self.used = now - now % self.period, 0
        self.used += self.used < self.limit
        return self.used

    def allows(self, now):
        before = self.used if now < self.begun + self.period else 0
        return self.admit(now) > before

    def left(self, now):
        return self.limit - self.used

    def full_in(self, now):
        return self.begun + self.period - now

    def next_in(self, now):
        return self.full_in(now)


class Sliding:
    """So many requests in any stretch of the period."""

    def __init__(self, limit, period):
        self.limit, self.period = limit, period
        self.log = deque()

    def _forget(self, now):
        while self.log and now - self.log[0] >= self.period:
            self.log.popleft()

    def allows(self, now):
        self._forget(now)
        if len(self.log) < self.limit:
            self.log.append(now)
            return True
        return False

    def left(self, now):
        self._forget(now)
        return self.limit - len(self.log)

    def full_in(self, now):
        return self.log[-1] + self.period - now if self.log else 0.0

    def next_in(self, now):
        return self.log[0] + self.period - now


class Bucket:
    """A bucket that fills steadily."""

    def __init__(self, limit, period):
        self.limit, self.rate = limit, limit / period
        self.level, self.at = float(limit), 0.0

    def _fill(self, now):
        self.level = min(self.level + (now - self.at) * self.rate, self.limit)
        self.at = now

    def allows(self, now):
        self._fill(now)
        if self.level >= 1:
            self.level -= 1
            return True
        return False

    def left(self, now):
        self._fill(now)
        return int(self.level)

    def full_in(self, now):
        return (self.limit - self.level) / self.rate

    def next_in(self, now):
        return (1 - self.level) / self.rate


PHASE = 0.37
"""By how much the server's seconds are ahead of the world's."""

KINDS = {"window": Window, "sliding": Sliding, "bucket": Bucket}


@dataclass
class Server:
    """A model behind a server with a limit.

    `tells` says what its responses hold: readings (and patience), the same with resets in whole seconds (coarse), a
    Retry-After (patience), or nothing. A request takes up to `jitter` seconds to arrive, and a reply comes `latency`
    after that. Readings are of `unit`, of which a call takes `size`; those in `says` are told first, as they stand.
    """

    clock: Any
    limit: Any = None
    tells: str = "readings"
    latency: float = 1.0
    jitter: float = 0.05
    unit: str = "requests"
    size: float = 1.0
    usage: Usage = field(default_factory=Usage)
    troubles: list = field(default_factory=list)
    says: list = field(default_factory=list)
    arrived: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    under_way: int = 0
    widest: int = 0
    quota: Any = None
    spec = "anthropic/some-model?effort=high"
    account = "anthropic"
    simulated = False
    chance: Any = field(default_factory=lambda: random.Random(7))

    async def __call__(self, request):
        self.under_way += 1
        self.widest = max(self.widest, self.under_way)
        try:
            return await self._answer(request)
        finally:
            self.under_way -= 1

    async def _answer(self, request):
        await asyncio.sleep(self.chance.random() * self.jitter)
        now = self.clock()
        self.arrived.append(request.messages[-1].text)
        if self.limit is not None:
            allowed = self.limit.allows(now)
            if not allowed:
                self.refused.append(now)
                self.quota = self._told(now)
                raise CallFailed(
                    "rate_limit",
                    "429 too many requests",
                    retry_after=None if self.tells == "nothing" else self.limit.next_in(now),
                )
        await asyncio.sleep(self.latency)
        self.quota = self._told(self.clock()) or self.quota
        if self.troubles and (trouble := self.troubles.pop(0)):
            raise trouble
        return Reply("well", usage=self.usage)

    def _told(self, now):
        if self.says:
            return self.says.pop(0)
        if self.limit is None or self.tells not in ("readings", "coarse"):
            return None
        coarse, reset = self.tells == "coarse", self.limit.full_in(now)
        return {
            f"{self.unit}_limit": self.size * self.limit.limit,
            f"{self.unit}_remaining": self.size * self.limit.left(now),
            f"{self.unit}_reset": math.ceil(now + PHASE + reset) - PHASE - now if coarse else reset,
            f"{self.unit}_grain": float(coarse),
        }


@dataclass
class Purse:
    """Lets every call be made, until it is told to stop."""

    stop: str = ""
    worsts: list = field(default_factory=list)

    def check(self):
        if self.stop:
            raise Stopped(self.stop)

    @contextlib.asynccontextmanager
    async def buying(self, worst):
        self.check()
        self.worsts.append(worst)
        yield


def request(text="Who?", max_tokens=100):
    return Request(system="", messages=(Message("user", str(text)),), max_tokens=max_tokens)


@pytest.fixture
def make():
    """What the tests of this folder build their scenes with."""
    return SimpleNamespace(Server=Server, Purse=Purse, request=request, kinds=KINDS)
