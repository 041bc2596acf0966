"""What is sent: the texts in an order that caches can share, the settings of the seat, and nothing else."""

import asyncio
from dataclasses import replace

import pytest

from arena.models.base import Message, Request
from tests.models.calling import CHAT, HELLO, KEY, LONG, MESSAGES, RESPONSES, WIRES, call, opened, streaming
from tests.models.server import Server, chat, faithful, told

on_each_wire = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
KEPT = {"cache_control": {"type": "ephemeral"}}
GROWN = LONG.followed_by(Message("assistant", "Hello."), Message("user", "Again."))


def sent(spec, request=HELLO):
    """The body of the request that went out."""
    return call(faithful, spec, request).asked[0].body


def test_a_message_holds_the_model_the_limit_and_the_texts():
    assert sent(MESSAGES.spec) == {
        "model": "m",
        "max_tokens": 2048,
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [{"role": "user", "content": "Say hello."}],
    }


def test_a_chat_holds_the_model_the_limit_and_the_texts():
    assert sent(CHAT.spec) == {
        "model": "m",
        "max_tokens": 2048,
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hello."}],
    }


def test_a_response_holds_the_same_and_is_not_stored():
    assert sent(RESPONSES.spec) == {
        "model": "m",
        "max_output_tokens": 2048,
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": "Say hello."}],
        "store": False,
    }


def test_a_chat_stream_is_asked_to_count_its_tokens():
    body = sent(streaming(CHAT.spec))
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})


@on_each_wire
def test_a_request_without_a_system_text_sends_none(wire):
    body = sent(wire.spec, Request("", HELLO.messages))
    assert "system" not in body
    assert "instructions" not in body
    assert "system" not in str(body.get("messages"))


# Prefixes


def test_the_preface_is_a_block_of_its_own_that_the_cache_keeps():
    body = sent(MESSAGES.spec, LONG)
    assert body["system"] == [
        {"type": "text", "text": "A long passage.", **KEPT},
        {"type": "text", "text": "Be brief."},
    ]


def test_the_cache_also_keeps_the_end_of_a_conversation_that_may_go_on():
    """The next turn of the seat begins with all of this one, so it reads what this one writes."""
    first, second = sent(MESSAGES.spec, LONG), sent(MESSAGES.spec, GROWN)
    assert first["messages"] == [{"role": "user", "content": [{"type": "text", "text": "Say hello.", **KEPT}]}]
    *before, last = second["messages"]
    assert before == [{"role": "user", "content": "Say hello."}, {"role": "assistant", "content": "Hello."}]
    assert last == {"role": "user", "content": [{"type": "text", "text": "Again.", **KEPT}]}


def test_a_single_question_without_a_preface_is_not_written_to_the_cache():
    """A write costs a quarter more, and nothing would read it."""
    assert "cache_control" not in str(sent(MESSAGES.spec))


def test_no_request_has_more_breakpoints_than_the_interface_takes():
    request = GROWN
    for _ in range(10):
        request = request.followed_by(Message("assistant", "x"), Message("user", "y"))
    assert str(sent(MESSAGES.spec, request)).count("cache_control") == 2


@pytest.mark.parametrize("kind, control", [("1h", {"type": "ephemeral", "ttl": "1h"}), ("5m", {"type": "ephemeral"})])
def test_how_long_the_cache_keeps_it_can_be_set(kind, control):
    body = sent(f"{MESSAGES.spec}?cache={kind}", LONG)
    assert body["system"][0]["cache_control"] == control


def test_the_cache_can_be_left_out():
    body = sent(f"{MESSAGES.spec}?cache=off", GROWN)
    assert "cache_control" not in str(body)
    assert {type(message["content"]) for message in body["messages"]} == {str}


@pytest.mark.parametrize("wire", [CHAT, RESPONSES], ids=["chat", "responses"])
def test_requests_with_one_preface_begin_alike_and_name_one_cache(wire):
    """Whoever sends them: another role, another conversation."""
    one, two = sent(wire.spec, LONG), sent(wire.spec, replace(GROWN, system="Judge it."))
    starts = [body.get("instructions") or body["messages"][0]["content"] for body in (one, two)]
    assert all(start.startswith("A long passage.\n\n") for start in starts)
    assert one["prompt_cache_key"] == two["prompt_cache_key"]
    assert one["prompt_cache_key"] != sent(wire.spec, replace(LONG, preface="Another."))["prompt_cache_key"]


def test_a_chat_has_one_system_message_for_many_servers_take_no_more():
    roles = [message["role"] for message in sent(CHAT.spec, GROWN)["messages"]]
    assert roles == ["system", "user", "assistant", "user"]


