"""A stream of chance that gives the same draws on every version of Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws from a named stream. Only `random()` of the standard generator is used: its sequence never changes."""

    __slots__ = ("uniform",)

    def __init__(self, *name: object) -> None:
        self.uniform = random.Random("\x1f".join(map(str, name))).random  # noqa: S311

    def below(self, n: int) -> int:
        """An integer from 0 to n - 1."""
        return int(self.uniform() * n)

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`."""
        return items[int(self.uniform() * len(items))]

    def hit(self, p: float) -> bool:
        """True with probability `p`."""
        return self.uniform() < p

    def some(self, items: Sequence[T], n: int) -> list[T]:
        """`n` different ones of `items`, in random order."""
        pool = list(items)
        for i in range(n):
            j = i + int(self.uniform() * (len(pool) - i))
            pool[i], pool[j] = pool[j], pool[i]
        return pool[:n]
