"""A belief: a probability for each option of a question, and the choice that goes with it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Belief(NamedTuple):
    """Probabilities in the order of the question's options, and the index of the option chosen.

    `choice` is `None` for a declared tie.
    """

    probabilities: tuple[float, ...]
    choice: int | None

    @classmethod
    def of(cls, probabilities: Sequence[float]) -> Belief:
        """The belief with these probabilities, its choice the most probable option; a shared maximum is a tie."""
        top = max(probabilities)
        best = [i for i, p in enumerate(probabilities) if math.isclose(p, top, abs_tol=1e-12)]
        return cls(tuple(probabilities), best[0] if len(best) == 1 else None)

    @classmethod
    def mean(cls, beliefs: Sequence[Belief]) -> Belief:
        """The average of several beliefs over the same options."""
        columns = zip(*(belief.probabilities for belief in beliefs), strict=True)
        return cls.of([math.fsum(column) / len(beliefs) for column in columns])
