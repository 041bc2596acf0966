"""The ledger: replies that the log already holds, and the rules under which a new call is made.

`Remembered` looks a request up by its content address and buys it only where it is new; of two equal requests under way
at once, one is bought and the other waits for it. The ledger also says when no further call may be made: when the run
is to stop, or when what it has spent, and what the calls under way may cost at most, leave no room in its budget.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from arena.errors import Stopped, UsageError
from arena.events import BLIND, AnyEvent, Called
from arena.models.base import Around, Message, Model, Reply, Request, paid
from arena.models.failures import CallFailed
from arena.models.pacing import worst_cost

Place = tuple[str, int]


@dataclass
class Ledger:
    """Where in the log the reply to each request lies, and what is being bought at this moment.

    `read` gives the event at a place. All money is in US dollars, and of this process. `spent` is what replies and
    failed attempts cost, and `budget` bounds it. `held` is what the calls under way may cost at most, and `perhaps` the
    same of failed attempts that nobody sent a bill for. Where a price is unknown nothing can be held: the budget then
    bounds what is known to be spent, and no more. `elsewhere` finds the calls that other runs logged, by key.
    `calls` and `tokens` count what was bought and logged, `unpriced` the replies whose price is unknown, `refused` the
    answers of 429, `buyers` the calls under way.
    """

    read: Callable[[Place], AnyEvent | None]
    places: dict[str, Place] = field(default_factory=dict)
    under_way: dict[str, asyncio.Event] = field(default_factory=dict)
    budget: float | None = None
    spent: float = 0.0
    unpriced: int = 0
    stop: str | None = None
    elsewhere: Callable[[str], Called | None] = lambda _: None
    held: float = 0.0
    perhaps: float = 0.0
    calls: int = 0
    tokens: int = 0
    refused: int = 0
    buyers: int = 0
    paused: bool = False
    _freed: asyncio.Event = field(default_factory=asyncio.Event)

    def find(self, key: str) -> Reply | None:
        """The logged reply to this request, of this run or another; a line that was damaged is as good as none."""
        event = self._own(key) or self.elsewhere(key)
        if event is None:
            return None
        return Reply(
            text=event.text,
            model=event.model,
            thinking=event.thinking,
            finish=event.finish,
            usage=event.usage,
            cost=event.cost,
            tries=event.tries,
            logprobs=event.logprobs,
            reused=True,
        )

    def _own(self, key: str) -> Called | None:
        place = self.places.get(key)
        if place is None:
            return None
        try:
            event = self.read(place)
        except ValueError:
            event = None
        if isinstance(event, Called):
            return event
        del self.places[key]
        return None

    def enter(self, event: Called, place: Place) -> None:
        """Note that a call was logged at a place."""
        self.places.setdefault(event.key, place)
        if not event.reused:
            self.spent += event.cost or 0.0
            self.unpriced += event.cost is None
            self.calls += 1
            self.tokens += event.usage.input + event.usage.output

    def halt(self, reason: str) -> None:
        """Make no further call; the first reason is the one that counts."""
        self.stop = self.stop or reason
        self._wake()

    def pause(self, *, paused: bool) -> None:
        """Begin no call while it is paused."""
        self.paused = paused
        self._wake()

    async def unpaused(self) -> None:
        """Wait while the run is paused, and not stopped meanwhile."""
        while self.paused and not self.stop:
            await self._freed.wait()

    def check(self) -> None:
        """Raise `Stopped` where no further call may be made."""
        if self.stop:
            raise Stopped(self.stop)
        if self.budget is not None and self.spent >= self.budget:
            raise Stopped(
                f"the budget of {self.budget:g} USD is spent ({self.spent:.4f}). Resume with a --budget for more."
            )

    def buying(self, worst: float | None) -> AbstractAsyncContextManager[None]:
        """The time of one call that costs at most `worst` (`None`: nobody knows), which is held meanwhile.

        Waits where the budget has no room for it but calls under way may turn out cheaper than feared; raises `Stopped`
        where there is none left to wait for. What a failed attempt cost is counted here, what a reply cost when it is
        entered: nothing may be awaited between the two.
        """
        return _Hold(self, worst or 0.0)

    def fits(self, worst: float) -> bool:
        """Whether the budget has room for a call that costs at most so much."""
        return self.budget is None or self.spent + self.perhaps + self.held + worst <= self.budget

    def owe(self, worst: float) -> None:
        """Hold so much for a call that was made before, whether there is room or not."""
        self.held += worst
        self.buyers += 1

    async def hold(self, worst: float) -> None:
        """Hold so much for a call, as soon as there is room."""
        await self._room(worst)
        self.owe(worst)

    def release(self, worst: float, failure: BaseException | None) -> None:
        """Give back what was held for a call, and count what a failed attempt cost."""
        if isinstance(failure, CallFailed):
            self.spent += failure.cost or 0.0
            self.perhaps += worst if failure.cost is None and failure.kind in BLIND else 0.0
            self.refused += failure.kind == "rate_limit"
        self.buyers -= 1
        self.held = self.held - worst if self.buyers else 0.0
        self._wake()

    def _wake(self) -> None:
        """Let whoever waits look again."""
        self._freed.set()
        self._freed = asyncio.Event()

    async def _room(self, worst: float) -> None:
        await self.unpaused()
        self.check()
        while not self.fits(worst):
            if not self.buyers:
                perhaps = f", and {self.perhaps:.4f} perhaps for calls that broke off" if self.perhaps else ""
                raise Stopped(
                    f"the budget of {self.budget:g} USD has no room for the next call, which may cost {worst:.4f}: "
                    f"{self.spent:.4f} is spent{perhaps}. Resume with a --budget for more."
                )
            await self._freed.wait()
            await self.unpaused()
            self.check()


@dataclass(frozen=True, slots=True)
class _Hold(AbstractAsyncContextManager[None]):
    """The time of one call. A class and not a generator: it stands around every call, so it is kept light."""

    ledger: Ledger
    worst: float

    async def __aenter__(self) -> None:
        await self.ledger.hold(self.worst)

    async def __aexit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        self.ledger.release(self.worst, failure)


@dataclass(frozen=True)
class Remembered(Around):
    """A model whose logged replies are looked up before anything is bought."""

    model: Model
    ledger: Ledger

    async def __call__(self, request: Request) -> Reply:
        """The logged reply, or a new one, bought within the bounds of the ledger."""
        key, ledger = request.key(self.model.spec), self.ledger
        while (found := ledger.find(key)) is None:
            waiting = ledger.under_way.get(key)
            if waiting is None:
                return await self._buy(key, request)
            await waiting.wait()
        return found

    async def _buy(self, key: str, request: Request) -> Reply:
        """Buy a reply. What stops the run is noted at once, so that nobody who waits makes a call after it."""
        done = self.ledger.under_way[key] = asyncio.Event()
        try:
            self.ledger.check()
            return await self.model(request)
        except Stopped as why:
            self.ledger.halt(str(why))
            raise
        finally:
            del self.ledger.under_way[key]
            done.set()


def check_budget(models: Mapping[str, Model], budget: float | None, *, batch: bool = False) -> None:
    """Raise `UsageError` where a budget cannot be kept, since the price of a model is unknown."""
    probe = Request(system="", messages=(Message("user", ""),))
    served = {spec: model for spec, model in models.items() if paid(model)}
    unpriced = sorted(spec for spec, model in served.items() if worst_cost(model, probe, batch=batch) is None)
    if budget is not None and unpriced:
        raise UsageError(
            f"--budget {budget:g} cannot be kept: nobody knows the price of {', '.join(unpriced)}"
            f"{' in batches' * batch}. "
            "Enter it in your prices.toml (0 for a server of your own), or leave --budget out."
        )
