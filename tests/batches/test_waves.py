"""Waves: when one begins, what is in it, and what follows from what comes back."""

import asyncio

import pytest

from arena.errors import ModelFailed, Refused, Stopped
from arena.models.base import Reply
from arena.models.book import Book
from arena.models.failures import CallFailed
from arena.models.waves import Inside


def talk(name, turns):
    """An episode of so many turns, one after another."""

    async def play(hall):
        return [await hall.ask(f"{name} {turn}") for turn in range(turns)]

    return play


def sizes(desk):
    return [len(names) for names in desk.made.values()]


# When a wave begins


def test_calls_of_all_episodes_go_together(hall):
    room = hall()
    results = room.play(*(talk(str(n), 1) for n in range(5)))
    assert results == [[f"so: {n} 0"] for n in range(5)]
    assert sizes(room.desk) == [5]


def test_there_are_as_many_waves_as_the_longest_episode_has_turns(hall):
    room = hall()
    room.play(talk("a", 3), talk("b", 1), talk("c", 2))
    assert sizes(room.desk) == [3, 2, 1]
    assert room.waves.wave == 3


def test_turns_taken_together_are_in_one_wave(hall):
    def play(name):
        async def together(hall):
            return await asyncio.gather(*(hall.ask(f"{name} {n}") for n in range(4)))

        return together

    room = hall()
    room.play(play("a"), play("b"))
    assert sizes(room.desk) == [8]


def test_a_wave_waits_for_an_episode_that_has_steps_to_take_before_it_asks(hall):
    """However many turns of the loop that takes: nothing is sent while anything can run."""

    async def slow(hall):
        for _ in range(300):
            await asyncio.sleep(0)
        return await hall.ask("slow")

    room = hall()
    room.play(talk("quick", 1), slow)
    assert sizes(room.desk) == [2]


def test_a_wave_waits_for_a_call_that_another_model_answers(hall):
    class Live:
        spec, simulated = "sim/live", True

        async def __call__(self, request):
            await asyncio.sleep(0.03)
            return Reply("well")

    async def mixed(hall):
        await Inside(Live(), hall.waves)(None)
        return await hall.ask("after")

    room = hall()
    room.play(talk("quick", 1), mixed)
    assert sizes(room.desk) == [2]


def test_a_wave_waits_for_the_batches_of_the_one_before(hall, desk, model):
    """A reply that is there sooner does not begin a wave of its own."""
    room = hall(desk=desk(looks=3))
    other = model(spec="anthropic/n", vendor="anthropic", account="anthropic")

    async def mixed(hall):
        return [await hall.ask("one", other), await hall.ask("two", other)]

    room.play(talk("a", 2), mixed)
    assert sizes(room.desk) == [1, 1, 1, 1]
    assert room.waves.wave == 2


def test_what_is_under_way_is_not_sent_again_while_the_loop_waits_for_it(hall, desk):
    class Slow(desk):
        async def make(self, client, path, lines, nonce):
            await asyncio.sleep(0.01)
            return await super().make(client, path, lines, nonce)

        async def look(self, client, name):
            await asyncio.sleep(0.01)
            return await super().look(client, name)

    room = hall(desk=Slow())
    room.play(talk("a", 1), talk("b", 1))
    assert sizes(room.desk) == [2]
    assert room.waves.wave == 1


def test_a_run_without_a_call_needs_no_wave(hall):
    async def nothing(hall):
        await asyncio.sleep(0.01)

    room = hall()
    room.play(nothing)
    assert room.waves.wave == 0


# What is in a batch


def test_a_batch_holds_one_model_of_one_account(hall, model):
    models = [
        model(),
        model(spec="openai/n"),
        model(spec="openai/m?effort=low"),
        model(spec="openai/m?key=OTHER", account="o:OTHER"),
    ]

    def asking(which):
        async def play(hall):
            return await hall.ask("x", which)

        return play

    room = hall()
    room.play(*map(asking, models))
    assert sorted(sizes(room.desk)) == [1, 1, 2]
    assert room.waves.wave == 1


def test_a_wave_is_split_where_a_batch_holds_no_more_calls(hall, desk):
    room = hall(desk=desk(calls=2))
    assert len(room.play(*(talk(str(n), 1) for n in range(5)))) == 5
    assert sizes(room.desk) == [2, 2, 1]


