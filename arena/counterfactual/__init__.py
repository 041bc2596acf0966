"""Counterfactual replay: the judges of a stored run asked again, on the identical transcripts or on changed ones.

    rejudge(run, out, judge="openai/…")       the same transcripts, another judge
    ablate(run, out, ["rounds=1"])            one factor changed; only what differs is asked
    stage(run, twists)                        the parts of it, for a judge who is asked round by round, say

Works on the log alone: the protocol of the run need not be installed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arena.counterfactual.parent import Parent
from arena.counterfactual.staging import Counterfactual, asked_by, stage, with_rounds
from arena.counterfactual.twist import FACTORS, Orders, Twist, parsed
from arena.progress import Finished

__all__ = [
    "FACTORS",
    "Counterfactual",
    "Parent",
    "Twist",
    "ablate",
    "asked_by",
    "parsed",
    "rejudge",
    "stage",
    "with_rounds",
]


def rejudge(
    run: Path,
    out: Path,
    *,
    judge: str | None = None,
    orders: Orders = "as-judged",
    rounds: Sequence[int] = (),
    prompts: Path | None = None,
    **bounds: Any,
) -> Finished:
    """Ask the judges of a run again, into a run of its own; once for each number of rounds where some are given.

    `bounds` are those of `stage`. Raises `UsageError` for what cannot be, before anything is written.
    """
    twist = Twist(judge=judge, orders=orders, prompts=prompts)
    return stage(run, with_rounds(twist, rounds), **bounds).play(out)


def ablate(run: Path, out: Path, factors: Sequence[str], *, seed: int = 0, **bounds: Any) -> Finished:
    """Change factors (`rounds=1`) of a run's transcripts or judges, and ask again where that changes a request."""
    return stage(run, [parsed(factors, seed)], **bounds).play(out)
