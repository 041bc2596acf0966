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

from arena.analysis import accuracy, paired, preset, question_scores, recovered
from arena.analysis.generative import Judging
from arena.analysis.sequences import betting, differences, final_units
from arena.analysis.simulate import MARK, Plan, simulate

PRESET, PER_PASSAGE = "khan_llm", 5
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
    told = ", ".join(f"{what} {share:.3f}" for what, share in misses(40, asked.runs // 4, asked.seed).items())
    print(f"live, 40 passages, wrong at some time: {told} (at most .05)")


if __name__ == "__main__":
    main()
