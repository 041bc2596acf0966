"""Retries: what follows each failure, as the table of failures has it."""

import asyncio
import contextlib
from dataclasses import dataclass, field, replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import ModelFailed, Refused, Stopped, TimedOut, Unsupported
from arena.events import Attempt as Record
from arena.events import Usage
from arena.models.base import Message, Reply, Request
from arena.models.failures import ENDS_EPISODE, KINDS, RETRIED, STOPS_RUN, CallFailed, Kind
from arena.models.gate import Gate
from arena.models.pacing import Paced, Tried
from arena.models.retry import ADVICE, GivenUp, Health, Policy, Retried


def Attempt(kind, seconds, usage=Usage(), cost=None):  # noqa: N802, B008
    return Record(kind=kind, seconds=seconds, usage=usage, cost=cost)


REQUEST = Request(system="", messages=(Message("user", "Who?"),))


@dataclass
class Purse:
    stop: str = ""

    def check(self):
        if self.stop:
            raise Stopped(self.stop)


@dataclass
class Script:
    """A model that fails as it is told, each attempt taking `seconds`, with a clock that only it and sleeps move."""

    results: list = field(default_factory=list)
    seconds: float = 2.0
    now: float = 0.0
    bounds: list = field(default_factory=list)
    slept: list = field(default_factory=list)
    health: Health = field(default_factory=Health)
    purse: Purse = field(default_factory=Purse)
    gate: Gate = field(default_factory=lambda: Gate("a", "m"))
    spec = "anthropic/m"
    simulated = False

    async def within(self, seconds, request):
        self.bounds.append(seconds)
        self.now += self.seconds
        if request.hear:
            request.hear("we")
        result = self.results.pop(0) if self.results else Reply("well", cost=0.5)
        return Tried(result, self.seconds)

    async def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def ask(self, chance=0.5, **policy):
        return asyncio.run(self.model(chance, **policy)(REQUEST))

    def model(self, chance=0.5, **policy):
        return Retried(
            self, Policy(**policy), self.health, self.purse, lambda: self.now, self.sleep, chance=lambda: chance
        )


def failed(kind, times=1, **more):
    return [CallFailed(kind, f"anthropic/m: it was {kind}", **more) for _ in range(times)]


def test_a_reply_at_once_is_handed_on_as_it_is():
    reply = Reply("well")
    assert Script([reply]).ask() is reply


@pytest.mark.parametrize("kind", sorted(RETRIED))
def test_a_failure_that_may_pass_is_tried_again(kind):
    reply = Script(failed(kind)).ask()
    assert (reply.text, reply.tries) == ("well", 2)


def test_every_attempt_before_the_reply_is_told_with_what_it_took():
    reply = Script([*failed("cut", usage=Usage(input=5, output=1), cost=0.25), *failed("server")]).ask()
    assert reply.failed == (Attempt("cut", 2.0, Usage(input=5, output=1), 0.25), Attempt("server", 2.0))
    assert (reply.cost, reply.tries) == (0.5, 3)


def test_what_was_heard_of_a_failed_attempt_is_void():
    heard = []
    script = Script(failed("cut", 2))
    asyncio.run(script.model()(replace(REQUEST, hear=heard.append)))
    assert heard == ["we", None, "we", None, "we"]


@pytest.mark.parametrize("kind", ["refusal", "auth"])
def test_what_was_heard_of_a_call_that_is_given_up_is_void(kind):
    heard = []
    with pytest.raises((Refused, Stopped)):
        asyncio.run(Script(failed(kind)).model()(replace(REQUEST, hear=heard.append)))
    assert heard == ["we", None]


ENDS = {"refusal": Refused, "filtered": Refused, "too_long": ModelFailed, "unsupported": Unsupported}


def test_every_failure_that_ends_the_episode_has_its_error():
    assert ENDS.keys() == ENDS_EPISODE


