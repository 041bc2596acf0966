"""What 95 % intervals are worth: on runs drawn from the generative model how often they hold the truth.

Few runs, from fixed seeds, with bounds that a share of .95 nearly never leaves; `benchmarks/coverage.py` draws many.
"""

from __future__ import annotations

import pytest

from benchmarks.coverage import held, misses, others


@pytest.mark.parametrize("groups", [8, 40])
def test_an_interval_holds_the_truth_in_about_95_of_100_runs(groups):
    shares = held(groups, runs=200, seed=20)
    assert {what: share for what, share in shares.items() if not 0.9 <= share <= 0.99} == {}


def test_so_does_every_other_interval_that_a_report_has():
    shares = others(20, runs=120, seed=22)
    assert len(shares) == 9
    assert {what: share for what, share in shares.items() if not 0.88 <= share <= 1} == {}


def test_a_live_interval_is_wrong_at_some_time_in_at_most_5_of_100_runs():
    assert max(misses(15, runs=40, seed=21).values()) <= 0.05
