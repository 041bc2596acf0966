"""What a reply holds, on every wire, whole or streamed."""

import asyncio
import json
from dataclasses import replace

import pytest

from arena.events import Usage
from tests.models.calling import CHAT, HELLO, MESSAGES, RESPONSES, WIRES, call, opened, streaming
from tests.models.server import (
    Answer,
    Server,
    chat,
    chat_events,
    faithful,
    message,
    message_events,
    response,
    response_events,
    streamed,
    told,
)

on_each_wire = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
both_ways = pytest.mark.parametrize("shape", [str, streaming], ids=["whole", "streamed"])
COUNTED = Usage(input=1210, output=7, cache_read=1000, cache_write=200)


@both_ways
@on_each_wire
def test_a_reply_is_the_text_with_all_that_was_counted(wire, shape):
    reply = call(faithful, shape(wire.spec)).reply
    assert (reply.text, reply.finish, reply.usage, reply.tries) == ("Hello.", "stop", COUNTED, 1)
    assert reply.model in ("gpt-fake-1", "claude-fake-1")


@both_ways
@on_each_wire
@pytest.mark.parametrize(
    "text", ["", "naïve – 日本語 🦉", "a\r\nb\u2028c\x00d", "data: [DONE]\n\nevent: x", "x" * 300_000]
)
def test_every_text_comes_through_as_it_was_sent(wire, shape, text):
    answer = streamed(wire.events(text)) if shape is streaming else told(wire.reply(text))
    assert call(answer, shape(wire.spec)).reply.text == text


@on_each_wire
def test_a_stream_may_come_in_pieces_of_any_size(wire):
    """A character of three bytes is cut in its middle, and so is every line end."""
    text = "".join(wire.events("日本語")).replace("\\u", "\\u").encode()
    pieces = Answer([text[i : i + 1] for i in range(len(text))], kind="text/event-stream")
    assert call(pieces, streaming(wire.spec)).reply.text == "日本語"


@both_ways
@on_each_wire
def test_half_a_surrogate_pair_is_no_reason_to_fail(wire, shape):
    answer = streamed(wire.events("a\ud83db")) if shape is streaming else told(wire.reply("a\ud83db"))
    assert call(answer, shape(wire.spec)).reply.text == "a\ud83db"


@on_each_wire
def test_half_a_surrogate_pair_is_sent_as_a_replacement(wire):
    request = HELLO.followed_by(*[one._replace(text="a\ud83db") for one in HELLO.messages])
    came = call(faithful, wire.spec, request)
    assert came.reply.text == "Hello."
    assert "a\ufffdb" in str(came.asked[-1].body)


@both_ways
@pytest.mark.parametrize(
    "wire, whole, events",
    [
        (MESSAGES, message(stop_reason="max_tokens"), message_events(stop="max_tokens")),
        (CHAT, chat(finish="length"), chat_events(finish="length")),
        (
            RESPONSES,
            response(status="incomplete", incomplete_details={"reason": "max_output_tokens"}),
            response_events(last="response.incomplete", status="incomplete"),
        ),
    ],
    ids=WIRES,
)
def test_a_reply_that_reached_its_limit_says_so(wire, shape, whole, events):
    answer = streamed(events) if shape is streaming else told(whole)
    assert call(answer, shape(wire.spec)).reply.finish == "length"


@pytest.mark.parametrize(
    "wire, answer, text",
    [
        (MESSAGES, message(content=[], stop_reason="refusal"), ""),
        (MESSAGES, message("I would", stop_reason="refusal"), "I would"),
        (CHAT, chat(said={"content": None, "refusal": "No."}), "No."),
        (RESPONSES, response(output=[{"type": "message", "content": [{"type": "refusal", "refusal": "No."}]}]), "No."),
    ],
)
def test_a_refusal_is_a_reply_so_that_what_it_cost_is_logged(wire, answer, text):
    reply = call(told(answer), wire.spec).reply
    assert (reply.finish, reply.text, reply.usage) == ("refusal", text, COUNTED)