def test_a_wave_is_split_where_a_batch_holds_no_more_bytes(hall, desk):
    room = hall(desk=desk(size=250))
    room.play(*(talk(str(n), 1) for n in range(6)))
    assert sum(sizes(room.desk)) == 6
    assert len(room.desk.made) > 1
    lines = {name: len(room.desk.line(name, "", body)) + 1 for name, body in room.desk.bodies.items()}
    assert all(sum(lines[name] for name in names) <= 250 for names in room.desk.made.values())


def test_a_call_that_cannot_be_written_fails_alone(hall, model):
    class Mute(model):
        def enclosed(self, request):
            raise CallFailed("bad_request", "no token probabilities")

    async def mute(hall):
        return await hall.ask("x", Mute())

    good, bad = hall().play(talk("a", 1), mute)
    assert good == ["so: a 0"]
    assert isinstance(bad, Stopped)


# What comes back


def test_a_call_that_fails_goes_with_the_next_wave_and_tells_of_its_attempts(hall, desk):
    def says(batch, asked):
        return CallFailed("server", "500") if batch == "batch-0" and asked["asks"] == "a" else {"text": "so"}

    async def play(hall):
        return await hall.model()(request_of("a"))

    from tests.batches.conftest import request as request_of

    room = hall(desk=desk(says=says))
    reply, other = room.play(play, talk("b", 1))
    assert (reply.text, reply.tries, [attempt.kind for attempt in reply.failed]) == ("so", 2, ["server"])
    assert other == ["so"]
    assert sizes(room.desk) == [2, 1]


@pytest.mark.parametrize(
    "kind, error", [("filtered", Refused), ("too_long", ModelFailed), ("auth", Stopped), ("quota", Stopped)]
)
def test_what_follows_from_a_failure_is_in_the_table_of_failures(hall, desk, kind, error):
    room = hall(desk=desk(says=lambda *_: CallFailed(kind, "no")))
    (result,) = room.play(talk("a", 1))
    assert isinstance(result, error)
    assert sizes(room.desk) == [1]


def test_a_call_that_always_fails_is_given_up(hall, desk):
    room = hall(desk=desk(says=lambda *_: CallFailed("server", "500")), tries=3)
    (result,) = room.play(talk("a", 1))
    assert isinstance(result, ModelFailed)
    assert len(result.__cause__.attempts) == len(room.desk.made) == 3


def test_a_call_without_a_result_goes_with_the_next_wave(hall, desk):
    room = hall(desk=desk(says=lambda batch, _: None if batch == "batch-0" else {"text": "so"}))
    assert room.play(talk("a", 1)) == [["so"]]


def test_a_batch_that_is_refused_is_sent_again_where_that_may_help(hall, desk):
    room = hall(desk=desk(refuses=[CallFailed("rate_limit", "too many queued")]))
    assert room.play(talk("a", 1), talk("b", 1)) == [["so: a 0"], ["so: b 0"]]
    assert sizes(room.desk) == [2]


def test_a_batch_that_nobody_may_make_stops_the_run(hall, desk):
    room = hall(desk=desk(refuses=[CallFailed("auth", "401")]))
    assert all(isinstance(result, Stopped) for result in room.play(talk("a", 1), talk("b", 1)))


def test_a_look_that_fails_is_tried_again(hall, desk):
    room = hall(desk=desk(troubles=[CallFailed("connection", "reset")] * 5))
    assert room.play(talk("a", 1)) == [["so: a 0"]]
    assert sizes(room.desk) == [1]


def test_looks_that_fail_for_long_stop_the_run_and_the_batch_stays_in_the_book(hall, desk):
    room = hall(desk=desk(troubles=[CallFailed("connection", "reset")] * 99))
    (result,) = room.play(talk("a", 1))
    assert isinstance(result, Stopped)
    room.desk.troubles.clear()
    again = hall(desk=room.desk)
    assert again.play(talk("a", 1)) == [["so: a 0"]]
    assert sizes(again.desk) == [1]


def test_an_error_of_our_own_keeps_nobody_waiting(hall, desk):
    class Broken(desk):
        async def look(self, client, name):
            raise ZeroDivisionError

    (result,) = hall(desk=Broken()).play(talk("a", 1))
    assert isinstance(result, ZeroDivisionError)


# Stopping and going on


def stopping(hall, reason="interrupted"):
    hall.ledger.stop = reason
    hall.courier.halt()


