"""The gate: one line, one who looks, and nothing that a cancelled call leaves behind."""

import asyncio

import pytest
from asyncio_throttle.throttler import Throttler

from arena.errors import Stopped
from arena.events import Usage
from arena.models.base import Reply
from arena.models.failures import CallFailed
from arena.models.gate import Ceilings, Gate, throttle
from arena.models.pacing import Bounded, Paced, Pacing


@pytest.fixture
def gate(world):
    """A gate in a world of its own, under given ceilings."""
    return lambda **ceilings: Gate("anthropic", "some-model", Ceilings(**ceilings), world.clock)


def paced(world, make, gate, server=None):
    return Paced(server or make.Server(world.clock), gate, make.Purse(), world.clock)


def test_calls_begin_in_the_order_in_which_they_came(world, make, gate):
    server = make.Server(world.clock, jitter=0.0)
    model = paced(world, make, gate(connections=3), server)

    async def all_at_once():
        await asyncio.gather(*(model.within(9, make.request(i)) for i in range(40)))

    world.run(all_at_once())
    assert server.arrived == [str(i) for i in range(40)]


def test_who_comes_late_overtakes_nobody(world, make, gate):
    server = make.Server(world.clock, jitter=0.0)
    model = paced(world, make, gate(rpm=60), server)

    async def one_by_one():
        first = [asyncio.create_task(model.within(9, make.request(i))) for i in range(10)]
        await asyncio.sleep(5.001)
        await asyncio.gather(*first, model.within(9, make.request("late")))

    world.run(one_by_one())
    assert server.arrived == [*(str(i) for i in range(10)), "late"]


