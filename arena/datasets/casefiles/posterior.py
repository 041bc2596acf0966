"""What a perfect reader believes, in closed form."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, prod

from arena.datasets.casefiles.words import log_odds


def from_log_odds(total: float) -> tuple[float, float]:
    """Turn log-odds in favour of the first of two answers into the two probabilities."""
    if total >= 0:
        down = exp(-total)
        return 1 / (1 + down), down / (1 + down)
    up = exp(total)
    return up / (1 + up), 1 / (1 + up)


def of_exhibits(pointing: Iterable[tuple[bool, float]]) -> tuple[float, float]:
    """The posterior over two answers given independent exhibits, from a uniform prior.

    Each exhibit is (whether it points to the first answer, its reliability). Withdrawn ones are left out by the
    caller, exchanged ones are given as they should be read.
    """
    return from_log_odds(sum(log_odds(r) if first else -log_odds(r) for first, r in pointing))


def of_chain(straight: Iterable[float]) -> float:
    """The chance that an even number of links is crossed: (1 + prod(2p - 1)) / 2.

    `straight[i]` is the posterior chance that link i joins the first entity below to the first entity above. With two
    entities at each level a chain leads from first to first exactly if an even number of its links is crossed, and
    the parity of independent coins has this form.
    """
    return (1 + prod(2 * p - 1 for p in straight)) / 2