def test_a_refusal_in_a_chat_stream_is_a_refusal():
    events = [event.replace('"content": "', '"refusal": "') for event in chat_events("I will not.")]
    reply = call(streamed(events), streaming(CHAT.spec)).reply
    assert (reply.finish, reply.text) == ("refusal", "I will not.")


@both_ways
def test_native_thinking_stands_apart(shape):
    blocks = [{"type": "thinking", "thinking": "Hm."}, {"type": "redacted_thinking", "data": "x"}]
    whole = told(message(content=[*blocks, {"type": "text", "text": "Yes."}]))
    answer = streamed(message_events("Yes.", thinking="Hm.")) if shape is streaming else whole
    reply = call(answer, shape(MESSAGES.spec)).reply
    assert (reply.text, reply.thinking) == ("Yes.", "Hm.")


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
def test_the_thinking_of_local_models_stands_apart(field):
    whole = call(told(chat(said={"content": "Yes.", field: "Hm."})), CHAT.spec).reply
    thought = chat_events("Hm.")[1:3]
    events = [event.replace('"content"', f'"{field}"') for event in thought] + chat_events("Yes.")
    parts = call(streamed(events), streaming(CHAT.spec)).reply
    assert [(reply.text, reply.thinking) for reply in (whole, parts)] == [("Yes.", "Hm.")] * 2


@pytest.mark.parametrize(
    "said, thinking, text",
    [
        ("<think>\nHm.\n</think>\n\nYes.", "Hm.", "Yes."),
        ("\n<think>Hm", "Hm", ""),
        ("<think></think>Yes.", None, "Yes."),
        ("Yes, <think>hm</think>.", None, "Yes, <think>hm</think>."),
    ],
)
@both_ways
def test_thinking_in_the_tag_of_local_models_stands_apart(shape, said, thinking, text):
    answer = streamed(chat_events(said)) if shape is streaming else told(chat(said))
    reply = call(answer, shape(CHAT.spec)).reply
    assert (reply.thinking, reply.text) == (thinking, text)


def test_an_empty_event_that_keeps_a_stream_alive_says_nothing():
    events = chat_events()
    assert (
        call(streamed([events[0], "data: \n\n", ": hold on\n\n", *events[1:]]), streaming(CHAT.spec)).reply.text
        == "Hello."
    )


def test_a_summary_of_reasoning_is_thinking():
    assert call(told(response("Yes.")), RESPONSES.spec).reply.thinking == "Considered."


def test_a_chat_message_may_come_in_parts():
    parts = [{"type": "text", "text": "Yes"}, {"type": "text", "text": "."}]
    assert call(told(chat(said={"content": parts})), CHAT.spec).reply.text == "Yes."


def test_a_reply_that_was_all_reasoning_is_empty():
    reply = call(told(chat(said={"content": None}, finish="length")), CHAT.spec).reply
    assert (reply.text, reply.finish) == ("", "length")


@pytest.mark.parametrize(
    "usage",
    [None, {}, [], "many", {"prompt_tokens": None, "input_tokens": "12"}, {"prompt_tokens": -3, "input_tokens": True}],
)
@on_each_wire
def test_tokens_that_were_not_counted_are_none_and_no_reason_to_fail(wire, usage):
    answer = wire.reply("Yes.")
    answer["usage"] = usage
    reply = call(told(answer), wire.spec).reply
    assert (reply.text, reply.usage) == ("Yes.", Usage())


@on_each_wire
def test_a_call_that_was_not_counted_has_no_known_cost(wire):
    answer = wire.reply("Yes.")
    del answer["usage"]
    spec = wire.spec.replace("/m@", "/claude-opus-5-5@")
    assert call(told(answer), spec).reply.cost is None


