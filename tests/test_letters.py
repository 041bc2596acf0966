"""Verdicts as one letter: the belief is the probability of each letter as the answer."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import Unsupported
from arena.letters import TOP, read, words
from arena.models.base import Reply


def tokens(text, shares):
    """The token `text` among alternatives with these probabilities."""
    top = {name: math.log(share) if share else -9999.0 for name, share in shares.items()}
    return {"token": text, "logprob": top[text], "top": top}


def weigh(text, *given, order=(0, 1)):
    return read(order)(Reply(text, logprobs=list(given)))


def test_the_belief_is_the_probability_of_each_letter_scaled_to_one():
    (belief, choice), outside = weigh("A", tokens("A", {"A": 0.6, "B": 0.2, "I": 0.1}))
    assert belief == pytest.approx((0.75, 0.25))
    assert choice == 0
    assert outside == pytest.approx(0.2)


def test_it_is_given_in_the_questions_own_order():
    (belief, choice), _ = weigh("A", tokens("A", {"A": 0.6, "B": 0.4}), order=(1, 0))
    assert (belief, choice) == (pytest.approx((0.4, 0.6)), 1)


def test_variants_of_a_letter_are_one_letter():
    shares = {
        "A": 0.3,
        " A": 0.2,
        "(A": 0.1,
        "\u2581A": 0.02,
        "\u0120A": 0.02,
        "A.": 0.01,
        '"A"': 0.05,
        "B": 0.1,
        " B)": 0.1,
    }
    (belief, _), outside = weigh("A", tokens("A", shares))
    assert belief == pytest.approx((0.7 / 0.9, 0.2 / 0.9))
    assert outside == pytest.approx(0.1)


@pytest.mark.parametrize("other", ["a", "An", "AB", "C", "Alice", "A a", "", "1", "Answer", "\u0410"])
def test_what_is_no_variant_falls_outside(other):
    (belief, _), outside = weigh("A", tokens("A", {"A": 0.5, "B": 0.3, other: 0.2}))
    assert belief == pytest.approx((0.625, 0.375))
    assert outside == pytest.approx(0.2)


def test_the_choice_is_the_more_probable_letter_whichever_was_drawn():
    (belief, choice), _ = weigh("B", tokens("B", {"A": 0.9, "B": 0.1}))
    assert (belief, choice) == (pytest.approx((0.9, 0.1)), 0)


def test_letters_that_are_equally_probable_are_a_tie():
    assert weigh("B", tokens("B", {"A": 0.5, "B": 0.5})).belief.choice is None


def test_a_letter_that_is_among_no_alternatives_has_no_probability():
    (belief, _), outside = weigh("A", tokens("A", {"A": 0.9, "The": 0.05}))
    assert belief == (1.0, 0.0)
    assert outside == pytest.approx(0.1)


def test_next_to_impossible_is_no_probability():
    assert weigh("A", tokens("A", {"A": 1.0, "B": 0.0})).belief.probabilities == (1.0, 0.0)


def test_the_token_that_was_drawn_counts_where_it_is_not_among_its_own_alternatives():
    drawn = {"token": "B", "logprob": math.log(0.1), "top": {"A": math.log(0.6), "I": math.log(0.2)}}
    assert weigh("B", drawn).belief.probabilities == pytest.approx((6 / 7, 1 / 7))


def test_an_opening_mark_before_the_letter_is_a_way_to_write_it():
    """P(A) = P("A") + P("(") P("A" after it)."""
    first = tokens("(", {"(": 0.5, "A": 0.2, "B": 0.2, "I": 0.1})
    (belief, _), outside = weigh("(A)", first, tokens("A", {"A": 0.9, "B": 0.1}), tokens(")", {")": 1.0}))
    assert belief == pytest.approx((0.65 / 0.9, 0.25 / 0.9))
    assert outside == pytest.approx(0.1)


@pytest.mark.parametrize(
    "reply", ["A", "(A)", "A.", "A)", " A", "**A**", '"A"', "[A]", "A\n", "A. The keeper rowed out.", "A: him"]
)
def test_a_letter_with_marks_around_it_is_an_answer(reply):
    given = [tokens(sign, {sign: 0.9, "x" if sign != "x" else "y": 0.05, "z": 0.01}) for sign in reply]
    assert weigh(reply, *given).belief.choice == 0


@pytest.mark.parametrize(
    "reply", ["", "C", "a", "Alice", "A lantern", "The answer is A", "AB", "A or B", "42", "\u0410"]
)
def test_anything_else_is_refused_with_the_reason(reply):
    given = [tokens(sign, {sign: 0.9, "?": 0.1, "!": 0.0}) for sign in reply or "x"]
    with pytest.raises(ValueError, match="one of the letters A, B, and nothing else"):
        weigh(reply, *given)


def test_a_letter_that_the_tokens_do_not_show_by_itself_is_refused():
    with pytest.raises(ValueError, match="could not be told"):
        weigh("A", tokens("<|start|>A", {"<|start|>A": 0.9, "B": 0.1}))


@pytest.mark.parametrize("none", [None, [], (), "A", [None], [{"token": "A"}], [[]], 5])
def test_a_reply_without_token_probabilities_is_not_guessed_at(none):
    with pytest.raises(Unsupported):
        read((0, 1))(Reply("A", logprobs=none))


def test_a_letter_without_its_alternatives_is_not_a_certain_one():
    with pytest.raises(Unsupported, match="without the alternatives"):
        weigh("A", {"token": "A", "logprob": -0.3, "top": {}})


@pytest.mark.parametrize("thought", [["<think>", "B", " or A?", "</think>", "\n\n"], ["<think>", "A", "</think>\n\n"]])
def test_what_a_local_model_thought_before_is_no_part_of_its_answer(thought):
    given = [tokens(part, {part: 0.9, "z": 0.1}) for part in thought]
    spoken = tokens("A", {"A": 0.8, "B": 0.2})
    end = tokens("<|end|>", {"<|end|>": 1.0, "z": 0.0})
    assert weigh("A", *given, spoken, end).belief.probabilities == pytest.approx((0.8, 0.2))


@given(
    st.dictionaries(st.sampled_from(["A", "B", " A", "(B", "I", "An", "x", "\n"]), st.floats(-50, 5), min_size=2),
    st.sampled_from(["A", "B", " A", "(B"]),
)
def test_any_probabilities_are_a_valid_belief(top, drawn):
    """Some servers round, so that a share may come out above one."""
    given = {"token": drawn, "logprob": top.get(drawn, -60.0), "top": top}
    weighed = weigh(drawn, given)
    assert math.fsum(weighed.belief.probabilities) == pytest.approx(1)
    assert all(0 <= p <= 1 for p in weighed.belief.probabilities)
    assert 0 <= weighed.outside <= 1


@given(st.text(max_size=20), st.lists(st.text(max_size=3), max_size=6))
def test_any_text_and_tokens_are_a_belief_or_refused(text, parts):
    given = [{"token": part, "logprob": -1.0, "top": {"A": -1.0, "B": -2.0}} for part in parts]
    try:
        weighed = weigh(text, *given)
    except (ValueError, Unsupported):
        return
    assert math.fsum(weighed.belief.probabilities) == pytest.approx(1)


def test_as_many_alternatives_are_asked_for_as_any_interface_gives():
    assert TOP == 20


def test_a_judge_is_told_the_letters():
    assert "A or B or C" in words(3)
    with pytest.raises(ValueError):
        weigh(words(2), tokens("A", {"A": 1.0, "B": 0.0}))
