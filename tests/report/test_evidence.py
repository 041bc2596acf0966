"""The episodes behind a number."""

from __future__ import annotations

import pytest

from arena.errors import UsageError
from arena.report.evidence import behind, behind_difference


def names(*parts):
    return tuple(f"{arm}~{question}~0" for arm, question in parts)


@pytest.fixture
def report(runs):
    return runs.report(
        runs.episode("debate", "q", 1, 1),
        runs.episode("naive", "q", 0, 1),
        runs.episode("debate", "r", 1, "refused"),
        runs.episode("naive", "r", 1, 0),
        runs.episode("debate", "s", 0, 0, side="honest"),
        runs.episode("debate", "t", 1, split="train"),
    )


@pytest.mark.parametrize(
    "only, questions",
    [
        ("all", "qrs"),
        ("right", "qr"),
        ("wrong", "s"),
        ("missing", "r"),
        ("flipped", ""),
        ("honest", "s"),
        ("dishonest", ""),
    ],
)
def test_episodes_of_an_arm_are_found_by_how_they_came_out(report, only, questions):
    assert behind(report, "debate", only=only) == names(*(("debate", q) for q in questions))


def test_a_verdict_that_depends_on_the_order_is_flipped(report):
    assert behind(report, "naive", only="flipped") == names(("naive", "q"), ("naive", "r"))


def test_behind_a_difference_are_both_arms_on_their_shared_questions(report):
    (difference,) = report.comparisons
    assert set(behind_difference(report, difference)) == set(
        names(*((arm, question) for arm in ("debate", "naive") for question in "qr"))
    )


def test_questions_that_made_the_difference_can_be_asked_for(report):
    (difference,) = report.comparisons
    assert behind_difference(report, difference, "a") == names(("debate", "q"), ("naive", "q"))
    assert behind_difference(report, difference, "apart") == names(("debate", "q"), ("naive", "q"))
    assert behind_difference(report, difference, "b") == ()


def test_a_kind_that_is_not_known_is_answered_with_the_known_ones(report):
    with pytest.raises(UsageError, match="missing"):
        behind(report, "debate", only="mising")
    with pytest.raises(UsageError, match="apart"):
        behind_difference(report, report.comparisons[0], "aprt")


def test_an_arm_without_results_has_none(report):
    assert behind(report, "nobody") == ()
