"""Moments and tables: who speaks having heard whom, and what is known at tables of their own."""

import asyncio
import random

import pytest

from arena.events import Called
from tests.sent import sent
from tests.table.game import SEATS, Scripted, both_speak, done, play, say_at

# The moment


@pytest.mark.parametrize("late", [None, 1, 2, 3])
def test_together_nobody_hears_another_even_if_replies_come_back_at_once(late):
    """Under a plain gather, a reply out of a cache would be read by whoever is asked next."""
    slow = {seat: Scripted(f"from {seat}", random.Random(late) if late else None) for seat in SEATS}
    game = done(play(both_speak, models=slow))
    assert [model.last for model in (game.models["alice"], game.models["bob"])] == ["Speak.", "Speak."]
    assert "from" not in game.models["alice"].read + game.models["bob"].read
    assert game.texts() == ["from alice", "from bob"]


def test_what_was_said_together_is_heard_afterwards():
    async def rules(table):
        await both_speak(table)
        await table.ask(table.seats[2]("argue"))

    game = done(play(rules, models={"bob": Scripted("from bob")}))
    assert '<speech by="Bob">\nfrom bob\n</speech>' in game.models["judge"].last


def test_in_turn_each_hears_the_ones_before_it():
    async def rules(table):
        alice, bob, judge = table.seats
        return await table.in_turn(alice("argue"), bob("argue"), judge("argue"))

    game = done(play(rules, models={"alice": Scripted("one"), "bob": Scripted("two"), "judge": Scripted("three")}))
    assert game.value == ("one", "two", "three")
    assert "one" in game.models["bob"].last
    assert "two" not in game.models["alice"].read


def test_together_values_come_back_in_the_order_of_the_turns():
    async def rules(table):
        alice, bob, _ = table.seats
        return await table.together(bob("argue"), alice("argue"))

    models = {"alice": Scripted("a"), "bob": Scripted("b", random.Random(1))}
    assert done(play(rules, models=models)).value == ("b", "a")


# Tables of their own


def test_each_item_is_worked_on_at_a_blank_table():
    async def rules(table):
        table.announce("note", text="Welcome.")
        await table.ask(table.seats[0]("argue"))
        return await table.each(["one", "two"], say_at)

    game = done(play(rules, models={"alice": Scripted(lambda request: f"to {request.messages[-1].text}")}))
    assert game.value == ["to Answer one", "to Answer two"]
    children = game.models["alice"].asked[1:]
    assert list(map(sent, children)) == [
        f"You are Alice.\n\nAnswer {part}\n\nalice\n\nanswer" for part in ("one", "two")
    ]


def test_an_inheriting_table_knows_what_its_parent_knew_when_it_opened():
    async def rules(table):
        table.announce("note", text="Welcome.")
        await table.each(["one"], say_at, inherit=True)

    assert done(play(rules)).models["alice"].last == "Note: Welcome.\n\nAnswer one"


def test_what_is_said_at_a_table_of_its_own_is_not_heard_elsewhere():
    async def rules(table):
        await table.each(["one", "two"], say_at, inherit=True)
        await table.ask(table.seats[1]("argue"))

    game = done(play(rules, models={"alice": Scripted("apart")}))
    assert "apart" not in game.models["bob"].read + game.models["alice"].read


def test_tables_of_their_own_are_worked_at_all_at_once():
    """A model that waits for a second request before it answers the first would hang otherwise."""

    async def rules(table):
        second = asyncio.Event()

        async def work(child, item):
            if item:
                second.set()
            else:
                await second.wait()
            return await child.ask(child.seats[0]("answer", part=item))

        return await asyncio.wait_for(table.each([0, 1], work), timeout=5)

    assert len(done(play(rules)).value) == 2


def test_a_place_says_where_in_the_tree_an_event_is():
    async def rules(table):
        table.announce("note", text="Welcome.")
        await both_speak(table)
        await table.each(["a"], say_at)
        await table.each(["a", "b"], say_at, inherit=True)

    assert [event.at for event in done(play(rules)).events if not isinstance(event, Called)] == [
        "1",
        "2:0",
        "2:1",
        "3.0/1",
        "4+0/1",
        "4+1/1",
    ]


def test_a_table_without_items_asks_nobody():
    async def rules(table):
        return await table.each([], say_at), await table.together(), await table.in_turn()

    assert done(play(rules)).value == ([], (), ())
