"""The ledger: replies that the log already holds, and the rules under which a new call is made.

`Remembered` looks a request up by its content address and buys it only where it is new; of two equal requests under way
at once, one is bought and the other waits for it. The ledger also says when no further call may be made: when the run
is to stop, or its budget is spent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from arena.errors import Stopped
from arena.events import AnyEvent, Called
from arena.models.base import Model, Reply, Request

Place = tuple[str, int]


@dataclass
class Ledger:
    """Where in the log the reply to each request lies, and what is being bought at this moment.

    `read` gives the event at a place. `spent` counts US dollars bought in this process; `budget` bounds them.
    """

    read: Callable[[Place], AnyEvent | None]
    places: dict[str, Place] = field(default_factory=dict)
    under_way: dict[str, asyncio.Event] = field(default_factory=dict)
    budget: float | None = None
    spent: float = 0.0
    stop: str | None = None

    def find(self, key: str) -> Reply | None:
        """The logged reply to this request, if there is one; a line that was damaged since is as good as none."""
        place = self.places.get(key)
        if place is None:
            return None
        try:
            event = self.read(place)
        except ValueError:
            event = None
        if not isinstance(event, Called):
            del self.places[key]
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

    def enter(self, event: Called, place: Place) -> None:
        """Note that a call was logged at a place."""
        self.places.setdefault(event.key, place)
        if not event.reused:
            self.spent += event.cost or 0.0

    def check(self) -> None:
        """Raise `Stopped` where no further call may be made."""
        if self.stop:
            raise Stopped(self.stop)
        if self.budget is not None and self.spent >= self.budget:
            raise Stopped(
                f"the budget of {self.budget:g} USD is spent ({self.spent:.4f}). Resume with a --budget for more."
            )


@dataclass(frozen=True)
class Remembered:
    """A model whose logged replies are looked up before anything is bought."""

    model: Model
    ledger: Ledger
    slots: asyncio.Semaphore

    @property
    def spec(self) -> str:
        """The spec of the model behind it."""
        return self.model.spec

    @property
    def simulated(self) -> bool:
        """Whether the model behind it is simulated."""
        return self.model.simulated

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
        done = self.ledger.under_way[key] = asyncio.Event()
        try:
            async with self.slots:
                self.ledger.check()
                return await self.model(request)
        finally:
            del self.ledger.under_way[key]
            done.set()


def remembered(models: Mapping[str, Model], ledger: Ledger, slots: asyncio.Semaphore) -> dict[str, Model]:
    """Each model by its spec, behind the ledger."""
    return {spec: Remembered(model, ledger, slots) for spec, model in models.items()}
