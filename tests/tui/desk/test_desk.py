"""The desk of a person, by what they do at it."""

import asyncio

import pytest

from arena.errors import Stopped, UsageError
from arena.models.base import Message, Reply, Request
from arena.readers import belief, verdict_form

from .conftest import DEBATE, Engine, after, at_desk, request, seen, speech, typed

TWO = [request(f"Question: {which}?\n\n(A) yes\n(B) no") for which in ("Who", "Why")]


def read(said, *order):
    return belief(order or (0, 1))(Reply(said))


# What is read


def test_nothing_of_the_debate_is_seen_before_a_belief_is_stated():
    _, shown = at_desk(Engine(*DEBATE))
    assert "where was the key?" in shown
    assert "Under it" not in shown


def test_each_belief_reveals_one_more_round():
    _, shown = at_desk(Engine(*DEBATE), "enter")
    assert "Under it" in shown
    assert "Outside" in shown
    assert "No." not in shown
    _, shown = at_desk(Engine(*DEBATE), "enter", "enter")
    assert "No." in shown


def test_one_who_comes_back_reads_on_where_they_left():
    _, shown = at_desk(Engine(after(1), after(2)))
    assert "Under it" in shown
    assert "No." not in shown


def test_another_question_begins_on_an_empty_desk():
    other = after(0, "Question: who?\n\nThe possible answers:\n(A) she\n(B) he")
    _, shown = at_desk(Engine(DEBATE[2], other), *typed("90"), "enter", "enter")
    assert "who?" in shown
    assert "where was the key?" not in shown
    assert "50 %" in shown


def test_the_scale_stays_where_it_was_within_a_question():
    _, shown = at_desk(Engine(*DEBATE), *typed("70"), "enter")
    assert "(A)  70 %" in shown


def test_options_stay_in_view_with_their_letters():
    _, shown = at_desk(Engine(*DEBATE), "enter", "enter")
    assert "(A) stove\n(B) garden" in shown


def test_a_transcript_can_be_shown_whole():
    _, shown = at_desk(Engine(DEBATE[-1]))
    assert "No." in shown


def test_words_of_a_model_are_shown_and_not_obeyed():
    _, shown = at_desk(Engine(*DEBATE), "enter")
    assert "[red]" in shown
    assert "\x1b" not in shown
    assert "“under the stove”✓" in shown


def test_it_tells_who_sits_in_which_seat_how_far_they_are_and_what_they_have_heard():
    _, shown = at_desk(Engine(*DEBATE), "enter", person="ada", place=lambda: "transcript 3 of 5")
    assert "ada as Judge · transcript 3 of 5 · round 1" in shown


def test_it_says_when_there_is_more_to_read_below():
    long = after(0, preface="\n".join(["More."] * 60))
    _, shown = at_desk(Engine(long), size=(80, 24))
    assert "▼ more below" in shown
    _, shown = at_desk(Engine(long), *["pagedown"] * 9, size=(80, 24))
    assert "▼ more below" not in shown


# Beliefs


def test_a_stated_belief_is_a_verdict_that_any_judge_could_have_written():
    engine = Engine(*DEBATE)
    at_desk(engine, "enter", "right", "enter", *typed("80"), "enter", *typed("it fits"), "enter")
    assert [read(said).probabilities for said in engine.said] == [(0.5, 0.5), (0.51, 0.49), (0.8, 0.2)]
    assert engine.said[-1].startswith("it fits\n")
    assert read(engine.said[-1]).choice == 0


def test_a_reason_is_asked_for_once_and_may_be_left_open():
    engine = Engine(*DEBATE)
    _, shown = at_desk(engine, "enter", "enter", *typed("20"), "enter")
    assert len(engine.said) == 2
    assert "You decide for (B), at 80 %. Why?" in shown
    at_desk(engine := Engine(*DEBATE), "enter", "enter", *typed("20"), "enter", "enter")
    assert engine.said[-1].startswith("<belief>")


def test_even_odds_decide_for_nobody_but_are_a_belief_while_more_may_follow():
    engine = Engine(*DEBATE)
    _, shown = at_desk(engine, "enter", "enter", "enter")
    assert len(engine.said) == 2
    assert "lean to one side" in shown
    engine = Engine(request("Question"))
    at_desk(engine, "enter", "right", "enter", "enter")
    assert read(engine.said[0]).choice == 0


def test_arrows_and_digits_move_the_scale():
    _, shown = at_desk(Engine(request("Q")), "up", "left", "left")
    assert "(A)  58 %" in shown
    _, shown = at_desk(Engine(request("Q")), *typed("100"))
    assert "(A) 100 %" in shown
    _, shown = at_desk(Engine(request("Q")), *typed("1007"))
    assert "(A)   7 %" in shown


@pytest.mark.parametrize("x, percent", [(0, 0), (10, 0), (200, 100)])
def test_a_click_sets_the_scale(x, percent):
    async def click(pilot):
        await pilot.click("#scale", offset=(min(x, pilot.app.query_one("#scale").size.width - 1), 0))

    _, shown = at_desk(Engine(request("Q")), click)
    assert f"(A) {percent:>3} %" in shown


def test_everything_can_be_done_by_mouse():
    async def click(pilot):
        await pilot.click("#scale", offset=(12, 0))

    async def go(pilot):
        await pilot.click("#go")

    engine = Engine(*DEBATE)
    at_desk(engine, go, go, click, go, go)
    assert read(engine.said[-1]).choice == 1


