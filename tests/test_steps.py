"""In how many waves calls go out, counted in a rehearsal."""

import asyncio

import pytest

from arena.steps import Steps


def taken(*episodes):
    """The steps of episodes that are played at once, each a function of what a call waits for."""
    steps = Steps()

    async def together():
        await asyncio.gather(*(episode(steps.next) for episode in episodes))

    steps.run(together())
    return steps.taken


def talk(turns):
    async def play(call):
        for _ in range(turns):
            await call()

    return play


async def at_once(call):
    await asyncio.gather(*(call() for _ in range(5)))


async def in_two_strands(call):
    await asyncio.gather(talk(1)(call), talk(3)(call))


async def cancelled(call):
    waiting = asyncio.ensure_future(call())
    await asyncio.sleep(0)
    waiting.cancel()
    await call()


@pytest.mark.parametrize(
    "episodes, steps",
    [
        ((), 0),
        ((talk(0),), 0),
        ((talk(3),), 3),
        ((at_once,), 1),
        ((in_two_strands,), 3),
        ((talk(2), talk(4), at_once), 4),
        ((cancelled,), 1),
    ],
)
def test_calls_that_could_be_under_way_together_are_one_step(episodes, steps):
    assert taken(*episodes) == steps


def test_what_a_rehearsal_ends_with_is_given_back():
    async def play():
        await steps.next()
        return "so"

    steps = Steps()
    assert steps.run(play()) == "so"
