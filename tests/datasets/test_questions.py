"""Questions that are read as they are asked for."""

import asyncio
import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.datasets import digest
from arena.datasets.questions import SLICE, Questions, read_on
from arena.errors import DataError
from arena.question import AnswerKey, Item, Question


def made(n):
    return Item(
        Question(id=f"q{n}", text="?", options=("a", "b"), passage=f"p{n // 2}"), AnswerKey(question=f"q{n}", option=0)
    )


ALL = [made(n) for n in range(3 * SLICE)]


def broken_after(count):
    yield from ALL[:count]
    raise DataError("q.jsonl:7: broken")


@given(count=st.integers(0, 3 * SLICE), first=st.integers(1, 3 * SLICE))
def test_are_a_sequence_like_any_other(count, first):
    found = Questions(iter(ALL[:count]), first)
    assert list(found) == ALL[:count]
    assert len(found) == count
    assert found[:3] == tuple(ALL[:count][:3])
    assert found.digest == digest(ALL[:count])
    assert found.whole


@given(count=st.integers(1, 3 * SLICE), first=st.integers(1, 2 * SLICE), place=st.integers(-3, 3 * SLICE))
def test_are_read_no_further_than_a_place_needs(count, first, place):
    source = iter(ALL[:count])
    found = Questions(source, first)
    if -count <= place < count:
        assert found[place] == ALL[:count][place]
        read = count - len(list(source))
        assert read <= (count if place < 0 else max(first, 2 * (place + 1)))
    else:
        with pytest.raises(IndexError):
            found[place]


def test_are_known_in_steps_each_twice_the_last_and_told_of_with_their_hash():
    told = []
    found = Questions(iter(ALL), 50)
    found.grown = lambda: told.append((len(found.known), found.digest, found.whole))
    found.all()
    assert [(n, whole) for n, _, whole in told] == [(50, False), (100, False), (200, False), (300, True)]
    assert [hash_ for _, hash_, _ in told] == [digest(ALL[:n]) for n, _, _ in told]


def test_are_given_only_when_they_were_told_of():
    """Also where somebody has read further meanwhile, but not as far as the next step."""
    told = []
    found = Questions(iter(ALL), SLICE + 50)
    found.grown = lambda: told.append(len(found.known))
    found.creep()
    for place, _ in enumerate(found):
        assert place < told[-1]
        if place == SLICE:
            found.creep()


def test_raise_the_fault_of_a_record_again_and_are_never_whole_without_it():
    found = Questions(broken_after(5), 2)
    assert found[3] == ALL[3]
    for ask in (found.all, found.step, lambda: list(found), lambda: len(found), lambda: found[4]):
        with pytest.raises(DataError, match="broken"):
            ask()
    assert not found.whole
    assert len(found.known) == 4


def test_are_read_on_while_others_work():
    seen = []
    found = Questions(iter(ALL), 10)

    async def work():
        reading = asyncio.create_task(read_on(found, seen.append))
        while not reading.done():
            seen.append(len(found.known))
            await asyncio.sleep(0)

    asyncio.run(work())
    assert found.whole
    assert seen == sorted(seen)
    assert len(set(seen)) > 2


def test_halt_what_goes_on_beside_where_one_is_broken():
    halted = []
    asyncio.run(read_on(Questions(broken_after(5)), halted.append))
    assert halted == ["q.jsonl:7: broken"]


def test_leave_the_collector_of_garbage_as_it_was():
    for switch, wanted in ((gc.disable, False), (gc.enable, True)):
        switch()
        Questions(iter(ALL)).all()
        assert gc.isenabled() is wanted
