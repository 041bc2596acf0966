"""The rule book of the expert baseline: what the judge knows when it may read the passage."""

import pytest

from arena import Question
from protocols.expert import Expert
from protocols.naive import Naive
from tests.protocols.play import OPTIONS, PASSAGE, play, speaker


def test_the_judge_is_asked_nothing_but_to_decide_once_in_each_order():
    played = play(Expert())
    assert [(asked.seat, asked.cue) for asked in played.asked] == [("judge", "decide")] * 2
    assert [said.order for said in played.verdicts()] == [(0, 1), (1, 0)]


def test_the_judge_reads_the_whole_passage_in_a_fence_of_its_own():
    """It stands before everything else, the same in both orders, and the message says where."""
    for asked in play(Expert()).asked:
        assert asked.request.preface == f"<passage>\n{PASSAGE}\n</passage>"
        assert "The passage:\n\n(It stands at the very beginning, marked as passage.)\n\n" in asked.last
        assert asked.text.count(PASSAGE) == 1


def test_without_a_passage_it_asks_as_the_naive_baseline_does():
    question = Question(id="open", text="Why?", options=OPTIONS)
    expert, naive = (play(rules, question=question) for rules in (Expert(), Naive()))
    assert not [asked for asked in expert.asked if asked.request.preface]
    strip = [asked.last.partition("Read the passage")[0] for asked in expert.asked]
    assert strip == [asked.last.partition("Which answer")[0] for asked in naive.asked]


@pytest.mark.parametrize("favourite", OPTIONS)
def test_the_verdict_follows_the_option_and_not_its_place(favourite):
    belief = play(Expert(), says={"judge": speaker("judge", favourite=favourite)}).belief
    assert OPTIONS[belief.choice] == favourite
