"""The estimates of a live screen: intervals that are valid at any time, over the contiguous prefix of each arm.

All arms together are right with 95 % confidence: each of m arms has alpha / m. A list whose questions each are a
passage of their own counts questions; else whole passages are the units.
"""

from __future__ import annotations

from arena.analysis import sequences
from arena.analysis.accuracy import Interval
from arena.standing import Board, Standing
from arena.tui.messages import Estimate


def estimates(board: Board, alpha: float = sequences.ALPHA) -> dict[str, Estimate]:
    """What is known of each arm, by name."""
    arms = dict(board.arms)
    each = alpha / max(len(arms), 1)
    baseline = arms.get(board.baseline() or "")
    return {name: _estimate(board, arm, baseline if arm is not baseline else None, each) for name, arm in arms.items()}


def _estimate(board: Board, arm: Standing, baseline: Standing | None, alpha: float) -> Estimate:
    scores = list(arm.scores)
    if not scores:
        return Estimate()
    totals, sizes = board.units(scores)
    passages = board.groups < board.n
    n, units = max(board.n, len(scores)), max(board.groups, len(totals))
    population = (
        sequences.betting(totals, sizes, max(board.largest, *sizes, 1), alpha)
        if passages
        else sequences.beta_binomial(sum(scores), len(scores), alpha)
    )
    difference, between = _difference(board, scores, baseline, alpha)
    return Estimate(
        n=len(scores),
        score=sum(scores) / len(scores),
        final=_final(totals, sizes, units, n, alpha=alpha, single=not passages and arm.single),
        population=population,
        difference=difference,
        between=between,
    )


def _final(totals: list[float], sizes: list[int], units: int, n: int, *, alpha: float, single: bool) -> Interval:
    if single and all(total in {0.0, 1.0} for total in totals):
        return sequences.final_questions(round(sum(totals)), len(totals), n, alpha)
    return sequences.final_units(totals, sizes, units, n, alpha=alpha)


def _difference(
    board: Board, scores: list[float], baseline: Standing | None, alpha: float
) -> tuple[float | None, Interval | None]:
    """The difference on the questions that both arms have done, and its interval."""
    if baseline is None or not baseline.scores:
        return None, None
    halves = [(one - other + 1) / 2 for one, other in zip(scores, list(baseline.scores), strict=False)]
    totals, sizes = board.units(halves)
    interval = sequences.differences(sequences.betting(totals, sizes, max(board.largest, *sizes, 1), alpha))
    return 2 * sum(halves) / len(halves) - 1, interval
