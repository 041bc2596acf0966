"""The rule book of debate (Irving et al. 2018; Khan et al. 2024)."""

import re
from itertools import pairwise

import pytest

from arena import Question
from arena.events import Dealt, Said, Shown
from protocols.debate import Debate
from tests.protocols.play import OPTIONS, PASSAGE, QUESTION, Played, passages, play, shown, speaker, verdict

ASK, ARGUE = "ask", "argue"
THREE_ROUNDS = [("alice", ARGUE), ("bob", ARGUE)] * 3


def sides(played: Played) -> dict[str, str]:
    """Who argued for what, by the cues that they were given."""
    return {said.seat: said.fields["side"] for said in played.of(Said) if said.cue == ARGUE}


# Who speaks when


def test_each_debater_speaks_once_a_round_for_three_rounds():
    assert play(Debate()).order() == THREE_ROUNDS


@pytest.mark.parametrize("rounds", [1, 2, 5])
def test_the_number_of_rounds_is_a_setting(rounds):
    assert play(Debate(rounds=rounds)).order() == [("alice", ARGUE), ("bob", ARGUE)] * rounds


def test_the_judge_does_not_speak_before_it_decides():
    played = play(Debate())
    assert {asked.cue for asked in played.to("judge")} == {"decide"}


def test_each_debater_is_told_the_round_and_its_own_side():
    played = play(Debate(rounds=2))
    for seat, side in sides(played).items():
        rounds = [
            re.search(r"Round (\d) of 2\. Argue that the answer is: (.*)", asked.last) for asked in played.to(seat)
        ]
        assert [found and found.groups() for found in rounds] == [("1", side), ("2", side)]


# Who hears what


def test_in_a_simultaneous_round_neither_debater_reads_what_the_other_says_in_it():
    played = play(Debate(turns="simultaneous"))
    for seat, other in (("alice", "bob"), ("bob", "alice")):
        for n, asked in enumerate(played.to(seat), 1):
            assert f"{other} speaks {n - 1}" in asked.text or n == 1
            assert f"{other} speaks {n}" not in asked.text


def test_in_a_sequential_round_the_second_debater_reads_the_first_and_not_the_other_way_round():
    played = play(Debate(turns="sequential"))
    for n, (alice, bob) in enumerate(zip(played.to("alice"), played.to("bob"), strict=True), 1):
        assert f"alice speaks {n}" in bob.last
        assert f"bob speaks {n}" not in alice.text


@pytest.mark.parametrize("turns", ["simultaneous", "sequential"])
def test_nothing_that_is_asked_depends_on_how_fast_the_debaters_answer(turns):
    rules = Debate(turns=turns, interactive=True)
    at_once = {(asked.at, asked.text) for asked in play(rules).asked}
    for late in range(10):
        assert {(asked.at, asked.text) for asked in play(rules, late=late).asked} == at_once


def test_whoever_spoke_second_is_not_shown_the_other_speech_as_read_before_its_own():
    for asked in play(Debate(turns="simultaneous")).to("bob")[1:]:
        before = [asked.request.preface, asked.request.system, asked.request.messages[0].text]
        assert "alice speaks" not in "".join(before)


def test_the_judge_reads_every_speech():
    played = play(Debate())
    for asked in played.to("judge", "decide"):
        assert all(f"{seat} speaks {n}." in asked.last for seat in ("alice", "bob") for n in (1, 2, 3))


def test_a_debater_sees_its_own_speeches_as_its_own_messages():
    last = play(Debate()).to("bob", ARGUE)[-1]
    own = [message.text for message in last.request.messages if message.role == "assistant"]
    assert [re.findall(r"bob speaks \d", text) for text in own] == [["bob speaks 1"], ["bob speaks 2"]]
    assert "bob speaks" not in last.told


@pytest.mark.parametrize("turns", ["simultaneous", "sequential"])
@pytest.mark.parametrize("seat", ["alice", "bob"])
def test_each_request_of_a_debater_extends_its_last_one(seat, turns):
    requests = [asked.request for asked in play(Debate(turns=turns, interactive=True)).to(seat)]
    for earlier, later in pairwise(requests):
        assert (later.preface, later.system) == (earlier.preface, earlier.system)
        assert tuple(later.messages)[: len(earlier.messages)] == tuple(earlier.messages)


def test_thinking_is_heard_by_nobody_not_even_later_by_its_thinker():
    played = play(Debate(interactive=True))
    assert not [asked for asked in played.asked if "thinks" in asked.text]
    assert not [said for said in played.of(Said) if "thinks" in said.text]


def test_thinking_is_not_heard_where_the_speech_has_no_tags_either():
    def says(request):
        return "<thinking>hidden</thinking>plain words"

    played = play(Debate(rounds=1), says={"alice": says})
    (said,) = (said for said in played.of(Said) if said.seat == "alice")
    assert said.text == "plain words"
    assert "hidden" not in "".join(asked.text for asked in played.asked)