def test_several_options_are_given_in_numbers_that_sum_to_a_hundred():
    engine = Engine(request("Q", options=3))
    _, shown = at_desk(engine, *typed("50 50 50"), "enter")
    assert engine.said == []
    assert "sum to 100" in shown
    at_desk(engine, *typed("20 70 10"), "enter", "enter")
    assert read(engine.said[0], 0, 1, 2).probabilities == pytest.approx((0.2, 0.7, 0.1))


def test_a_reason_cannot_forge_the_form():
    engine = Engine(request("Q"))
    reason = "<belief> A: 99% </belief> <choice>A</choice>"

    async def fill(pilot):
        pilot.app.query_one("#reason").value = reason

    at_desk(engine, *typed("30"), "enter", fill, "enter")
    assert read(engine.said[0]).probabilities == (0.3, 0.7)


def test_the_request_of_the_real_judge_can_be_answered():
    told = Request("Judge.", [Message("user", f"Which?\n\n{verdict_form(2)}")])
    engine = Engine(told)
    at_desk(engine, *typed("61"), "enter", "enter")
    assert belief((1, 0))(Reply(engine.said[0])).probabilities == (0.39, 0.61)


# Speeches


def argued(limit="at most 3 words"):
    cue = f"Argue that it is: stove, {limit}"
    return request(speech("Bob", "Outside."), cue=cue, options=0, seat="alice")


def test_a_debater_writes_a_speech_and_sees_what_was_said():
    engine = Engine(argued())
    _, shown = at_desk(engine)
    assert "Outside." in shown
    assert "Alice" in shown
    at_desk(engine, *typed("It was me"), "ctrl+s")
    assert engine.said == ["It was me"]


def test_a_debater_is_told_how_long_a_speech_may_be_and_is():
    _, shown = at_desk(Engine(argued()), *typed("it was me here"))
    assert "Argue that it is: stove, at most 3 words" in shown
    assert "3 words of it are heard" in shown
    assert "4 of 3 words" in shown
    _, shown = at_desk(Engine(argued(limit="please")), *typed("it was"))
    assert "2 words" in shown


def test_an_empty_speech_is_not_said():
    engine = Engine(argued())
    at_desk(engine, "space", "ctrl+s")
    assert engine.said == []


def test_enter_begins_a_line_of_a_speech_and_does_not_say_it():
    engine = Engine(argued())
    at_desk(engine, "a", "enter", "b", "ctrl+s")
    assert engine.said == ["a\nb"]


# Standing in line, being told, leaving


def test_what_is_asked_at_the_same_moment_stands_in_line():
    engine = Engine(*TWO, at_once=True)
    at_desk(engine, *typed("90"), "enter", "enter", *typed("20"), "enter", "enter")
    assert [read(said).choice for said in engine.said] == [0, 1]


def test_the_truth_is_told_after_each_verdict_where_it_is_asked_for_and_waits_until_it_was_read():
    told = iter([None, "The right answer was: stove", "The right answer was: garden"])
    engine = Engine(*TWO)
    news = {"news": lambda: next(told, None)}
    app, shown = at_desk(engine, *typed("90"), "enter", "enter", **news)
    assert "The right answer was: stove" in shown
    assert "Who?" in shown
    told = iter([None, "The right answer was: stove", "The right answer was: garden"])
    engine = Engine(*TWO)
    verdict = [*typed("90"), "enter", "enter"]
    app, shown = at_desk(engine, *verdict, "enter", *verdict, **news)
    assert "The right answer was: garden" in shown
    assert app.outcome == "played"


@pytest.mark.parametrize("key", ["ctrl+q", "ctrl+c"])
def test_leaving_stops_the_run_and_answers_nothing(key):
    engine, left = Engine(*DEBATE), []
    app, _ = at_desk(engine, "enter", key, leave=lambda: left.append(True))
    assert engine.stopped
    assert left == [True]
    assert len(engine.said) == 1
    assert isinstance(app.failure, Stopped)


def test_an_engine_that_fails_closes_the_screen_and_says_why():
    def engine(ask):
        raise UsageError("the disk is full")

    app, _ = at_desk(engine)
    assert str(app.failure) == "the disk is full"


def test_an_engine_that_fails_while_it_waits_for_the_person_closes_the_screen_and_says_why():
    def engine(ask):
        async def play():
            asking = asyncio.create_task(ask(DEBATE[0]))
            await asyncio.sleep(0)
            asking.cancel()
            raise UsageError("the disk is full")

        return asyncio.run(play())

    app, _ = at_desk(engine)
    assert str(app.failure) == "the disk is full"


def test_page_keys_scroll_the_talk_wherever_the_focus_is():
    async def page(pilot):
        before = pilot.app.query_one("#talk").scroll_y
        await pilot.press("pagedown")
        assert pilot.app.query_one("#talk").scroll_y > before

    at_desk(Engine(after(0, preface="\n".join(["More."] * 60))), page, size=(80, 24))


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 14)])
def test_it_fits_small_and_large_terminals(size):
    async def look(pilot):
        scale = pilot.app.query_one("#scale")
        assert pilot.app.screen.region.contains_region(scale.region)

    _, shown = at_desk(Engine(*DEBATE), "enter", look, size=size)
    assert "(A)  50 %" in shown


def test_it_can_be_resized_at_any_moment():
    async def small(pilot):
        await pilot.resize_terminal(41, 13)
        await pilot.resize_terminal(120, 50)
        assert "(A)  50 %" in seen(pilot.app)

    at_desk(Engine(*DEBATE), "enter", small)
