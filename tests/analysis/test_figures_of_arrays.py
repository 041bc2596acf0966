"""Plain arrays, and what the estimates make of them; `figures_of_arrays.toml` says how its figures were made."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from arena import analysis as an

CASES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("figures_of_arrays.toml").read_text("utf-8"))


def score_difference(given: Mapping[str, Any]) -> Any:
    rows = an.from_records(given["records"]).rows_of("all")
    return an.score_difference(rows, given["rule"], beta=float(given["beta"]))


def ratings(given: Mapping[str, Any]) -> Any:
    played = an.matches([an.Match(*match) for match in given["matches"]])
    found = an.rate(played, position=given["position"], honesty=given["honesty"])
    by_player = {name: {one.player: getattr(one, name) for one in found.table} for name in ("elo", "se", "ci")}
    return by_player | {"status": found.status, "position": found.position, "honesty": found.honesty}


def needed(given: Mapping[str, Any]) -> Any:
    sigma2, repeats = given["sigma2"], given["repeats"]
    spread = an.Spread(given["omega2"], (sigma2, sigma2), (repeats, repeats))
    return {"value": an.needed(given["effect"], spread)}


def multiplicity(given: Mapping[str, Any]) -> Any:
    ps = [None if p < 0 else p for p in given["ps"]]
    return {"holm": an.holm(ps), "bh": an.benjamini_hochberg(ps)}


def frontier(given: Mapping[str, Any]) -> Any:
    points = {name: (cost, accuracy) for name, cost, accuracy in given["points"]}
    return {"on_hull": sorted(point.name for point in an.frontier(points) if point.on_hull)}


ESTIMATES: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "calibration": lambda given: an.calibrate_forecasts(an.forecasts_of(**given)),
    "score_difference": score_difference,
    "ratings": ratings,
    "biases": lambda given: an.judge_biases(**given),
    "skill_slope": lambda given: an.skill_slope(**given),
    "beta_binomial": lambda given: {"interval": an.beta_binomial(**given)},
    "final_questions": lambda given: {"interval": an.final_questions(**given)},
    "betting": lambda given: {"interval": an.betting(**given)},
    "anytime_mcnemar": lambda given: an.anytime_mcnemar(**given),
    "needed": needed,
    "needed_discordant": lambda given: {"value": an.needed_discordant(**given)},
    "multiplicity": multiplicity,
    "frontier": frontier,
    "matching": lambda given: an.matching([an.Judged(item[0], item[1:]) for item in given["items"]]),
}

LOOSE = {"ratings": 2e-5, "beta_binomial": 2e-7, "betting": 2e-7, "biases": 1e-6, "calibration": 1e-6}
"""How close a figure is, relatively, where one of the two sides searches for it; else to nine digits."""


@pytest.mark.parametrize("name", CASES)
def test_every_figure_is_that_of_the_independent_computation(name):
    case = CASES[name]
    found = ESTIMATES[case["of"]](case["given"])
    close = LOOSE.get(case["of"], 1e-8)
    wanted = {path: near(figure, close) for path, figure in case["figures"].items()}
    assert {path: reached(found, path) for path in wanted} == wanted


def reached(value: Any, path: str) -> Any:
    """What stands at the end of a path of fields and keys; "none" for nothing."""
    for name in path.split("."):
        value = value[name] if isinstance(value, Mapping) else None if value is None else getattr(value, name)
    return [said(one) for one in value] if isinstance(value, tuple | list) else said(value)


def said(value: Any) -> Any:
    return "none" if value is None else value


def near(figure: Any, close: float) -> Any:
    if isinstance(figure, list):
        return [near(one, close) for one in figure]
    return pytest.approx(figure, rel=close, abs=close) if isinstance(figure, float) else figure


def test_every_estimate_has_its_cases():
    assert {case["of"] for case in CASES.values()} == set(ESTIMATES)