def test_a_speech_of_no_words_is_sent_to_claude_as_a_word_for_it():
    """An empty message would be refused, and the whole run with it."""
    request = HELLO.followed_by(Message("assistant", " \n"), Message("user", "Again."))
    assert sent(MESSAGES.spec, request)["messages"][1] == {"role": "assistant", "content": "(nothing)"}


# Settings


@pytest.mark.parametrize(
    "spec, part",
    [
        ("openai/m@URL?max_tokens=99", {"max_tokens": 99}),
        ("openai/m@URL?temperature=0.5&top_p=0.9&seed=3", {"temperature": 0.5, "top_p": 0.9, "seed": 3}),
        ("openai/m@URL?effort=low", {"reasoning_effort": "low"}),
        ("openai/m@URL?api=responses&max_tokens=99", {"max_output_tokens": 99}),
        ("openai/m@URL?api=responses&effort=high", {"reasoning": {"effort": "high"}}),
        ("openai/m@URL?api=responses&temperature=0.5", {"temperature": 0.5}),
        ("anthropic/m@URL?max_tokens=99", {"max_tokens": 99}),
        ("anthropic/m@URL?temperature=0.5", {"temperature": 0.5}),
        ("anthropic/m@URL?effort=max", {"output_config": {"effort": "max"}}),
        ("anthropic/m@URL?thinking=adaptive", {"thinking": {"type": "adaptive"}}),
        ("anthropic/m@URL?thinking=disabled", {"thinking": {"type": "disabled"}, "max_tokens": 2048}),
        ("anthropic/m@URL?thinking=4000", {"thinking": {"type": "enabled", "budget_tokens": 4000}, "max_tokens": 6048}),
    ],
)
def test_a_setting_is_sent(spec, part):
    assert part.items() <= sent(spec).items()


def test_a_request_may_bring_its_own_sampling():
    body = sent("openai/m@URL?temperature=0.5", replace(HELLO, sampling={"temperature": 0.0}))
    assert body["temperature"] == 0.0


def test_samples_have_seeds_of_their_own():
    assert sent("openai/m@URL?seed=3", HELLO.sampled(4))["seed"] == 7


SCHEMA = {"type": "object", "properties": {"choice": {"type": "string"}}}


@pytest.mark.parametrize(
    "wire, path",
    [
        (MESSAGES, ("output_config", "format", "schema")),
        (CHAT, ("response_format", "json_schema", "schema")),
        (RESPONSES, ("text", "format", "schema")),
    ],
    ids=WIRES,
)
def test_a_request_may_ask_for_a_schema(wire, path):
    body = sent(wire.spec, replace(HELLO, sampling={"schema": SCHEMA}))
    for step in path:
        body = body[step]
    assert body == SCHEMA


def test_a_long_reply_of_a_claude_is_streamed_unasked():
    request = replace(HELLO, max_tokens=30_000)
    assert sent(MESSAGES.spec, request)["stream"] is True
    assert "stream" not in sent(f"{MESSAGES.spec}?stream=false", request)


# Keys


def test_claude_servers_get_the_key_in_both_places():
    """Newer ones look for a bearer, older ones for `x-api-key` and for nothing else."""
    headers = call(faithful, MESSAGES.spec).asked[0].headers
    assert (headers["x-api-key"], headers["authorization"]) == (KEY, f"Bearer {KEY}")


def test_a_server_that_looks_for_x_api_key_only_is_satisfied():
    def script(asked):
        if asked.headers.get("x-api-key") != KEY:
            return told({"error": {"message": "missing x-api-key"}}, 401)
        return faithful(asked)

    assert call(script, MESSAGES.spec).reply.text == "Hello."


@on_each_wire
def test_a_redirect_is_not_followed_for_it_would_carry_the_key_elsewhere(wire):
    came = call(told({}, 307, headers={"location": "/elsewhere"}), wire.spec)
    assert (came.failure.kind, len(came.asked)) == ("not_found", 1)


@pytest.mark.parametrize("vendor", ["openai", "anthropic"])
def test_nor_is_one_of_a_look_or_of_a_file_that_is_handed_in(vendor):
    async def calls():
        elsewhere = told({}, 307, headers={"location": "/elsewhere"})
        async with Server(lambda _: elsewhere) as there:
            model = opened(f"{vendor}/m@{there.url}")
            client = await model.client()
            looks = [client.get("/files")]
            if vendor == "openai":
                looks.append(client.upload("batch.jsonl", b"{}"))
            failures = await asyncio.gather(*looks, return_exceptions=True)
            await model.close()
            return {failure.kind for failure in failures}, len(looks), [asked.path for asked in there.asked]

    kinds, looks, paths = asyncio.run(calls())
    assert kinds == {"not_found"}
    assert len(paths) == looks
    assert "/elsewhere" not in paths


