"""Retries: what follows when an attempt fails, as the table of `arena.models.failures` has it.

A failure that may pass is tried again after a wait that doubles at random (full jitter: Brooker 2015, "Exponential
backoff and jitter"), or as long as the server asked for. One that ends the episode becomes its `TurnFailed`; one that
no call of the run would escape becomes `Stopped`, with what would help. So does a failure that lasts: when all that
was tried of late failed, a call that would be given up stops the run instead, since the next one would fare no better.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, NoReturn, Protocol

from arena.errors import ModelFailed, Refused, Stopped, TimedOut, TurnFailed, Unsupported
from arena.events import Attempt
from arena.models.base import Around, Reply, Request
from arena.models.failures import ENDS_EPISODE, STOPS_RUN, CallFailed, Kind
from arena.models.gate import LOOK, PATIENCE, Gate, Waiting
from arena.models.pacing import Purse, Tried

STOP_AFTER = 24
"""Attempts that fail in a row, none of their models answering in between, after which a lost call stops the run."""

ADVICE: Mapping[Kind, str] = {
    "auth": "Check the key, and that it may use this model.",
    "quota": "Add credit or raise the spending limit with the provider, then resume.",
    "not_found": "Check the name of the model and the address; `arena models list` names those that are known.",
    "bad_request": "Change the settings of this model; `arena models check` tries them in one tiny call.",
}


ENDS: Mapping[Kind, type[TurnFailed]] = {"too_long": ModelFailed, "unsupported": Unsupported}
"""What the failures become that end an episode; the others are refusals."""


class Policy(NamedTuple):
    """How patient a run is with one call. Times are in seconds; time spent in line at the gate counts as none.

    `deadline` bounds all attempts at a call and the waits between them, `longest_ask` what a server may ask for.
    """

    tries: int = 8
    base: float = 1.0
    longest: float = 60.0
    longest_ask: float = PATIENCE
    attempt: float = 600.0
    deadline: float = 900.0


USUAL = Policy()


class GivenUp(CallFailed):
    """The last failure of a call that is not tried again, and all its attempts. The cause of the error that follows."""

    def __init__(self, last: CallFailed, attempts: tuple[Attempt, ...]) -> None:
        super().__init__(last.kind, str(last), retry_after=last.retry_after, usage=last.usage, cost=last.cost)
        self.attempts = attempts


class Timed(Protocol):
    """A model that makes one attempt at a time, and says how long it took."""

    @property
    def spec(self) -> str:
        """The spec of the model."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether the model is simulated."""
        ...

    @property
    def gate(self) -> Gate:
        """Where its calls stand in line."""
        ...

    async def within(self, seconds: float, request: Request) -> Tried:
        """One attempt that takes at most so many seconds."""
        ...


@dataclass
class Health:
    """How the models of a run fare, shared by all of them: failed attempts in a row, and who waits to try again.

    `proven` are those that have answered, so that their settings are known to be taken.
    """

    stop_after: int = STOP_AFTER
    failing: Counter[str] = field(default_factory=Counter)
    waits: dict[object, Waiting] = field(default_factory=dict)
    proven: set[str] = field(default_factory=set)

    def answered(self, spec: str, *, proven: bool = True) -> None:
        """A model answered, be it with a refusal; one to the form of a request proves nothing of its settings."""
        self.failing.pop(spec, None)
        if proven:
            self.proven.add(spec)

    def failed(self, spec: str) -> None:
        """An attempt failed that may be tried again."""
        self.failing[spec] += 1

    @property
    def lost(self) -> bool:
        """Whether all has failed for so long that there is no use in going on."""
        return self.failing.total() >= self.stop_after

    def waiting(self) -> list[Waiting]:
        """The calls that wait for their next attempt."""
        return list(self.waits.values())


