"""Pacing: a provider's model behind its gate, any other model in its slots.

A call holds its slot in the gate while it is under way and no longer: a retry that waits for its time holds none.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from arena.models.base import Around, Model, Reply, Request
from arena.models.failures import CallFailed
from arena.models.gate import DEFAULT, Ceilings, Gate, Waiting


class Tried(NamedTuple):
    """One attempt: what came of it, and the seconds that it took from its start."""

    result: Reply | CallFailed
    seconds: float


class Purse(Protocol):
    """Who says whether a call may be made, and counts what it may cost while it is under way."""

    def check(self) -> None:
        """Raise `Stopped` where no further call may be made."""
        ...

    def buying(self, worst: float | None) -> AbstractAsyncContextManager[None]:
        """The time of one call that costs at most `worst` US dollars, `None` where that is unknown."""
        ...


@dataclass(frozen=True)
class Paced(Around):
    """A provider's model behind its gate."""

    model: Model
    gate: Gate
    purse: Purse
    clock: Callable[[], float] = time.monotonic

    async def within(self, seconds: float, request: Request) -> Tried:
        """One attempt, which fails as a timeout `seconds` after its start; what it waits before that does not count."""
        if not self.gate.connected and (connect := getattr(self.model, "client", None)):
            await connect()  # it takes long, which is no part of a call
        self.gate.connected = True
        most = getattr(self.model, "most", None)
        given = await self.gate.enter(request, self.purse.check, most(request) if most else None)
        tried: Tried | None = None
        before = self._told()
        try:
            tried = await self._tried(seconds, request)
            return tried
        finally:
            told = self._told()
            self.gate.leave(given, tried.result if tried else None, None if told is before else told)

    def _told(self) -> Mapping[str, float] | None:
        """What the newest response to this model said of the quota, be it to this call or not."""
        told: Mapping[str, float] | None = getattr(self.model, "quota", None)
        return told

    async def _tried(self, seconds: float, request: Request) -> Tried:
        result: Reply | CallFailed
        try:
            async with self.purse.buying(worst_cost(self.model, request)):
                start = self.clock()
                result = await self._attempt(seconds, request)
        except CallFailed as why:
            result = why
        return Tried(result, self.clock() - start)

    async def _attempt(self, seconds: float, request: Request) -> Reply:
        try:
            async with asyncio.timeout(seconds):
                return await self.model(request)
        except TimeoutError as why:
            raise CallFailed("timeout", f"{self.spec}: no whole reply within {seconds:.0f} s") from why


def worst_cost(model: Model, request: Request, *, batch: bool = False) -> float | None:
    """The most that one attempt can cost, in US dollars; `None` where the model does not say."""
    known = getattr(model, "worst_cost", None)
    cost: float | None = known(request, **({"batch": True} if batch else {})) if known else None
    return cost


@dataclass(frozen=True)
class Bounded(Around):
    """A model that is nobody's account (simulated, recorded, a person): not paced, only kept to so many at a time."""

    model: Model
    slots: AbstractAsyncContextManager[object]
    purse: Purse

    async def __call__(self, request: Request) -> Reply:
        """The reply, as soon as there is room."""
        async with self.slots, self.purse.buying(worst_cost(self.model, request)):
            return await self.model(request)


@dataclass
class Pacing:
    """The gates of a run, one for each model of each account; settings of one model share its gate."""

    ceilings: Ceilings = DEFAULT
    clock: Callable[[], float] = time.monotonic
    gates: dict[tuple[str, str], Gate] = field(default_factory=dict)
    held: bool = False

    def gate(self, model: Model) -> Gate:
        """The gate of a model that has an `account`: a label, or something with one."""
        account = getattr(model, "account", "")
        key = (str(getattr(account, "label", account)), model.spec.partition("?")[0])
        if key not in self.gates:
            self.gates[key] = Gate(*key, self.ceilings, self.clock)
            self.gates[key].hold(held=self.held)
        return self.gates[key]

    def hold(self, *, held: bool) -> None:
        """Let no call begin at any gate while they are held."""
        self.held = held
        for gate in self.gates.values():
            gate.hold(held=held)

    def resize(self, connections: int) -> None:
        """Take another ceiling of calls under way to each model."""
        self.ceilings = self.ceilings._replace(connections=connections)
        for gate in self.gates.values():
            gate.resize(connections)

    @property
    def width(self) -> int:
        """How many calls may be under way at this moment, over all gates."""
        return sum(gate.limit.width for gate in self.gates.values())

    def waiting(self) -> list[Waiting]:
        """What the calls of the run wait for, gate by gate."""
        return [waiting for gate in self.gates.values() if (waiting := gate.waiting())]