@pytest.mark.parametrize(
    "wire, model, dollars",
    [
        (MESSAGES, "claude-opus-5-5", (10 * 4 + 1000 * 0.20 + 200 * 5 + 7 * 20) / 1e6),
        (CHAT, "gpt-6.1-sol", (10 * 2 + 1000 * 0.10 + 200 * 2.5 + 7 * 10) / 1e6),
        (RESPONSES, "gpt-6.1-sol", (10 * 2 + 1000 * 0.10 + 200 * 2.5 + 7 * 10) / 1e6),
    ],
    ids=WIRES,
)
@both_ways
def test_a_reply_says_what_it_cost(wire, model, dollars, shape):
    assert call(faithful, shape(wire.spec.replace("/m@", f"/{model}@"))).reply.cost == pytest.approx(dollars)


def test_what_was_written_for_an_hour_costs_more():
    usage = {"input_tokens": 0, "cache_creation_input_tokens": 100, "output_tokens": 1}
    usage["cache_creation"] = {"ephemeral_1h_input_tokens": 100}
    reply = call(told(message(usage=usage)), "anthropic/claude-opus-5-5@URL").reply
    assert reply.cost == pytest.approx((100 * 8 + 20) / 1e6)


@pytest.mark.parametrize(
    "spec, reply",
    [
        (CHAT.spec, chat(usage={"prompt_tokens": 0, "completion_tokens": 0})),
        (CHAT.spec, chat(usage={"prompt_tokens": 9, "completion_tokens": 0})),
        (CHAT.spec, chat(usage={"prompt_tokens": 0, "completion_tokens": 9})),
        (MESSAGES.spec, message(usage={"input_tokens": 0, "output_tokens": 0})),
        (RESPONSES.spec, response(usage={"input_tokens": 0, "output_tokens": 0})),
    ],
)
def test_a_count_of_no_tokens_is_no_count_and_costs_nobody_knows_what(spec, reply):
    name = "claude-opus-5-5" if "anthropic" in spec else "gpt-6.1-sol"
    assert call(told(reply), spec.replace("/m@", f"/{name}@")).reply.cost is None


def test_an_empty_reply_has_no_tokens_and_costs_what_was_read():
    reply = chat("", usage={"prompt_tokens": 10, "completion_tokens": 0})
    assert call(told(reply), CHAT.spec.replace("/m@", "/gpt-6.1-sol@")).reply.cost == pytest.approx(20 / 1e6)


def test_the_cost_of_a_model_without_a_price_is_unknown():
    assert call(faithful, CHAT.spec).reply.cost is None


LOGPROBS = {
    "content": [
        {
            "token": "A",
            "logprob": -0.1,
            "bytes": [65],
            "top_logprobs": [
                {"token": "A", "logprob": -0.1},
                {"token": "B", "logprob": -2.5},
                {"token": "A", "logprob": -9},
            ],
        },
        {"token": ".", "logprob": float("-inf"), "top_logprobs": None},
    ]
}
TOKENS = [
    {"token": "A", "logprob": -0.1, "top": {"A": -0.1, "B": -2.5}},
    {"token": ".", "logprob": -9999.0, "top": {}},
]


def test_token_probabilities_have_one_form():
    asking = replace(HELLO, sampling={"logprobs": 5})
    events = chat_events("A.")
    finish = chat(logprobs=LOGPROBS)["choices"][0]["logprobs"]
    events.insert(1, f"data: {json.dumps({'choices': [{'delta': {}, 'logprobs': finish}]})}\n\n")
    whole = call(told(chat("A.", logprobs=LOGPROBS)), CHAT.spec, asking)
    parts = call(streamed(events), streaming(CHAT.spec), asking)
    assert whole.reply.logprobs == parts.reply.logprobs == TOKENS
    assert [whole.asked[0].body[name] for name in ("logprobs", "top_logprobs")] == [True, 5]


