"""What 95 % intervals are worth: on runs drawn from the generative model, how often they hold the truth.

    python benchmarks/coverage.py [--runs N] [--seed N]

Fixed-n intervals (accuracy, paired difference, performance gap recovered) should hold it in .92 to .98 of runs; live
ones (a betting interval of the difference, one of the final score of the list, looked at after every passage) should be
wrong at any time in at most .05. Of a gap without an interval (it cannot be told from 0) nothing is claimed, and it is
left out.
"""

from __future__ import annotations

import argparse

import numpy as np

from arena.analysis import (
    accuracy,
    brier,
    consultant_wins,
    orders,
    paired,
    preset,
    question_scores,
    recovered,
    score_difference,
    soft_rate,
)
from arena.analysis.generative import Judging
from arena.analysis.sequences import betting, differences, final_units
from arena.analysis.simulate import MARK, Plan, simulate

PRESET, PER_PASSAGE = "khan_llm", 5
LARGE = 4000
SEQUENCES = ("difference", "final score")
ARMS = ("debate", "naive", "expert")


def scores(model: Judging, groups: int, seed: int):
    """The question scores of the arms of one simulated run."""
    table = simulate(model, Plan(groups, PER_PASSAGE), ARMS, seed=seed).table
    return {arm: question_scores(table.rows_of(MARK + arm, table.datasets[0])) for arm in ARMS}


def seeds(runs: int, seed: int) -> list[int]:
    return [int(each) for each in np.random.SeedSequence(seed).generate_state(runs)]


def held(groups: int, runs: int, seed: int, name: str = PRESET) -> dict[str, float]:
    """The share of runs of so many passages whose intervals hold the truth."""
    model = preset(name)
    a, b, top = (model.accuracy(arm) for arm in ARMS)
    truths = {"accuracy": a, "difference": a - b, "gap": (a - b) / (top - b)}
    found = {what: [] for what in truths}
    for each in seeds(runs, seed):
        debate, naive, expert = scores(model, groups, each).values()
        intervals = {
            "accuracy": accuracy(debate).ci,
            "difference": paired(debate, naive).ci,
            "gap": recovered(debate, naive, expert).ci,
        }
        for what, ci in intervals.items():
            if ci is not None:
                found[what].append(ci[0] <= truths[what] <= ci[1])
    return {what: float(np.mean(there)) for what, there in found.items()}


def others(groups: int, runs: int, seed: int, name: str = PRESET) -> dict[str, float]:
    """The same of what a report says beside these: the other accuracies, win rate, beliefs, preference for a place.

    Where the model has no closed form, the truth is what one very large run gives.
    """
    model, large = preset(name), simulate(preset(name), Plan(LARGE, PER_PASSAGE), seed=seed).table
    honest, dishonest = (model.accuracy("consultancy", honest=side) for side in (True, False))
    known = {what: model.accuracy(what) for what in ("naive", "expert", "consultancy")}
    truths = {what: value for what, (value, _) in _said(large).items()} | known
    truths |= {"win rate": (honest + 1 - dishonest) / 2, "place": 0.0}
    found = {what: [] for what in truths}
    for each in seeds(runs, seed + 1):
        for what, (_, ci) in _said(simulate(model, Plan(groups, PER_PASSAGE), seed=each).table).items():
            if ci is not None:
                found[what].append(ci[0] <= truths[what] <= ci[1])
    return {what: float(np.mean(there)) for what, there in found.items()}


def _said(table) -> dict[str, tuple[float, tuple[float, float] | None]]:
    rows = {arm: table.rows_of(MARK + arm) for arm in ("debate", "naive", "expert", "consultancy")}
    shares = {arm: accuracy(question_scores(rows[arm])) for arm in ("naive", "expert", "consultancy")}
    wins, place = consultant_wins(rows["consultancy"]), orders(rows["debate"])
    squared, mean = brier(rows["debate"]), soft_rate(rows["debate"])
    earned = score_difference(rows["debate"]).difference
    return {arm: (share.accuracy, share.ci) for arm, share in shares.items()} | {
        "win rate": (wins.rate, wins.ci),
        "place": (place.bias.bias, place.bias.ci),
        "standardised": (place.standardised.value, place.standardised.ci),
        "Brier": (squared.brier, squared.ci),
        "belief": (mean.rate, mean.ci),
        "score difference": (earned.value, earned.ci),
    }


def misses(groups: int, runs: int, seed: int, name: str = PRESET) -> dict[str, float]:
    """The share of runs in which a live interval was wrong after some passage."""
    model = preset(name)
    truth = model.accuracy("debate") - model.accuracy("naive")
    wrong = dict.fromkeys(SEQUENCES, 0)
    for each in seeds(runs, seed):
        debate, naive, _ = scores(model, groups, each).values()
        order = np.random.default_rng(each).permutation(groups)
        sums = [np.bincount(one.group, one.score)[order] for one in (debate, naive)]
        sizes = np.full(groups, PER_PASSAGE)
        shifted, final = (sums[0] - sums[1] + sizes) / 2, float(debate.score.mean())
        looks = range(1, groups + 1)
        of_difference = (differences(betting(shifted[:n], sizes[:n], PER_PASSAGE)) for n in looks)
        wrong["difference"] += any(not low <= truth <= high for low, high in of_difference)
        of_list = (final_units(sums[0][:n], sizes[:n], groups, groups * PER_PASSAGE, PER_PASSAGE) for n in looks)
        wrong["final score"] += any(not low - 1e-9 <= final <= high + 1e-9 for low, high in of_list)
    return {what: count / runs for what, count in wrong.items()}


def main() -> None:
    """Print the shares beside what they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for name in ("khan_llm", "michael_human"):
        for groups in (8, 20, 75):
            shares = held(groups, asked.runs, asked.seed, name)
            told = ", ".join(f"{what} {share:.3f}" for what, share in shares.items())
            print(f"{name}, {groups} passages: {told} (.92 to .98)")
        told = ", ".join(f"{what} {share:.3f}" for what, share in others(20, asked.runs // 2, asked.seed, name).items())
        print(f"{name}, 20 passages, the rest: {told}")
    told = ", ".join(f"{what} {share:.3f}" for what, share in misses(40, asked.runs // 4, asked.seed).items())
    print(f"live, 40 passages, wrong at some time: {told} (at most .05)")


if __name__ == "__main__":
    main()
