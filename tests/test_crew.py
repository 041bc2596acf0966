"""Workers that take jobs from one queue."""

import asyncio

import pytest

from arena.crew import Crew


class Yard:
    """Jobs that are under way until they are told to be done."""

    def __init__(self, count, width):
        self.begun, self.under_way = [], []
        self.gates = [asyncio.Event() for _ in range(count)]
        self.failing = {}
        self.crew = Crew(range(count), self._do, width)
        self.working = asyncio.create_task(self.crew.work())

    async def _do(self, job):
        self.begun.append(job)
        self.under_way.append(job)
        try:
            await self.gates[job].wait()
        finally:
            self.under_way.remove(job)
        if job in self.failing:
            raise self.failing[job]

    async def settle(self, *finish):
        for job in finish:
            self.gates[job].set()
        for _ in range(10):
            await asyncio.sleep(0)
        return self.under_way

    async def end(self):
        await self.settle(*range(len(self.gates)))
        return await self.working


def story(count, width):
    def decorate(told):
        async def run():
            yard = Yard(count, width)
            await yard.settle()
            await told(yard)

        return lambda: asyncio.run(run())

    return decorate


@story(6, 2)
async def test_every_job_is_done_in_order_and_so_many_at_once(yard):
    assert yard.under_way == [0, 1]
    assert await yard.settle(1) == [0, 2]
    assert await yard.end() == []
    assert yard.begun == list(range(6))


@story(6, 2)
async def test_a_larger_crew_begins_more_at_once(yard):
    yard.crew.resize(4)
    assert await yard.settle() == [0, 1, 2, 3]
    assert await yard.end() == []


@story(9, 4)
async def test_a_smaller_crew_finishes_what_it_has_begun_and_begins_less(yard):
    yard.crew.resize(2)
    assert await yard.settle() == [0, 1, 2, 3]
    assert await yard.settle(0, 1) == [2, 3]
    assert await yard.settle(2) == [3, 4]
    assert await yard.end() == []
    assert yard.begun == list(range(9))


@story(5, 2)
async def test_a_job_that_raises_ends_its_worker_and_no_other(yard):
    yard.failing[0] = ValueError("broke")
    assert await yard.settle(0) == [1]
    (failure,) = await yard.end()
    assert str(failure) == "broke"
    assert yard.begun == list(range(5))


@story(3, 2)
async def test_a_crew_that_is_cancelled_leaves_nothing_under_way(yard):
    yard.working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await yard.working
    assert yard.under_way == []


def test_a_crew_without_jobs_is_done_at_once():
    async def none(_):
        raise AssertionError("there is no job")

    async def run():
        return await Crew([], none, 3).work()

    assert asyncio.run(run()) == []