# The passage and the quotes


def test_both_debaters_read_the_passage_and_the_judge_never_does():
    played = play(Debate(interactive=True))
    assert passages(played, "alice")
    assert passages(played, "bob")
    assert not passages(played, "judge")


def test_the_passage_is_handed_to_the_debaters_by_name():
    (passage,) = shown(play(Debate()), "passage")
    assert (passage.to, passage.handed, passage.fields) == (("alice", "bob"), True, {"passage": PASSAGE})


def test_a_question_without_a_passage_is_debated_all_the_same():
    question = Question(id="open", text="Why?", options=OPTIONS)
    played = play(Debate(), question=question)
    assert played.order() == THREE_ROUNDS
    assert not shown(played, "passage")


def test_a_quote_of_the_passage_reaches_the_others_with_its_verification():
    for asked in play(Debate()).to("judge"):
        assert '<quote status="exact">The lamp was out of oil.</quote>' in asked.last


def test_a_quote_that_is_not_in_the_passage_is_marked_as_absent():
    def invents(request):
        return "<argument><quote>the keeper confessed to everything</quote></argument>"

    played = play(Debate(rounds=1), says={"bob": invents})
    for asked in played.to("judge"):
        assert '<quote status="absent">the keeper confessed to everything</quote>' in asked.last


def test_a_quote_of_the_question_is_no_quote_of_the_passage():
    def quotes(request):
        return f"<argument><quote>{QUESTION.text}</quote></argument>"

    for asked in play(Debate(rounds=1), says={"bob": quotes}).to("judge"):
        assert f'<quote status="absent">{QUESTION.text}</quote>' in asked.last


# Word limits


def test_words_beyond_the_limit_are_not_heard():
    def long(request):
        return "<argument>" + " ".join(f"word{i}" for i in range(1, 31)) + "</argument>"

    played = play(Debate(words=12), says={"alice": long})
    heard = "\n".join(asked.text for seat in ("bob", "judge") for asked in played.to(seat))
    assert "word12" in heard
    assert "word13" not in heard
    assert {said.cut for said in played.of(Said) if said.seat == "alice"} == {18}


def test_debaters_are_told_the_limit():
    assert all("at most 77 words" in asked.last for asked in play(Debate(words=77)).to("alice"))


# The interactive judge


def test_an_interactive_judge_asks_each_debater_one_question_before_every_round_but_the_first():
    assert play(Debate(interactive=True)).order() == [
        *[("alice", ARGUE), ("bob", ARGUE)],
        *[("judge", ASK), ("judge", ASK), ("alice", ARGUE), ("bob", ARGUE)],
        *[("judge", ASK), ("judge", ASK), ("alice", ARGUE), ("bob", ARGUE)],
    ]


def test_the_two_questions_are_one_for_each_debater():
    asked = play(Debate(interactive=True, rounds=2)).to("judge", ASK)
    assert [re.findall(r"to (\w+)\.", one.last) for one in asked] == [["Alice"], ["Bob"]]


def test_the_debaters_read_the_questions_before_they_answer():
    played = play(Debate(interactive=True, rounds=2))
    for seat in ("alice", "bob"):
        opening, answer = played.to(seat, ARGUE)
        assert "judge asks" not in opening.text
        assert "judge asks Alice" in answer.last
        assert "judge asks Bob" in answer.last


def test_the_judge_asks_after_hearing_the_round_before():
    for asked in play(Debate(interactive=True, rounds=2)).to("judge", ASK):
        assert "alice speaks 1" in asked.last
        assert "bob speaks 1" in asked.last


def test_the_judge_that_decides_remembers_what_it_asked():
    for asked in play(Debate(interactive=True, rounds=2)).to("judge", "decide"):
        own = "\n".join(message.text for message in asked.request.messages if message.role == "assistant")
        assert "judge asks Alice" in own
        assert "judge asks Bob" in own


# Sides


def test_the_debaters_defend_different_options():
    assert sorted(sides(play(Debate())).values()) == sorted(OPTIONS)


@pytest.mark.parametrize("seed", range(4))
def test_over_consecutive_questions_each_debater_defends_each_place_equally_often(seed):
    first = [sides(play(Debate(rounds=1), turn=turn, seed=seed))["alice"] for turn in range(6)]
    assert first.count(OPTIONS[0]) == first.count(OPTIONS[1]) == 3


def test_the_dealing_is_logged():
    played = play(Debate())
    (dealt,) = played.of(Dealt)
    assert [OPTIONS[i] for i in dealt.order] == [sides(played)["alice"], sides(played)["bob"]]


