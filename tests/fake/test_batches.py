"""Batches of both vendors, through their own SDKs."""

import json

import anthropic
import openai
import pytest

from arena.fake.options import Options
from tests.fake.clients import CLAUDE, GPT, HELLO, served

DONE, NEVER = Options(batch_seconds=0), Options(batch_seconds=3600)


def calls(n, **more):
    params = {"model": CLAUDE, "max_tokens": 50, "messages": HELLO, **more}
    return [{"custom_id": f"call-{i}", "params": params} for i in range(n)]


def lines(n, url="/v1/chat/completions", **more):
    body = {"model": GPT, "messages": HELLO, **more}
    return [{"custom_id": f"call-{i}", "method": "POST", "url": url, "body": body} for i in range(n)]


async def results(each, batch):
    return {one.custom_id: one.result async for one in await each.claude.messages.batches.results(batch.id)}


async def handed_in(each, told, endpoint="/v1/chat/completions"):
    content = told if isinstance(told, bytes) else "".join(json.dumps(line) + "\n" for line in told).encode()
    file = await each.gpt.files.create(file=("calls.jsonl", content), purpose="batch")
    return await each.gpt.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h")


async def read(each, file):
    return [json.loads(line) for line in (await each.gpt.files.content(file)).text.splitlines()]


def test_a_message_batch_is_under_way_until_its_time_has_come():
    async def act(each):
        batch = await each.claude.messages.batches.create(requests=calls(3))
        with pytest.raises(anthropic.AnthropicError, match="results"):
            await each.claude.messages.batches.results(batch.id)
        return await each.claude.messages.batches.retrieve(batch.id)

    batch = served(act, NEVER)
    assert (batch.processing_status, batch.request_counts.processing, batch.results_url) == ("in_progress", 3, None)


def test_a_message_batch_ends_with_a_message_for_each_call():
    async def act(each):
        batch = await each.claude.messages.batches.create(requests=calls(3))
        batch = await each.claude.messages.batches.retrieve(batch.id)
        return batch, await results(each, batch), each.bill

    batch, found, bill = served(act, DONE)
    assert (batch.processing_status, batch.request_counts.succeeded) == ("ended", 3)
    assert found.keys() == {"call-0", "call-1", "call-2"}
    assert all(result.message.content[0].text for result in found.values())
    assert (bill["batched"], bill["sold"]["replies"]) == (3, 3)


def test_a_batch_costs_half():
    async def act(each):
        before = await each.claude.messages.create(model=CLAUDE, max_tokens=50, messages=HELLO)
        alone = each.bill["sold"]["cost"]
        await results(each, await each.claude.messages.batches.create(requests=calls(1)))
        return before.usage.output_tokens, alone, each.bill["sold"]["cost"]

    written, alone, both = served(act, DONE)
    assert alone == pytest.approx((3 * 0.1 + written * 0.5) / 1e6)
    assert both == pytest.approx(1.5 * alone, rel=1e-3)


def test_a_wrong_call_of_a_message_batch_is_an_error_of_its_own():
    async def act(each):
        wrong = {**calls(1, temperature=1)[0], "custom_id": "wrong"}
        return await results(each, await each.claude.messages.batches.create(requests=[*calls(1), wrong]))

    found = served(act, DONE)
    assert found["call-0"].type == "succeeded"
    assert found["wrong"].type == "errored"
    assert found["wrong"].error.error.type == "invalid_request_error"


def test_a_share_of_a_message_batch_fails_and_a_share_expires():
    async def act(each):
        batch = await each.claude.messages.batches.create(requests=calls(100))
        batch = await each.claude.messages.batches.retrieve(batch.id)
        return batch.request_counts, await results(each, batch)

    counts, found = served(act, Options(batch_seconds=0, batch_errors=0.2, batch_expiry=0.2))
    kinds = [result.type for result in found.values()]
    assert (kinds.count("errored"), kinds.count("expired")) == (counts.errored, counts.expired)
    assert 8 < counts.errored < 35
    assert 8 < counts.expired < 35
    assert counts.succeeded == 100 - counts.errored - counts.expired


def test_a_cancelled_message_batch_ends_with_what_was_done():
    async def act(each):
        batch = await each.claude.messages.batches.create(requests=calls(4))
        batch = await each.claude.messages.batches.cancel(batch.id)
        return batch, await results(each, batch)

    batch, found = served(act, NEVER)
    assert batch.processing_status == "ended"
    assert [result.type for result in found.values()].count("canceled") >= 3