def test_a_thousand_who_wait_cost_the_polls_of_one(world, make, gate, monkeypatch):
    """Without the line before it, a throttler is polled by everybody who waits."""
    polls = 0
    flush = Throttler.flush

    def counted(self):
        nonlocal polls
        polls += 1
        flush(self)

    monkeypatch.setattr(Throttler, "flush", counted)
    model = paced(world, make, gate(rpm=60))

    async def two_seconds(start):
        tasks = [asyncio.create_task(start(i)) for i in range(1000)]
        await asyncio.sleep(2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    world.run(two_seconds(lambda i: model.within(9, make.request(i))))
    in_line, polls = polls, 0
    bare = throttle(60)
    world.run(two_seconds(lambda _: bare.acquire()))
    assert in_line < 2 / bare.retry_interval * 1.1
    assert polls > 900 * in_line


def test_no_more_calls_are_under_way_than_connections(world, make, gate):
    server = make.Server(world.clock)
    model = paced(world, make, gate(connections=7), server)

    async def many():
        await asyncio.gather(*(model.within(9, make.request(i)) for i in range(50)))

    world.run(many())
    assert server.widest == 7


@pytest.mark.parametrize("after", [0.5, 1.5])
def test_a_call_that_is_cancelled_frees_its_place(world, make, gate, after):
    """In line as well as under way."""
    server = make.Server(world.clock)
    bars = gate(connections=1)
    model = paced(world, make, bars, server)

    async def cancelled():
        tasks = [asyncio.create_task(model.within(9, make.request(i))) for i in range(3)]
        await asyncio.sleep(after)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return [task.cancelled() for task in tasks]

    assert world.run(cancelled()) == [False, True, False]
    assert (bars.limit.busy, bars.waiting()) == (0, None)


def test_a_call_that_is_cancelled_as_it_is_let_in_frees_its_place(world, make, gate):
    bars = gate(connections=1)

    async def cancelled():
        first = await bars.enter(make.request(), make.Purse().check)
        second = asyncio.create_task(bars.enter(make.request(), make.Purse().check))
        await asyncio.sleep(0)
        bars.leave(first, Reply("well"))
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        return second.cancelled()

    assert world.run(cancelled())
    assert (bars.limit.busy, bars.waiting()) == (0, None)


def test_who_stands_behind_a_call_that_is_cancelled_may_need_less(world, make, gate):
    bars, check = gate(tpm=600), make.Purse().check

    async def behind():
        await bars.enter(make.request(max_tokens=140), check)
        large = asyncio.create_task(bars.enter(make.request(max_tokens=140), check))
        small = asyncio.create_task(bars.enter(make.request(max_tokens=1), check))
        await asyncio.sleep(0.5)
        assert not small.done()
        large.cancel()
        await small
        return world.clock()

    assert world.run(behind()) == 0.5


def test_places_that_become_free_together_are_taken_together(world, make, gate):
    """In the same turns of the loop, however many they are."""

    async def turns(number):
        bars, check = gate(connections=number), make.Purse().check
        passes = [await bars.enter(make.request(), check) for _ in range(number)]
        line = asyncio.gather(*(bars.enter(make.request(), check) for _ in range(number)))
        await asyncio.sleep(0)
        before = world.loop.leap.turns
        for given in passes:
            bars.leave(given, Reply("well"))
        await line
        return world.loop.leap.turns - before

    assert world.run(turns(50)) == world.run(turns(2)) <= 3


@pytest.mark.parametrize("connections, spread", [(50, False), (80, True)])
def test_calls_are_spread_as_long_as_more_may_be_under_way_one_day(world, make, gate, connections, spread):
    begun = []

    class Told(make.Server):
        async def __call__(self, request):
            begun.append(self.clock())
            return await super().__call__(request)

    model = paced(world, make, gate(connections=connections), Told(world.clock, latency=0.06, jitter=0.0))

    async def two_rounds():
        await asyncio.gather(*(model.within(9, make.request(i)) for i in range(100)))

    world.run(two_rounds())
    assert (begun[99] - begun[50] >= 0.03) == spread


def test_the_head_of_the_line_may_be_cancelled_too(world, make, gate):
    bars = gate(rpm=1)
    model = paced(world, make, bars)

    async def cancelled():
        tasks = [asyncio.create_task(model.within(9, make.request(i))) for i in range(3)]
        await asyncio.sleep(30)
        tasks[1].cancel()
        await tasks[2]
        return world.clock()

    assert world.run(cancelled()) == pytest.approx(61, abs=1)


def test_a_stop_reaches_everybody_who_waits_within_a_second(world, make, gate):
    model = paced(world, make, gate(rpm=1))

    async def stopped():
        tasks = [asyncio.create_task(model.within(9, make.request(i))) for i in range(300)]
        await asyncio.sleep(10)
        model.purse.stop = "enough"
        results = await asyncio.gather(*tasks, return_exceptions=True)
        return world.clock(), [type(result) for result in results[1:]]

    at, results = world.run(stopped())
    assert at <= 11.1
    assert set(results) == {Stopped}


def test_a_stop_reaches_those_who_wait_out_a_pause(world, make, gate):
    busy = CallFailed("overloaded", "529", retry_after=100.0)
    model = paced(world, make, gate(), make.Server(world.clock, troubles=[busy]))

    async def stopped():
        await model.within(9, make.request())
        waiting = asyncio.create_task(model.within(9, make.request()))
        await asyncio.sleep(10)
        model.purse.stop = "enough"
        await asyncio.gather(waiting, return_exceptions=True)
        return world.clock()

    assert world.run(stopped()) <= 12.2


def test_a_response_without_a_reading_does_not_repeat_the_last_one(world, make, gate):
    """A provider's `quota` is then still the one that it was."""
    bars = gate()
    server = make.Server(world.clock, limit=make.kinds["window"](10, 10.0), latency=0.5, jitter=0.0)
    model = paced(world, make, bars, server)

    async def told_once():
        await model.within(9, make.request())
        server.tells = "nothing"
        server.limit = None
        for _ in range(8):
            await model.within(9, make.request())
        return bars._quotas["requests"]._left

    assert world.run(told_once()) == pytest.approx(1)


@pytest.mark.parametrize("trouble", [None, CallFailed("connection", "no answer")])
def test_nor_does_one_of_another_model_at_the_gate_after_the_news_of_the_first(world, make, gate, trouble):
    """Settings of one model share a gate, and each has a `quota` of its own."""
    bars = gate()
    high, low = make.Server(world.clock, jitter=0.0), make.Server(world.clock, jitter=0.0)

    async def calls():
        high.quota, low.quota = None, None
        high.limit, low.limit = make.kinds["window"](5, 10.0), make.kinds["window"](1000, 10.0)
        await paced(world, make, bars, high).within(9, make.request())
        await paced(world, make, bars, low).within(9, make.request())
        high.limit, high.troubles = None, [trouble]
        await paced(world, make, bars, high).within(9, make.request())
        return bars._quotas["requests"].limit

    assert world.run(calls()) == 1000


def test_a_server_that_asks_for_patience_is_left_alone_by_all(world, make, gate):
    busy = CallFailed("overloaded", "529", retry_after=30.0)
    server = make.Server(world.clock, jitter=0.0, troubles=[busy])
    model = paced(world, make, gate(connections=1), server)

    async def two():
        await model.within(9, make.request())
        await model.within(9, make.request())
        return world.clock()

    assert world.run(two()) == pytest.approx(1 + 30 + 1)


def told(remaining):
    """What a server says of its tokens that has them all back in six minutes at every time."""
    return {"tokens_limit": 150_000.0, "tokens_remaining": remaining, "tokens_reset": 360.0}


@pytest.mark.parametrize("kind, ask, at", [("rate_limit", 3.0, 6), ("rate_limit", None, 362), ("overloaded", 3.0, 362)])
def test_when_to_come_back_goes_before_what_is_left_for_one_call(world, make, gate, kind, ask, at):
    """A 429 with a Retry-After, no token left, and all of them back in six minutes."""
    says = [told(149_984.0), told(0.0), told(0.0), told(149_984.0)]
    troubles = [None, CallFailed(kind, "no", retry_after=ask)]
    model = paced(world, make, gate(), make.Server(world.clock, jitter=0.0, troubles=troubles, says=says))

    async def calls():
        for _ in range(3):
            await model.within(9, make.request())
        third = world.clock()
        await model.within(9, make.request())
        return third, world.clock()

    third, fourth = world.run(calls())
    assert third == pytest.approx(at, abs=2)
    assert fourth > third + 300


def test_an_answer_to_the_call_that_came_back_lets_the_others_follow(world, make, gate):
    says = [told(149_984.0), told(0.0), told(149_984.0)]
    troubles = [None, CallFailed("rate_limit", "429", retry_after=3.0)]
    model = paced(world, make, gate(), make.Server(world.clock, jitter=0.0, troubles=troubles, says=says))

    async def calls():
        for _ in range(3):
            await model.within(9, make.request())
        await asyncio.gather(*(model.within(9, make.request()) for _ in range(20)))
        return world.clock()

    assert world.run(calls()) < 9


def test_nobody_is_made_to_wait_for_longer_than_the_gate_is_patient(world, make, gate):
    busy = CallFailed("rate_limit", "429", retry_after=86_400.0)
    model = paced(world, make, gate(), make.Server(world.clock, jitter=0.0, troubles=[busy]))

    async def two():
        await model.within(9, make.request())
        await model.within(9, make.request())
        return world.clock()

    assert world.run(two()) == pytest.approx(1 + 120 + 1)


def test_overloads_cut_the_limit_and_faults_do_not(world, make, gate):
    widths = []
    for kind in ("rate_limit", "overloaded", "server", "timeout", "cut", "connection", "conflict", "malformed"):
        bars = gate()
        model = paced(world, make, bars, make.Server(world.clock, troubles=[CallFailed(kind, "no")] * 20))

        async def at_once(model=model):
            await asyncio.gather(*(model.within(9, make.request(i)) for i in range(20)))

        world.run(at_once())
        widths.append(bars.limit.width)
    assert widths == [14, 14, 50, 50, 50, 50, 50, 50]


def test_a_client_that_takes_long_to_make_takes_no_time_of_a_call(world, make, gate):
    server = make.Server(world.clock, latency=1.0, jitter=0.0)

    async def client():
        await asyncio.sleep(30)

    server.client = client
    model = paced(world, make, gate(), server)
    assert world.run(model.within(5, make.request())).seconds == pytest.approx(1.0)


def test_tokens_are_expected_at_the_density_that_replies_tell(world, make, gate):
    """4 characters a token at first; each reply says 10 tokens for these 8 characters."""
    bars = gate()
    model = paced(world, make, bars, make.Server(world.clock, usage=Usage(input=10, output=1)))

    async def many():
        for _ in range(100):
            await model.within(9, make.request("8 letter"))
        return await bars.enter(make.request("8 letter", max_tokens=7), lambda: None)

    given = world.run(many())
    assert given.amounts["input_tokens"] == pytest.approx(10, rel=0.01)
    assert given.amounts["output_tokens"] == 7


def test_a_refusal_that_the_rate_explains_leaves_the_number_of_calls_alone(world, make, gate):
    widths = []
    for tells in ("readings", "patience"):
        bars = gate()
        server = make.Server(world.clock, limit=make.kinds["window"](30, 10.0), tells=tells, jitter=0.0)
        model = paced(world, make, bars, server)

        async def at_once(model=model):
            await asyncio.gather(*(model.within(9, make.request(i)) for i in range(45)))

        world.run(at_once())
        widths.append(bars.limit.width)
    assert widths[0] == 50
    assert widths[1] < 50


def test_an_attempt_fails_as_a_timeout_and_its_time_in_line_does_not_count(world, make, gate):
    model = paced(world, make, gate(connections=1), make.Server(world.clock, latency=5.0, jitter=0.0))

    async def calls():
        in_time = await asyncio.gather(model.within(6, make.request()), model.within(6, make.request()))
        return *in_time, await model.within(4, make.request())

    first, second, tried = world.run(calls())
    assert (first.seconds, second.seconds) == (pytest.approx(5), pytest.approx(5))
    assert tried.result.kind == "timeout"
    assert tried.seconds == pytest.approx(4)


def test_tokens_a_minute_are_kept_by_estimates_that_are_settled(world, make, gate):
    """6,000 tokens a minute are 100 a second: 40 calls of 200 tokens, after 1,500 that were saved up."""
    server = make.Server(world.clock, usage=Usage(input=150, output=50))
    model = paced(world, make, gate(tpm=6000), server)

    async def forty():
        await asyncio.gather(*(model.within(9, make.request(i, max_tokens=400)) for i in range(40)))
        return world.clock()

    assert world.run(forty()) == pytest.approx((40 * 200 - 1500) / 100, rel=0.1)


def test_a_call_that_took_no_tokens_gives_its_estimate_back(world, make, gate):
    server = make.Server(world.clock, troubles=[CallFailed("server", "500")] * 30)
    model = paced(world, make, gate(tpm=6000), server)

    async def thirty():
        await asyncio.gather(*(model.within(9, make.request(i, max_tokens=400)) for i in range(30)))
        return world.clock()

    assert world.run(thirty()) < 15


@pytest.mark.parametrize(
    "ceilings, server, why",
    [
        ({"connections": 1}, {}, "slot"),
        ({"rpm": 6}, {}, "rate"),
        ({"tpm": 60}, {}, "tokens"),
        ({}, {"troubles": [CallFailed("overloaded", "529", retry_after=60.0)]}, "pause"),
    ],
)
def test_what_calls_wait_for_can_be_read(world, make, gate, ceilings, server, why):
    bars = gate(**ceilings)
    model = paced(world, make, bars, make.Server(world.clock, **{"latency": 3.0, **server}))

    async def looked():
        tasks = [asyncio.create_task(model.within(90, make.request(0)))]
        await asyncio.sleep(4 if why == "pause" else 0.5)
        tasks += [asyncio.create_task(model.within(90, make.request(i))) for i in range(5)]
        await asyncio.sleep(0.5)
        seen = bars.waiting()
        await asyncio.gather(*tasks)
        return seen

    seen = world.run(looked())
    assert (seen.account, seen.model, seen.calls, seen.why) == ("anthropic", "some-model", 5, why)
    if why in ("tokens", "pause"):
        assert seen.until > 5


def test_what_is_left_of_a_quota_is_waited_for_and_shown(world, make, gate):
    bars = gate()
    server = make.Server(world.clock, limit=make.kinds["window"](5, 10.0), jitter=0.0)
    model = paced(world, make, bars, server)

    async def looked():
        await model.within(9, make.request())
        tasks = [asyncio.create_task(model.within(9, make.request(i))) for i in range(9)]
        await asyncio.sleep(7)
        seen = bars.waiting()
        await asyncio.gather(*tasks)
        return seen

    seen = world.run(looked())
    assert (seen.why, seen.until) == ("quota", pytest.approx(10, abs=0.2))
    assert not server.refused


def test_settings_of_one_model_share_a_gate_and_accounts_do_not(world, make):
    def model(spec, account):
        made = make.Server(world.clock)
        made.spec, made.account = spec, account
        return made

    pacing = Pacing(Ceilings(), world.clock)
    high = pacing.gate(model("anthropic/m?effort=high", "anthropic"))
    assert pacing.gate(model("anthropic/m?effort=low", "anthropic")) is high
    assert pacing.gate(model("anthropic/m", "other")) is not high
    assert pacing.gate(model("anthropic/n", "anthropic")) is not high
    assert pacing.waiting() == []


def test_a_gate_that_is_held_lets_nobody_in_until_it_is_let_go(world, make):
    server, pacing = make.Server(world.clock, latency=1.0, jitter=0.0), Pacing(clock=world.clock)
    model = Paced(server, pacing.gate(server), make.Purse(), world.clock)

    async def story():
        first = asyncio.create_task(model.within(60, make.request("first")))
        await asyncio.sleep(0.5)
        pacing.hold(held=True)
        second = asyncio.create_task(model.within(60, make.request("second")))
        await asyncio.sleep(100)
        assert first.done()
        assert server.arrived == ["first"]
        assert [waiting.why for waiting in pacing.waiting()] == ["paused"]
        pacing.hold(held=False)
        return await second, world.clock()

    (reply, _), now = world.run(story())
    assert (reply, now) == (Reply("well"), 101.5)


def test_a_gate_that_is_made_while_all_are_held_is_held(world, make):
    server, pacing, purse = make.Server(world.clock), Pacing(clock=world.clock), make.Purse()
    pacing.hold(held=True)
    model = Paced(server, pacing.gate(server), purse, world.clock)

    async def story():
        waiting = asyncio.create_task(model.within(60, make.request()))
        await asyncio.sleep(10)
        purse.stop = "enough"
        with pytest.raises(Stopped, match="enough"):
            await waiting

    world.run(story())
    assert server.arrived == []


def test_the_ceiling_of_calls_under_way_can_change(world, make):
    server, pacing = make.Server(world.clock, latency=1.0, jitter=0.0), Pacing(Ceilings(connections=2), world.clock)
    model = Paced(server, pacing.gate(server), make.Purse(), world.clock)

    async def story():
        calls = [asyncio.create_task(model.within(60, make.request(i))) for i in range(40)]
        await asyncio.sleep(5.5)
        narrow = server.widest
        pacing.resize(8)
        await asyncio.sleep(3)
        wide, server.widest = server.widest, 0
        pacing.resize(1)
        await asyncio.sleep(2)
        server.widest = 0
        await asyncio.gather(*calls)
        return narrow, wide, server.widest

    assert world.run(story()) == (2, 8, 1)


def test_a_model_that_is_nobodys_account_is_only_kept_to_its_slots(world, make):
    server = make.Server(world.clock)

    async def many():
        model = Bounded(server, asyncio.Semaphore(4), make.Purse())
        assert (model.spec, model.simulated) == (server.spec, False)
        return await asyncio.gather(*(model(make.request(i)) for i in range(12)))

    assert world.run(many()) == [Reply("well")] * 12
    assert server.widest == 4


@pytest.mark.parametrize("rpm", [1, 7, 59, 240, 360, 1000, 50_000])
def test_a_rate_is_kept_exactly_and_in_small_portions(rpm):
    made = throttle(rpm)
    assert made.rate_limit / made.period == pytest.approx(rpm / 60)
    assert made.rate_limit == 1 or made.period <= 0.25
    assert made.retry_interval <= 0.05
