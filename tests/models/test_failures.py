"""What a provider makes of every way in which a call can fail: each row of the table, on every wire."""

import asyncio
import json

import pytest

from arena.events import Usage
from arena.models.failures import KINDS
from tests.models.calling import CHAT, HELLO, MESSAGES, RESPONSES, WIRES, call, opened, result, streaming
from tests.models.server import (
    Answer,
    chat,
    chat_events,
    message,
    message_events,
    response,
    response_events,
    streamed,
    told,
)

on_each_wire = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
both_ways = pytest.mark.parametrize("shape", [str, streaming], ids=["whole", "streamed"])

STATUSES = {
    "auth": [401, 403],
    "quota": [402],
    "not_found": [301, 404],
    "timeout": [408],
    "conflict": [409],
    "too_long": [413],
    "rate_limit": [429],
    "server": [500, 502, 504],
    "overloaded": [503, 529],
    "bad_request": [400, 405, 418, 422],
}

ERRORS = [
    (429, {"code": "insufficient_quota", "message": "You exceeded your current quota"}, "quota"),
    (
        429,
        {"type": "rate_limit_error", "message": "x", "details": {"error_code": "enforced_spend_limit_reached"}},
        "quota",
    ),
    (429, {"type": "rate_limit_error", "message": "x", "details": {"error_code": "ramp_limit"}}, "rate_limit"),
    (400, {"type": "invalid_request_error", "message": "Your credit balance is too low"}, "quota"),
    (403, {"type": "billing_error", "message": "x"}, "quota"),
    (400, {"code": "context_length_exceeded", "message": "x"}, "too_long"),
    (400, {"type": "invalid_request_error", "message": "prompt is too long: 2 > 1"}, "too_long"),
    (400, {"code": 400, "type": "exceed_context_size_error", "message": "x"}, "too_long"),
    (500, {"message": "the request exceeds the available context size"}, "too_long"),
    (400, {"code": "content_filter", "message": "x"}, "filtered"),
    (400, {"type": "invalid_request_error", "message": "Output blocked by content filtering policy"}, "filtered"),
    (400, {"type": "invalid_request_error", "message": "temperature: extra inputs are not permitted"}, "bad_request"),
    (400, {"message": "/chat/completions: Invalid model name passed in model=x. Call `/v1/models`"}, "not_found"),
    (400, {"message": "The model `x` does not exist"}, "not_found"),
    (400, {"code": "model_not_found", "message": "no"}, "not_found"),
    (400, {"message": "this model takes no temperature"}, "bad_request"),
]

IN_STREAM = [
    ("overloaded_error", "overloaded"),
    ("rate_limit_error", "rate_limit"),
    ("api_error", "server"),
    ("timeout_error", "timeout"),
    ("conflict_error", "conflict"),
    ("authentication_error", "auth"),
    ("permission_error", "auth"),
    ("billing_error", "quota"),
    ("not_found_error", "not_found"),
    ("request_too_large", "too_long"),
    ("invalid_request_error", "bad_request"),
    ("whatever_error", "server"),
]


@both_ways
@on_each_wire
@pytest.mark.parametrize("kind, status", [(kind, status) for kind, given in STATUSES.items() for status in given])
def test_each_status_has_its_kind(wire, shape, kind, status):
    assert call(told({"error": {"message": "no"}}, status), shape(wire.spec)).failure.kind == kind


@on_each_wire
@pytest.mark.parametrize("status, error, kind", ERRORS)
def test_what_the_error_says_makes_its_kind_more_exact(wire, status, error, kind):
    assert call(told({"type": "error", "error": error}, status), wire.spec).failure.kind == kind


@on_each_wire
def test_an_error_is_told_in_the_servers_own_words(wire):
    body = {"error": {"message": "there is\nno such thing"}}
    assert "HTTP 400: there is no such thing" in str(call(told(body, 400), wire.spec).failure)


