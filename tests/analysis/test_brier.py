"""The mean Brier score."""

from __future__ import annotations

import numpy as np
import pytest

from arena.analysis import brier


def test_it_is_the_mean_squared_doubt_in_the_right_option(make):
    rows = make.rows(
        make.episode("q", make.score(0, 1, 0.9), make.score(1, 0, 0.2)), make.episode("r", make.score(0, 1, 1.0))
    )
    found = brier(rows)
    assert found.brier == pytest.approx((0.01 + 0.64 + 0) / 3)
    assert found.mean_p == pytest.approx(0.7)


def test_its_error_is_clustered_by_passage(make):
    ps = [(0.9, 0.8), (0.2, 0.3), (0.6, 0.6)]
    rows = make.rows(
        *(make.episode(f"q{n}", *(make.score(slot, 1, p) for slot, p in enumerate(pair))) for n, pair in enumerate(ps))
    )
    means = np.array([((1 - np.array(pair)) ** 2).mean() for pair in ps])
    assert brier(rows).se == pytest.approx(means.std(ddof=1) / np.sqrt(3))


def test_verdicts_without_a_belief_are_left_out(make):
    found = brier(make.rows(make.episode("q", make.score(0, 1, 0.5), "refused", make.score(1, 1))))
    assert (found.n_rows, found.brier, found.status) == (1, 0.25, "single_cluster")


def test_without_beliefs_there_is_no_score(make):
    found = brier(make.rows(make.episode("q", 1)))
    assert (found.brier, found.mean_p, found.status) == (None, None, "no_data")
