"""What a caller hands over as plain sequences, taken in and checked once, at the door."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from arena.analysis.rows import Floats, Ints
from arena.errors import UsageError

Numbers = Sequence[float] | npt.NDArray[Any]
Labels = Sequence[Any] | npt.NDArray[Any]


def numbers(values: Numbers, name: str, low: float = -inf, high: float = inf, *, gaps: bool = False) -> Floats:
    """The values, shape (n,), as floats; with `gaps`, `None` and NaN say that one is not known.

    Raises `UsageError` for what is no number, infinite, or outside `low` to `high`.
    """
    try:
        found = np.asarray(values, np.float64)
    except (TypeError, ValueError):
        raise UsageError(
            f"`{name}` has to be a sequence of numbers, all at one level; it is {_shown(values)}"
        ) from None
    if found.size == 0:
        return found.reshape(-1)
    if found.ndim != 1:
        raise UsageError(f"`{name}` has to have one dimension; its shape is {found.shape}")
    if not gaps and np.isnan(found).any():
        raise UsageError(f"`{name}` has a value that is not known (NaN); leave the entry out of every argument")
    known = found[~np.isnan(found)]
    wrong = known[(known < low) | (known > high) | np.isinf(known)]
    if len(wrong):
        between = (
            "finite" if low == -inf else f"finite, and {low:g} or more" if high == inf else f"from {low:g} to {high:g}"
        )
        raise UsageError(f"`{name}` has the value {wrong[0]:g}; every value has to be {between}")
    return found


def number(value: float, name: str, low: float = -inf, high: float = inf) -> float:
    """The value itself; raises `UsageError` where it is no finite number from `low` to `high`."""
    return float(numbers([value], name, low, high)[0])


def labels(values: Labels, count: int, name: str = "groups") -> Ints:
    """A number for each label, shape (count,), which may be of any kind; integers stay as they are."""
    found = np.asarray(values)
    if found.shape != (count,):
        raise UsageError(f"`{name}` has to have one label for each of {count} values; its shape is {found.shape}")
    if found.dtype.kind in "iu":
        return found.astype(np.int64)
    return np.unique(found.astype(str), return_inverse=True)[1].astype(np.int64)


def alike(count: int, **others: Floats | Ints) -> None:
    """Raise `UsageError` for a sequence that is not as long as the first one."""
    for name, other in others.items():
        if len(other) != count:
            raise UsageError(f"`{name}` has {len(other)} values where {count} are needed: one for each entry")


def _shown(values: Any) -> str:
    text = repr(values)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - what fits into a line
