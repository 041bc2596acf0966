"""Which episodes a row of a table opens."""

import pytest

from arena.report.grid import Grid, Link
from arena.report.page.links import behind, named

KNOWN = {
    "debate": Link(("debate",), "d"),
    "debate (long)": Link(("debate (long)",), "d"),
    "debate − naive": Link(("debate", "naive"), "d"),
}


def opened(name, section="accuracy", **more):
    grid = Grid("Accuracy", ("arm", "accuracy"))
    grid.add(name, "0.9", **more)
    return next(behind(grid, section, KNOWN))


@pytest.mark.parametrize(
    "name, arms",
    [
        ("debate", ["debate"]),
        ("debate − naive", ["debate", "naive"]),
        ("debate (tokens)", ["debate"]),
        ("debate: place (joint)", ["debate"]),
        ("debate (long)", ["debate (long)"]),
        ("debate (long): judge (shadow)", ["debate (long)"]),
    ],
)
def test_a_row_named_after_an_arm_opens_its_episodes_and_no_others(name, arms):
    assert opened(name) == {"arms": arms, "dataset": "d", "only": ""}


def test_a_row_that_says_itself_what_is_behind_it_is_believed():
    assert opened("amplification", link=Link(("amplification[2]",), "d"))["arms"] == ["amplification[2]"]


def test_missing_verdicts_open_the_episodes_that_miss_them():
    assert opened("debate", "missing")["only"] == "failed"


@pytest.mark.parametrize("name", ["debater", "another"])
def test_a_row_that_is_about_no_arm_opens_nothing(name):
    assert opened(name) is None


def test_arms_of_several_data_sets_open_those_of_their_own(runs):
    events = [runs.episode(arm, f"{d}{n}", 1, dataset=d) for d in "xy" for arm in ("debate", "naive") for n in range(2)]
    known = named(runs.report(*events))
    assert known["debate · x"] == Link(("debate",), "x")
    assert known["debate − naive · y"] == Link(("debate", "naive"), "y")
