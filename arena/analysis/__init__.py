"""From rows to estimates: pure functions with frozen results, one idea a file.

    scan, reading      a run folder → `Table`
    rows, collector    verdicts and episodes as columns
    scores             one score a question
    cluster            the clustered mean: CR2, Bell-McCaffrey
    accuracy           the accuracy of an arm, cluster-adjusted Wilson
    missing            missing verdicts three ways       treatments   the same for a difference
    orders, sides      both orders, both sides
    paired, exact      two arms on the same questions
    pgr                performance gap recovered, Fieller
    brier, cost, ceiling
    multiplicity       Holm, Benjamini-Hochberg
    bootstrap          a second opinion
    winrates           whom the judge sides with, whatever the truth
    calibration        of beliefs, from forecasts, reliability, corp, recalibration, logscore
    rounds             beliefs by round, of shadow judges
    biases             place, last word, length, family
    ratings            Bradley-Terry on the Elo scale, from matches; identify says what data cannot tell
    scoredifference    what arguing the truth earns      skill        accuracy against debater skill
    sycophancy         both measures of matching         inversescaling
    spending, frontier what a question costs, and what it buys
    power, rehearsal   what a design can detect, by formula and by simulation
    generative         a model of judges and debaters: presets, simulate


Questions are the unit, passages the clusters. Intervals are two-sided at 95 %. What is undefined is `None`, and a
`status` says why; it is never 0. Fractions are fractions, not percent.

    table = read(Path("transcripts/…")).table
    debate = table.rows_of("debate", "casefiles")
    accuracy(question_scores(debate))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arena.analysis.accuracy import Accuracy, accuracy
from arena.analysis.brier import Brier, brier
from arena.analysis.ceiling import Ceiling, ceiling
from arena.analysis.collector import collect
from arena.analysis.cost import Bought, Cost, bought, cost
from arena.analysis.elo import elo, expected
from arena.analysis.forecasts import Forecasts, forecasts
from arena.analysis.frontier import Point, Shares, frontier, frontier_shares, gain_per_cost, net_benefit
from arena.analysis.generative import Judging, Targets, solved
from arena.analysis.inversescaling import Classified, Trend, classified, trend
from arena.analysis.logscore import LogScore, bits_per_round, judge_score, log_score
from arena.analysis.matches import Match, Matches, matches
from arena.analysis.missing import Missing, missing
from arena.analysis.multiplicity import benjamini_hochberg, holm
from arena.analysis.orders import Orders, orders
from arena.analysis.paired import Paired, paired
from arena.analysis.pgr import Recovered, recovered
from arena.analysis.power import (
    Components,
    Spread,
    components,
    detectable,
    detectable_by,
    needed,
    needed_discordant,
    simulated_power,
)
from arena.analysis.presets import PRESETS, preset
from arena.analysis.reading import Reading, read
from arena.analysis.rehearsal import Rehearsal, rehearse
from arena.analysis.rounds import AfterRound, Traces, belief_by_round, read_traces, round_gain, traces
from arena.analysis.rows import Episodes, Names, Rows, Spends, Table
from arena.analysis.scoredifference import ScoreDifference, score_difference
from arena.analysis.scores import Scores, Ways, every_way, question_scores
from arena.analysis.sides import Sides, sides
from arena.analysis.simulate import Draw, Plan, simulate
from arena.analysis.skill import Slope, question_slope, skill_slope
from arena.analysis.spending import Spending, question_costs, spending
from arena.analysis.sycophancy import Judged, Matching, matching, shift
from arena.analysis.treatments import Treated, treated
from arena.analysis.winrates import OpenRoles, SoftRate, WinRate, consultant_wins, debater_wins, open_roles, soft_rate

if TYPE_CHECKING:
    from arena.analysis.biases import Biases, halves, judge_biases, length_ratio
    from arena.analysis.calibration import Calibration, calibrate
    from arena.analysis.ratings import Ratings, rate

_HOME = {
    "Biases": "biases",
    "halves": "biases",
    "judge_biases": "biases",
    "length_ratio": "biases",
    "Calibration": "calibration",
    "calibrate": "calibration",
    "Ratings": "ratings",
    "rate": "ratings",
}

__all__ = [
    "PRESETS",
    "Accuracy",
    "AfterRound",
    "Biases",
    "Bought",
    "Brier",
    "Calibration",
    "Ceiling",
    "Classified",
    "Components",
    "Cost",
    "Draw",
    "Episodes",
    "Forecasts",
    "Judged",
    "Judging",
    "LogScore",
    "Match",
    "Matches",
    "Matching",
    "Missing",
    "Names",
    "OpenRoles",
    "Orders",
    "Paired",
    "Plan",
    "Point",
    "Ratings",
    "Reading",
    "Recovered",
    "Rehearsal",
    "Rows",
    "ScoreDifference",
    "Scores",
    "Shares",
    "Sides",
    "Slope",
    "SoftRate",
    "Spending",
    "Spends",
    "Spread",
    "Table",
    "Targets",
    "Traces",
    "Treated",
    "Trend",
    "Ways",
    "WinRate",
    "accuracy",
    "belief_by_round",
    "benjamini_hochberg",
    "bits_per_round",
    "bought",
    "brier",
    "calibrate",
    "ceiling",
    "classified",
    "collect",
    "components",
    "consultant_wins",
    "cost",
    "debater_wins",
    "detectable",
    "detectable_by",
    "elo",
    "every_way",
    "expected",
    "forecasts",
    "frontier",
    "frontier_shares",
    "gain_per_cost",
    "halves",
    "holm",
    "judge_biases",
    "judge_score",
    "length_ratio",
    "log_score",
    "matches",
    "matching",
    "missing",
    "needed",
    "needed_discordant",
    "net_benefit",
    "open_roles",
    "orders",
    "paired",
    "preset",
    "question_costs",
    "question_scores",
    "question_slope",
    "rate",
    "read",
    "read_traces",
    "recovered",
    "rehearse",
    "round_gain",
    "score_difference",
    "shift",
    "sides",
    "simulate",
    "simulated_power",
    "skill_slope",
    "soft_rate",
    "solved",
    "spending",
    "traces",
    "treated",
    "trend",
]


def __getattr__(name: str) -> Any:
    """Import what needs `scipy.optimize` when it is first used: a quick report does without it."""
    if name in _HOME:
        return getattr(import_module(f"arena.analysis.{_HOME[name]}"), name)
    raise AttributeError(f"arena.analysis has no public name {name!r}; it has {', '.join(__all__)}")