@on_each_wire
@pytest.mark.parametrize(
    "body", [b"", b"<html>gateway</html>", b"\xff\xfe", b"[1]", b'{"error": null}', b'{"detail": "no"}']
)
def test_an_error_may_have_any_body(wire, body):
    assert call(Answer([body], 502), wire.spec).failure.kind == "server"


@on_each_wire
def test_what_a_server_repeats_of_the_request_does_not_count(wire):
    """A model may say that the credit is spent; a server that repeats it says nothing of the kind."""
    body = {"detail": [{"msg": "wrong", "input": "insufficient_quota credit balance prompt is too long"}]}
    assert call(told(body, 422), wire.spec).failure.kind == "bad_request"


@on_each_wire
@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"llm_provider-retry-after": "4"}, 4.0),
        ({}, None),
    ],
)
def test_the_wait_that_the_server_asks_for_is_passed_on(wire, headers, seconds):
    assert call(told({"error": {}}, 429, headers=headers), wire.spec).failure.retry_after == seconds


def sse(error):
    """An error inside a stream, in the form of the wire of messages and of many others."""
    return f"event: error\ndata: {json.dumps({'type': 'error', 'error': error})}\n\n"


@on_each_wire
@pytest.mark.parametrize("name, kind", IN_STREAM)
def test_an_error_inside_a_stream_has_its_kind(wire, name, kind):
    events = [*wire.events()[:2], sse({"type": name, "message": "no"})]
    assert call(streamed(events), streaming(wire.spec)).failure.kind == kind


@pytest.mark.parametrize(
    "error, kind",
    [
        ({"code": 429, "message": "slow down"}, "rate_limit"),
        ({"code": 503, "message": "busy"}, "overloaded"),
        ({"code": "insufficient_quota", "type": "rate_limit_error"}, "quota"),
        ({"code": "rate_limit_exceeded"}, "rate_limit"),
        ("the engine died", "server"),
    ],
)
def test_a_chat_stream_may_tell_its_error_in_a_chunk(error, kind):
    events = [*chat_events()[:2], f"data: {json.dumps({'error': error})}\n\n"]
    assert call(streamed(events), streaming(CHAT.spec)).failure.kind == kind


def test_a_responses_stream_may_tell_its_error_in_an_event_of_its_own():
    event = {"type": "error", "code": "rate_limit_exceeded", "message": "slow down"}
    events = [response_events()[0], f"event: error\ndata: {json.dumps(event)}\n\n"]
    assert call(streamed(events), streaming(RESPONSES.spec)).failure.kind == "rate_limit"


@both_ways
def test_a_response_that_failed_is_a_failure_with_what_it_took(shape):
    failed = {"status": "failed", "error": {"code": "server_error", "message": "no"}}
    answer = {str: told(response(**failed)), streaming: streamed(response_events("", "response.failed", **failed))}
    failure = call(answer[shape], shape(RESPONSES.spec)).failure
    assert (failure.kind, failure.usage.input) == ("server", 1210)


@on_each_wire
def test_an_error_with_status_200_is_an_error(wire):
    assert (
        call(told({"error": {"type": "overloaded_error", "message": "busy"}}), wire.spec).failure.kind == "overloaded"
    )


# Streams that break


def cuts():
    """Every place behind an event at which a stream may stop, on every wire, with how it stops."""
    for name, wire in WIRES.items():
        events = wire.events("Half a speech is no speech.")
        for end in ("clean", "drop"):
            most = len(events) - (wire.whole_before_its_end if end == "clean" else 0)
            yield from (pytest.param(wire, events[:n], end, id=f"{name}-{n}-{end}") for n in range(most))


@pytest.mark.parametrize("wire, events, end", cuts())
def test_a_stream_cut_behind_any_event_is_cut_and_never_half_a_reply(wire, events, end):
    assert call(streamed(events, end=end), streaming(wire.spec)).failure.kind == "cut"


