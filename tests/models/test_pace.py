"""Simulated models at a human speed."""

import asyncio
from types import SimpleNamespace

from arena.models.base import Message, Reply, Request
from arena.models.pace import MOST, WORDS_A_SECOND, Paced, paced

REQUEST = Request("You are a judge.", (Message("user", "Decide."),))


def model(words, *, simulated=True):
    async def reply(_request):
        return Reply("word " * words, model="sim/judge")

    class Speaker(SimpleNamespace):
        async def __call__(self, request):
            return await reply(request)

    return Speaker(spec="sim/judge?noise=0.2", simulated=simulated)


def waited(words):
    """The seconds that a reply of so many words is held back."""
    seconds = []

    async def sleep(given):
        seconds.append(given)

    reply = asyncio.run(Paced(model(words), sleep)(REQUEST))
    assert reply.text == "word " * words
    return seconds


def test_a_reply_is_held_back_as_long_as_it_takes_to_read():
    assert waited(40) == [40 / WORDS_A_SECOND]


def test_a_long_reply_is_not_held_back_for_ever():
    assert waited(100_000) == [MOST]


def test_it_is_logged_under_the_name_of_the_model_itself():
    assert paced(model(1)).spec == "sim/judge?noise=0.2"
    assert paced(model(1)).simulated


def test_a_real_model_is_left_as_it_is():
    real = model(1, simulated=False)
    assert paced(real) is real
