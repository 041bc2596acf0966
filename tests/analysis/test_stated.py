"""Beliefs in words and token probabilities are two kinds of forecast: nothing averages over both."""

from __future__ import annotations

import numpy as np
import pytest

from arena.analysis import brier, calibrate, forecasts, score_difference, soft_rate
from arena.events import Score

WORDS = Score(slot=0, correct=1, p_correct=0.8)
TOKENS = Score(slot=1, correct=0, p_correct=0.3, stated="tokens", outside=0.25)
MISSING = Score(slot=1, outcome="refused", stated="tokens")


@pytest.fixture(name="mixed")
def _mixed(make):
    return make.rows(*(make.episode(f"q{n}", WORDS, TOKENS, MISSING) for n in range(6)))


def test_a_row_says_how_its_belief_was_stated_and_what_fell_outside(mixed):
    assert mixed.tokens.tolist() == [0, 1, 1] * 6
    np.testing.assert_array_equal(mixed.outside, [np.nan, 0.25, np.nan] * 6)


@pytest.mark.parametrize("estimate", [brier, calibrate, soft_rate, score_difference])
def test_no_estimate_is_made_of_both(estimate, mixed):
    assert estimate(mixed).status == "mixed_beliefs"


def test_forecasts_of_both_are_refused(mixed):
    with pytest.raises(ValueError, match="different forecasts"):
        forecasts(mixed)


@pytest.mark.parametrize("form, expected, verdicts", [("verbalised", 0.04, 6), ("tokens", 0.49, 12)])
def test_each_has_estimates_of_its_own(mixed, form, expected, verdicts):
    own = mixed.stated(form)
    assert len(own) == verdicts
    assert brier(own).brier == pytest.approx(expected)
    assert calibrate(own).status == "ok"


def test_verdicts_that_are_missing_mix_nothing(make):
    rows = make.rows(make.episode("q", WORDS, MISSING), make.episode("r", WORDS, "refused"))
    assert not rows.mixed
    assert brier(rows).brier == pytest.approx(0.04)


@pytest.mark.parametrize("outside", [-0.1, 1.5, float("nan")])
def test_a_mass_that_is_none_is_refused(make, outside):
    with pytest.raises(ValueError, match="outside 0 to 1"):
        make.rows(make.episode("q", Score(slot=0, correct=1, p_correct=1, stated="tokens", outside=outside)))