@pytest.mark.parametrize("kind, error", ENDS.items())
def test_what_ends_the_episode_is_tried_once_and_says_why(kind, error):
    script = Script(failed(kind))
    with pytest.raises(error, match=rf"^anthropic/m: it was {kind}$"):
        script.ask()
    assert script.slept == []


@pytest.mark.parametrize("kind", sorted(STOPS_RUN))
def test_what_no_call_would_escape_stops_the_run_and_says_what_would_work(kind):
    with pytest.raises(Stopped) as raised:
        Script(failed(kind)).ask()
    assert str(raised.value) == f"anthropic/m: it was {kind}. {ADVICE[kind]}"


def test_a_request_that_is_refused_by_a_model_that_answers_others_ends_its_episode_alone():
    script = Script([Reply("well"), *failed("bad_request"), Reply("well")])
    assert script.ask().text == "well"
    with pytest.raises(ModelFailed, match="takes other requests, and refuses this one: anthropic/m: it was bad_req"):
        script.ask()
    assert script.ask().text == "well"


def test_a_model_that_refused_the_form_of_a_request_has_not_shown_yet_that_it_takes_any():
    script = Script([*failed("unsupported"), *failed("bad_request")])
    with pytest.raises(Unsupported):
        script.ask()
    with pytest.raises(Stopped, match="it was bad_request"):
        script.ask()


def test_requests_that_are_refused_one_after_another_stop_the_run_all_the_same():
    script = Script([Reply("well"), *failed("bad_request", 3)], health=Health(stop_after=3))
    script.ask()
    for _ in range(2):
        with pytest.raises(ModelFailed):
            script.ask()
    with pytest.raises(Stopped, match="the last 3 attempts all failed"):
        script.ask()


def test_every_kind_of_failure_has_one_thing_that_follows():
    assert set(get_args(Kind)) == set(KINDS) == RETRIED | ENDS_EPISODE | STOPS_RUN
    assert set(ADVICE) == STOPS_RUN


def test_waits_double_up_to_the_longest_one():
    script = Script(failed("server", 6))
    script.ask(chance=1.0, base=0.125, longest=1.0)
    assert script.slept == [0.125, 0.25, 0.5, 1.0, 1.0, 1.0]


@given(chance=st.floats(0, 1), failures=st.integers(1, 7))
def test_the_jitter_is_full(chance, failures):
    """Any wait between none and the whole is as likely as any other: so those who failed together part."""
    script = Script(failed("server", failures))
    script.ask(chance=chance, base=0.01, longest=60.0)
    assert sum(script.slept) == pytest.approx(chance * 0.01 * (2**failures - 1))


def test_a_server_that_asks_for_time_is_given_it_and_a_little_more():
    script = Script(failed("rate_limit", retry_after=7.0))
    script.ask(chance=0.5, base=1.0)
    assert sum(script.slept) == pytest.approx(7.5)


def test_a_server_that_asks_for_too_much_time_is_given_up_at_once():
    script = Script(failed("rate_limit", retry_after=3600.0))
    with pytest.raises(
        ModelFailed, match=r"asks to come back in 3600 s, and 120 s is the most: anthropic/m: it was rate_limit"
    ):
        script.ask()
    assert script.slept == []


def test_after_the_last_try_the_turn_fails_with_the_last_reason():
    script = Script(failed("server", 9))
    with pytest.raises(ModelFailed, match=r"given up after 3 attempts: anthropic/m: it was server"):
        script.ask(tries=3)
    assert len(script.bounds) == 3


def test_where_the_last_try_timed_out_the_turn_did():
    with pytest.raises(TimedOut, match="given up after 1 attempt: "):
        Script(failed("timeout")).ask(tries=1)


def test_all_attempts_together_have_a_deadline():
    """Two of 40 s and their waits leave the third 18 s, and nothing a fourth."""
    script = Script(failed("server", 9), seconds=40.0)
    with pytest.raises(TimedOut, match="no reply in 100 s, after 3 attempts: anthropic/m: it was server"):
        script.ask(chance=1.0, base=1.0, deadline=100.0, attempt=60.0)
    assert script.bounds == [60.0, 59.0, pytest.approx(17.0)]


