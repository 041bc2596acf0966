"""How a run stands: the rows that a log gives, and what they add up to."""

import json
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import OUTCOMES
from arena.standing import Board, Row, fits, opened, scored


def line(**changes):
    scores = [{"slot": 0, "correct": 1.0, "p_correct": 0.8}, {"slot": 1, "correct": 0.0, "p_correct": 0.4}]
    found = {
        "type": "Scored",
        "episode": "debate~q~0",
        "arm": "debate",
        "question": "q",
        "group": "g",
        "scores": scores,
        "usage": {"input": 10, "output": 5},
        "calls": 3,
        "t": 7.5,
        **changes,
    }
    return json.dumps(found).encode()


def row(question="q1", arm="debate", correct=1.0, *, dealing=0, group="", outcome="ok", missing=0, t=0.0, verdicts=2):  # noqa: PLR0913  # each is a field of a row
    episode = f"{arm}~{question}~{dealing}"
    return Row(
        episode, arm, question, group or question, False, outcome, correct, missing=missing, t=t, verdicts=verdicts
    )


def begun(question="q1", arm="debate", dealing=0, t=0.0):
    return Row(f"{arm}~{question}~{dealing}", arm, question, t=t)


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


class TestARow:
    def test_is_the_mean_over_the_verdicts(self):
        assert scored(line()).correct == 0.5

    def test_counts_a_missing_verdict_as_wrong_and_as_missing(self):
        found = scored(line(scores=[{"slot": 0, "correct": 1.0}, {"slot": 1, "outcome": "refused"}]))
        assert (found.correct, found.missing, found.flipped) == (0.5, 1, False)

    def test_is_flipped_where_the_orders_came_out_differently(self):
        assert scored(line()).flipped
        assert not scored(line(scores=[{"slot": 0, "correct": 1.0}, {"slot": 1, "correct": 1.0}])).flipped

    def test_adds_up_the_tokens(self):
        assert scored(line()).tokens == 15

    def test_has_no_cost_where_the_price_is_unknown(self):
        assert scored(line()).cost is None
        assert scored(line(cost=0.25)).cost == 0.25

    def test_of_an_episode_that_began_is_playing(self):
        assert opened(b'{"type":"Opened","episode":"e","arm":"a","question":"q"}').outcome == "playing"

    @pytest.mark.parametrize(
        "changes",
        [{"scores": None}, {"scores": [{"correct": 2}]}, {"outcome": "won"}, {"arm": None}, {"episode": 3}, {"t": "x"}],
    )
    def test_is_refused_where_the_line_is_damaged(self, changes):
        with pytest.raises((ValueError, TypeError, KeyError)):
            scored(line(**changes))

    @given(st.binary(max_size=60))
    def test_of_any_bytes_is_a_row_or_an_error_that_is_expected(self, data):
        with pytest.raises((ValueError, TypeError, KeyError)):
            scored(data)


class TestAFilter:
    rows = (
        row("right"),
        row("wrong", correct=0.0),
        row("half", correct=0.5)._replace(flipped=True),
        row("refused", correct=0.0, outcome="refused", missing=2),
        row("partly", correct=0.5, missing=1),
        begun("playing"),
    )

    @pytest.mark.parametrize(
        "kind, names",
        [
            ("all", ["right", "wrong", "half", "refused", "partly", "playing"]),
            ("right", ["right"]),
            ("wrong", ["wrong", "half"]),
            ("failed", ["refused", "partly"]),
            ("flipped", ["half"]),
            ("playing", ["playing"]),
        ],
    )
    def test_keeps_what_is_of_its_kind(self, kind, names):
        assert [one.question for one in self.rows if fits(one, kind)] == names

    @pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome != "ok"])
    def test_never_takes_a_failure_for_a_wrong_answer(self, outcome):
        assert not fits(row(outcome=outcome, correct=0.0, missing=2), "wrong")

    def test_keeps_one_arm(self):
        assert not fits(row(arm="naive"), "all", "debate")

    def test_keeps_names_with_these_words_and_episodes_found_otherwise(self):
        assert fits(row("Case-7"), "all", None, "case-7")
        assert not fits(row("q"), "all", None, "pelican")
        assert fits(row("q"), "all", None, "pelican", {"debate~q~0"})


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
