"""The rule book of consultancy (Michael et al. 2023; Khan et al. 2024)."""

import re

import pytest

from arena import Question
from arena.events import Said
from protocols.consultancy import Consultancy
from tests.protocols.play import OPTIONS, QUESTION, Played, passages, play, shown, speaker

THREE = Question(id="three", text="Where is the key?", options=("In the box", "On the shelf", "Under the mat"))


def argued(played: Played) -> set[str]:
    """The answers that the consultant argued for."""
    return {said.fields["side"] for said in played.of(Said) if said.cue == "argue"}


# Who speaks when


def test_the_consultant_speaks_three_times_and_then_the_judge_decides():
    played = play(Consultancy())
    assert played.order() == [("consultant", "argue")] * 3
    assert [asked.cue for asked in played.to("judge")] == ["decide", "decide"]


@pytest.mark.parametrize("rounds", [1, 4])
def test_the_number_of_speeches_is_a_setting(rounds):
    assert play(Consultancy(rounds=rounds)).order() == [("consultant", "argue")] * rounds


def test_an_interactive_judge_asks_one_question_between_speeches():
    argue, ask = ("consultant", "argue"), ("judge", "ask")
    assert play(Consultancy(interactive=True)).order() == [argue, ask, argue, ask, argue]


def test_the_judge_asks_after_the_speech_and_the_consultant_answers_having_read_the_question():
    played = play(Consultancy(interactive=True, rounds=2))
    (question,) = played.to("judge", "ask")
    opening, answer = played.to("consultant")
    assert "consultant speaks 1" in question.last
    assert "judge asks 1" not in opening.text
    assert "judge asks 1" in answer.last


# Who reads what


def test_the_consultant_reads_the_passage_and_the_judge_never_does():
    played = play(Consultancy(interactive=True))
    assert passages(played, "consultant")
    assert not passages(played, "judge")
    assert [event.to for event in shown(played, "passage")] == [("consultant",)]


def test_the_judge_reads_every_speech_with_its_quotes_verified():
    for asked in play(Consultancy()).to("judge"):
        assert re.findall(r"consultant speaks \d", asked.last) == [f"consultant speaks {n}" for n in (1, 2, 3)]
        assert '<quote status="exact">The lamp was out of oil.</quote>' in asked.last


def test_thinking_is_heard_by_nobody():
    played = play(Consultancy(interactive=True))
    assert not [asked for asked in played.asked if "thinks" in asked.text]


def test_words_beyond_the_limit_are_not_heard():
    def long(request):
        return "<argument>" + " ".join(f"word{i}" for i in range(1, 31)) + "</argument>"

    for asked in play(Consultancy(words=12), says={"consultant": long}).to("judge"):
        assert "word12" in asked.text
        assert "word13" not in asked.text


def test_a_question_of_the_judge_is_cut_to_the_limit_too():
    def asks(request):
        if "<question></question>" in request.messages[-1].text:
            return "<question>" + " ".join(f"word{i}" for i in range(1, 31)) + "</question>"
        return speaker("judge")(request)

    _, answer = play(Consultancy(words=12, interactive=True, rounds=2), says={"judge": asks}).to("consultant")
    assert "word12" in answer.last
    assert "word13" not in answer.last


# The side


@pytest.mark.parametrize("question", [QUESTION, THREE], ids=["two options", "three options"])
def test_over_its_dealings_a_question_is_argued_once_for_each_side(question):
    rules = Consultancy()
    dealings = range(rules.dealings(question))
    sides = [argued(play(rules, question=question, turn=turn)) for turn in dealings]
    assert sorted(side for found in sides for side in found) == sorted(question.options)


@pytest.mark.parametrize("seed", range(4))
def test_the_first_dealings_of_consecutive_questions_are_balanced_too(seed):
    firsts = [argued(play(Consultancy(rounds=1), turn=turn, seed=seed)).pop() for turn in range(6)]
    assert firsts.count(OPTIONS[0]) == firsts.count(OPTIONS[1]) == 3


def test_the_consultant_argues_for_one_side_throughout():
    assert len(argued(play(Consultancy(rounds=5)))) == 1


def test_everybody_is_told_which_answer_the_consultant_argues_for():
    played = play(Consultancy())
    (side,) = argued(played)
    assert all(f"Consultant argues for: {side}" in asked.text for asked in played.asked)


def test_the_judge_is_told_that_the_side_was_drawn_blindly():
    for asked in play(Consultancy()).to("judge"):
        assert "drawn by chance, without regard to which is right" in asked.request.system


def test_the_consultant_is_told_the_same_whichever_side_it_was_dealt():
    one, two = (play(Consultancy(rounds=1), turn=turn) for turn in (0, 1))
    texts = []
    for played in (one, two):
        (side,) = argued(played)
        (asked,) = played.to("consultant")
        texts.append(asked.text.replace(f"argues for: {side}", "argues for: X").replace(f"is: {side}", "is: X"))
    assert texts[0] == texts[1]


# The verdict


def test_the_judge_decides_once_on_each_order_of_the_options():
    played = play(Consultancy())
    assert [said.order for said in played.verdicts()] == [(0, 1), (1, 0)]
    own, reverse = played.to("judge", "decide")
    assert (
        own.text.replace(f"(A) {OPTIONS[0]}\n(B) {OPTIONS[1]}", f"(A) {OPTIONS[1]}\n(B) {OPTIONS[0]}") == reverse.text
    )


@pytest.mark.parametrize("favourite", OPTIONS)
def test_the_verdict_follows_the_option_and_not_its_place(favourite):
    swapped = QUESTION.model_copy(update={"options": OPTIONS[::-1]})
    says = {"judge": speaker("judge", favourite=favourite)}
    one, two = play(Consultancy(), says=says).belief, play(Consultancy(), question=swapped, says=says).belief
    assert OPTIONS[one.choice] == swapped.options[two.choice] == favourite


def test_a_question_may_have_more_than_two_options():
    played = play(Consultancy(), question=THREE, says={"judge": speaker("judge", favourite="On the shelf")})
    assert played.belief.probabilities == pytest.approx((0.1, 0.8, 0.1))
    assert [said.order for said in played.verdicts()] == [(0, 1, 2), (2, 1, 0)]
