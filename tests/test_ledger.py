"""The ledger: what was logged is never bought again, and nothing is bought that may not be."""

import asyncio
from dataclasses import dataclass, field

import pytest

from arena.errors import ModelFailed, Stopped, UsageError
from arena.events import Called, Opened, Usage
from arena.models.base import Message, Reply, Request
from arena.models.failures import CallFailed
from arena.models.ledger import Ledger, Remembered, check_budget
from arena.models.pacing import Bounded, Pacing
from arena.models.retry import Health, Policy, Retried
from arena.models.stack import patient, wrapped


@dataclass
class Shop:
    """A model that notes what was bought, lets everybody else run before it answers, and may fail at first."""

    failures: list = field(default_factory=list)
    bought: list = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    spec = "sim/shop"
    simulated = True

    async def __call__(self, request):
        self.bought.append(request)
        number = len(self.bought)
        self.at_once += 1
        self.most_at_once = max(self.at_once, self.most_at_once)
        for _ in range(3):
            await asyncio.sleep(0)
        self.at_once -= 1
        if self.failures:
            raise self.failures.pop(0)
        return Reply(f"answer {number}", cost=0.25)


@dataclass
class Desk:
    """A log of calls in memory with its ledger, and a model behind it; `ask` does what a table does with a call."""

    shop: Shop = field(default_factory=Shop)
    log: list = field(default_factory=list)
    budget: float | None = None
    width: int = 9

    def __post_init__(self):
        self.ledger = Ledger(read=lambda place: self.log[place[1]], budget=self.budget)

    def opened(self):
        return Remembered(Bounded(self.shop, asyncio.Semaphore(self.width), self.ledger), self.ledger)

    async def ask(self, request):
        reply = await self.model(request)
        event = Called(
            episode="e",
            seat="alice",
            model=reply.model or "sim/shop",
            key=request.key("sim/shop"),
            text=reply.text,
            cost=reply.cost,
            reused=reply.reused,
        )
        self.log.append(event)
        self.ledger.enter(event, ("events", len(self.log) - 1))
        return reply

    def ask_all(self, *requests):
        async def together():
            self.model = self.opened()
            return await asyncio.gather(*(self.ask(request) for request in requests), return_exceptions=True)

        return asyncio.run(together())


def request(text="Who?", sample=0):
    return Request(system="", messages=(Message("user", text),), sample=sample)


def test_a_request_is_bought_where_it_is_new():
    desk = Desk()
    (reply,) = desk.ask_all(request())
    assert (reply.text, reply.reused) == ("answer 1", False)


def test_a_logged_reply_is_looked_up_and_says_so():
    desk = Desk()
    desk.ask_all(request())
    (again,) = desk.ask_all(request())
    assert (again.text, again.reused) == ("answer 1", True)
    assert len(desk.shop.bought) == 1


def test_a_reply_out_of_the_log_is_the_one_that_was_logged():
    logged = Called(
        episode="e",
        seat="alice",
        model="sim/shop-2026",
        key=request().key("sim/shop"),
        text="So.",
        thinking="hm",
        finish="length",
        usage=Usage(input=3, output=2),
        cost=0.5,
        tries=2,
        logprobs=[0.1],
    )
    ledger = Ledger(read=lambda _: logged, places={logged.key: ("f", 0)})
    assert ledger.find(logged.key) == Reply(
        "So.",
        model="sim/shop-2026",
        thinking="hm",
        finish="length",
        usage=Usage(input=3, output=2),
        cost=0.5,
        tries=2,
        logprobs=[0.1],
        reused=True,
    )


def test_of_equal_requests_under_way_at_once_one_is_bought():
    desk = Desk()
    replies = desk.ask_all(*[request()] * 5)
    assert {reply.text for reply in replies} == {"answer 1"}
    assert [reply.reused for reply in replies] == [False, True, True, True, True]
    assert len(desk.shop.bought) == 1


def test_different_samples_and_different_words_are_bought_apart():
    desk = Desk()
    replies = desk.ask_all(request(), request(sample=1), request("When?"))
    assert len({reply.text for reply in replies}) == 3


def test_where_the_buyer_fails_the_one_that_waits_buys():
    desk = Desk(Shop(failures=[ModelFailed("down")]))
    first, second, third = desk.ask_all(*[request()] * 3)
    assert isinstance(first, ModelFailed)
    assert (second.text, second.reused) == ("answer 2", False)
    assert (third.text, third.reused) == ("answer 2", True)


