"""So many at a time, where the number may change meanwhile."""

import asyncio

import pytest

from arena.models.slots import Slots


class Room:
    """Some who go in as the slots let them, and leave when they are told."""

    def __init__(self, width, count):
        self.slots = Slots(width)
        self.inside, self.leave = [], [asyncio.Event() for _ in range(count)]
        self.visits = [asyncio.create_task(self._visit(i)) for i in range(count)]

    async def _visit(self, who):
        async with self.slots:
            self.inside.append(who)
            await self.leave[who].wait()
            self.inside.remove(who)

    async def settle(self):
        for _ in range(10):
            await asyncio.sleep(0)
        return self.inside

    async def end(self):
        for event in self.leave:
            event.set()
        await asyncio.gather(*self.visits, return_exceptions=True)


def in_a_room(width, count):
    def decorate(story):
        async def told():
            room = Room(width, count)
            await story(room)
            await room.end()
            assert room.inside == []

        return lambda: asyncio.run(told())

    return decorate


@in_a_room(2, 5)
async def test_so_many_are_inside_and_who_waits_is_let_in_in_turn(room):
    assert await room.settle() == [0, 1]
    room.leave[0].set()
    assert await room.settle() == [1, 2]


@in_a_room(2, 5)
async def test_a_wider_room_lets_in_more_at_once(room):
    await room.settle()
    room.slots.resize(4)
    assert await room.settle() == [0, 1, 2, 3]


@in_a_room(3, 5)
async def test_a_narrower_room_sends_nobody_out_and_lets_nobody_in_until_there_is_room(room):
    await room.settle()
    room.slots.resize(1)
    assert await room.settle() == [0, 1, 2]
    room.leave[0].set()
    room.leave[1].set()
    assert await room.settle() == [2]
    room.leave[2].set()
    assert await room.settle() == [3]


@in_a_room(1, 3)
async def test_who_gives_up_waiting_takes_no_place(room):
    await room.settle()
    room.visits[1].cancel()
    room.leave[0].set()
    assert await room.settle() == [2]


@in_a_room(1, 3)
async def test_who_is_let_in_and_cancelled_at_the_same_moment_hands_the_place_on(room):
    await room.settle()
    room.leave[0].set()
    await asyncio.sleep(0)  # the first one leaves, and lets in the second, who does not know it yet
    assert room.inside == []
    room.visits[1].cancel()
    assert await room.settle() == [2]


def test_an_error_inside_gives_the_place_back():
    async def story():
        slots = Slots(1)
        with pytest.raises(ValueError, match="inside"):
            async with slots:
                raise ValueError("inside")
        async with slots:
            return True

    assert asyncio.run(story())
