"""The rule book of iterated amplification (Christiano, Shlegeris & Amodei 2018)."""

import asyncio
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena import Lesson
from arena.events import Ended, Said, Shown
from arena.lessons import record
from arena.plan import Arm
from arena.prompts import Prompts, find
from protocols.amplification import Amplification
from tests.protocols.play import OPTIONS, QUESTION, Played, passages, play, shown, speaker

LESSONS = (Lesson("What was lost?", "step one\nThe answer: a ring"), Lesson("Who knew?", "The answer: the cook"))


def x(k: int, **settings: object) -> Amplification:
    """X(k), with room for a whole tree unless it is said otherwise."""
    return Amplification(**{"iteration": k, "calls": 10_000, **settings})


def splits(parts: int):
    """An overseer that splits every question into this many parts."""
    usual = speaker("overseer")

    def says(request):
        if "<part></part>" in request.messages[-1].text:
            asked = re.findall(r"^Question: (.*)$", request.messages[-1].text, re.MULTILINE)[-1]
            return "".join(f"<part>{asked[:60]} {i}</part>" for i in range(parts))
        return usual(request)

    return says


def who(played: Played) -> list[tuple[str, str]]:
    """Who was asked what, verdicts left out, in the order of the tables."""
    return sorted((asked.seat, asked.cue) for asked in played.asked if asked.cue != "decide")


# The shape of the tree


def test_x_0_is_the_worker_alone():
    assert play(x(0)).order() == [("worker", "answer")]


def test_x_1_is_the_overseer_with_x_0_at_hand():
    played = play(x(1))
    assert played.order() == [
        ("overseer", "decompose"),
        ("worker", "answer"),
        ("worker", "answer"),
        ("overseer", "compose"),
    ]


@pytest.mark.parametrize("k", [0, 1, 2, 3])
@pytest.mark.parametrize("width", [2, 3])
def test_without_distillation_the_tree_of_x_k_is_k_deep(k, width):
    played = play(x(k, width=width), says={"overseer": splits(width)})
    leaves, inner = width**k, sum(width**depth for depth in range(k))
    assert len(played.to("worker", "answer")) == leaves
    assert len(played.to("overseer", "decompose")) == len(played.to("overseer", "compose")) == inner
    assert {asked.at.count("/") for asked in played.to("worker")} == {k}


def test_with_distillation_the_tree_is_one_deep():
    assert who(play(x(3, distil=True))) == who(play(x(1)))


def test_the_iterations_are_played_one_after_another():
    assert [stage.iteration for stage in Amplification(iterations=3).stages()] == [0, 1, 2, 3]
    assert [stage.iteration for stage in Amplification(iteration=2).stages()] == [2]


def test_with_distillation_each_iteration_but_the_first_learns():
    assert [stage.learns for stage in Amplification(iterations=2, distil=True).stages()] == [False, True, True]
    assert not any(stage.learns for stage in Amplification(iterations=2).stages())


def test_every_act_has_a_place_of_its_own():
    places = [event.at for event in play(x(3)).events if isinstance(event, Shown | Said)]
    assert len(places) == len(set(places))


# Parts


def test_the_parts_know_nothing_of_each_other_or_of_the_whole():
    played = play(x(1))
    for asked in played.to("worker"):
        assert re.findall(r"part (one|two)", asked.text) in (["one"], ["two"])
        assert not any(option in asked.text for option in OPTIONS)


def test_an_overseer_that_splits_a_part_knows_that_part_only():
    inner = [asked for asked in play(x(2)).to("overseer") if "/" in asked.at]
    assert inner
    for asked in inner:
        assert len(re.findall(r"^Question: ", asked.text, re.MULTILINE)) == 1
        assert not any(option in asked.text for option in OPTIONS)


def test_the_overseer_composes_from_every_part_with_its_answer():
    played = play(x(1))
    (compose,) = played.to("overseer", "compose")
    found = re.findall(r'<finding question="([^"]*)">\n(.*)\n</finding>', compose.last)
    assert [question for question, _ in found] == ["overseer part one of Why was the lamp dark?", "overseer part two"]
    assert all(answer == f"worker answers 1: {question[:40]}" for question, answer in found)


def test_the_answers_of_inner_tables_are_not_heard_at_outer_ones_except_as_findings():
    played = play(x(2))
    (last,) = (asked for asked in played.to("overseer", "compose") if "/" not in asked.at)
    assert "worker answers" not in last.text
    assert last.text.count("<finding ") == 2


def test_more_parts_than_the_width_are_refused_and_asked_for_again():
    played = play(x(1, width=3), says={"overseer": lambda _: "<part>and then?</part>" * 5})
    assert played.failure.outcome == "unparsed"
    assert "at most 3 are allowed" in str(played.failure)
    assert "at most 3 smaller questions" in played.to("overseer")[0].text


def test_an_overseer_that_sees_one_step_only_need_not_fill_the_width():
    played = play(x(1, width=4), says={"overseer": splits(1)})
    assert len(played.to("worker")) == 1


# Who reads what


@pytest.mark.parametrize("settings", [{}, {"distil": True}, {"calls": 1}], ids=str)
@pytest.mark.parametrize("k", [0, 1, 3])
def test_the_overseer_never_reads_the_passage_and_every_worker_does(k, settings):
    played = play(x(k, **settings), lessons=LESSONS if settings.get("distil") else ())
    assert not passages(played, "overseer")
    assert all("Nobody saw him come back" in asked.text for asked in played.to("worker"))


