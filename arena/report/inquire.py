"""From results to what more can be said of them: calibration, biases, win rates, ratings, the cost frontier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from arena.analysis.biases import Biases, bias_terms, judge_biases
from arena.analysis.calibration import calibrate
from arena.analysis.frontier import gain_per_cost
from arena.analysis.logscore import Gain, bits_per_round, judge_score
from arena.analysis.orders import TWO
from arena.analysis.pgr import Recovered
from arena.analysis.rows import Floats, Ints, Rows, Table
from arena.analysis.scoredifference import Rule, ScoreDifference, score_difference
from arena.analysis.scores import Ways, score_where
from arena.analysis.spending import question_costs, spending
from arena.analysis.winrates import consultant_wins, soft_rate
from arena.events import Stated
from arena.report.compare import FLOOR, baseline
from arena.report.insight import MORE_THAN_TWO, Forecaster, Insight
from arena.report.matched import Sense, matched
from arena.report.model import ArmResult
from arena.report.players import family
from arena.report.second import of_accuracy, of_gap

RULES: tuple[Rule, ...] = ("brier", "log", "accuracy")
TERMS = ("place", "length", "last", "family")


class About(NamedTuple):
    """What holds for a whole report: the options of a question, the seed, what a key about a behaviour means."""

    options: int
    seed: int
    matching: Sense | None


def insight(
    result: ArmResult, arms: Sequence[ArmResult], ways: Mapping[str, Ways], table: Table, about: About
) -> Insight:
    """What more can be said of `result`; `arms` are all of its data set, `ways` their scores."""
    name, dataset = result.arm.name, result.dataset
    rows, played = table.rows_of(name, dataset), [arm for arm in arms if arm.episodes]
    floor = baseline(result, FLOOR, played)
    floor = None if floor is result else floor
    return Insight(
        arm=name,
        dataset=dataset,
        beliefs=_forecaster(rows, floor, table, "verbalised", about),
        tokens=_forecaster(rows, floor, table, "tokens", about),
        biases=_biases(result, rows, table, about.options),
        wins=consultant_wins(rows) if (rows.side >= 0).any() else None,
        spending=spending(table, name, dataset),
        gain=_gain(name, floor, ways, table, dataset),
        bootstrap=of_accuracy(result, ways, about.seed),
        gap_bootstrap=of_gap(result, played, ways, about.seed),
    )


def _forecaster(rows: Rows, floor: ArmResult | None, table: Table, form: Stated, about: About) -> Forecaster:
    stated, options = rows.stated(form), about.options
    return Forecaster(
        calibration=calibrate(stated, options=options, seed=about.seed),
        soft=soft_rate(stated),
        score_differences=_score_differences(stated, options),
        bits=_bits(stated, floor, table, form),
        judge_score=_judge_score(stated, table),
        matching=matched(stated, about.matching) if options == TWO else None,
    )


def _score_differences(rows: Rows, options: int) -> dict[str, ScoreDifference]:
    """The differences by rule; of more than two options there is none, whatever the rows."""
    if options == TWO:
        return {str(rule): score_difference(rows, rule) for rule in RULES}
    empty = rows.where(np.zeros(len(rows), bool))
    return {str(rule): replace(score_difference(empty, rule), status=MORE_THAN_TWO) for rule in RULES}


def _biases(result: ArmResult, rows: Rows, table: Table, options: int) -> dict[str, Biases]:
    """One model for each term that varies, and one of them together; the status of the others says why not."""
    if options > TWO:
        return {name: Biases(0, 0, status=MORE_THAN_TWO) for name in (*TERMS, "joint")}
    terms = {**bias_terms(table, rows), "family": _shared(result, rows, table)}
    there = {name: term for name, term in terms.items() if np.isfinite(term[~rows.missing]).any()}
    found = {name: judge_biases(rows.correct, rows.group, {name: term}) for name, term in there.items()}
    absent = {name: Biases(0, 0, status="not_applicable") for name in terms if name not in there}
    return {name: found.get(name) or absent[name] for name in TERMS} | {
        "joint": judge_biases(rows.correct, rows.group, there)
    }


def _shared(result: ArmResult, rows: Rows, table: Table) -> Floats:
    """+½ where the judge and only the honest advocate are of one family, -½ where only the dishonest one is, else 0.

    NaN throughout where that is never so: then nothing is crossed.
    """
    judge = family(result.arm.judge or "")
    same = np.array([_is_of(result, seat, judge) for seat in table.seats] + [False])
    episodes, of = table.episodes, rows.episode
    shared = (same[episodes.honest_seat[of]].astype(float) - same[episodes.dishonest_seat[of]].astype(float)) / 2
    return shared if shared.any() else np.full(len(rows), np.nan)


def _is_of(result: ArmResult, seat: str, judge: str | None) -> bool:
    return judge is not None and seat in result.arm.seats and family(result.arm.seats[seat].model) == judge


def _gain(name: str, floor: ArmResult | None, ways: Mapping[str, Ways], table: Table, dataset: str) -> Recovered:
    if floor is None:
        return Recovered(0, 0, status="no_baseline_of_this_judge")
    costs = [question_costs(table, arm, dataset) for arm in (name, floor.arm.name)]
    if any(np.isnan(each.score).any() for each in costs):
        return Recovered(0, 0, status="unknown_price")
    found = gain_per_cost(ways[name].wrong, costs[0], ways[floor.arm.name].wrong, costs[1])
    if found.status == "undefined_gap_not_positive":
        return Recovered(found.n_questions, found.n_groups, found.gain, found.gap, status="nothing_extra_spent")
    return found


def _bits(rows: Rows, floor: ArmResult | None, table: Table, form: Stated) -> Gain:
    """What a round told the judge beyond what it believed without any: the mean belief of the naive judge."""
    if floor is None:
        return Gain(0, status="no_baseline_of_this_judge")
    unaided = table.rows_of(floor.arm.name, floor.dataset).stated(form)
    stated = score_where(unaided, ~np.isnan(unaided.p_correct), unaided.p_correct)
    return bits_per_round(_looked_up(stated.question, stated.score, rows.question), rows.p_correct,
                          table.episodes.rounds[rows.episode], rows.group)  # fmt: skip


def _looked_up(keys: Ints, values: Floats, wanted: Ints) -> Floats:
    """The values at the wanted keys, NaN where there is none; `keys` are sorted."""
    if not len(keys):
        return np.full(len(wanted), np.nan)
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, values[at], np.nan)


def _judge_score(rows: Rows, table: Table) -> Gain:
    """Each round after the first counts as one that the judge chose."""
    stated = ~np.isnan(rows.p_correct)
    rounds = table.episodes.rounds[rows.episode][stated]
    return judge_score(rows.p_correct[stated], np.maximum(rounds - 1, 0), rows.group[stated])
