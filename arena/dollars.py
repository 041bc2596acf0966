"""Amounts of money as they are told."""

from __future__ import annotations

from math import floor, log10

CENTS = 0.1
"""US dollars from which cents say enough."""


def money(usd: float) -> str:
    """An amount of US dollars: in cents, or in two digits where it is small, so that what is little is not nought."""
    places = 2 if usd == 0 or abs(usd) >= CENTS else min(1 - floor(log10(abs(usd))), 9)
    return f"{usd:,.{places}f}"
