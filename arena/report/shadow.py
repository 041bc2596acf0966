"""Beliefs by round in a report, of runs that asked a shadow judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from arena import log
from arena.analysis.logscore import Gain
from arena.analysis.rounds import AfterRound, belief_by_round, read_traces, round_gain
from arena.events import Stated


@dataclass(frozen=True)
class ByRound:
    """The beliefs of one arm on one dataset in one form, and what a round told its judge (bits)."""

    arm: str
    dataset: str
    stated: Stated
    rounds: tuple[AfterRound, ...]
    gain: Gain


def by_round(run: Path) -> tuple[ByRound, ...]:
    """The beliefs by round of a run folder, of arms that have rounds; none where no shadow judge was asked."""
    asked = log.header(run).get("experiment")
    if not isinstance(asked, dict) or not asked.get("shadow_judge"):
        return ()
    return tuple(_found(run))


def _found(run: Path) -> Iterator[ByRound]:
    traces = read_traces(run)
    for arm in traces.arms:
        for dataset in traces.datasets:
            for stated in get_args(Stated):
                entries = traces.of(arm, dataset, stated)
                if entries.round.any():
                    yield ByRound(arm, dataset, stated, belief_by_round(entries), round_gain(entries))


def to_json(found: ByRound) -> dict[str, Any]:
    """The beliefs by round as the contract has them."""
    rounds = [{**asdict(one), "ci": _pair(one.ci)} for one in found.rounds]
    bits = {**asdict(found.gain), "ci": _pair(found.gain.ci)}
    return {"arm": found.arm, "dataset": found.dataset, "stated": found.stated, "rounds": rounds, "bits": bits}


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)
