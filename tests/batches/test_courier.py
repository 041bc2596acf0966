"""The courier: no batch is made twice, whatever becomes of the answers that tell of it."""

import pytest

from arena.errors import ModelFailed, Stopped
from arena.models.batches import Batch, Crowded
from arena.models.book import NAME, Book, Intent
from arena.models.courier import SOUGHT, TROUBLES
from arena.models.failures import CallFailed

LOST = CallFailed("connection", "reset")
SEEN = pytest.mark.parametrize("seen", [True, False], ids=["by its nonce", "by the number of its calls"])


def one(name):
    async def play(hall):
        return await hall.ask(name)

    return play


def sizes(desk):
    return [len(names) for names in desk.made.values()]


def killed(room):
    """Leave the book as a process left it that died between handing a batch in and learning its id."""
    path = room.folder / NAME
    path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n")


# An answer that is lost


@SEEN
@pytest.mark.parametrize("kind", ["connection", "timeout", "malformed", "server", "overloaded", "cut"])
def test_a_batch_is_found_whose_making_was_not_answered(hall, desk, seen, kind):
    room = hall(desk=desk(seen=seen, loses=[CallFailed(kind, "no")]))
    assert room.play(one("a"), one("b")) == ["so: a", "so: b"]
    assert sizes(room.desk) == [2]
    assert Book(room.folder).ids == {"batch-0"}


def test_a_batch_that_was_not_made_is_made_in_the_next_wave(hall, desk):
    room = hall(desk=desk(refuses=[LOST]))
    assert room.play(one("a"), one("b")) == ["so: a", "so: b"]
    assert sizes(room.desk) == [2]
    assert room.waves.wave == 2


@pytest.mark.parametrize("kind", ["rate_limit", "auth", "bad_request", "quota"])
def test_nobody_looks_for_a_batch_that_was_refused(hall, desk, kind):
    room = hall(desk=desk(refuses=[CallFailed(kind, "no")], finds=[ZeroDivisionError()]))
    room.play(one("a"))
    assert room.desk.finds


def test_a_batch_that_shows_in_the_list_a_little_later_is_found(hall, desk):
    class Late(desk):
        late = SOUGHT - 1

        async def find(self, client, intent):
            self.late -= 1
            return [] if self.late >= 0 else await super().find(client, intent)

    room = hall(desk=Late(loses=[LOST]))
    assert room.play(one("a")) == ["so: a"]
    assert sizes(room.desk) == [1]


def test_the_batch_of_somebody_else_is_not_taken_for_it_though_it_holds_the_same_calls(hall, desk):
    class Shared(desk):
        """Another run hands the same calls in a moment later."""

        async def make(self, client, path, lines, nonce):
            name = await super().make(client, path, lines, nonce)
            await super().make(client, path, [line.replace(nonce.encode(), b"other") for line in lines], "other")
            raise CallFailed("connection", f"the answer that tells of {name} is lost")

    room = hall(desk=Shared(seen=False))
    assert room.play(one("a")) == ["so: a"]
    assert sizes(room.desk) == [1, 1]
    assert Book(room.folder).ids == {"batch-0"}


def test_a_batch_that_is_known_is_not_looked_at_for_one_that_was_lost(hall, desk):
    class Second(desk):
        async def make(self, client, path, lines, nonce):
            name = await super().make(client, path, lines, nonce)
            if name == "batch-1":
                raise LOST
            return name

        async def find(self, client, intent):
            return list(self.made)

    async def two(hall):
        return [await hall.ask("a"), await hall.ask("b")]

    room = hall(desk=Second(seen=False))
    assert room.play(two) == [["so: a", "so: b"]]
    assert room.desk.looked == {"batch-0": 1, "batch-1": 1}


def test_what_was_lost_and_came_to_nothing_is_made_anew(hall, desk):
    room = hall(desk=desk(loses=[LOST], spoils=[CallFailed("server", "failed")]))
    assert room.play(one("a")) == ["so: a"]
    assert sizes(room.desk) == [1, 1]


def test_where_the_list_cannot_be_had_the_run_stops_and_the_next_one_finds_it(hall, desk):
    room = hall(desk=desk(loses=[LOST], finds=[LOST] * TROUBLES))
    (result,) = room.play(one("a"))
    assert isinstance(result, Stopped)
    assert "its batches of openai cannot be looked at" in str(result)
    again = hall(desk=room.desk)
    assert again.play(one("a")) == ["so: a"]
    assert sizes(again.desk) == [1]


