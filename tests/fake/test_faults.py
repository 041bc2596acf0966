"""Every fault, as the arena's providers meet it, on every wire, whole and streamed."""

import asyncio
from dataclasses import replace

import pytest

from arena.errors import UsageError
from arena.fake import faults
from arena.fake.options import Latency, Options
from arena.fake.server import Fake
from arena.models.base import Message, Request
from arena.models.failures import CallFailed
from arena.structured import schema
from tests.models.calling import opened

ASKED = Request("Be brief.", (Message("user", "Speak in <argument></argument> tags."),), max_tokens=500)
WIRES = {
    "messages": "anthropic/fake-m@URL?",
    "chat": "openai/fake-m@URL?",
    "responses": "openai/fake-m@URL?api=responses&",
}
KINDS = {
    "429": "rate_limit",
    "429-bare": "rate_limit",
    "408": "timeout",
    "409": "conflict",
    "500": "server",
    "502": "server",
    "503": "overloaded",
    "529": "overloaded",
    "hang": "timeout",
    "drop": "connection",
    "cut": "cut",
    "short": "cut",
    "drip": "timeout",
    "broken": "malformed",
    "error-event": "overloaded",
    "empty": "malformed",
    "html": "malformed",
    "filter": "filtered",
    "too-long": "too_long",
    "401": "auth",
    "403": "auth",
    "404": "not_found",
    "quota": "quota",
    "billing": "quota",
}
WHOLE = {"cut": "connection", "short": "malformed", "error-event": None}
"""What differs where a reply is not streamed; an error event needs a stream to stand in."""

STREAMED = {"html": "cut"}
"""What differs where it is streamed."""

OF_WIRE = {("filter", "messages"): None, ("error-event", "chat"): "server", ("error-event", "responses"): "server"}
"""What differs by wire: Anthropic has no content filter, and OpenAI no word for an overload inside a stream."""


def expected(fault, wire, *, stream):
    """The kind of the failure; `None` where there is none."""
    kind = (STREAMED if stream else WHOLE).get(fault, KINDS[fault])
    return kind and OF_WIRE.get((fault, wire), kind)


def met(fault, wire, *, stream, asked=ASKED):
    """The reply, or the failure, of a call at which a fault befalls every call; and the bill."""
    patience = "deadline=0.3" if fault in ("hang", "drip") else "deadline=30"

    async def act():
        async with Fake(Options(faults={fault: 1.0}, drip=0.2)) as fake:
            spec = f"{WIRES[wire].replace('URL', fake.url)}stream={str(stream).lower()}&{patience}"
            model = opened(spec, {})
            try:
                return await model(asked), fake.desk.bill.told()
            except CallFailed as why:
                return why, fake.desk.bill.told()
            finally:
                await model.close()

    return asyncio.run(act())


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("fault", KINDS)
def test_a_fault_is_met_as_what_it_is(fault, wire, stream):
    kind = expected(fault, wire, stream=stream)
    found, bill = met(fault, wire, stream=stream)
    assert bill["faults"] == {fault: 1}
    if kind is None:
        assert not isinstance(found, CallFailed)
    else:
        assert isinstance(found, CallFailed), found
        assert found.kind == kind
        assert found.retry_after == (1.0 if fault == "429" else None)
        assert bill["sold"]["replies"] == (fault == "filter")


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_a_reply_that_says_so_and_is_paid_for(wire, stream):
    reply, bill = met("refusal", wire, stream=stream)
    assert reply.finish == "refusal"
    assert bill["sold"]["replies"] == 1


@pytest.mark.parametrize("wire", WIRES)
def test_a_schema_that_is_ignored_is_told_from_one_that_is_kept_to(wire):
    asked = replace(ASKED, sampling={"schema": schema(2)})
    failure, bill = met("no-schema", wire, stream=False, asked=asked)
    assert failure.kind == "unsupported"
    assert failure.usage.output > 0
    assert bill["sold"]["replies"] == 1
    reply, _ = met("no-schema", wire, stream=False)
    assert "<argument>" in reply.text


def test_faults_come_as_often_as_they_are_set_and_where_the_seed_says():
    rates = faults.parse(["429=0.1", "hang=0.05"])
    drawn = [faults.drawn(rates, 0, i) for i in range(4000)]
    assert drawn == [faults.drawn(rates, 0, i) for i in range(4000)]
    assert drawn != [faults.drawn(rates, 1, i) for i in range(4000)]
    assert drawn.count("429") == pytest.approx(400, abs=80)
    assert drawn.count("hang") == pytest.approx(200, abs=60)


def test_mixed_is_all_of_the_passing_ones_in_equal_parts():
    rates = faults.parse(["mixed=0.12"])
    assert set(rates) == set(faults.MIXED)
    assert all(rate == pytest.approx(0.01) for rate in rates.values())


def test_every_named_fault_does_something():
    assert set(faults.NAMES) == {*KINDS, "refusal", "no-schema"}


@pytest.mark.parametrize("given, said", [("x=1", "no fault"), ("429", "write a share"), ("429=-1", "write a share")])
def test_what_is_no_fault_is_refused(given, said):
    with pytest.raises(UsageError, match=said):
        faults.parse([given])


@pytest.mark.parametrize(
    "text, low, high", [("0.5", 0.5, 0.5), ("0.2..1", 0.2, 1.0), ("0.8~0.5", 0.05, 8.0), (".5", 0.5, 0.5)]
)
def test_a_latency_is_drawn_where_it_should_lie(text, low, high):
    latency = Latency.parse(text)
    drawn = [latency.draw(i) for i in range(300)]
    assert all(low <= seconds <= high for seconds in drawn)
    assert len(set(drawn)) == (1 if low == high else 300)
