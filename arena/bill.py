"""What the calls of a plan may cost: a range in US dollars, from the requests that a rehearsal makes.

The low end takes what stood in an earlier request of the episode as read from a cache, and replies as long as the
simulated ones. The high end has nothing read from a cache, and every reply as long as it may be. Between them lies what
retries and other words than the simulated ones do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from arena.errors import UsageError
from arena.events import Usage
from arena.models.base import Around, Model, Reply, Request
from arena.models.gate import CHARACTERS
from arena.models.pacing import worst_cost
from arena.steps import Steps

CACHED_FROM = 1024
"""The fewest tokens that both vendors keep in a cache, for nearly all of their models."""


class Charge(NamedTuple):
    """What calls take. `low` and `high` are US dollars, `None` where the price is unknown.

    `cached` of the `input` tokens are those that a cache may serve. `least` is what the cheapest of the calls may cost
    at most, `None` where nobody knows.
    """

    calls: float = 0.0
    input: float = 0.0
    cached: float = 0.0
    output: float = 0.0
    low: float | None = 0.0
    high: float | None = 0.0
    least: float | None = None

    def plus(self, other: Charge) -> Charge:
        """Both together; what is unknown of one is unknown of both."""
        least = [one for one in (self.least, other.least) if one is not None]
        return Charge(
            self.calls + other.calls,
            self.input + other.input,
            self.cached + other.cached,
            self.output + other.output,
            _sum(self.low, other.low),
            _sum(self.high, other.high),
            min(least, default=None),
        )

    def times(self, factor: float) -> Charge:
        """So many times as much."""
        low, high = (None if usd is None else usd * factor for usd in (self.low, self.high))
        amounts = (self.calls * factor, self.input * factor, self.cached * factor, self.output * factor)
        return Charge(*amounts, low, high, self.least)


Bills = Mapping[str, Charge]
"""What calls to each paid model take, by its spec."""


def together(bills: Iterable[Bills]) -> dict[str, Charge]:
    """The sums of some bills."""
    sums: dict[str, Charge] = {}
    for bill in bills:
        for spec, charge in bill.items():
            sums[spec] = sums.get(spec, Charge()).plus(charge)
    return sums


def check_room(bills: Bills, budget: float | None) -> None:
    """Raise `UsageError` where a budget has no room for a single call."""
    least = min((charge.least for charge in bills.values() if charge.least is not None), default=None)
    if budget is not None and least is not None and least > budget:
        raise UsageError(
            f"--budget {budget:g} has no room for a single call: the cheapest may cost {least:.4f} USD. "
            "Raise it, or lower max_tokens, as in --judge MODEL?max_tokens=500"
        )


@dataclass
class Charged(Around):
    """A model that stands in for a paid one, and notes what its requests would cost there.

    `seen` holds what was asked of the same model before in the episode: a cache may hold it. `steps` counts in how many
    waves the calls go out.
    """

    model: Model
    real: Model
    batch: bool
    charges: list[Charge]
    steps: Steps
    seen: list[Request] = field(default_factory=list)

    async def __call__(self, request: Request) -> Reply:
        """The reply of the stand-in."""
        await self.steps.next()
        reply = await self.model(request)
        cached = max((_shared(request, earlier) for earlier in self.seen), default=0) // CHARACTERS
        self.charges.append(self._charge(request, reply.usage, cached if cached >= CACHED_FROM else 0))
        self.seen.append(request)
        return reply

    def _charge(self, request: Request, usage: Usage, cached: int) -> Charge:
        cached = min(cached, usage.input)
        rates, worst = getattr(self.real, "rates", None), worst_cost(self.real, request, batch=self.batch)
        low = high = None
        if rates is not None:
            read = cached if rates.cache_read is not None else 0
            most: int = getattr(self.real, "most", lambda one: one.max_tokens)(request)
            low = rates.cost(
                Usage(input=usage.input, output=min(usage.output, most), cache_read=read), batch=self.batch
            )
            share = rates.batch if self.batch else 1.0
            high = None if share is None else share * rates.worst(usage.input, most)
        return Charge(1, usage.input, cached, usage.output, low, high, worst)


def _shared(request: Request, earlier: Request) -> int:
    """The characters at the beginning of a request that an earlier one had, too, as far as a cache may keep them."""
    if request.preface != earlier.preface:
        return 0
    kept = len(request.preface)
    before = tuple(earlier.messages)
    if request.system != earlier.system or tuple(request.messages)[: len(before)] != before:
        return kept
    return kept + len(earlier.system) + sum(len(message.text) for message in before)


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other