def test_token_probabilities_of_a_response_have_the_same_form():
    asking = replace(HELLO, sampling={"logprobs": True})
    part = {"type": "output_text", "text": "A.", "logprobs": LOGPROBS["content"]}
    came = call(told(response(output=[{"type": "message", "content": [part]}])), RESPONSES.spec, asking)
    assert came.reply.logprobs == TOKENS
    assert came.asked[0].body["include"] == ["message.output_text.logprobs"]
    assert came.asked[0].body["top_logprobs"] == 20


@on_each_wire
def test_a_server_may_give_no_token_probabilities(wire):
    assert call(told(wire.reply()), wire.spec).reply.logprobs is None


def test_anthropic_is_not_asked_for_token_probabilities():
    asking = replace(HELLO, sampling={"logprobs": True})
    came = call(faithful, MESSAGES.spec, asking)
    assert (came.failure.kind, came.asked) == ("unsupported", [])


@on_each_wire
def test_a_watcher_is_told_the_public_text_as_it_comes(wire):
    seen = []
    came = call(faithful, wire.spec, replace(HELLO, hear=seen.append))
    assert came.reply.text == "Hello."
    assert seen == ["Hel", "lo."]
    assert came.asked[0].body["stream"] is True


@on_each_wire
def test_a_seat_that_is_not_to_stream_is_not_heard(wire):
    seen = []
    spec = streaming(wire.spec).replace("stream=true", "stream=false")
    came = call(faithful, spec, replace(HELLO, hear=seen.append))
    assert (came.reply.text, seen) == ("Hello.", [])


@on_each_wire
def test_who_hears_a_reply_changes_nothing_that_is_asked_for_or_sent(wire):
    heard = replace(HELLO, hear=print)
    assert heard == HELLO
    assert heard.key("m") == HELLO.key("m")
    assert heard.sampled(3).hear is heard.followed_by(*HELLO.messages).hear is print
    plain, watched = (call(faithful, streaming(wire.spec), one).asked[0].body for one in (HELLO, heard))
    assert plain == watched


@pytest.mark.parametrize(
    "wire, headers",
    [
        (MESSAGES, {"anthropic-ratelimit-requests-remaining": "4", "anthropic-ratelimit-input-tokens-limit": "900"}),
        (CHAT, {"x-ratelimit-remaining-requests": "4", "x-ratelimit-reset-tokens": "6m0s"}),
    ],
    ids=["messages", "chat"],
)
@pytest.mark.parametrize("status", [200, 429])
def test_the_quota_that_remains_can_be_read_after_every_answer(wire, headers, status):
    came = call(told(wire.reply(), status, headers=headers), wire.spec)
    assert came.model.quota["requests_remaining"] == 4
    assert len(came.model.quota) == 2


@both_ways
@on_each_wire
def test_a_hundred_calls_go_out_at_once(wire, shape):
    async def calls():
        def script(asked):
            answer = faithful(asked)
            answer.hold = 0.3
            return answer

        async with Server(script) as server:
            model = opened(shape(wire.spec).replace("URL", server.url))
            replies = await asyncio.gather(*(model(HELLO.sampled(i)) for i in range(100)))
            await model.close()
            return {reply.text for reply in replies}, len(server.asked), server.most

    texts, asked, at_once = asyncio.run(calls())
    assert (texts, asked) == ({"Hello."}, 100)
    assert at_once == 100


@on_each_wire
def test_a_call_that_is_cancelled_leaves_the_others_alone(wire):
    async def calls():
        both_in, seen = asyncio.Event(), []

        def script(asked):
            seen.append(asked)
            if len(seen) == 2:
                both_in.set()
            return told(wire.reply(), hold=0.2)

        async with Server(script) as server:
            model = opened(wire.spec.replace("URL", server.url))
            first, second = asyncio.create_task(model(HELLO)), asyncio.create_task(model(HELLO))
            await both_in.wait()
            first.cancel()
            done = await asyncio.gather(first, second, return_exceptions=True)
            await model.close()
            return done

    cancelled, reply = asyncio.run(calls())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert reply.text == "Hello."
