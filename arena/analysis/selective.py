"""The accuracy of the confident verdicts, against the share of verdicts that are as confident (coverage)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arena.analysis.forecasts import Forecasts
from arena.analysis.rows import Floats, Ints
from arena.analysis.scores import Scores


class Selected(NamedTuple):
    """The accuracy of the verdicts that are at least so confident, and the share of verdicts that are (coverage)."""

    threshold: float
    coverage: float
    accuracy: float
    n: int


@dataclass(frozen=True, eq=False)
class Selective:
    """The curve from the most confident verdicts to all of them.

    `area` is the mean, over verdicts, of the accuracy among those at least as confident: the area under the accuracy as
    a step function of coverage. `columns` are the fields of `Selected`, shape (points,) each.
    """

    columns: tuple[Floats, Floats, Floats, Ints]
    area: float | None

    @property
    def curve(self) -> tuple[Selected, ...]:
        """All its points."""
        return self.thinned(max(1, len(self.columns[0])))

    def thinned(self, most: int) -> tuple[Selected, ...]:
        """About so many of its points, evenly spread, and the last."""
        n = len(self.columns[0])
        places = sorted({*range(0, n, -(-n // most)), n - 1}) if n else []
        return tuple(map(Selected._make, zip(*(column[places].tolist() for column in self.columns), strict=True)))


def selective(data: Forecasts) -> Selective:
    """Accuracy against coverage, one point for each distinct confidence, the most confident first."""
    order = np.argsort(-data.confidence, kind="stable")
    confidence, right = data.confidence[order], np.cumsum(data.hit[order])
    ends = np.append(np.flatnonzero(np.diff(confidence)), len(confidence) - 1) if len(data) else np.zeros(0, np.int64)
    counts = ends + 1
    coverage, accuracy = counts / max(1, len(data)), right[ends] / counts
    area = float(np.diff(coverage, prepend=0.0) @ accuracy) if len(data) else None
    return Selective((confidence[ends], coverage, accuracy, counts), area)


def accuracy_at(data: Forecasts, threshold: float) -> Selected | None:
    """The accuracy of the verdicts with at least this confidence; `None` where there are none."""
    chosen = data.confidence >= threshold - 1e-9
    if not chosen.any():
        return None
    return Selected(threshold, float(chosen.mean()), float(data.hit[chosen].mean()), int(chosen.sum()))


def confident_scores(data: Forecasts, threshold: float) -> Scores:
    """The hits of those verdicts as scores, one a verdict, so that `accuracy` can put an interval on them."""
    chosen = data.confidence >= threshold - 1e-9
    n = int(chosen.sum())
    return Scores(np.arange(n), data.group[chosen], data.hit[chosen], n)
