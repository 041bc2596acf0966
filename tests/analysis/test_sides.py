"""The sides of a single advocate."""

from __future__ import annotations

import pytest

from arena.analysis import question_scores, sides
from arena.analysis.cluster import mean_of


def of(rows):
    scores = question_scores(rows)
    return sides(rows, mean_of(scores.score, scores.group))


def test_a_protocol_without_a_single_advocate_has_no_sides(make):
    assert of(make.rows(make.episode("q", 1, 0))) is None


def test_accuracy_by_side_and_the_win_rate_obey_their_identity(make):
    rows = make.rows(
        *(make.episode(f"q{n}", value, side="honest") for n, value in enumerate([1, 1, 1, 0])),
        *(make.episode(f"q{n}", value, side="dishonest", n=1) for n, value in enumerate([0, 1, 0, 0])),
    )
    found = of(rows)
    honest, dishonest = found.standardised.levels
    accuracy = question_scores(rows).score.mean()
    assert (honest, dishonest) == (0.75, 0.25)
    assert honest == pytest.approx(accuracy + found.win_rate - 0.5)
    assert dishonest == pytest.approx(accuracy - found.win_rate + 0.5)


def test_one_side_alone_has_no_win_rate(make):
    found = of(make.rows(make.episode("q", 1, side="honest"), make.episode("r", 0, side="honest")))
    assert found.win_rate is None
    assert found.standardised.status == "one_level"