def test_lessons_and_findings_stand_in_their_place_and_the_passage_before_everything():
    """So that the workers of every iteration and of every part begin with the same text."""
    played = play(x(2, distil=True), lessons=LESSONS)
    fence = f"<passage>\n{QUESTION.passage}\n</passage>"
    assert {asked.request.preface for asked in played.to("worker")} == {fence}
    assert all("<lessons>\n<lesson>" in asked.last for asked in played.to("worker"))
    assert {asked.request.preface for asked in played.to("overseer")} == {""}
    assert all("<findings>\n<finding" in asked.last for asked in played.to("overseer", "compose"))


def test_thinking_is_heard_by_nobody():
    assert not [asked for asked in play(x(2)).asked if "thinks" in asked.text]


# Lessons


@pytest.mark.parametrize("settings", [{}, {"calls": 1}], ids=["with a tree", "alone"])
def test_lessons_reach_the_worker_and_nobody_else(settings):
    played = play(x(2, distil=True, **settings), lessons=LESSONS)
    for asked in played.to("worker"):
        assert "<question>What was lost?</question>" in asked.text
        assert "The answer: the cook" in asked.text
    assert not [asked for asked in played.to("overseer") if "What was lost?" in asked.text]


def test_without_lessons_nothing_is_said_of_them():
    assert not shown(play(x(2)), "lessons")


@pytest.mark.parametrize("k", [0, 1, 2])
def test_the_lesson_that_is_left_is_the_answer(k):
    played = play(x(k))
    answers = [said.text for said in played.of(Said) if "/" not in said.at and said.cue in ("answer", "compose")]
    assert answers == [played.episode.lesson]
    assert not played.of(Ended)


def test_an_exported_record_is_what_the_worker_alone_is_asked_and_the_lesson_as_its_answer():
    rules = x(2, distil=True)
    arm = Arm("amplification[2]", "amplification", rules, {}, prompts(rules))
    made = asyncio.run(record(arm, QUESTION, "step one\nThe answer: oil"))
    (alone,) = play(x(0)).to("worker")
    system, *talk, answer = made["messages"]
    assert system == {"role": "system", "content": f"{alone.request.preface}\n\n{alone.request.system}"}
    assert f"<passage>\n{QUESTION.passage}\n</passage>\n\n" in system["content"]
    assert talk == [{"role": message.role, "content": message.text} for message in alone.request.messages]
    assert answer == {"role": "assistant", "content": "<answer>\nstep one\nThe answer: oil\n</answer>"}


def test_a_record_teaches_nothing_of_who_is_right():
    rules = x(1, distil=True)
    arm = Arm("amplification[1]", "amplification", rules, {}, prompts(rules))
    made = asyncio.run(record(arm, QUESTION, "an answer"))
    assert {message["role"] for message in made["messages"]} == {"system", "user", "assistant"}
    assert set(made) == {"messages"}


def prompts(rules):
    folder = type(rules).folder()
    return Prompts(find(type(rules), folder), rules.model_dump(), folder)


# Budget


@given(k=st.integers(0, 4), width=st.integers(2, 4), calls=st.integers(1, 80), parts=st.integers(1, 4))
def test_an_answer_never_takes_more_calls_than_allowed(k, width, calls, parts):
    played = play(x(k, width=width, calls=calls), says={"overseer": splits(min(parts, width))})
    assert played.calls(deciding=False) <= calls


def test_a_part_that_is_short_of_calls_is_answered_without_splitting():
    assert play(x(3, width=2, calls=3)).order() == [("worker", "answer")]
    assert len(play(x(3, width=2, calls=4)).order()) == 4


def test_which_parts_are_split_does_not_depend_on_how_fast_models_answer():
    rules = x(3, width=3, calls=25)
    plain = {(asked.at, asked.text) for asked in play(rules).asked}
    for late in range(10):
        assert {(asked.at, asked.text) for asked in play(rules, late=late).asked} == plain


def test_an_answer_is_cut_to_the_limit_before_it_is_passed_on():
    def long(request):
        return "<answer>" + " ".join(f"word{i}" for i in range(1, 31)) + "</answer>"

    played = play(x(1, words=12), says={"worker": long})
    (compose,) = played.to("overseer", "compose")
    assert "word12" in compose.text
    assert "word13" not in compose.text


# The verdict


def test_the_overseer_decides_once_on_each_order_of_the_options():
    played = play(x(1))
    assert [(said.seat, said.order) for said in played.verdicts()] == [("overseer", (0, 1)), ("overseer", (1, 0))]


def test_the_overseer_decides_on_the_answer_that_it_was_given():
    for asked in play(x(0)).to("overseer", "decide"):
        assert '<speech by="Worker">\nworker answers 1: Why was the lamp dark?\n</speech>' in asked.last


@pytest.mark.parametrize("favourite", OPTIONS)
def test_the_verdict_follows_the_option_and_not_its_place(favourite):
    belief = play(x(1), says={"overseer": speaker("overseer", favourite=favourite)}).belief
    assert OPTIONS[belief.choice] == favourite