@on_each_wire
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_stream_cut_inside_an_event_is_cut(wire, share):
    text = "".join(wire.events("Half a speech is no speech.")[:-2])
    assert call(streamed([text[: int(share * len(text))]]), streaming(wire.spec)).failure.kind == "cut"


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_chat_stream_that_ends_in_good_order_behind_its_finish_is_whole(missing):
    """Some servers do not say that they are done, and some count nothing."""
    events = chat_events("All of it.")
    came = call(streamed(events[: len(events) - missing]), streaming(CHAT.spec))
    assert came.reply.text == "All of it."


def test_openais_own_chat_stream_is_whole_only_when_it_says_so():
    from arena.models.chat import ChatAssembly
    from arena.models.streams import ServerEvent

    assembly = ChatAssembly(strict=True)
    for event in chat_events()[:-1]:
        assembly.feed(ServerEvent("", event.removeprefix("data: ").strip()))
    assert not assembly.may_end
    assembly.feed(ServerEvent("", "[DONE]"))
    assert assembly.may_end


def test_a_cut_message_says_what_it_took():
    failure = call(streamed(message_events()[:4]), streaming(MESSAGES.spec)).failure
    assert failure.usage == Usage(input=1210, output=1, cache_read=1000, cache_write=200)


def test_a_cut_message_of_a_known_price_says_what_it_cost():
    failure = call(streamed(message_events()[:4]), "anthropic/claude-opus-5-5@URL?stream=true").failure
    assert failure.cost == pytest.approx((10 * 4 + 1000 * 0.20 + 200 * 5 + 1 * 20) / 1e6)


# Answers that are none


@on_each_wire
@pytest.mark.parametrize("body", [b"{}", b"[]", b"null", b"", b'{"choices": [{}]', b"Hello.", b'{"a": ' * 100_000])
def test_an_answer_that_is_none_is_malformed(wire, body):
    assert call(Answer([body]), wire.spec).failure.kind == "malformed"


@on_each_wire
@pytest.mark.parametrize("data", ["{", "[]", "null", "Hello.", '{"a": ' * 100_000])
def test_an_event_that_is_no_json_object_is_malformed(wire, data):
    answer = streamed([*wire.events()[:1], f"event: x\ndata: {data}\n\n"])
    assert call(answer, streaming(wire.spec)).failure.kind == "malformed"


@on_each_wire
@pytest.mark.parametrize("kind", ["text/plain", "text/html", "text/event-stream", "application/octet-stream"])
def test_the_content_type_of_a_whole_answer_says_nothing(wire, kind):
    """Some servers call their JSON text."""
    assert call(told(wire.reply("Yes."), kind=kind), wire.spec).reply.text == "Yes."


@on_each_wire
def test_json_where_a_stream_was_due_is_read_as_it_is(wire):
    assert call(told(wire.reply("Yes.")), streaming(wire.spec)).reply.text == "Yes."


@on_each_wire
def test_a_page_where_a_stream_was_due_is_cut(wire):
    page = Answer([b"<html>hello</html>"], kind="text/html")
    assert call(page, streaming(wire.spec)).failure.kind == "cut"


@on_each_wire
def test_an_answer_that_claims_a_wrong_compression_is_malformed(wire):
    assert call(told(wire.reply(), headers={"content-encoding": "gzip"}), wire.spec).failure.kind == "malformed"


@pytest.mark.parametrize("stop", ["tool_use", "pause_turn"])
def test_a_message_that_waits_for_a_tool_is_malformed(stop):
    assert call(told(message(stop_reason=stop)), MESSAGES.spec).failure.kind == "malformed"


@pytest.mark.parametrize("finish", ["error", "abort"])
@both_ways
def test_a_chat_that_the_server_gave_up_is_cut(shape, finish):
    answer = streamed(chat_events("Half", finish=finish)) if shape is streaming else told(chat("Half", finish=finish))
    assert call(answer, shape(CHAT.spec)).failure.kind == "cut"