def test_a_buyer_that_is_cancelled_keeps_nobody_waiting():
    desk = Desk()

    async def cancelled():
        desk.model = desk.opened()
        first, second = (asyncio.create_task(desk.ask(request())) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return await asyncio.wait_for(second, timeout=5)

    assert asyncio.run(cancelled()).text == "answer 2"


def test_no_more_calls_are_under_way_than_there_are_slots():
    desk = Desk(width=2)
    desk.ask_all(*(request(str(n)) for n in range(7)))
    assert desk.shop.most_at_once == 2


def test_a_look_up_takes_no_slot():
    """A log that holds everything is played again at once, whatever the concurrency."""
    desk = Desk(width=1)
    desk.ask_all(request())

    async def while_the_slot_is_taken():
        slots = asyncio.Semaphore(1)
        async with slots:
            return await asyncio.wait_for(
                Remembered(Bounded(desk.shop, slots, desk.ledger), desk.ledger)(request()), timeout=5
            )

    assert asyncio.run(while_the_slot_is_taken()).reused


@pytest.mark.parametrize("damaged", [None, Opened(episode="e", arm="a", question="q")])
def test_a_logged_call_that_cannot_be_read_any_more_is_bought_again(damaged):
    key = request().key("sim/shop")
    desk = Desk(log=[damaged])
    desk.ledger.places[key] = ("events", 0)
    (reply,) = desk.ask_all(request())
    assert not reply.reused
    assert desk.ledger.places[key] == ("events", 1)


def test_a_line_that_was_damaged_is_as_good_as_none():
    def read(_):
        raise ValueError("not an event")

    assert Ledger(read=read, places={"k": ("f", 0)}).find("k") is None


def test_what_was_bought_is_counted_and_what_was_looked_up_is_not():
    desk = Desk()
    desk.ask_all(*[request()] * 3, request("When?"))
    assert desk.ledger.spent == 0.5


def test_a_call_of_unknown_price_counts_as_nothing_spent():
    ledger = Ledger(read=lambda _: None)
    ledger.enter(Called(episode="e", seat="alice", model="m", key="k", text="", cost=None), ("f", 0))
    assert ledger.spent == 0


def test_a_spent_budget_buys_no_more_and_says_how_to_go_on():
    desk = Desk(budget=0.5)
    desk.ask_all(request("1"))
    desk.ask_all(request("2"))
    (refused,) = desk.ask_all(request("3"))
    assert isinstance(refused, Stopped)
    assert "--budget" in str(refused)
    assert len(desk.shop.bought) == 2


def test_a_spent_budget_still_looks_up_what_was_bought():
    desk = Desk(budget=0.25)
    desk.ask_all(request())
    (again,) = desk.ask_all(request())
    assert again.reused


def test_a_run_that_is_to_stop_makes_no_further_call_but_lets_those_under_way_come_back():
    desk = Desk(width=1)

    async def stopped():
        desk.model = desk.opened()
        first, second = (asyncio.create_task(desk.ask(request(str(n)))) for n in range(2))
        await asyncio.sleep(0)
        desk.ledger.stop = "interrupted"
        return await asyncio.gather(first, second, return_exceptions=True)

    came_back, refused = asyncio.run(stopped())
    assert came_back.text == "answer 1"
    assert isinstance(refused, Stopped)
    assert str(refused) == "interrupted"


@dataclass
class Priced(Shop):
    """A shop that says what a call costs at most, and charges a quarter."""

    worst: float | None = 1.0

    def worst_cost(self, request):
        return self.worst


def test_a_budget_counts_what_is_under_way_at_its_worst():
    """Of 3 USD, calls of 1 USD at most leave room for three at a time, and in the end for nine that cost a quarter."""
    desk = Desk(Priced(), budget=3.0, width=20)
    results = desk.ask_all(*(request(str(n)) for n in range(20)))
    assert desk.shop.most_at_once == 3
    assert len(desk.shop.bought) == 9
    assert desk.ledger.spent == 2.25
    assert {type(result) for result in results} == {Reply, Stopped}


def test_a_budget_with_no_room_for_the_next_call_says_so():
    desk = Desk(Priced(worst=5.0), budget=3.0)
    (refused,) = desk.ask_all(request())
    assert str(refused) == (
        "the budget of 3 USD has no room for the next call, which may cost 5.0000: 0.0000 is spent. "
        "Resume with a --budget for more."
    )
    assert not desk.shop.bought


@pytest.mark.parametrize("worst", [0.25, 0.4, 1.0, 2.0])
def test_a_budget_is_never_exceeded_where_prices_are_known(worst):
    desk = Desk(Priced(worst=worst), budget=2.1, width=50)
    desk.ask_all(*(request(str(n)) for n in range(50)))
    assert desk.ledger.spent <= 2.1
    assert desk.ledger.spent + worst > 2.1
    assert desk.ledger.held == 0


def test_where_no_price_is_known_a_budget_bounds_what_is_known_to_be_spent():
    """Nothing can be held for calls under way, so that as many as there are slots may exceed it."""
    desk = Desk(Priced(worst=None), budget=0.5, width=4)
    desk.ask_all(*(request(str(n)) for n in range(8)))
    assert desk.ledger.spent == 1.0


def test_failed_attempts_are_spent_too():
    desk = Desk(Priced(failures=[CallFailed("cut", "half", cost=0.75)]), budget=9.0)
    desk.ask_all(request())
    assert (desk.ledger.spent, desk.ledger.perhaps) == (0.75, 0.0)


@pytest.mark.parametrize("kind, perhaps", [("timeout", 1.0), ("cut", 1.0), ("rate_limit", 0.0), ("server", 0.0)])
def test_an_attempt_that_broke_off_without_a_bill_is_feared_at_its_worst(kind, perhaps):
    desk = Desk(Priced(failures=[CallFailed(kind, "off")]), budget=1.5)
    desk.ask_all(request())
    assert (desk.ledger.spent, desk.ledger.perhaps) == (0.0, perhaps)
    (again,) = desk.ask_all(request())
    assert isinstance(again, Stopped if perhaps else Reply)


def test_a_stop_reaches_those_who_wait_for_room():
    desk = Desk(Priced(), budget=1.5, width=9)

    async def stopped():
        desk.model = desk.opened()
        tasks = [asyncio.create_task(desk.ask(request(str(n)))) for n in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        desk.ledger.stop = "interrupted"
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, *others = asyncio.run(stopped())
    assert first.text == "answer 1"
    assert [str(other) for other in others] == ["interrupted"] * 2


def test_what_stops_one_call_stops_all_that_have_not_begun():
    desk = Desk(Shop(failures=[Stopped("the key is wrong")]), width=1)
    results = desk.ask_all(*(request(str(n)) for n in range(5)))
    assert {str(result) for result in results} == {"the key is wrong"}
    assert len(desk.shop.bought) == 1


class Paid(Shop):
    """A model of somebody's account."""

    spec = "anthropic/m"
    simulated = False
    account = "anthropic"


def test_a_model_with_an_account_is_paced_and_retried_and_others_keep_to_the_slots():
    async def made():
        ledger, slots, health = Ledger(read=lambda _: None), asyncio.Semaphore(3), Health()
        paid = Paid(failures=[CallFailed("server", "500")])
        policy = Policy(base=0.0001)
        models = wrapped({"anthropic/m": paid, "sim/shop": Shop()}, ledger, slots, Pacing(), health, policy)
        reply = await models["anthropic/m"](request())
        return models, reply

    models, reply = asyncio.run(made())
    assert isinstance(models["anthropic/m"].model, Retried)
    assert isinstance(models["sim/shop"].model, Bounded)
    assert (reply.text, reply.tries) == ("answer 2", 2)


def test_a_model_that_was_given_more_time_gets_it():
    slow = Paid()
    slow.deadline = 3600.0
    assert patient(Policy(), slow) == Policy(attempt=3600.0, deadline=5400.0)
    assert patient(Policy(), Paid()) == Policy()


@pytest.mark.parametrize(
    "model, budget, kept", [(Paid(), None, True), (Shop(), 5.0, True), (Priced(), 5.0, True), (Paid(), 5.0, False)]
)
def test_a_budget_over_a_model_of_unknown_price_is_refused_before_the_run(model, budget, kept):
    if kept:
        check_budget({"m": model}, budget)
    else:
        with pytest.raises(UsageError, match=r"price of m\b.*prices.toml.*leave --budget out"):
            check_budget({"m": model}, budget)


def test_a_remembered_model_goes_by_the_name_of_the_one_behind_it():
    async def made():
        return wrapped({"sim/shop": Shop()}, Ledger(read=lambda _: None), asyncio.Semaphore(1), Pacing(), Health())

    model = asyncio.run(made())["sim/shop"]
    assert (model.spec, model.simulated) == ("sim/shop", True)


# Pauses


def test_a_paused_ledger_lets_no_call_begin_until_it_goes_on():
    desk = Desk()

    async def story():
        desk.model = desk.opened()
        desk.ledger.pause(paused=True)
        call = asyncio.create_task(desk.ask(request("Who?")))
        for _ in range(20):
            await asyncio.sleep(0)
        assert (desk.shop.bought, desk.ledger.buyers) == ([], 0)
        desk.ledger.pause(paused=False)
        return (await call).text

    assert asyncio.run(story()) == "answer 1"
    assert (desk.ledger.calls, desk.ledger.buyers) == (1, 0)


def test_a_paused_ledger_still_finds_what_was_bought():
    desk = Desk()

    async def story():
        desk.model = desk.opened()
        await desk.ask(request("Who?"))
        desk.ledger.pause(paused=True)
        return await desk.ask(request("Who?"))

    assert asyncio.run(story()).reused
    assert desk.ledger.calls == 1


def test_who_waits_out_a_pause_is_told_when_the_run_stops():
    desk = Desk()

    async def story():
        desk.model = desk.opened()
        desk.ledger.pause(paused=True)
        call = asyncio.create_task(desk.ask(request("Who?")))
        await asyncio.sleep(0)
        desk.ledger.halt("enough")
        with pytest.raises(Stopped, match="enough"):
            await call

    asyncio.run(story())
    assert desk.shop.bought == []
