"""The gate to one model of one account, and the line before it.

Whoever wants to call stands in line, and the gate looks whether the head of the line may go: whether a slot is free,
the server has asked for patience, the allowances suffice, and the rate permits one more start. So a thousand waiters
cost no more than one, and nobody is overtaken. A call holds its slot while it is under way and no longer; a retry that
waits for its time holds none. Slots that become free are given away as they do: all of them, before the loop goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from asyncio_throttle.throttler import Throttler

from arena.errors import Stopped
from arena.events import BLIND
from arena.models.allowance import UNITS, Bucket, Quota, readings
from arena.models.base import Reply, Request
from arena.models.failures import CallFailed
from arena.models.inflight import Limit
from arena.models.learned import Learned
from arena.models.spread import Spread

CONNECTIONS = 100
"""Calls to one model at the same time, unless it is said."""

BURST = 0.25
"""Starts are spread so that no more than this many seconds' worth of them go out at once."""

SAVED = 15.0
"""Tokens of so many seconds may be saved up and go out at once."""

LOOK = 1.0
"""Seconds after which whoever waits looks whether the run was stopped."""

PATIENCE = 120.0
"""The longest that one answer of a server holds back a whole model, in seconds."""

HASTE = 1.0
"""Seconds of patience after a 429 that asks for none itself."""

NOW = 0.001
"""Waits shorter than this are none, in seconds."""

CHARACTERS = 4
"""Characters a token, until replies have told."""

WEIGHT = 0.1
"""The weight of the newest reply in the mean of tokens a character."""

Why = Literal["paused", "slot", "pause", "rate", "quota", "tokens"]


class Waiting(NamedTuple):
    """What the calls to one model wait for. `until` is a time of the gate's clock, `None` where none can be told.

    `paused`: the run is; `slot`: calls under way have to come back first; `pause`: the server asked for patience;
    `rate`: `--rpm`; `tokens`: `--tpm`; `quota`: what the server said is left; `retry`: calls that failed wait for their
    next attempt.
    """

    account: str
    model: str
    calls: int
    why: Why | Literal["retry"]
    until: float | None
    under_way: int = 0
    width: int = 0


class Ceilings(NamedTuple):
    """What the user set for each model: requests and tokens a minute, and calls at the same time."""

    rpm: int | None = None
    tpm: int | None = None
    connections: int = CONNECTIONS


DEFAULT = Ceilings()


class Pass(NamedTuple):
    """What a call is given at the gate, and gives back when it is over."""

    era: int
    amounts: Mapping[str, float]
    begun: float
    length: int = 0


class _InLine(NamedTuple):
    """A call that waits: what it will be given, what it asks for, and who says whether any call may still be made."""

    given: asyncio.Future[Pass]
    length: int
    most: int
    check: Callable[[], None]