def test_message_batches_are_listed_page_by_page_and_can_be_deleted():
    async def act(each):
        made = [(await each.claude.messages.batches.create(requests=calls(1))).id for _ in range(5)]
        listed = [batch.id async for batch in each.claude.messages.batches.list(limit=2)]
        await each.claude.messages.batches.delete(made[0])
        return made, listed, [batch.id async for batch in each.claude.messages.batches.list()]

    made, listed, left = served(act, DONE)
    assert listed == made[::-1]
    assert left == made[:0:-1]


@pytest.mark.parametrize(
    "requests, said",
    [
        ([*calls(1), *calls(1)], "given twice"),
        ([{**calls(1)[0], "custom_id": "a b"}], "match pattern"),
        ([{**calls(1)[0], "custom_id": "x" * 65}], "match pattern"),
        ([], "requests: Field required"),
    ],
)
def test_a_message_batch_that_cannot_be_is_refused(requests, said):
    async def act(each):
        with pytest.raises(anthropic.BadRequestError) as caught:
            await each.claude.messages.batches.create(requests=requests)
        return str(caught.value)

    assert said in served(act)


def test_a_batch_of_a_file_is_under_way_until_its_time_has_come():
    async def act(each):
        batch = await handed_in(each, lines(2))
        return await each.gpt.batches.retrieve(batch.id)

    batch = served(act, NEVER)
    assert (batch.status, batch.output_file_id, batch.request_counts.total) == ("in_progress", None, 2)


@pytest.mark.parametrize("endpoint", ["/v1/chat/completions", "/v1/responses"])
def test_a_batch_of_a_file_leaves_a_file_of_answers(endpoint):
    asked = {"messages": HELLO} if "chat" in endpoint else {"input": "Say hello."}
    told = [{**line, "body": {"model": GPT, **asked}} for line in lines(2, endpoint)]

    async def act(each):
        batch = await each.gpt.batches.retrieve((await handed_in(each, told, endpoint)).id)
        return batch, await read(each, batch.output_file_id)

    batch, found = served(act, DONE)
    assert (batch.status, batch.request_counts.completed, batch.error_file_id) == ("completed", 2, None)
    assert {line["custom_id"] for line in found} == {"call-0", "call-1"}
    assert all(line["response"]["status_code"] == 200 and line["response"]["body"]["usage"] for line in found)


def test_a_failed_line_stands_in_the_file_of_errors_and_nowhere_else():
    async def act(each):
        wrong = {**lines(1, temperature=[])[0], "custom_id": "wrong"}
        wrong["body"]["model"] = "gpt-6-luna"
        batch = await each.gpt.batches.retrieve((await handed_in(each, [*lines(1), wrong])).id)
        return batch, await read(each, batch.output_file_id), await read(each, batch.error_file_id)

    batch, good, bad = served(act, DONE)
    assert (batch.request_counts.completed, batch.request_counts.failed) == (1, 1)
    assert [line["custom_id"] for line in good] == ["call-0"]
    assert [(line["custom_id"], line["response"]["status_code"]) for line in bad] == [("wrong", 404)]


def test_what_expired_is_told_in_the_file_of_errors():
    async def act(each):
        batch = await each.gpt.batches.retrieve((await handed_in(each, lines(40))).id)
        return batch, await read(each, batch.output_file_id), await read(each, batch.error_file_id)

    batch, good, bad = served(act, Options(batch_seconds=0, batch_expiry=0.3))
    assert batch.status == "expired"
    assert len(good) + len(bad) == 40
    assert {line["error"]["code"] for line in bad} == {"batch_expired"}


@pytest.mark.parametrize(
    "told, code",
    [
        (b"{not json\n", "invalid_json_line"),
        (b"", "empty_file"),
        (lines(1) + lines(1), "duplicate_custom_id"),
        (lines(1, "/v1/responses"), "invalid_url"),
    ],
)
def test_a_file_that_cannot_be_read_makes_a_batch_that_failed(told, code):
    async def act(each):
        return await handed_in(each, told)

    batch = served(act, DONE)
    assert batch.status == "failed"
    assert batch.errors.data[0].code == code


def test_a_cancelled_batch_says_so():
    async def act(each):
        batch = await handed_in(each, lines(3))
        return await each.gpt.batches.cancel(batch.id)

    assert served(act, NEVER).status == "cancelled"


def test_batches_and_files_are_listed_and_files_can_be_deleted():
    async def act(each):
        batch = await handed_in(each, lines(1))
        listed = [one.id async for one in each.gpt.batches.list(limit=1)]
        await each.gpt.files.delete(batch.input_file_id)
        with pytest.raises(openai.NotFoundError):
            await each.gpt.files.retrieve(batch.input_file_id)
        return batch.id, listed

    made, listed = served(act, NEVER)
    assert listed == [made]
