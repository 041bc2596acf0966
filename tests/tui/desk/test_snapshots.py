"""How the desk looks. `pytest --snapshot-update` draws it anew where a change is meant."""

import pytest
from textual.widgets import Input, TextArea

from arena.tui.desk.app import DeskApp

from .conftest import DEBATE, Engine, acted, request, settled, speech, typed

SIZES = {"80x24": (80, 24), "200x60": (200, 60)}


@pytest.fixture
def drawn(snap_compare):
    """Whether the desk looks as it did, after some keys, at a size."""

    def compare(*keys, requests=DEBATE, size="80x24", **options):
        app = DeskApp(Engine(*requests), person="ada", place=lambda: "transcript 3 of 5", **options)

        async def gesture(pilot):
            for box in (*app.query(Input), *app.query(TextArea)):
                box.cursor_blink = False
            await settled(pilot)
            await acted(pilot, *keys)

        return snap_compare(app, run_before=gesture, terminal_size=SIZES[size])

    return compare


@pytest.mark.parametrize("size", SIZES)
def test_the_question_before_anybody_spoke(drawn, size):
    assert drawn(size=size)


@pytest.mark.parametrize("size", SIZES)
def test_a_round_of_a_debate(drawn, size):
    assert drawn("enter", *typed("70"), size=size)


def test_a_round_on_a_light_screen(drawn):
    assert drawn("enter", "f2")


def test_a_round_without_colour(drawn, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert drawn("enter", *typed("70"))


def test_the_reason_for_a_verdict(drawn):
    assert drawn("enter", "enter", *typed("80"), "enter", *typed("it fits"))


def test_the_truth_after_a_verdict(drawn):
    told = iter([None, None, None, "The right answer was: stove. You gave it 80%."])
    assert drawn("enter", "enter", *typed("80"), "enter", "enter", news=lambda: next(told, None))


def test_a_speech_that_is_too_long(drawn):
    cue = "Round 1 of 3. Argue that the answer is: stove, in at most 3 words."
    asked = request(
        speech("Bob", "Outside."), cue=cue, options=0, seat="alice", preface="<passage>\nIt rained.\n</passage>"
    )
    assert drawn(*typed("It was me there"), requests=[asked])


def test_a_question_of_three_options(drawn):
    asked = request("Question: who?\n\nThe possible answers:\n(A) she\n(B) he\n(C) nobody", options=3)
    assert drawn(*typed("20 30"), requests=[asked])
