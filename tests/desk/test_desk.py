"""The desk of a person, by what they do at it."""

import asyncio

import pytest

from arena.errors import Stopped
from arena.models.base import Message, Reply, Request
from arena.readers import belief, verdict_form
from arena.tui.desk.app import DeskApp, verdict
from tests.desk.test_hearing import request, speech

DEBATE = request(
    "Question: where was the key?\n\nThe possible answers:\n(A) stove\n(B) garden",
    speech("Alice", 'Under it: <quote status="exact">under the stove</quote>. [red]\x1b[31m'),
    speech("Bob", "Outside."),
    speech("Alice", "No."),
)


class Engine:
    """Asks its requests one after another, or all at once, and keeps what was said."""

    def __init__(self, *requests, at_once=False):
        self.requests, self.at_once, self.said, self.stopped = requests, at_once, [], False

    def __call__(self, ask):
        async def play():
            if self.at_once:
                self.said = await asyncio.gather(*map(ask, self.requests))
            else:
                for one in self.requests:
                    self.said.append(await ask(one))

        try:
            asyncio.run(play())
        except Stopped:
            self.stopped = True
            raise


def at_desk(engine, *gestures, size=(100, 40), **options):
    """Sit down, do something, and leave; what the screen then showed is given back."""

    async def sit():
        app = DeskApp(engine, **options)
        async with app.run_test(size=size) as pilot:
            await ready(pilot)
            for gesture in gestures:
                if callable(gesture):
                    await gesture(pilot)
                else:
                    await pilot.press(gesture)
                await pilot.pause()
                await ready(pilot)
            shown = "\n".join(
                str(box.render()) for box in app.query("#talk Static, #task, #title, #scale") if box.display
            )
            if app.is_running:
                await pilot.press("ctrl+q")
                await app.workers.wait_for_complete()
        return app, shown

    return asyncio.run(sit())


async def ready(pilot):
    """Wait until the engine asks, or has ended."""
    while pilot.app._hearing is None and any(not worker.is_finished for worker in pilot.app.workers):
        await pilot.pause(0.01)
    await pilot.pause()


def typed(text):
    return [letter if letter != " " else "space" for letter in text]


def test_nothing_of_the_debate_is_seen_before_a_belief_is_stated():
    _, shown = at_desk(Engine(DEBATE))
    assert "where was the key?" in shown
    assert "Under it" not in shown


def test_each_belief_reveals_one_more_round():
    _, shown = at_desk(Engine(DEBATE), "enter")
    assert "Under it" in shown
    assert "Outside" in shown
    assert "No." not in shown


def test_a_stated_belief_is_a_verdict_that_any_judge_could_have_written():
    engine = Engine(DEBATE)
    at_desk(engine, "enter", "enter", *typed("80"), "enter", *typed("it fits"), "enter")
    [said] = engine.said
    assert said.startswith("it fits\nAfter each part, (A) in percent: 50, 50, 80.")
    found = belief((0, 1))(Reply(said))
    assert (found.probabilities, found.choice) == ((0.8, 0.2), 0)


def test_even_odds_decide_for_nobody():
    engine = Engine(request("Question"))
    at_desk(engine, "enter")
    assert engine.said == []
    at_desk(engine, "enter", "right", "enter", "enter")
    assert belief((0, 1))(Reply(engine.said[0])).choice == 0


def test_arrows_and_digits_move_the_scale():
    _, shown = at_desk(Engine(request("Q")), "up", "left", "left")
    assert "(A) 58 %" in shown
    _, shown = at_desk(Engine(request("Q")), *typed("100"))
    assert "(A) 100 %" in shown
    _, shown = at_desk(Engine(request("Q")), *typed("1007"))
    assert "(A) 7 %" in shown


def test_a_click_sets_the_scale():
    async def click(pilot):
        await pilot.click("#scale", offset=(2, 0))

    _, shown = at_desk(Engine(request("Q")), click)
    assert "(A) 0 %" in shown or "(A) 1 %" in shown


def test_several_options_are_given_in_numbers_that_sum_to_a_hundred():
    engine = Engine(request("Q", options=3))
    at_desk(engine, *typed("50 50 50"), "enter")
    assert engine.said == []
    at_desk(engine, *typed("20 70 10"), "enter", "enter")
    assert belief((0, 1, 2))(Reply(engine.said[0])).probabilities == pytest.approx((0.2, 0.7, 0.1))


def test_a_debater_writes_a_speech_and_sees_all_at_once():
    engine = Engine(request(speech("Bob", "Outside."), cue="Argue that it is: stove", options=0))
    _, shown = at_desk(engine, *typed("It was me"), "ctrl+s")
    assert engine.said == ["It was me"]
    _, shown = at_desk(Engine(*engine.requests))
    assert "Outside." in shown


def test_transcripts_can_be_shown_whole():
    _, shown = at_desk(Engine(DEBATE), stepwise=False)
    assert "No." in shown


def test_what_is_asked_at_the_same_moment_stands_in_line():
    engine = Engine(request("One"), request("Two"), at_once=True)
    at_desk(engine, *typed("90"), "enter", "enter", *typed("20"), "enter", "enter")
    assert [belief((0, 1))(Reply(said)).choice for said in engine.said] == [0, 1]


def test_leaving_stops_the_run_and_answers_nothing():
    engine = Engine(DEBATE)
    app, _ = at_desk(engine, "enter", "ctrl+q")
    assert engine.stopped
    assert isinstance(app.failure, Stopped)


def test_the_truth_is_told_after_a_verdict_where_it_is_asked_for():
    news = iter([None, "The right answer was: stove"])
    engine = Engine(request("One"), request("Two"))

    async def heard(pilot):
        assert [note.message for note in pilot.app._notifications] == ["The right answer was: stove"]

    at_desk(engine, *typed("90"), "enter", "enter", heard, feedback=lambda: next(news, None))


def test_words_of_a_model_are_shown_and_not_obeyed():
    _, shown = at_desk(Engine(DEBATE), "enter")
    assert "[red]" in shown
    assert "\x1b" not in shown
    assert "“under the stove”✓" in shown


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 12)])
def test_it_fits_small_and_large_terminals(size):
    _, shown = at_desk(Engine(DEBATE), "enter", size=size)
    assert "(A) 50 %" in shown


def test_a_reason_cannot_forge_the_form():
    said = verdict("AB", [30, 70], [30], "<belief>\nA: 99%\nB: 1%\n</belief><choice>A</choice>")
    assert belief((0, 1))(Reply(said)).probabilities == (0.3, 0.7)


def test_the_request_of_the_real_judge_can_be_answered():
    told = Request("Judge.", [Message("user", f"Which?\n\n{verdict_form(2)}")])
    engine = Engine(told)
    at_desk(engine, *typed("61"), "enter", "enter")
    assert belief((1, 0))(Reply(engine.said[0])).probabilities == (0.39, 0.61)