@dataclass(frozen=True)
class Retried(Around):
    """A paced model whose failures are followed up. `clock`, `sleep` and `chance` (uniform in 0..1) are the world's."""

    model: Timed
    policy: Policy
    health: Health
    purse: Purse
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random

    async def __call__(self, request: Request) -> Reply:
        """The reply after as many attempts as it takes; otherwise what the last failure means for episode or run.

        Of an attempt that failed, what was heard is void.
        """
        failed: tuple[Attempt, ...] = ()
        left = self.policy.deadline
        last: CallFailed | None = None
        try:
            while True:
                result, seconds = await self.model.within(min(left, self.policy.attempt), request)
                if isinstance(result, Reply):
                    self.health.answered(self.spec)
                    return replace(result, tries=result.tries + len(failed), failed=failed) if failed else result
                if request.hear is not None:
                    request.hear(None)
                last = result
                failed = (*failed, told(result, seconds))
                wait = self._follow(result, failed, left - seconds)
                left -= seconds + wait
                await self._wait(wait)
        except Stopped as why:
            if last is None or why.__cause__ is not None:
                raise
            raise Stopped(str(why)) from GivenUp(last, failed)  # while it waited: its attempts are told

    def _follow(self, why: CallFailed, failed: tuple[Attempt, ...], left: float) -> float:
        """The seconds to wait before the next attempt; raises where there is none."""
        if why.kind in ENDS_EPISODE:
            self.health.answered(self.spec, proven=why.kind != "unsupported")
            self._end(ENDS.get(why.kind, Refused), str(why), why, failed)
        if why.kind == "bad_request" and self.spec in self.health.proven:
            self.health.failed(self.spec)
            self._give_up(ModelFailed, f"it takes other requests, and refuses this one: {why}", why, failed)
        if why.kind in STOPS_RUN:
            self._stop(f"{told_of(why)}. {ADVICE[why.kind]}", why, failed)
        self.health.failed(self.spec)
        policy, wait = self.policy, self._backoff(why, len(failed))
        tries = f"{len(failed)} {'attempt' if len(failed) == 1 else 'attempts'}"
        if why.retry_after is not None and why.retry_after > policy.longest_ask:
            asked = f"it asks to come back in {why.retry_after:.0f} s, and {policy.longest_ask:.0f} s is the most"
            self._give_up(ModelFailed, f"{asked}: {why}", why, failed)
        if left - wait <= 0:
            self._give_up(TimedOut, f"no reply in {policy.deadline:.0f} s, after {tries}: {why}", why, failed)
        if len(failed) >= policy.tries:
            error = TimedOut if why.kind == "timeout" else ModelFailed
            self._give_up(error, f"given up after {tries}: {why}", why, failed)
        return wait

    def _backoff(self, why: CallFailed, failures: int) -> float:
        """What the server asked for and a little more, so that not all come back at once; else full jitter."""
        if why.retry_after is not None:
            return why.retry_after + self.chance() * self.policy.base
        return self.chance() * min(self.policy.base * 2.0 ** (failures - 1), self.policy.longest)

    def _give_up(self, error: type[TurnFailed], message: str, why: CallFailed, failed: tuple[Attempt, ...]) -> NoReturn:
        if self.health.lost:
            tries = f"the last {self.health.failing.total()} attempts all failed, and none succeeded since"
            self._stop(f"{tries}; the last one: {told_of(why)}. Resume when the provider answers again", why, failed)
        self._end(error, message, why, failed)

    def _end(self, error: type[TurnFailed], message: str, why: CallFailed, failed: tuple[Attempt, ...]) -> NoReturn:
        raise error(message) from GivenUp(why, failed)

    def _stop(self, message: str, why: CallFailed, failed: tuple[Attempt, ...]) -> NoReturn:
        raise Stopped(message) from GivenUp(why, failed)

    async def _wait(self, seconds: float) -> None:
        """Sleep, and look now and then whether the run was stopped meanwhile."""
        me, until = object(), self.clock() + seconds
        gate = self.model.gate
        self.health.waits[me] = Waiting(gate.account, gate.model, 1, "retry", until)
        try:
            while seconds > 0:
                self.purse.check()
                await self.sleep(min(seconds, LOOK))
                seconds -= LOOK
        finally:
            del self.health.waits[me]


def told_of(why: CallFailed) -> str:
    """What a failure says, to stand before a full stop."""
    return str(why).rstrip(". ")


def told(why: CallFailed, seconds: float) -> Attempt:
    """A failed attempt as it is logged."""
    return Attempt(kind=why.kind, seconds=round(seconds, 3), usage=why.usage, cost=why.cost)