class Gate:
    """The way to one model of one account."""

    def __init__(
        self, account: str, model: str, ceilings: Ceilings = DEFAULT, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.account, self.model = account, model
        self.limit = Limit(ceilings.connections)
        self.connected = False
        self._clock = clock
        self._throttle = throttle(ceilings.rpm) if ceilings.rpm else None
        self._budget = Bucket(ceilings.tpm / 60, SAVED, clock()) if ceilings.tpm else None
        self._quotas = {name: Quota() for name in UNITS}
        self._learned = Learned()
        self._spread = Spread()
        self._told: object = None
        self._line: deque[_InLine] = deque()
        self._again: asyncio.TimerHandle | None = None
        self._polling: asyncio.Task[None] | None = None
        self._pause = 0.0
        self._invited = False
        self._head: tuple[Why, float | None] = ("slot", None)
        self._held = False
        self._density = 1 / CHARACTERS

    async def enter(self, request: Request, check: Callable[[], None], most: int | None = None) -> Pass:
        """Stand in line, and begin a call; whoever got a pass gives it back with `leave`.

        `most` tokens may the reply have, where that is not what the request says.
        """
        given: asyncio.Future[Pass] = asyncio.get_running_loop().create_future()
        self._line.append(_InLine(given, length(request), request.max_tokens if most is None else most, check))
        if len(self._line) == 1:
            self._let_in()
        try:
            return await given
        except asyncio.CancelledError:
            if given.cancelled():
                self._let_in()  # who stands behind may need less
            elif not given.exception():
                self.leave(given.result(), None)  # let in and cancelled at the same moment
            raise

    def leave(self, given: Pass, result: Reply | CallFailed | None, told: Mapping[str, float] | None = None) -> None:
        """End a call: `None` for one that was cancelled. `told` is what a response said of the quota meanwhile."""
        self.limit.end()
        for name, quota in self._quotas.items():
            quota.end(given.amounts[name])
        if result is not None:
            self._settle(given.amounts, result)
        if isinstance(result, Reply):
            self._read(told, given, counted=True)
            self.limit.succeeded()
            now = self._clock()
            self._spread.replied(now - given.begun)
            self._learned.replied(now, given.begun)
            if given.length and result.usage.input:
                self._density += WEIGHT * (result.usage.input / given.length - self._density)
        elif result is not None:
            refused = result.kind in ("rate_limit", "overloaded")
            spent = self._read(told, given, counted=not refused)
            self._failed(result, given, spent=spent)
        self._let_in()

    def hold(self, *, held: bool) -> None:
        """Let no call begin while it is held."""
        self._held = held
        self._let_in()

    def resize(self, connections: int) -> None:
        """Take another ceiling of calls under way."""
        self.limit.resize(connections)
        self._let_in()

    def waiting(self) -> Waiting | None:
        """What the head of the line waits for; `None` where there is no line."""
        calls = sum(not call.given.done() for call in self._line)
        if not calls:
            return None
        why, until = self._head
        return Waiting(self.account, self.model, calls, why, until, self.limit.busy, self.limit.width)

    def _let_in(self) -> None:
        """Let in from the head of the line as many as may go; with a rate, have it polled for them."""
        while (amounts := self._free()) is not None:
            if self._throttle is None:
                self._begin(amounts)
            else:
                self._head = ("rate", None)
                self._look_again(None)
                if self._polling is None or self._polling.done():
                    self._polling = asyncio.create_task(self._rated(self._throttle))
                return

    async def _rated(self, throttle: Throttler) -> None:
        """Let in at the rate, until something else stands in the way."""
        while self._free() is not None:
            await throttle.acquire()  # type: ignore[no-untyped-call]
            if (amounts := self._free()) is not None:
                self._begin(amounts)

    def _free(self) -> dict[str, float] | None:
        """What the head of the line takes of the allowances, where nothing but the rate may stand in its way.

        Whoever gave up, or may make no call any more, has left the line then.
        """
        while self._line:
            call = self._line[0]
            if not call.given.done():
                try:
                    call.check()
                except Stopped as why:
                    call.given.set_exception(why)
                else:
                    break
            self._line.popleft()
        else:
            return None
        amounts = estimate(call.length, call.most, self._density)
        if (obstacle := self._obstacle(amounts)) is None:
            return amounts
        self._head = obstacle
        self._look_again(obstacle[1])
        return None

    def _obstacle(self, amounts: Mapping[str, float]) -> tuple[Why, float | None] | None:
        """The first thing that stands in the way, and until when it will."""
        if self._held:
            return "paused", None
        if not self.limit.free:
            return "slot", None
        now = self._clock()
        if self._pause - now > NOW:
            return "pause", self._pause
        if self._budget and (ready := self._budget.ready(now, amounts["tokens"])) - now > NOW:
            return "tokens", ready
        ready = max(self._learned.ready(now), self._spread.ready())
        if not self._invited:
            ready = max(ready, *(quota.ready(now, amounts[name]) for name, quota in self._quotas.items()))
        return ("quota", ready) if ready - now > NOW else None

    def _look_again(self, until: float | None) -> None:
        """Look at the line again at that time; within a second at any rate, since the run may be stopped meanwhile."""
        loop = asyncio.get_running_loop()
        when = loop.time() + (LOOK if until is None else min(until - self._clock(), LOOK))
        if self._again is None or self._again.when() > when:
            if self._again is not None:
                self._again.cancel()
            self._again = loop.call_at(when, self._look)

    def _look(self) -> None:
        self._again = None
        self._let_in()

    def _begin(self, amounts: Mapping[str, float]) -> None:
        """Let in the head of the line."""
        call = self._line.popleft()
        now, self._invited = self._clock(), False
        if self._budget:
            self._budget.take(now, amounts["tokens"])
        for name, quota in self._quotas.items():
            quota.take(now, amounts[name])
        self._learned.take(now)
        if not self.limit.proven:
            self._spread.take(now, self.limit.width, grows=self.limit.width < self.limit.ceiling)
        call.given.set_result(Pass(self.limit.begin(), amounts, now, call.length))

    def _settle(self, amounts: Mapping[str, float], result: Reply | CallFailed) -> None:
        """Count the tokens that were used in the place of those that were expected."""
        if self._budget is None:
            return
        used = result.usage.input + result.usage.output
        blind = isinstance(result, CallFailed) and result.kind in BLIND
        if used or not (isinstance(result, Reply) or blind):
            self._budget.settle(amounts["tokens"], used)

    def _read(self, told: Mapping[str, float] | None, given: Pass, *, counted: bool) -> bool:
        """Take in what a response said, whose every one brings a mapping of its own; whether too little is left."""
        if not told or told is self._told:
            return False
        self._told, found = told, dict(readings(told))
        for name, reading in found.items():
            self._quotas[name].read(self._clock(), reading, given.begun, counted=counted)
        return any(reading.remaining < given.amounts[name] for name, reading in found.items())

    def _failed(self, why: CallFailed, given: Pass, *, spent: bool) -> None:
        """React to a failure. A call that is turned away cuts what may be under way, unless the rate is the reason.

        Where a server says when to come back, one call does so then, whatever it says is left: that call's answer tells
        whether the others may follow.
        """
        if why.kind in ("rate_limit", "overloaded"):
            asked = None if why.retry_after is None else min(why.retry_after, PATIENCE)
            if why.kind == "rate_limit" and not any(quota.limit for quota in self._quotas.values()):
                cuts = self._learned.refuse(self._clock(), given.begun, asked)
            else:
                cuts = not spent
                self._invited = why.kind == "rate_limit" and 0 < (why.retry_after or 0.0) <= PATIENCE
                asked = HASTE if why.kind == "rate_limit" and asked is None else asked
            if cuts:
                self.limit.overrun(given.era)
            self._pause = max(self._pause, self._clock() + (asked or 0.0))
        elif why.kind in ("server", "timeout", "connection", "cut"):
            self.limit.disturbed()


def throttle(rpm: int) -> Throttler:
    """A limit of `rpm` starts a minute, in portions as even as a quarter of a second permits."""
    a_second = rpm / 60
    portion = max(1, int(a_second * BURST))
    period = portion / a_second
    return Throttler(rate_limit=portion, period=period, retry_interval=min(max(period / 50, 0.005), 0.05))


def estimate(long: int, most: int, density: float = 1 / CHARACTERS) -> dict[str, float]:
    """What a call may take of each allowance before it is made: `long` characters, and `most` tokens of a reply.

    `density` is in tokens a character.
    """
    asked = density * long
    return {"requests": 1.0, "tokens": asked + most, "input_tokens": asked, "output_tokens": float(most)}


def length(request: Request) -> int:
    """The characters of a request."""
    return len(request.system) + len(request.preface) + sum(len(message.text) for message in request.messages)