def test_the_error_has_all_attempts_as_its_cause():
    for policy, kind in (({"tries": 2}, "server"), ({}, "auth"), ({}, "refusal")):
        with pytest.raises((ModelFailed, Stopped, Refused)) as raised:
            Script(failed(kind, 2, cost=0.1)).ask(**policy)
        cause = raised.value.__cause__
        assert isinstance(cause, GivenUp)
        assert cause.attempts == (Attempt(kind, 2.0, Usage(), 0.1),) * policy.get("tries", 1)


def test_after_many_failures_in_a_row_a_lost_call_stops_the_run():
    health = Health(stop_after=5)
    with pytest.raises(ModelFailed):
        Script(failed("server", 3), health=health).ask(tries=3)
    with pytest.raises(Stopped, match=r"the last 6 attempts all failed.*it was server.*Resume"):
        Script(failed("server", 3), health=health).ask(tries=3)


def test_failures_of_different_models_add_up():
    health = Health(stop_after=4)
    other = Script(failed("server", 2), health=health)
    other.spec = "openai/n"
    with pytest.raises(ModelFailed):
        other.ask(tries=2)
    with pytest.raises(Stopped):
        Script(failed("server", 2), health=health).ask(tries=2)


@pytest.mark.parametrize("answer", [Reply("well"), *failed("refusal")], ids=["reply", "refusal"])
def test_an_answer_ends_the_row_be_it_a_refusal(answer):
    health = Health(stop_after=4)
    for results in (failed("server", 2), [answer], failed("server", 2)):
        with contextlib.suppress(ModelFailed, Refused):
            Script(results, health=health).ask(tries=2)
    assert health.failing == {"anthropic/m": 2}


def test_the_answers_of_one_model_do_not_hide_that_another_is_dead():
    health = Health(stop_after=4)
    alive = Script(health=health)
    alive.spec = "openai/n"
    with pytest.raises(ModelFailed):
        Script(failed("server", 2), health=health).ask(tries=2)
    alive.ask()
    with pytest.raises(Stopped):
        Script(failed("server", 2), health=health).ask(tries=2)


def test_who_waits_to_try_again_looks_whether_the_run_was_stopped():
    script = Script(failed("rate_limit", retry_after=100.0))
    whole = script.sleep

    async def sleep(seconds):
        await whole(seconds)
        script.purse.stop = "interrupted" if script.now > 10 else ""

    script.sleep = sleep
    with pytest.raises(Stopped, match="interrupted") as raised:
        script.ask()
    assert raised.value.__cause__.attempts == (Attempt("rate_limit", 2.0),)
    assert script.now < 12
    assert len(script.bounds) == 1


def test_who_waits_to_try_again_can_be_seen_and_leaves_nothing():
    script, seen = Script(failed("rate_limit", retry_after=3.0)), []
    whole = script.sleep

    async def sleep(seconds):
        seen.extend(script.health.waiting())
        await whole(seconds)

    script.sleep = sleep
    script.ask(chance=0.0)
    assert {(one.account, one.model, one.calls, one.why, one.until) for one in seen} == {("a", "m", 1, "retry", 5.0)}
    assert script.health.waiting() == []


def test_a_retry_that_waits_holds_no_slot(world, make):
    """With one connection, another call is made while the first one waits for its second attempt."""
    server = make.Server(world.clock, jitter=0.0, troubles=[CallFailed("server", "500")])
    purse = make.Purse()
    gate = Gate("a", "m", clock=world.clock)
    gate.limit.width = gate.limit.ceiling = 1
    model = Retried(
        Paced(server, gate, purse, world.clock), Policy(base=8.0), Health(), purse, world.clock, chance=lambda: 1.0
    )

    async def two():
        await asyncio.gather(model(make.request("first")), model(make.request("second")))
        return world.clock()

    assert world.run(two()) == pytest.approx(1 + 8 + 1)
    assert server.arrived == ["first", "second", "first"]
