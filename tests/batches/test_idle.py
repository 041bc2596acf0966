"""The moment at which nothing can go on by itself."""

import asyncio

from arena.models import idle


def test_it_comes_when_every_task_waits_and_not_before():
    quiet, steps, told = idle.Idle(), [], []

    async def main():
        waiting = asyncio.get_running_loop().create_future()

        def ask():
            told.append(len(steps))
            if not waiting.done():
                waiting.set_result(None)
                return True
            return False

        async def busy():
            for _ in range(50):
                await asyncio.sleep(0)
                steps.append(1)

        task = asyncio.create_task(busy())
        quiet.ask = ask
        await waiting
        await task

    idle.run(main(), quiet)
    assert told[0] == 50


def test_a_timer_does_not_keep_it_from_coming():
    quiet, told = idle.Idle(), []

    async def main():
        quiet.ask = lambda: told.append(1) or False
        await asyncio.sleep(0.01)

    idle.run(main(), quiet)
    assert told


def test_whoever_says_that_something_is_ready_is_not_made_to_wait():
    """A loop that waited all the same would never end."""
    quiet = idle.Idle()

    async def main():
        found = asyncio.get_running_loop().create_future()

        def ask():
            if not found.done():
                found.set_result("so")
            return True

        quiet.ask = ask
        try:
            return await found
        finally:
            quiet.ask = lambda: False

    assert idle.run(main(), quiet) == "so"


def test_it_runs_to_the_end_and_gives_the_result():
    async def main():
        return 7

    assert idle.run(main(), idle.Idle()) == 7