@on_each_wire
def test_a_server_that_needs_no_key_is_sent_none(wire):
    headers = call(faithful, wire.spec, env={}).asked[0].headers
    assert headers["authorization"] == "Bearer none"


def test_a_server_that_wants_a_key_after_all_is_told_of_by_what_would_work():
    refusal = told({"error": {"message": "who are you?"}}, 401)
    assert "?key=NAME" in str(call(refusal, CHAT.spec, env={}).failure)
    assert "?key=NAME" not in str(call(refusal, CHAT.spec).failure)


# What servers teach


def refusing(word, status=400, message="Unsupported parameter: {word!r}"):
    """A server that refuses every request with this part in it."""

    def script(asked):
        if word in asked.body:
            return told({"error": {"message": message.format(word=word)}}, status)
        return faithful(asked)

    return script


@pytest.mark.parametrize("word, request_", [("max_tokens", HELLO), ("prompt_cache_key", LONG)])
@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_a_form_is_asked_in_another_once_and_that_is_kept_to(word, request_, status):
    came = call(refusing(word, status), CHAT.spec, *[request_] * 3)
    assert [reply.text for reply in came.results] == ["Hello."] * 3
    assert [word in asked.body for asked in came.asked] == [True, False, False, False]


def test_the_other_name_of_the_limit_is_max_completion_tokens():
    came = call(refusing("max_tokens"), CHAT.spec)
    assert came.asked[-1].body["max_completion_tokens"] == 2048


def test_a_server_that_does_not_count_streams_is_not_asked_to():
    came = call(refusing("stream_options"), streaming(CHAT.spec))
    assert came.reply.text == "Hello."


def test_a_limit_that_is_too_high_is_refused_and_not_renamed():
    refusal = told({"error": {"message": "max_tokens is too large: 99999"}}, 400)
    came = call(refusal, CHAT.spec)
    assert (came.failure.kind, len(came.asked)) == ("bad_request", 1)


def test_a_server_that_refuses_both_names_is_not_asked_for_ever():
    refusal = told({"error": {"message": "Unknown: max_tokens, max_completion_tokens"}}, 400)
    came = call(refusal, CHAT.spec, HELLO, HELLO)
    assert [failure.kind for failure in came.results] == ["bad_request"] * 2
    assert len(came.asked) == 3


@pytest.mark.parametrize("status", [400, 404])
def test_a_model_that_only_responses_serve_is_asked_there(status):
    def script(asked):
        if asked.path.endswith("/chat/completions"):
            return told({"error": {"message": "Not a chat model. Use v1/responses instead."}}, status)
        return faithful(asked)

    came = call(script, CHAT.spec, HELLO, HELLO)
    assert [reply.text for reply in came.results] == ["Hello."] * 2
    assert [asked.path for asked in came.asked] == ["/v1/chat/completions", "/v1/responses", "/v1/responses"]


def test_a_setting_that_somebody_chose_is_never_left_out():
    refusal = told({"error": {"message": "Unsupported parameter: 'temperature'"}}, 400)
    came = call(refusal, "openai/m@URL?temperature=0.5")
    assert (came.failure.kind, len(came.asked)) == ("bad_request", 1)


def test_a_seed_is_not_left_behind_where_only_responses_serve():
    def script(asked):
        if asked.path.endswith("/chat/completions"):
            return told({"error": {"message": "Not a chat model. Use v1/responses instead."}}, 400)
        return faithful(asked)

    came = call(script, "openai/m@URL?seed=7")
    assert (came.failure.kind, len(came.asked)) == ("bad_request", 1)
    seeded = replace(HELLO, sampling={"seed": 7})
    came = call(faithful, RESPONSES.spec, seeded)
    assert (came.failure.kind, came.asked) == ("bad_request", [])
    assert "no seed" in str(came.failure)


@on_each_wire
def test_a_sampling_that_no_server_is_sent_is_refused_and_not_dropped(wire):
    came = call(faithful, wire.spec, replace(HELLO, sampling={"temprature": 0.5}))
    assert (came.failure.kind, came.asked) == ("bad_request", [])
    assert "'temprature'" in str(came.failure)


@on_each_wire
@pytest.mark.parametrize("status", [429, 500])
def test_no_failure_is_tried_again_here(wire, status):
    assert len(call(told({"error": {}}, status), wire.spec).asked) == 1


def test_a_chat_reply_names_the_model_that_the_server_names():
    assert call(told(chat(model="qwen-local")), CHAT.spec).reply.model == "qwen-local"
