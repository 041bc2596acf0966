"""One call of a model, logged: what is told of a reply, and of one that never came."""

import asyncio

import pytest

from arena.calls import Place, logged
from arena.errors import ModelFailed, Stopped
from arena.events import Attempt, Called, Lost, Usage, dump, parse
from arena.models.base import Message, Reply, Request
from arena.models.failures import CallFailed
from arena.models.retry import GivenUp

REQUEST = Request("You argue.", (Message("user", "Go on."),))
ATTEMPT = Attempt(kind="server", seconds=1.0, usage=Usage(input=3), cost=0.25)


class Model:
    spec, simulated = "openai/m", False

    def __init__(self, *said):
        self._said = list(said)

    async def __call__(self, request):
        said = self._said.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def call(said, place=Place("e", "2:0", "alice", 1)):  # noqa: B008  # frozen
    """What is logged of a call, and what came back or was raised."""
    events, times = [], iter([10.0, 12.5])
    try:
        found = asyncio.run(logged(Model(said), REQUEST, place, lambda: next(times), events.append))
    except (ModelFailed, Stopped) as why:
        found = why
    return events, found


def test_a_reply_is_logged_as_it_came_where_it_was_asked_for():
    reply = Reply("So.", model="m-2026", usage=Usage(input=7, output=2), cost=0.5, tries=2, failed=(ATTEMPT,))
    (event,), found = call(reply)
    assert found == reply
    assert isinstance(event, Called)
    assert (event.episode, event.at, event.seat, event.attempt) == ("e", "2:0", "alice", 1)
    assert (event.model, event.key, event.text) == ("m-2026", REQUEST.key("openai/m"), "So.")
    assert (event.usage, event.cost, event.tries, event.failed) == (reply.usage, 0.5, 2, (ATTEMPT,))
    assert (event.t, event.seconds) == (12.5, 2.5)


def test_a_model_that_does_not_say_which_it_is_goes_by_its_spec():
    (event,), _ = call(Reply("So."))
    assert event.model == "openai/m"


def test_half_a_character_in_a_reply_can_be_logged():
    (event,), found = call(Reply("a\ud83d", thinking="\udc00"))
    assert parse(dump(event)) == event
    assert (found.text, found.thinking) == ("a\ufffd", "\ufffd")


@pytest.mark.parametrize("error", [ModelFailed("given up"), Stopped("no credit")])
def test_what_attempts_cost_that_came_to_nothing_is_logged(error):
    error.__cause__ = GivenUp(CallFailed("server", "500"), (ATTEMPT, ATTEMPT))
    (event,), found = call(error)
    assert found is error
    assert isinstance(event, Lost)
    assert (event.at, event.seat, event.model, event.failed) == ("2:0", "alice", "openai/m", (ATTEMPT, ATTEMPT))


def test_a_call_that_was_never_made_is_not_logged():
    assert call(Stopped("the budget is spent"))[0] == []
