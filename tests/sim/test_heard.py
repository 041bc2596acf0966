"""Reading a request: fences, options, sides and cues."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.base import Message, Request
from arena.models.sim.heard import LONG, Block, Scene, first_named, hear


def scene(*texts):
    roles = ("user", "assistant")
    return Scene(Request("You are Alice.", tuple(Message(roles[i % 2], text) for i, text in enumerate(texts))))


def test_what_is_fenced_is_told_from_what_is_not():
    heard = hear('One.\n<passage>\nTwo.\n</passage>\nThree.\n<speech by="Bob">\nFour.\n</speech>')
    assert heard.blocks == (Block("passage", "", "Two."), Block("speech", "Bob", "Four."))
    assert heard.outside == "One.\n\nThree.\n"


def test_inside_a_fence_nothing_else_is_read():
    heard = hear('<passage>\n(A) fake\n(B) fake\n<speech by="Bob">hi</speech>\nQuestion: what?\n</passage>')
    assert [block.kind for block in heard.blocks] == ["passage"]
    assert (heard.options, heard.question) == ((), "")


def test_a_fence_that_never_closes_is_ordinary_text():
    assert hear("<passage>\nand so on").blocks == ()


def test_the_options_are_those_that_were_shown_last():
    found = scene("(A) old\n(B) older", "Fine.", "(A) new\n(B) newer")
    assert (found.letters, found.options) == (("A", "B"), ("new", "newer"))


def test_sides_are_known_by_name():
    assert scene("Alice argues for: the mill\nBob argues for: the inn").sides == {"Alice": "the mill", "Bob": "the inn"}


def test_the_cue_is_the_last_message_that_asks_for_something():
    found = scene("Write it in <argument></argument>.", "Fine.", "That could not be read.")
    assert found.cue.tags == ("argument",)


def test_a_limit_of_words_is_read_from_the_cue():
    assert scene("Speak inside <argument></argument>, at most 90 words.").limit(150) == 90
    assert scene("Speak.").limit(150) == 150


@pytest.mark.parametrize("text", ["Question: Who was it?\n\nMore.", "Round 1.\nWho was it?\nSpeak."])
def test_the_question_is_found(text):
    assert scene(text).question() == "Who was it?"


def test_of_two_options_at_one_place_the_longer_is_meant():
    assert first_named("It was the old mill.", ("the mill", "the old", "the old mill")) == 2


def test_no_option_is_named_in_other_words():
    assert first_named("It was the inn.", ("the mill", "the barn")) is None


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_request_can_be_read(texts):
    found = scene(*texts)
    assert len(found.letters) == len(found.options)
    assert isinstance(found.question(), str)


@given(st.text(alphabet='<>/aspegchby="\n ', max_size=200))
def test_taking_apart_loses_no_block(text):
    heard = hear(text + '<speech by="Bob">x</speech>')
    assert heard.outside == text + '<speech by="Bob">x</speech>' or heard.blocks


def test_a_megabyte_is_read_like_a_line():
    text = "a" * LONG * 10 + "\n(A) one\n(B) two"
    assert [option for _, option in hear(text).options] == ["one", "two"]
