"""The bill: what the server was asked, what it sold and lost, and what that would have cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from arena.events import Usage
from arena.fake.asked import Said
from arena.models.prices import Prices


@dataclass
class Line:
    """What one model sold. `cost` is in US dollars; `unpriced` replies have no price and are not in it."""

    replies: int = 0
    input: int = 0
    fresh: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    cost: float = 0.0
    unpriced: int = 0

    def add(self, said: Said, cost: float | None) -> None:
        """Count a reply."""
        tally = said.tally
        self.replies += 1
        self.input += tally.input
        self.fresh += tally.fresh
        self.cache_read += tally.read
        self.cache_write += tally.written
        self.output += tally.output
        self.cost += cost or 0.0
        self.unpriced += cost is None

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {**vars(self), "cost": round(self.cost, 9)}


@dataclass
class Bill:
    """All that was asked and sold so far. `lost` are replies that were made and did not arrive whole.

    A vendor bills those, too, but no client can know: they are told apart. `statuses` are those of calls; `batched`
    replies are among the sold.
    """

    prices: Prices
    calls: int = 0
    batched: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    sold: dict[str, Line] = field(default_factory=dict)
    lost: dict[str, Line] = field(default_factory=dict)

    def add(self, said: Said, *, whole: bool, batch: bool = False) -> None:
        """Count a reply, and whether it arrived whole."""
        tally, model = said.tally, said.asked.model
        rates = self.prices.find(model)
        usage = Usage(input=tally.input, output=tally.output, cache_read=tally.read, cache_write=tally.written)
        cost = rates.cost(usage, kept_1h=tally.kept_1h, batch=batch) if rates else None
        (self.sold if whole else self.lost).setdefault(model, Line()).add(said, cost)
        self.batched += batch

    def told(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "simulated": True,
            "calls": self.calls,
            "batched": self.batched,
            "statuses": {str(status): number for status, number in sorted(self.statuses.items())},
            "faults": dict(sorted(self.faults.items())),
            "sold": _summed(self.sold),
            "lost": _summed(self.lost),
            "models": {model: line.told() for model, line in sorted(self.sold.items())},
        }


def _summed(lines: dict[str, Line]) -> dict[str, Any]:
    total = Line()
    for line in lines.values():
        for name, value in vars(line).items():
            setattr(total, name, getattr(total, name) + value)
    return total.told()
