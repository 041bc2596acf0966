"""What holds of every estimate, whatever the results are.

Small made-up results of all kinds (few questions, ties, missing verdicts, beliefs of exactly 0, ½ and 1, one order, one
side, one passage, nothing at all) go through every estimate that takes rows or scores.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from math import isfinite
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arena import analysis as an

ARMS = ("a", "b", "c")
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EXPLAINED = {"ok", "identical"}
"""The statuses under which a value is there."""


@st.composite
def results(draw) -> list[dict[str, Any]]:
    """Records of three arms on some shared questions."""
    questions = draw(st.integers(0, 6))
    passages = draw(st.integers(1, 6))
    sided = draw(st.booleans())
    records = []
    for arm in ARMS:
        side = st.sampled_from(["honest", "dishonest"]) if sided and arm == "a" else st.none()
        verdict = st.tuples(
            st.integers(0, max(questions - 1, 0)),
            st.integers(0, 1),
            st.sampled_from([0, 0.5, 1, 1, None]),
            st.sampled_from([0.0, 0.05, 0.5, 0.8, 0.95, 1.0, None]),
            side,
        )
        for question, swap, correct, p, argued in draw(st.lists(verdict, max_size=10 if questions else 0)):
            found = {"judge_correct": correct, "p_correct": None if correct is None else p, "side": argued}
            place = {"question_id": f"q{question}", "passage_id": f"p{question % passages}", "swap": swap}
            records.append(place | found | {"arm": arm, "cost_usd": 0.01 * (1 + question)})
    return records


def estimates(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Every estimate that takes rows or scores."""
    table = an.from_records(records)
    rows = {arm: table.rows_of(arm) for arm in ARMS}
    scores = {arm: an.question_scores(rows[arm]) for arm in ARMS}
    ways = {arm: an.every_way(rows[arm]) for arm in ARMS}
    costs = {arm: an.question_costs(table, arm, "data") for arm in ARMS}
    a = rows["a"]
    found = {
        "accuracy": an.accuracy(scores["a"]),
        "missing": an.missing(a),
        "orders": an.orders(a),
        "sides": an.sides(a),
        "paired": an.paired(scores["a"], scores["b"]),
        "treated": an.treated(ways["a"], ways["b"]),
        "recovered": an.recovered(scores["a"], scores["b"], scores["c"]),
        "wins": an.consultant_wins(a),
        "soft": an.soft_rate(a),
        "brier": an.brier(a),
        "calibration": an.calibrate(a),
        "spending": an.spending(table, "a", "data"),
        "gain": an.gain_per_cost(scores["a"], costs["a"], scores["b"], costs["b"]),
        "bootstrap": an.bootstrap_mean(scores["a"].score, scores["a"].group, draws=200),
        "simultaneous": an.simultaneous([an.pairs(scores["a"], scores[x]) for x in "bc"], draws=200),
        "shares": an.frontier_shares({x: (scores[x], costs[x]) for x in ARMS}, (1.0,), draws=100),
        "across": an.macro({"x": an.paired(scores["a"], scores["b"]), "y": an.paired(scores["b"], scores["c"])}),
        "anytime": an.anytime_mcnemar(an.pairs(scores["a"], scores["b"]).d),
        "place": an.judge_biases(a.correct, a.group, {"place": an.bias_terms(table, a)["place"]}),
    }
    for rule in ("brier", "log", "logodds", "accuracy"):
        for beta in (0.0, 1.0, float("inf")):
            found[f"score difference {rule} {beta}"] = an.score_difference(a, rule, beta=beta)
    found["detectable"] = an.detectable_by(found["paired"])
    return found


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every number, text and nothing inside a result, with its place."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name != "solution":
                yield from leaves(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from leaves(one, f"{path}[{name}]")
    elif isinstance(value, tuple | list | np.ndarray):
        for at, one in enumerate(value.tolist() if isinstance(value, np.ndarray) else value):
            yield from leaves(one, f"{path}[{at}]")
    else:
        yield path, value


def parts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every result inside a result that has a status."""
    if is_dataclass(value):
        if hasattr(value, "status"):
            yield path, value
        for field in fields(value):
            yield from parts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from parts(one, f"{path}[{name}]")
    elif isinstance(value, tuple | list):
        for at, one in enumerate(value):
            yield from parts(one, f"{path}[{at}]")


@FEW
@given(results())
def test_no_number_is_anything_but_finite_and_nothing_is_said_on_the_side(records):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = estimates(records)
    for path, leaf in leaves(found):
        assert leaf is None or isinstance(leaf, str | bool | int | float), path
        assert not isinstance(leaf, float) or isfinite(leaf) or path.endswith(".beta"), (path, leaf)


VALUES = ("accuracy", "difference", "pgr", "rate", "value", "brier", "usd", "bias", "nats", "ece", "share", "slope")


@FEW
@given(results())
def test_a_value_that_is_not_there_has_a_status_that_says_why(records):
    for path, part in parts(estimates(records)):
        missing = [name for name in VALUES if hasattr(part, name) and getattr(part, name) is None]
        assert not missing or part.status not in EXPLAINED, (path, part)


@FEW
@given(results())
def test_an_interval_holds_its_estimate_and_has_a_width(records):
    for path, part in parts(estimates(records)):
        ends = getattr(part, "ci", None)
        value = next((getattr(part, name) for name in VALUES if getattr(part, name, None) is not None), None)
        if ends is None or value is None or getattr(part, "ci_method", "") == "bonett_price":
            continue
        assert ends[0] - 1e-9 <= value <= ends[1] + 1e-9, (path, part)
        assert ends[0] < ends[1], (path, part)


@FEW
@given(results(), st.randoms())
def test_neither_the_order_of_rows_nor_the_names_of_things_change_a_number(records, chance):
    other = [
        r | {"question_id": f"renamed {r['question_id']}", "passage_id": r["passage_id"] + "!", "arm": r["arm"]}
        for r in records
    ]
    chance.shuffle(other)
    one, two = (dict(leaves(told(estimates(each)))) for each in (records, other))
    assert one.keys() == two.keys()
    for path, leaf in one.items():
        assert two[path] == (pytest.approx(leaf, abs=1e-9) if isinstance(leaf, float) else leaf), path


def told(found: dict[str, Any]) -> dict[str, Any]:
    """The estimates without those whose draws, or whose order in time, the order of rows decides."""
    drawn = ("bootstrap", "simultaneous", "shares", "anytime")
    return {name: one for name, one in found.items() if name not in drawn}


@FEW
@given(results())
def test_exchanging_the_arms_turns_the_sign_and_nothing_else(records):
    table = an.from_records(records)
    a, b = (an.question_scores(table.rows_of(arm)) for arm in "ab")
    one, two = an.paired(a, b), an.paired(b, a)
    assert (one.status, one.p, one.n_pairs) == (two.status, two.p, two.n_pairs)
    if one.difference is not None:
        assert two.difference == pytest.approx(-one.difference)
    if one.ci is not None:
        assert two.ci == pytest.approx((-one.ci[1], -one.ci[0]))


@FEW
@given(results())
def test_exchanging_the_places_of_the_options_turns_the_bias_and_keeps_the_accuracy(records):
    turned = [r | {"swap": 1 - r["swap"]} for r in records]
    one, two = (an.from_records(each).rows_of("a") for each in (records, turned))
    assert an.accuracy(an.question_scores(one)) == an.accuracy(an.question_scores(two))
    here, there = an.orders(one).bias, an.orders(two).bias
    assert (here.status, here.n, here.method) == (there.status, there.n, there.method)
    if here.bias is not None:
        assert there.bias == pytest.approx(-here.bias)


MATCHES = st.lists(
    st.tuples(
        st.sampled_from(["abc"[i] + "abc"[j] for i in range(3) for j in range(3) if i != j]),
        st.sampled_from([0.0, 0.5, 1.0]),
        st.sampled_from([-1, 0, 1]),
        st.sampled_from(["p", "q", "r"]),
    ),
    max_size=12,
)


@FEW
@given(MATCHES, st.booleans(), st.booleans())
def test_ratings_are_finite_or_absent_whoever_met_and_won(played, position, honesty):
    entries = [an.Match(pair[0], pair[1], won, honest, 1.0, group) for pair, won, honest, group in played]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = an.rate(an.matches(entries), position=position, honesty=honesty)
    for path, leaf in leaves(found):
        assert not isinstance(leaf, float) or isfinite(leaf), (path, leaf)
    assert found.table or found.status in ("no_data", "disconnected", "rank_deficient")
    for rating in found.table:
        assert rating.ci is None or rating.ci[0] <= rating.elo <= rating.ci[1]
    if found.table:
        assert np.mean([rating.elo for rating in found.table]) == pytest.approx(1500)


@FEW
@given(MATCHES)
def test_scaling_all_weights_moves_no_rating_where_the_maximum_exists(played):
    entries = [an.Match(pair[0], pair[1], won, honest, 1.0, group) for pair, won, honest, group in played]
    one = an.rate(an.matches(entries), position=False, honesty=False)
    two = an.rate(an.matches([replace_weight(entry, 3.0) for entry in entries]), position=False, honesty=False)
    assert one.status == two.status
    if one.method == "maximum_likelihood":
        for here, there in zip(sorted(one.table, key=str), sorted(two.table, key=str), strict=True):
            assert there.elo == pytest.approx(here.elo, abs=1e-4)
            assert there.se == (None if here.se is None else pytest.approx(here.se, abs=1e-4))


def replace_weight(entry: Any, weight: float) -> Any:
    return entry._replace(weight=weight) if hasattr(entry, "_replace") else replace(entry, weight=weight)
