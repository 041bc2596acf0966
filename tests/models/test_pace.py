"""Models that answer at once, at a human speed."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.base import Message, Reply, Request
from arena.models.pace import MOST, WORDS_A_SECOND, Paced, paced

REQUEST = Request("You are a judge.", (Message("user", "Decide."),))


def model(text, *, simulated=True, **more):
    class Speaker(SimpleNamespace):
        async def __call__(self, request):
            assert request.hear is None, "who paces a model is heard in its place"
            return Reply(text, model="sim/judge")

    return Speaker(spec="sim/judge?noise=0.2", simulated=simulated, **more)


def played(text):
    """What happened while a reply was spoken: the words that were heard, and the seconds that passed."""
    happened = []

    async def sleep(seconds):
        happened.append(seconds)

    reply = asyncio.run(Paced(model(text), sleep)(replace(REQUEST, hear=happened.append)))
    assert reply.text == text
    return happened


def waited(words):
    """The seconds that a reply of so many words is held back."""
    return sum(one for one in played("word " * words) if isinstance(one, float))


def test_a_reply_is_held_back_as_long_as_it_takes_to_read():
    assert waited(40) == 40 / WORDS_A_SECOND


def test_a_long_reply_is_not_held_back_for_ever():
    assert waited(100_000) == pytest.approx(MOST)


def test_a_reply_is_heard_word_by_word():
    assert played("Who is it?")[::2] == ["Who ", "is ", "it?"]


@given(st.text(max_size=50))
def test_the_words_that_are_heard_are_all_of_the_reply(text):
    assert "".join(played(text)[::2]) == text


def test_nobody_needs_to_hear_it():
    async def sleep(_):
        pass

    assert asyncio.run(Paced(model("Who is it?"), sleep)(REQUEST)).text == "Who is it?"


def test_it_is_logged_under_the_name_of_the_model_itself():
    assert paced(model("")).spec == "sim/judge?noise=0.2"
    assert paced(model("")).simulated


def test_a_real_model_is_left_as_it_is():
    real = model("", simulated=False)
    assert paced(real) is real


def test_a_recorded_one_is_paced_as_a_simulated_one_is():
    assert isinstance(paced(model("", simulated=False, recorded=True)), Paced)
