"""What an arm cost: every call of every episode, failed and training ones too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arena.analysis.rows import Columns, Episodes, Floats, Spends, Table

KINDS = ("input", "output", "cache_read", "cache_write")


@dataclass(frozen=True)
class Bought:
    """What was bought, failed attempts included: `calls` replies, and `reused` ones that were looked up instead.

    `usd` is `None` where the price of any reply is unknown; `usd_known` is the sum of the others. `blind` failed
    attempts come on top, of which nobody said what they cost.
    """

    calls: int
    reused: int
    tokens: dict[str, int]
    usd: float | None
    usd_known: float
    blind: int


@dataclass(frozen=True)
class Cost:
    """Sums over the episodes of an arm: what they take to play, whoever bought the replies.

    `usd` is `None` where the price of any episode is unknown; `usd_known` is the sum of the others. Input tokens
    include those read from or written to a cache. `episode_mean` and `episode_most` are US dollars of one episode.
    """

    episodes: int
    train_episodes: int
    calls: int
    tokens: dict[str, int]
    usd: float | None
    usd_known: float
    episodes_without_price: int
    episode_mean: float | None
    episode_most: float | None


def cost(episodes: Episodes) -> Cost:
    """Add up what `episodes` cost."""
    usd, known = _dollars(episodes.cost)
    return Cost(
        episodes=len(episodes),
        train_episodes=int((~episodes.test).sum()),
        calls=int(episodes.calls.sum()),
        tokens=_tokens(episodes),
        usd=usd,
        usd_known=known,
        episodes_without_price=int(np.isnan(episodes.cost).sum()),
        episode_mean=None if usd is None else usd / len(episodes),
        episode_most=None if usd is None else float(episodes.cost.max()),
    )


def bought(table: Table, arm: str, dataset: str | None = None) -> dict[str, Bought]:
    """What each seat of an arm bought on a dataset; empty where the log does not tell."""
    spends = table.spends_of(arm, dataset)
    return {
        table.seats[seat]: _bought(spends.where(spends.seat == seat))
        for seat in np.flatnonzero(np.bincount(spends.seat))
    }


def _bought(spends: Spends) -> Bought:
    counts = (int(spends.calls.sum()), int(spends.reused.sum()), _tokens(spends))
    return Bought(*counts, *_dollars(spends.cost), int(spends.blind.sum()))


def _tokens(columns: Columns) -> dict[str, int]:
    return {name: int(getattr(columns, name).sum()) for name in KINDS}


def _dollars(costs: Floats) -> tuple[float | None, float]:
    """The sum, `None` where a part of it is unknown or there is nothing; and the sum of what is known."""
    unknown = np.isnan(costs)
    known = float(costs[~unknown].sum())
    return (None if unknown.any() or not len(costs) else known), known
