"""Results of all kinds, and what the estimates make of them: `figures.toml` is the table, and says how it was made."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from arena import analysis as an

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("figures.toml").read_text("utf-8"))
ARMS = ("debate", "naive", "expert")
ESTIMATES = ("accuracy", "missing", "treated", "orders", "paired", "recovered")
VERDICTS = {"1": 1, "0": 0, "h": 0.5, "-": None}


def records(arm: str, text: str) -> list[dict[str, Any]]:
    """The verdicts of one arm, one record each."""
    found, number = [], 0
    for passage, part in enumerate(text.split("|")):
        for token in part.split():
            orders = token.split("/") if "/" in token else list(token)
            found += [
                {"arm": arm, "question_id": number, "passage_id": passage, "swap": swap, "repeat": repeat,
                 "judge_correct": VERDICTS[sign]}
                for swap, signs in enumerate(orders) for repeat, sign in enumerate(signs) if sign != "."
            ]  # fmt: skip
            number += 1
    return found


@cache
def estimates(name: str) -> dict[str, Any]:
    """What the code under test makes of a case."""
    table = an.from_records(record for arm in ARMS for record in records(arm, CASES[name][arm]))
    rows = {arm: table.rows_of(arm) for arm in ARMS}
    scores = {arm: an.question_scores(rows[arm]) for arm in ARMS}
    ways = {arm: an.every_way(rows[arm]) for arm in ARMS}
    return {
        "accuracy": an.accuracy(scores["debate"]),
        "missing": an.missing(rows["debate"]),
        "treated": an.treated(ways["debate"], ways["naive"]),
        "orders": an.orders(rows["debate"]),
        "paired": an.paired(scores["debate"], scores["naive"]),
        "recovered": an.recovered(*(scores[arm] for arm in ARMS)),
    }


def figures() -> list[Any]:
    return [
        pytest.param(name, estimate, CASES[name][estimate], id=f"{name}: {estimate}")
        for name in CASES
        for estimate in ESTIMATES
        if estimate in CASES[name]
    ]


@pytest.mark.parametrize("name, estimate, wanted", figures())
def test_every_figure_is_that_of_the_independent_computation(name, estimate, wanted):
    found = estimates(name)[estimate]
    told = {path: reached(found, path) for path in wanted}
    assert told == {path: near(figure) for path, figure in wanted.items()}


def reached(value: Any, path: str) -> Any:
    """The field at the end of a path of names; "none" for nothing."""
    for name in path.split("."):
        value = None if value is None else getattr(value, name)
    return tuple(said(one) for one in value) if isinstance(value, tuple) else said(value)


def said(value: Any) -> Any:
    return "none" if value is None else value


def near(figure: Any) -> Any:
    if isinstance(figure, list):
        return tuple(near(one) for one in figure)
    return pytest.approx(figure, rel=1e-8, abs=1e-8) if isinstance(figure, float) else figure


def test_the_table_is_a_large_one():
    assert len(CASES) >= 30
    assert sum(len(case.get(estimate, ())) for case in CASES.values() for estimate in ESTIMATES) > 1000
