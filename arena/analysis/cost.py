"""What an arm cost: every call of every episode, failed and training ones too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.rows import Episodes


@dataclass(frozen=True)
class Cost:
    """Sums over the episodes of an arm.

    `usd` is `None` where the price of any episode is unknown; `usd_known` is the sum of the others. Input tokens
    include those read from or written to a cache.
    """

    episodes: int
    train_episodes: int
    calls: int
    tokens: dict[str, int]
    usd: float | None
    usd_known: float
    episodes_without_price: int


def cost(episodes: Episodes) -> Cost:
    """Add up what `episodes` cost."""
    unknown = np.isnan(episodes.cost)
    known = float(episodes.cost[~unknown].sum())
    tokens = {name: int(getattr(episodes, name).sum()) for name in ("input", "output", "cache_read", "cache_write")}
    return Cost(
        episodes=len(episodes),
        train_episodes=int((~episodes.test).sum()),
        calls=int(episodes.calls.sum()),
        tokens=tokens,
        usd=None if unknown.any() or not len(episodes) else known,
        usd_known=known,
        episodes_without_price=int(unknown.sum()),
    )