def test_everybody_is_told_who_defends_what():
    played = play(Debate())
    (question,) = shown(played, "question")
    assert question.to == ("alice", "bob", "judge")
    for asked in played.asked:
        for seat, side in sides(played).items():
            assert f"{seat.capitalize()} argues for: {side}" in asked.text


def test_the_judge_is_told_that_chance_gave_the_sides():
    assert all("drawn by chance" in asked.request.system for asked in play(Debate()).to("judge"))


# The verdict


def test_the_judge_decides_once_on_each_order_of_the_options():
    played = play(Debate())
    assert [said.order for said in played.verdicts()] == [(0, 1), (1, 0)]
    own, reverse = played.to("judge", "decide")
    assert f"(A) {OPTIONS[0]}\n(B) {OPTIONS[1]}" in own.text
    assert f"(A) {OPTIONS[1]}\n(B) {OPTIONS[0]}" in reverse.text


def test_the_two_presentations_hold_the_same_speeches_each_round_in_the_order_of_its_options():
    own, reverse = play(Debate()).to("judge", "decide")
    forth, back = (re.findall(r"(\w+) speaks (\d)", asked.last) for asked in (own, reverse))
    assert sorted(forth) == sorted(back)
    assert [n for _, n in forth] == [n for _, n in back] == sorted(n for _, n in forth)
    assert [seat for seat, _ in back] == [{"alice": "bob", "bob": "alice"}[seat] for seat, _ in forth]


def test_neither_verdict_is_known_to_the_other():
    for asked in play(Debate()).to("judge", "decide"):
        assert [message.role for message in asked.request.messages] == ["user"]
        assert not re.search(r"A: \d|<choice>[AB]</choice>", asked.text)


def test_a_judge_that_looks_at_what_is_said_believes_the_same_in_both_orders():
    played = play(Debate())
    own, reverse = played.judged
    assert own.belief == pytest.approx(reverse.belief)
    assert played.belief.probabilities == pytest.approx((0.8, 0.2))
    assert played.belief.choice == 0


def test_a_judge_that_always_takes_the_first_answer_ends_undecided():
    played = play(Debate(), says={"judge": lambda _: "<belief>\nA: 90\nB: 10\n</belief>\n<choice>A</choice>"})
    assert [verdict.choice for verdict in played.judged] == [0, 1]
    assert played.belief.probabilities == pytest.approx((0.5, 0.5))
    assert played.belief.choice is None


@pytest.mark.parametrize("favourite", OPTIONS)
def test_the_verdict_follows_the_option_and_not_its_place(favourite):
    swapped = QUESTION.model_copy(update={"options": OPTIONS[::-1]})
    says = {"judge": speaker("judge", favourite=favourite)}
    one, two = play(Debate(), says=says).belief, play(Debate(), question=swapped, says=says).belief
    assert OPTIONS[one.choice] == swapped.options[two.choice] == favourite


# When something cannot be read


def test_a_verdict_that_cannot_be_read_goes_back_with_the_reason_at_most_twice():
    played = play(Debate(rounds=1), says={"judge": impatient(lambda _: "I cannot say.")})
    assert played.failure.outcome == "unparsed"
    assert len(played.to("judge")) == 2 * 3
    tries = [asked.request.messages[-1].text for asked in played.to("judge") if len(asked.request.messages) > 1]
    assert all("no <belief>" in text for text in tries)


def test_a_verdict_that_is_put_right_counts():
    def says(request):
        return verdict(request, OPTIONS[1]) if len(request.messages) > 1 else "I cannot say."

    played = play(Debate(rounds=1), says={"judge": says})
    assert played.belief.choice == 1
    assert played.failure is None


def test_one_verdict_that_fails_leaves_the_other():
    def says(request):
        return verdict(request, OPTIONS[0]) if f"(A) {OPTIONS[0]}" in request.messages[0].text else "never"

    played = play(Debate(rounds=1), says={"judge": says})
    assert [verdict.outcome for verdict in played.judged] == ["ok", "unparsed"]
    assert played.belief.choice == 0


def test_a_reply_that_cannot_be_read_is_heard_by_nobody():
    played = play(Debate(), says={"alice": lambda _: "<thinking>an open thought"})
    assert played.failure.outcome == "unparsed"
    assert played.failure.seat == "alice"
    assert not [said for said in played.of(Said) if said.seat == "alice"]
    assert not [asked for asked in played.to("bob") if "open thought" in asked.text]


def test_every_act_has_a_place_of_its_own():
    places = [event.at for event in play(Debate(interactive=True)).events if isinstance(event, Dealt | Shown | Said)]
    assert len(places) == len(set(places))


def impatient(says, most=20):
    """The same replies, from a model that is not asked for ever."""
    count = 0

    def counted(request):
        nonlocal count
        count += 1
        assert count <= most, f"the model was asked more than {most} times"
        return says(request)

    return counted
