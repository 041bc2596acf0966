"""What the server makes of requests: limits, the record, chance that follows from the seed, the bill."""

import json

import pytest

from arena.fake import faults, messages
from arena.fake.asked import Refusal
from arena.fake.desk import Desk
from arena.fake.limits import Rate
from arena.fake.options import Options
from arena.models import prices

RATES = prices.load({})


def body(said="Hello.", **more):
    asked = {"model": "fake-claude-haiku-5-5", "max_tokens": 50, "messages": [{"role": "user", "content": said}]}
    return json.dumps({**asked, **more}).encode()


def desk(clock=lambda: 0.0, **options):
    return Desk(Options(**options), RATES, clock)


def sold(at, raw):
    order = at.take(messages, raw)
    said = at.answer(order, at.look(order))
    at.done(order, said, "replied", whole=True)
    return said


def outcomes(seed, number=300):
    """What befalls so many requests."""
    at, found = desk(seed=seed, faults=faults.parse(["mixed=0.3"])), []
    for i in range(number):
        try:
            found.append(at.take(messages, body(f"call {i}")).fault)
        except Refusal as why:
            found.append(why.status)
    return found


def test_the_same_seed_has_the_same_faults_and_another_one_others():
    assert outcomes(1) == outcomes(1) != outcomes(2)


def test_a_request_that_is_asked_again_has_luck_of_its_own():
    at = desk(faults={"hang": 0.5})
    assert {at.take(messages, body()).fault for _ in range(60)} == {None, "hang"}


@pytest.mark.parametrize("tells, wait, names", [("all", 10, True), ("wait", 10, False), ("none", None, False)])
def test_an_answer_tells_as_much_of_a_limit_as_it_is_set_to(tells, wait, names):
    at = desk(lambda: 0.0, requests=Rate(1, 10), kind="window", tells=tells)
    sold(at, body("1"))
    with pytest.raises(Refusal) as caught:
        at.take(messages, body("2"))
    assert caught.value.retry_after == wait
    assert bool(caught.value.headers) is names
    assert bool(at.headers(messages, "fake-claude-haiku-5-5")) is names


def test_a_limit_answers_429_with_when_to_come_back_and_opens_again():
    time = [0.0]
    at = desk(lambda: time[0], requests=Rate(2, 10), kind="window")
    sold(at, body("1"))
    sold(at, body("2"))
    with pytest.raises(Refusal) as caught:
        at.take(messages, body("3"))
    assert (caught.value.status, caught.value.retry_after) == (429, 10)
    time[0] = 10.0
    assert sold(at, body("3")).text


def test_each_model_has_limits_of_its_own():
    at = desk(requests=Rate(1, 10))
    sold(at, body())
    assert sold(at, body(model="fake-claude-opus-5-5")).text


def test_a_request_longer_than_the_context_is_refused():
    with pytest.raises(Refusal, match="prompt is too long: 101 tokens > 100 maximum"):
        desk(context=100).take(messages, body("x" * 404))


def test_every_reply_has_an_id_of_its_own_and_stands_in_the_record(tmp_path):
    at = desk(record=tmp_path / "record.jsonl")
    ids = [sold(at, body()).id for _ in range(3)]
    at.close()
    lines = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == ids
    assert len(set(ids)) == 3
    assert {line["request"] for line in lines} == {lines[0]["request"]}
    assert {line["outcome"] for line in lines} == {"replied"}


def test_the_bill_is_what_the_vendor_would_charge():
    at = desk()
    passage = [{"type": "text", "text": "p" * 4000, "cache_control": {"type": "ephemeral"}}]
    written = [sold(at, body(f"{i:04}" * 10, system=passage)).tally.output for i in range(3)]
    told = at.bill.told()["sold"]
    assert (told["fresh"], told["cache_write"], told["cache_read"]) == (30, 1000, 2000)
    assert told["output"] == sum(written)
    dollars = (30 * 0.10 + 1000 * 0.125 + 2000 * 0.01 + sum(written) * 0.50) / 1e6
    assert told["cost"] == pytest.approx(dollars, abs=1e-9)


def test_what_did_not_arrive_whole_is_told_apart():
    at = desk()
    order = at.take(messages, body())
    at.done(order, at.answer(order, at.look(order)), "cut", whole=False)
    told = at.bill.told()
    assert (told["sold"]["replies"], told["lost"]["replies"]) == (0, 1)


def test_a_model_without_a_price_costs_nobody_knows_what():
    at = desk()
    sold(at, body(model="fake-nobody"))
    assert at.bill.told()["sold"]["unpriced"] == 1