@pytest.mark.parametrize("kind", ["not_found", "auth", "bad_request"])
def test_a_list_that_nobody_may_see_stops_a_run_that_has_to_look(hall, desk, asked, kind):
    room = hall(desk=desk(finds=[CallFailed(kind, "no")]))
    Book(room.folder).intend(Intent("n", "openai", "/chat", 1, 0.0), [asked("a").key("openai/m")])
    (result,) = room.play(one("a"))
    assert isinstance(result, Stopped)
    assert not room.desk.made


# A process that died


@SEEN
def test_a_batch_is_found_whose_id_died_with_its_process(hall, desk, seen):
    room = hall(desk=desk(seen=seen))
    room.play(one("a"), one("b"))
    killed(room)
    again = hall(desk=room.desk)
    assert again.play(one("a"), one("b")) == ["so: a", "so: b"]
    assert sizes(again.desk) == [2]
    assert (again.ledger.held, again.ledger.buyers) == (0, 0)


def test_a_batch_that_a_dead_process_never_made_is_made(hall, asked):
    room = hall()
    key = asked("a").key("openai/m")
    Book(room.folder).intend(Intent("n", "openai", "/chat", 1, 0.0), [key])
    assert room.play(one("a")) == ["so: a"]
    assert sizes(room.desk) == [1]
    assert room.waves.wave == 2
    assert (room.ledger.held, room.ledger.buyers) == (0, 0)


# Results


def test_results_that_could_not_be_fetched_are_fetched_again_and_not_bought(hall, desk):
    class Failing(desk):
        fails = 3

        async def results(self, client, batch):
            self.fails -= 1
            if self.fails >= 0:
                raise CallFailed("connection", "reset")
            return await super().results(client, batch)

    room = hall(desk=Failing())
    assert room.play(one("a")) == ["so: a"]
    assert (sizes(room.desk), room.waves.wave) == ([1], 1)


def test_a_call_that_failed_is_sent_anew_without_another_look_at_its_old_batch(hall, desk):
    class Counting(desk):
        fetched = 0

        async def results(self, client, batch):
            self.fetched += 1
            return await super().results(client, batch)

    def says(batch, _):
        return CallFailed("server", "no") if batch == "batch-0" else {"text": "so"}

    room = hall(desk=Counting(says=says))
    assert room.play(one("a")) == ["so"]
    assert (room.desk.fetched, room.waves.wave) == (2, 2)


def test_a_failure_of_a_whole_batch_is_told_of_each_call_once(hall, desk):
    """Calls share a failure, and none repeats what was said of another."""
    room = hall(desk=desk(spoils=[CallFailed("server", "no")] * 9), tries=1)
    results = room.play(one("a"), one("b"))
    assert [type(result) for result in results] == [ModelFailed] * 2
    assert len({id(result.__cause__) for result in results}) == 2
    assert len({str(result) for result in results}) == 1


# A queue without room


def crowded(desk, room):
    """A desk that takes no more than so many calls at a time."""

    class Small(desk):
        async def look(self, client, name):
            if len(self.made[name]) > room:
                return Batch(name, True, {}, Crowded("rate_limit", "Enqueued token limit reached"))
            return await super().look(client, name)

    return Small()


def test_calls_for_which_a_queue_has_no_room_wait_until_it_has(hall, desk):
    room = hall(desk=crowded(desk, 3))
    names = [str(n) for n in range(10)]
    assert room.play(*map(one, names)) == [f"so: {name}" for name in names]
    assert sizes(room.desk) == [10, 5, 2, 4, 2, 4, 2, 4, 2, 2]
    assert (room.ledger.held, room.ledger.buyers) == (0, 0)


def test_a_batch_that_is_too_large_for_a_server_goes_in_parts(hall, desk):
    """A gateway may take less in one request than the vendor does."""

    class Narrow(desk):
        async def make(self, client, path, lines, nonce):
            if len(lines) > 2:
                raise CallFailed("too_long", "HTTP 413: Payload Too Large")
            return await super().make(client, path, lines, nonce)

    room = hall(desk=Narrow())
    assert room.play(*map(one, "abcde")) == [f"so: {name}" for name in "abcde"]
    assert sizes(room.desk) == [2, 1, 2]


def test_a_single_call_that_is_too_large_fails_alone(hall, desk):
    class Narrow(desk):
        async def make(self, client, path, lines, nonce):
            if sum(map(len, lines)) > 200:
                raise CallFailed("too_long", "HTTP 413: Payload Too Large")
            return await super().make(client, path, lines, nonce)

    results = hall(desk=Narrow()).play(one("a"), one("b" * 200))
    assert results[0] == "so: a"
    assert isinstance(results[1], ModelFailed)


def test_a_call_for_which_a_queue_never_has_room_fails(hall, desk):
    room = hall(desk=crowded(desk, 0), tries=2)
    assert all(isinstance(result, ModelFailed) for result in room.play(one("a"), one("b")))