def test_an_error_may_stand_in_the_choice():
    answer = chat()
    answer["choices"][0]["error"] = {"code": 503, "message": "busy"}
    assert call(told(answer), CHAT.spec).failure.kind == "overloaded"


# What ends an episode


@pytest.mark.parametrize(
    "wire, answer",
    [
        (CHAT, chat("Half", finish="content_filter")),
        (RESPONSES, response("Half", status="incomplete", incomplete_details={"reason": "content_filter"})),
    ],
    ids=["chat", "responses"],
)
def test_a_filtered_reply_is_a_failure_with_what_it_took(wire, answer):
    failure = call(told(answer), wire.spec).failure
    assert (failure.kind, failure.usage.output) == ("filtered", 7)


def test_a_message_that_fills_the_context_is_too_long():
    failure = call(told(message(stop_reason="model_context_window_exceeded")), MESSAGES.spec).failure
    assert (failure.kind, failure.usage.output) == ("too_long", 7)


# No answer at all


@both_ways
@on_each_wire
def test_a_connection_that_breaks_before_the_answer_is_a_connection_failure(wire, shape):
    async def calls():
        async def hang_up(reader, writer):
            await reader.read(100)
            writer.transport.abort()

        gone = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        port = gone.sockets[0].getsockname()[1]
        model = opened(shape(wire.spec).replace("URL", f"http://127.0.0.1:{port}/v1"))
        try:
            return await result(model, HELLO)
        finally:
            gone.close()

    assert asyncio.run(calls()).kind == "connection"


@on_each_wire
def test_a_server_that_is_down_is_a_connection_failure(wire):
    async def calls():
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        return await result(opened(wire.spec.replace("URL", f"http://127.0.0.1:{port}/v1")), HELLO)

    assert asyncio.run(calls()).kind == "connection"


@on_each_wire
def test_a_server_that_speaks_something_else_is_malformed(wire):
    async def calls():
        async def greet(reader, writer):
            await reader.read(100)
            writer.write(b"220 mail.example ESMTP\r\n")
            writer.close()

        mail = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = mail.sockets[0].getsockname()[1]
        model = opened(wire.spec.replace("URL", f"http://127.0.0.1:{port}/v1"))
        try:
            return await result(model, HELLO)
        finally:
            mail.close()

    assert asyncio.run(calls()).kind == "malformed"


@both_ways
@on_each_wire
def test_a_server_that_says_nothing_runs_into_the_deadline(wire, shape):
    spec = f"{shape(wire.spec)}{'&' if '?' in shape(wire.spec) else '?'}deadline=0.2"
    assert call(told({}, hold=30), spec).failure.kind == "timeout"


@both_ways
@on_each_wire
def test_a_slow_drip_runs_into_the_deadline_though_no_gap_does(wire, shape):
    text = json.dumps(wire.reply()).encode()
    drip = {str: Answer([bytes([one]) for one in text], gap=0.01), streaming: streamed(wire.events() * 50, gap=0.01)}
    if shape is streaming:
        drip[streaming].pieces = [wire.events()[0].encode()] * 500
    spec = f"{shape(wire.spec)}{'&' if '?' in shape(wire.spec) else '?'}deadline=0.3"
    assert call(drip[shape], spec).failure.kind == "timeout"


@on_each_wire
def test_a_stream_that_hangs_behind_its_end_is_whole(wire):
    spec = streaming(wire.spec)
    came = call(streamed(wire.events("All of it."), end="hang"), spec)
    assert came.reply.text == "All of it."


def test_every_kind_of_the_table_but_a_refusal_is_raised_somewhere_here():
    """A refusal is a reply, so that what it cost and what it said are logged."""
    raised = {*STATUSES, *(kind for *_, kind in ERRORS), "cut", "malformed", "connection", "unsupported"}
    assert raised == set(KINDS) - {"refusal"}
