"""What a number in a `Scored` event can be, and the codes that stand for its words."""

from __future__ import annotations

from math import inf
from typing import Any

from arena.errors import OUTCOMES
from arena.events import Scored, Spend

MANY = 1 << 40
"""No count in a log reaches this; one that does is damage."""

MOST_OPTIONS = 1 << 10
"""No question has as many options."""

OUTCOME: dict[str, int] = {name: code for code, name in enumerate(OUTCOMES)}
SIDE = {None: -1, "honest": 0, "dishonest": 1}


def signed(transcript: str) -> int:
    """The hash of a transcript as a number of 64 bits; 0 for none. Raises `ValueError` for what is no such hash."""
    return int.from_bytes(bytes.fromhex(transcript)[:8], "big", signed=True) if transcript else 0


def failure(outcome: str) -> Any:
    """The outcome of a verdict that is missing: an `ok` without a verdict broke its contract."""
    return "error" if outcome == "ok" else outcome


def check(event: Scored) -> None:
    """Raise `ValueError` for a number that no count, share or price can be, and for a hash that is none."""
    signed(event.transcript)
    for score in event.scores:
        for value in (score.correct, score.p_correct, score.outside):
            if value is not None and not 0 <= value <= 1:
                raise ValueError(f"a score of {value} is outside 0 to 1")
        for slot in (score.slot, score.chosen or 0):
            if not 0 <= slot < MOST_OPTIONS:
                raise ValueError(f"there is no slot {slot}")
    for p in event.posterior or ():
        if not 0 <= p <= 1:
            raise ValueError(f"a posterior of {p} is outside 0 to 1")
    for count in (event.rounds, event.key, *event.words):
        if not 0 <= count < MANY:
            raise ValueError(f"{count} is no number of words, rounds or options")
    _check_taken(event)
    for spend in event.spend.values():
        _check_taken(spend)
    if not (abs(event.dealing) < MANY and abs(event.repeat) < MANY):
        raise ValueError("a dealing or repeat is out of range")


def _check_taken(taken: Scored | Spend) -> None:
    """Raise `ValueError` for what nobody can have bought."""
    if taken.cost is not None and not 0 <= taken.cost < inf:
        raise ValueError(f"a cost of {taken.cost} is no amount of money")
    usage, more = taken.usage, (taken.reused, taken.blind) if isinstance(taken, Spend) else ()
    for count in (taken.calls, *more, usage.input, usage.output, usage.cache_read, usage.cache_write):
        if not 0 <= count < MANY:
            raise ValueError(f"{count} is no number of calls or tokens")
