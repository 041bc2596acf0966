"""Scoring: the one place where an episode meets its key; nothing missing is wrong, and nothing missing is right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import OUTCOMES
from arena.events import Called, Ended, Failed, Opened, Quote, Said, Spend, Usage, Verdict
from arena.question import AnswerKey, Question
from arena.score import scored

QUESTION = Question(id="q", text="Who?", options=("ann", "ben"), group="story", dataset="made up")
OPENED = Opened(episode="e", arm="debate", question="q", dealing=1, repeat=2, split="train")
FAILURES = [outcome for outcome in OUTCOMES if outcome != "ok"]


def ended(*verdicts):
    return Ended(episode="e", belief=None, choice=None, verdicts=verdicts)


def verdict(belief, choice, order=(0, 1)):
    return Verdict(order=order, belief=belief, choice=choice)


def score(*events, key=0, question=QUESTION, posterior=None):
    made = AnswerKey(question="q", option=key, posterior=posterior)
    return scored(OPENED, [OPENED, *events], question, made, 7.0)


def argued(seat, side, **more):
    return Said(episode="e", at="1", seat=seat, cue="argue", fields={"side": side}, **more)


def test_a_verdict_for_the_key_is_right_and_one_against_it_is_wrong():
    made = score(ended(verdict((0.7, 0.3), 0), verdict((0.2, 0.8), 1, order=(1, 0))))
    assert [(one.correct, one.p_correct) for one in made.scores] == [(1.0, 0.7), (0.0, 0.2)]


def test_a_verdict_is_scored_by_what_was_chosen_and_not_by_what_was_believed_most():
    """At equal beliefs a judge may still choose."""
    assert score(ended(verdict((0.5, 0.5), 1)), key=1).scores[0].correct == 1


def test_a_declared_tie_is_half_right():
    assert score(ended(verdict((0.5, 0.5), None))).scores[0].correct == 0.5


@pytest.mark.parametrize("key, slots", [(0, [0, 1]), (1, [1, 0])])
def test_a_slot_is_the_place_at_which_the_right_option_was_shown(key, slots):
    made = score(ended(verdict((0.5, 0.5), 0), verdict((0.5, 0.5), 0, order=(1, 0))), key=key)
    assert [one.slot for one in made.scores] == slots


@pytest.mark.parametrize("outcome", FAILURES)
def test_a_missing_verdict_is_neither_right_nor_wrong_but_missing_under_its_own_name(outcome):
    made = score(ended(verdict((0.7, 0.3), 0), Verdict(order=(1, 0), outcome=outcome)))
    assert made.outcome == "ok"
    assert [(one.outcome, one.correct, one.p_correct) for one in made.scores] == [
        ("ok", 1.0, 0.7),
        (outcome, None, None),
    ]


@pytest.mark.parametrize("outcome", FAILURES)
@pytest.mark.parametrize("key", [0, 1])
def test_a_failed_episode_has_its_row_with_both_verdicts_missing(outcome, key):
    made = score(Failed(episode="e", outcome=outcome, reason="why"), key=key)
    assert made.outcome == outcome
    assert {(one.outcome, one.correct, one.p_correct) for one in made.scores} == {(outcome, None, None)}
    assert sorted(one.slot for one in made.scores) == [0, 1]


@given(st.permutations(range(4)), st.integers(0, 3), st.integers(0, 3))
def test_the_order_of_presentation_changes_no_score(order, key, choice):
    question = Question(id="q", text="Who?", options=("a", "b", "c", "d"))
    belief = (0.1, 0.2, 0.3, 0.4)
    one = score(ended(verdict(belief, choice, order=tuple(order))), key=key, question=question).scores[0]
    assert (one.correct, one.p_correct) == (float(choice == key), belief[key])
    assert order[one.slot] == key


@pytest.mark.parametrize("key, side", [(0, "honest"), (1, "dishonest")])
def test_a_single_advocate_is_honest_where_it_argues_for_the_key(key, side):
    assert score(argued("consultant", "ann"), argued("consultant", "ann"), ended(), key=key).side == side


def test_where_both_sides_are_argued_the_episode_has_no_side():
    assert score(argued("alice", "ann"), argued("bob", "ben"), ended()).side is None


def test_where_nobody_argues_the_episode_has_no_side():
    assert score(ended()).side is None


def test_an_advocate_that_failed_before_it_spoke_leaves_no_side():
    assert score(Failed(episode="e", outcome="refused", reason="no")).side is None


def test_a_row_says_what_was_played_and_on_what():
    made = score(ended(), key=1, posterior=(0.25, 0.75))
    assert (made.episode, made.arm, made.question, made.group, made.dataset) == ("e", "debate", "q", "story", "made up")
    assert (made.dealing, made.repeat, made.split, made.key, made.t) == (1, 2, "train", 1, 7.0)
    assert made.posterior == (0.25, 0.75)


def test_a_row_says_what_the_episode_took_with_retries_and_failures():
    calls = [
        Called(episode="e", at="1", seat="a", attempt=n, model="m", key="k", text="", cost=0.25, usage=Usage(output=4))
        for n in range(3)
    ]
    made = score(*calls, Failed(episode="e", outcome="unparsed", reason="why"))
    assert (made.calls, made.cost, made.usage.output) == (3, 0.75, 12)


def test_a_row_says_by_seat_what_was_bought():
    bought = Called(episode="e", at="1", seat="a", model="m", key="k", text="", cost=0.25, usage=Usage(output=4))
    looked_up = Called(episode="e", at="2", seat="b", model="m", key="l", text="", cost=0.5, reused=True)
    made = score(bought, looked_up, ended())
    assert made.spend == {
        "a": Spend(calls=1, usage=Usage(output=4), cost=0.25, models=("m",)),
        "b": Spend(reused=1, models=("m",)),
    }
    assert made.cost == 0.75


def test_a_row_counts_quotes_by_status():
    quotes = (Quote(text="a", status="exact"), Quote(text="b", status="exact"), Quote(text="c", status="near"))
    assert score(argued("alice", "ann", quotes=quotes), ended()).quotes == {"exact": 2, "near": 1}


def heard_by_the_judge(*speeches):
    return [*speeches, Said(episode="e", at="9:0", seat="judge", cue="decide", order=(0, 1)), ended()]


def test_what_the_judge_heard_is_told_by_option():
    speeches = [argued("alice", "ben", text="one two", to=("judge",)), argued("bob", "ann", text="one", to=("judge",))]
    made = score(*heard_by_the_judge(*speeches))
    assert (made.argued, made.words, made.rounds) == ({"alice": 1, "bob": 0}, (1, 2), 1)
    assert len(made.transcript) == 16


def test_a_side_that_is_no_option_is_left_out():
    made = score(*heard_by_the_judge(argued("alice", "neither", text="one two", to=("judge",))))
    assert (made.argued, made.words, made.last) == ({}, (), None)


@pytest.mark.parametrize("order, chosen", [((0, 1), 1), ((1, 0), 0)])
def test_the_place_that_was_chosen_is_that_of_the_presentation(order, chosen):
    assert score(ended(verdict((0.3, 0.7), 1, order=order))).scores[0].chosen == chosen


def test_a_tie_chose_no_place():
    assert score(ended(verdict((0.5, 0.5), None))).scores[0].chosen is None
