"""The rule book of the naive baseline: what the judge knows without any help."""

import pytest

from protocols.naive import Naive
from tests.protocols.play import OPTIONS, QUESTION, passages, play, speaker


def test_the_judge_is_asked_nothing_but_to_decide_once_in_each_order():
    played = play(Naive())
    assert [(asked.seat, asked.cue) for asked in played.asked] == [("judge", "decide")] * 2
    assert [said.order for said in played.verdicts()] == [(0, 1), (1, 0)]


def test_the_judge_reads_the_question_and_its_options():
    for asked in play(Naive()).asked:
        assert QUESTION.text in asked.last
        assert all(option in asked.last for option in OPTIONS)


def test_the_judge_never_reads_the_passage():
    assert not passages(play(Naive()), "judge")


@pytest.mark.parametrize("favourite", OPTIONS)
def test_the_verdict_follows_the_option_and_not_its_place(favourite):
    belief = play(Naive(), says={"judge": speaker("judge", favourite=favourite)}).belief
    assert OPTIONS[belief.choice] == favourite


def test_chance_has_no_part_in_it():
    one, two = (play(Naive(), seed=seed, turn=seed) for seed in (0, 1))
    assert [asked.text for asked in one.asked] == [asked.text for asked in two.asked]
