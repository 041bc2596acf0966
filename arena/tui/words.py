"""Quantities and names in few letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

if TYPE_CHECKING:
    from arena.analysis.accuracy import Interval


def narrow(name: str, most: int) -> str:
    """A name in at most so many cells: of a longer one the beginning and the end, by which names of a kind differ."""
    if cell_len(name) <= most:
        return name
    end = len(name)
    while end and cell_len(name[end - 1 :]) <= most // 3:
        end -= 1
    tail = name[end:]
    return f"{set_cell_size(name, most - 1 - cell_len(tail))}…{tail}"


def duration(seconds: float) -> str:
    """A time to wait, roughly."""
    if seconds < 100:  # noqa: PLR2004  # up to here seconds say more than minutes
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"  # noqa: PLR2004  # two hours


def share(interval: Interval | None) -> str:
    """An interval of a share as percentages."""
    if interval is None:
        return "–"
    low, high = (100 * end for end in interval)
    return f"{low:.1f}%" if low == high else f"{low:.0f}–{high:.0f}%"


def money(cost: float, unpriced: int = 0, budget: float | None = None) -> str:
    """What was spent, as far as prices are known, of what may be spent."""
    of = f" of {budget:,.2f}" if budget else ""
    return f"{cost:,.2f}{of} USD" + (f" + {unpriced:,} unpriced" if unpriced else "")


def rate(value: float) -> str:
    """So many a second."""
    if value >= 10_000:  # noqa: PLR2004  # from here thousands say enough
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"  # noqa: PLR2004  # below, a decimal says something
