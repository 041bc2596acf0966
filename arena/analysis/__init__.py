"""From rows to estimates: pure functions with frozen results, one idea a file.

    scan, reading      a run folder → `Table`
    rows, collector    verdicts and episodes as columns
    records            the same from what no run made: records and plain arrays
    scores             one score a question
    cluster            the clustered mean: CR2, Bell-McCaffrey
    accuracy           the accuracy of an arm, cluster-adjusted Wilson
    missing            missing verdicts three ways       treatments   the same for a difference
    orders, sides      both orders, both sides
    paired, exact      two arms on the same questions
    pgr                performance gap recovered, Fieller
    brier, cost, ceiling
    multiplicity       Holm, Benjamini-Hochberg          simultaneous   intervals for all at once
    across             several datasets
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
    sequences, anytime intervals and tests that may be looked at at any time
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

from arena.analysis.accuracy import Accuracy, accuracy, wilson
from arena.analysis.across import Macro, RecoveredAcross, macro, recovered_across
from arena.analysis.anytime import AnytimeSigns, Asymptotic, anytime_mcnemar, asymptotic
from arena.analysis.bootstrap import Bootstrap, bootstrap_mean, bootstrap_ratio
from arena.analysis.brier import Brier, brier
from arena.analysis.ceiling import Ceiling, ceiling
from arena.analysis.cluster import Mean, icc, mean_of
from arena.analysis.collector import collect
from arena.analysis.corp import Corp, corp
from arena.analysis.cost import Bought, Cost, bought, cost
from arena.analysis.elo import elo, expected, rescaled
from arena.analysis.exact import Signs, bonett_price, sign_flip, sign_test
from arena.analysis.forecasts import Forecasts, forecasts, forecasts_of
from arena.analysis.frontier import Point, Shares, frontier, frontier_shares, gain_per_cost, net_benefit
from arena.analysis.generative import Judging, Targets, solved, votes
from arena.analysis.inversescaling import Classified, Trend, classified, trend
from arena.analysis.logscore import Gain, LogScore, bits_per_round, judge_score, log_score
from arena.analysis.matches import Match, Matches, matches
from arena.analysis.missing import Missing, missing
from arena.analysis.multiplicity import benjamini_hochberg, holm
from arena.analysis.orders import Orders, Standardised, orders, standardised
from arena.analysis.paired import Paired, Pairs, paired, pairs
from arena.analysis.pgr import Recovered, recovered
from arena.analysis.power import (
    Components,
    Spread,
    best_repeats,
    components,
    design_effect,
    detectable,
    detectable_by,
    needed,
    needed_discordant,
    simulated_power,
)
from arena.analysis.presets import PRESETS, preset
from arena.analysis.reading import Reading, read
from arena.analysis.records import from_records, scores_of
from arena.analysis.rehearsal import Rehearsal, rehearse
from arena.analysis.reliability import Reliability, reliability
from arena.analysis.rounds import AfterRound, Traces, belief_by_round, read_traces, round_gain, traces
from arena.analysis.rows import Episodes, Names, Rows, Spends, Table
from arena.analysis.scoredifference import ScoreDifference, points, propensity, score_difference
from arena.analysis.scores import Scores, Ways, every_way, question_scores
from arena.analysis.sequences import beta_binomial, betting, betting_difference, final_questions, final_units
from arena.analysis.sides import Sides, sides
from arena.analysis.simulate import Draw, Plan, simulate
from arena.analysis.simultaneous import Simultaneous, simultaneous
from arena.analysis.skill import Slope, bootstrap_slope, question_slope, skill_slope
from arena.analysis.spending import Spending, question_costs, spending
from arena.analysis.sycophancy import Judged, Matching, matching, shift
from arena.analysis.treatments import Treated, treated
from arena.analysis.winrates import (
    OpenRoles,
    SoftRate,
    WinRate,
    consultant_wins,
    debater_wins,
    from_sides,
    open_roles,
    soft_rate,
    split_by_side,
)

if TYPE_CHECKING:
    from arena.analysis.biases import Biases, bias_terms, halves, judge_biases, length_ratio
    from arena.analysis.calibration import Calibration, calibrate, calibrate_forecasts
    from arena.analysis.ratings import Ratings, rate
    from arena.analysis.recalibration import Recalibration, recalibrate

_HOME = {
    "Biases": "biases",
    "Calibration": "calibration",
    "Ratings": "ratings",
    "Recalibration": "recalibration",
    "bias_terms": "biases",
    "calibrate": "calibration",
    "calibrate_forecasts": "calibration",
    "halves": "biases",
    "judge_biases": "biases",
    "length_ratio": "biases",
    "rate": "ratings",
    "recalibrate": "recalibration",
}

__all__ = [
    "PRESETS",
    "Accuracy",
    "AfterRound",
    "AnytimeSigns",
    "Asymptotic",
    "Biases",
    "Bootstrap",
    "Bought",
    "Brier",
    "Calibration",
    "Ceiling",
    "Classified",
    "Components",
    "Corp",
    "Cost",
    "Draw",
    "Episodes",
    "Forecasts",
    "Gain",
    "Judged",
    "Judging",
    "LogScore",
    "Macro",
    "Match",
    "Matches",
    "Matching",
    "Mean",
    "Missing",
    "Names",
    "OpenRoles",
    "Orders",
    "Paired",
    "Pairs",
    "Plan",
    "Point",
    "Ratings",
    "Reading",
    "Recalibration",
    "Recovered",
    "RecoveredAcross",
    "Rehearsal",
    "Reliability",
    "Rows",
    "ScoreDifference",
    "Scores",
    "Shares",
    "Sides",
    "Signs",
    "Simultaneous",
    "Slope",
    "SoftRate",
    "Spending",
    "Spends",
    "Spread",
    "Standardised",
    "Table",
    "Targets",
    "Traces",
    "Treated",
    "Trend",
    "Ways",
    "WinRate",
    "accuracy",
    "anytime_mcnemar",
    "asymptotic",
    "belief_by_round",
    "benjamini_hochberg",
    "best_repeats",
    "beta_binomial",
    "betting",
    "betting_difference",
    "bias_terms",
    "bits_per_round",
    "bonett_price",
    "bootstrap_mean",
    "bootstrap_ratio",
    "bootstrap_slope",
    "bought",
    "brier",
    "calibrate",
    "calibrate_forecasts",
    "ceiling",
    "classified",
    "collect",
    "components",
    "consultant_wins",
    "corp",
    "cost",
    "debater_wins",
    "design_effect",
    "detectable",
    "detectable_by",
    "elo",
    "every_way",
    "expected",
    "final_questions",
    "final_units",
    "forecasts",
    "forecasts_of",
    "from_records",
    "from_sides",
    "frontier",
    "frontier_shares",
    "gain_per_cost",
    "halves",
    "holm",
    "icc",
    "judge_biases",
    "judge_score",
    "length_ratio",
    "log_score",
    "macro",
    "matches",
    "matching",
    "mean_of",
    "missing",
    "needed",
    "needed_discordant",
    "net_benefit",
    "open_roles",
    "orders",
    "paired",
    "pairs",
    "points",
    "preset",
    "propensity",
    "question_costs",
    "question_scores",
    "question_slope",
    "rate",
    "read",
    "read_traces",
    "recalibrate",
    "recovered",
    "recovered_across",
    "rehearse",
    "reliability",
    "rescaled",
    "round_gain",
    "score_difference",
    "scores_of",
    "shift",
    "sides",
    "sign_flip",
    "sign_test",
    "simulate",
    "simulated_power",
    "simultaneous",
    "skill_slope",
    "soft_rate",
    "solved",
    "spending",
    "split_by_side",
    "standardised",
    "traces",
    "treated",
    "trend",
    "votes",
    "wilson",
]


def __getattr__(name: str) -> Any:
    """Import what needs `scipy.optimize` when it is first used: a quick report does without it."""
    if name in _HOME:
        return getattr(import_module(f"arena.analysis.{_HOME[name]}"), name)
    raise AttributeError(f"arena.analysis has no public name {name!r}; it has {', '.join(__all__)}")