def test_a_run_that_is_stopped_leaves_its_batch_and_the_next_one_fetches_it(hall, desk):
    class Interrupting(desk):
        async def look(self, client, name):
            if self.looks > 1:
                stopping(room)
            return await super().look(client, name)

    room = hall(desk=Interrupting(looks=5))
    results = room.play(talk("a", 2), talk("b", 1))
    assert [str(result) for result in results] == ["interrupted"] * 2
    assert (room.courier.batches, room.courier.calls) == (1, 2)
    assert room.ledger.held == 0
    room.desk.looks = 1
    again = hall(desk=room.desk)
    assert again.play(talk("a", 2), talk("b", 1)) == [["so: a 0", "so: a 1"], ["so: b 0"]]
    assert sizes(again.desk) == [2, 1]


@pytest.mark.parametrize("found", [None, CallFailed("conflict", "canceled"), CallFailed("timeout", "expired")])
def test_what_came_to_nothing_in_the_batch_of_an_earlier_process_is_sent_anew(hall, desk, found):
    room = hall(desk=desk(troubles=[CallFailed("auth", "no")]))
    room.play(talk("a", 1), talk("b", 1))

    def says(batch, asked):
        return found if (batch, asked["asks"]) == ("batch-0", "a 0") else {"text": asked["asks"]}

    again = hall(desk=room.desk)
    again.desk.says = says
    assert again.play(talk("a", 1), talk("b", 1)) == [["a 0"], ["b 0"]]
    assert sizes(again.desk) == [2, 1]
    assert (again.ledger.held, again.ledger.buyers) == (0, 0)


def test_a_batch_that_is_gone_is_sent_anew(hall, desk):
    room = hall(desk=desk(troubles=[CallFailed("auth", "no")]))
    room.play(talk("a", 1))
    again = hall(desk=room.desk)
    again.desk.troubles = [CallFailed("not_found", "404")]
    assert again.play(talk("a", 1)) == [["so: a 0"]]
    assert sizes(again.desk) == [1, 1]


def test_the_batch_of_another_account_is_not_asked_for(hall, desk, model):
    room = hall(desk=desk(troubles=[CallFailed("auth", "no")]))
    room.play(talk("a", 1))

    async def elsewhere(hall):
        return await hall.ask("a 0", model(account="openai:OTHER"))

    again = hall(desk=room.desk)
    again.play(elsewhere)
    assert sizes(again.desk) == [1, 1]


def test_a_batch_is_in_the_book_before_it_is_looked_at(hall, desk):
    seen = []

    class Watching(desk):
        async def look(self, client, name):
            seen.append([Book(room.folder).find(key[:32], "openai").id for key in self.made[name]])
            return await super().look(client, name)

    room = hall(desk=Watching())
    room.play(talk("a", 1), talk("b", 1))
    assert seen == [["batch-0", "batch-0"]]


def test_how_far_it_is_is_told(hall):
    room = hall()
    room.play(talk("a", 2), talk("b", 1))
    assert room.told == [(1, 1, 2), (1, 0, 0), (2, 1, 1), (2, 0, 0)]


# Money


def test_a_wave_is_no_dearer_at_its_worst_than_the_budget_has_room_for(hall):
    """Of 3 USD there is room for three calls of a dollar at most; they cost a quarter, so that more follow."""
    room = hall(budget=3.0)
    assert len(room.play(*(talk(str(n), 1) for n in range(5)))) == 5
    assert sizes(room.desk) == [3, 2]
    assert room.ledger.spent == 5 * 0.25
    assert room.ledger.held == 0


def test_a_budget_without_room_for_a_call_stops_the_run_and_nothing_is_sent(hall):
    room = hall(budget=0.9)
    results = room.play(talk("a", 1), talk("b", 1))
    assert all(isinstance(result, Stopped) for result in results)
    assert not room.desk.made
    assert "--budget" in str(results[0])


def test_what_an_earlier_process_bought_is_held_and_fetched_though_it_may_cost_more_than_the_budget(hall, desk):
    room = hall(desk=desk(troubles=[CallFailed("auth", "no")]))
    room.play(talk("a", 1), talk("b", 1))
    again = hall(desk=room.desk, budget=1.5)
    assert again.play(talk("a", 1), talk("b", 1)) == [["so: a 0"], ["so: b 0"]]
    assert again.ledger.held == 0


def test_a_call_of_unknown_price_holds_nothing(hall, model):
    async def unpriced(hall):
        return await hall.ask("x", model(worst=None))

    room = hall(budget=1.0)
    assert room.play(unpriced) == ["so: x"]
