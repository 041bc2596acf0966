"""How a run stands: the rows that a log gives, and what they add up to."""

from itertools import permutations

import pytest

from arena.standing import Board
from tests.listed import begun, row


def board(planned=None, n=3, groups=None):
    planned = planned or {"debate": n}
    return Board({"planned": planned, "dataset": {"n": n, "groups": groups or n}})


def filled(rows, **about):
    made = board(**about)
    for one in rows:
        made.begin(begun(one.question, one.arm))
        if one.outcome != "playing":
            made.add(one)
    made.advance()
    return made


PLAYING = {"outcome": "playing"}


class TestThePrefix:
    def test_stops_at_the_first_question_that_is_not_done(self):
        made = filled([row("q1"), row("q2", **PLAYING), row("q3", correct=0.0)])
        assert made.arms["debate"].scores == [1.0]
        assert made.done == 2

    def test_goes_on_when_the_gap_is_filled(self):
        made = filled([row("q1"), row("q2", **PLAYING), row("q3", correct=0.0)])
        made.add(row("q2", correct=0.5))
        made.advance()
        assert made.arms["debate"].scores == [1.0, 0.5, 0.0]

    def test_waits_for_every_dealing_of_a_question(self):
        made = filled([row("q1", "consultancy")], planned={"consultancy": 6})
        assert made.arms["consultancy"].scores == []
        made.add(row("q1", "consultancy", 0.0, dealing=1))
        made.advance()
        assert made.arms["consultancy"].scores == [0.5]

    def test_waits_for_every_episode_of_a_question_that_began(self):
        made = board(n=0)
        for dealing in (0, 1):
            made.begin(begun("q1", dealing=dealing))
        made.add(row("q1"))
        made.advance()
        assert made.arms["debate"].scores == []

    @pytest.mark.parametrize("order", list(permutations(["q1", "q2", "q3"])))
    def test_is_the_same_in_whatever_order_episodes_end(self, order):
        made = board()
        for question in ("q1", "q2", "q3"):
            made.begin(begun(question))
        for question in order:
            made.add(row(question, correct=float(question == "q2")))
            made.advance()
        assert made.arms["debate"].scores == [0.0, 1.0, 0.0]

    def test_leaves_training_out(self):
        made = board()
        made.add(row("q1")._replace(train=True))
        made.advance()
        assert (made.done, made.arms["debate"].scores, made.arms["debate"].train) == (0, [], 1)

    def test_counts_an_episode_that_is_scored_twice_once(self):
        made = filled([row("q1"), row("q1")])
        assert made.done == 1


class TestTheBoard:
    def test_counts_its_episodes_by_kind(self):
        made = filled(
            [row("q1"), row("q2", correct=0.0), row("q3", outcome="refused", missing=2), row("q4", **PLAYING)]
        )
        kinds = {kind: made.kinds[kind] for kind in ("all", "right", "wrong", "failed", "flipped", "playing")}
        assert kinds == {"all": 4, "right": 1, "wrong": 1, "failed": 1, "flipped": 0, "playing": 1}

    def test_counts_failures_by_their_kind(self):
        made = filled([row("q1", outcome="refused", missing=2), row("q2", missing=1)])
        assert made.arms["debate"].failed == {"refused": 1, "verdict missing": 1}

    def test_counts_what_has_no_price(self):
        made = filled([row("q1")._replace(cost=None), row("q2")._replace(cost=0.5)])
        assert (made.arms["debate"].cost, made.arms["debate"].unpriced) == (0.5, 1)

    def test_has_an_arm_that_the_header_did_not_plan(self):
        assert "extra" in filled([row("q1", "extra")]).arms

    def test_expects_the_rest_to_take_as_long_as_what_is_done(self):
        made = board(n=10)
        for n in range(4):
            made.begin(begun(f"q{n}", t=0.0))
        for n in range(4):
            made.add(row(f"q{n}", t=2.0 * (n + 1)))
        assert made.eta() == pytest.approx(12.0)

    def test_expects_nothing_of_a_run_that_is_done_or_has_not_begun(self):
        assert board().eta() is None
        assert filled([row(f"q{n}", t=float(n)) for n in range(3)]).eta() is None

    def test_compares_with_the_judge_alone(self):
        assert board({"debate": 3, "naive": 3}).baseline() == "naive"
        assert board({"debate": 3}).baseline() is None
        assert board({"naive": 3}).baseline() is None

    def test_gathers_scores_by_passage_and_waits_for_the_end_of_each(self):
        rows = [row("q1", group="a"), row("q2", correct=0.0, group="a"), row("q3", group="b")]
        made = filled(rows, n=5, groups=3)
        assert made.units(made.arms["debate"].scores) == ([1.0], [2])

    def test_counts_the_last_passage_when_the_list_is_done(self):
        rows = [row("q1", group="a"), row("q2", correct=0.0, group="a"), row("q3", group="b")]
        made = filled(rows, n=3, groups=2)
        assert made.units(made.arms["debate"].scores) == ([1.0, 1.0], [2, 1])

    def test_counts_questions_where_each_is_a_passage_of_its_own(self):
        made = filled([row("q1"), row("q2", correct=0.0)], n=5)
        assert made.units(made.arms["debate"].scores) == ([1.0, 0.0], [1, 1])

    @pytest.mark.parametrize(
        "header", [{}, {"planned": 3, "dataset": []}, {"planned": {"a": None}, "dataset": {"n": "x"}}]
    )
    def test_bears_a_header_that_says_nothing(self, header):
        assert Board(header).total == 0


@pytest.mark.parametrize(
    "dataset, largest",
    [
        ({"n": 10, "groups": 3, "largest": 5}, 5),
        ({"n": 10, "groups": 3}, 8),
        ({"n": 3, "groups": 3}, 1),
        ({}, 1),
    ],
)
def test_how_large_a_passage_may_be_is_known_before_any_is_seen(dataset, largest):
    assert Board({"planned": {}, "dataset": dataset}).largest == largest
