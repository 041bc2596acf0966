"""Chance that depends on nothing but its name: the same in every process, thread and run."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_INVERSE = NormalDist().inv_cdf
_SPAN = 1 << 64


def uniform(*name: object) -> float:
    """A number strictly between 0 and 1 that looks random and is a function of `name`."""
    digest = blake2b("\x1f".join(map(str, name)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (int.from_bytes(digest, "big") + 0.5) / _SPAN


def gauss(*name: object) -> float:
    """A standard normal number that is a function of `name`."""
    return _INVERSE(min(max(uniform(*name), 1e-12), 1 - 1e-12))


def pick(items: Sequence[T], *name: object) -> T:
    """One of `items`, a function of `name`."""
    return items[int(uniform(*name) * len(items))]
