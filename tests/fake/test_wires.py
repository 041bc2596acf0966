"""Each wire, as the vendor's own SDK takes it with its answers checked against its types."""

import json

import anthropic
import openai
import pytest

from tests.fake.clients import CLAUDE, GPT, HELLO, served

VERDICT = "Which is right?\n(A) the tide\n(B) the wind\nAnswer with <belief></belief> and <choice></choice>."
SCHEMA = {
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "A": {"type": "number"},
        "B": {"type": "number"},
        "choice": {"type": "string", "enum": ["A", "B"]},
    },
    "required": ["reason", "A", "B", "choice"],
    "additionalProperties": False,
}


def test_a_message_has_text_usage_and_the_fake_name():
    async def act(each):
        return await each.claude.messages.create(model=CLAUDE, max_tokens=100, messages=HELLO)

    message = served(act)
    assert message.model == CLAUDE
    assert message.content[0].text
    assert message.stop_reason == "end_turn"
    assert message.usage.input_tokens == 3
    assert message.usage.output_tokens == -(-len(message.content[0].text) // 4)


def test_a_streamed_message_is_the_same_message_in_the_vendors_order_of_events():
    async def act(each):
        plain = await each.claude.messages.create(model=CLAUDE, max_tokens=100, messages=HELLO)
        stream = await each.claude.messages.create(model=CLAUDE, max_tokens=100, messages=HELLO, stream=True)
        kinds = [event.type async for event in stream]
        async with each.claude.messages.stream(model=CLAUDE, max_tokens=100, messages=HELLO) as stream:
            return plain, kinds, await stream.get_final_message()

    plain, kinds, final = served(act)
    assert final.content[0].text == plain.content[0].text
    assert final.usage.output_tokens == plain.usage.output_tokens
    assert list(dict.fromkeys(kinds)) == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert kinds.count("content_block_delta") > 1


def test_a_chat_is_the_same_whole_and_streamed():
    async def act(each):
        asked = {"model": GPT, "messages": HELLO}
        whole = await each.gpt.chat.completions.create(**asked)
        stream = await each.gpt.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
        return whole, [chunk async for chunk in stream]

    whole, chunks = served(act)
    assert whole.choices[0].message.content
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == whole.choices[0].message.content
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert [c.usage for c in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert chunks[-2].choices[0].finish_reason == "stop"


def test_a_chat_stream_tells_no_usage_unless_it_is_asked_to():
    async def act(each):
        stream = await each.gpt.chat.completions.create(model=GPT, messages=HELLO, stream=True)
        return [chunk async for chunk in stream]

    assert all(chunk.usage is None and chunk.choices for chunk in served(act))


def test_a_response_is_the_same_whole_and_streamed():
    async def act(each):
        whole = await each.gpt.responses.create(model=GPT, input="Say hello.", instructions="Be brief.")
        async with each.gpt.responses.stream(model=GPT, input="Say hello.", instructions="Be brief.") as stream:
            kinds = [event.type async for event in stream]
            return whole, kinds, await stream.get_final_response()

    whole, kinds, final = served(act)
    assert whole.output_text
    assert whole.output_text == final.output_text
    assert whole.usage == final.usage
    assert list(dict.fromkeys(kinds)) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]


def test_a_schema_is_kept_to_on_every_wire():
    form = {"type": "json_schema", "name": "reply", "schema": SCHEMA, "strict": True}
    asked = [{"role": "user", "content": VERDICT}]

    async def act(each):
        config = {"format": {"type": "json_schema", "schema": SCHEMA}}
        message = await each.claude.messages.create(model=CLAUDE, max_tokens=200, messages=asked, output_config=config)
        chat = await each.gpt.chat.completions.create(
            model=GPT, messages=asked, response_format={"type": "json_schema", "json_schema": form}
        )
        response = await each.gpt.responses.create(model=GPT, input=VERDICT, text={"format": form})
        return message.content[0].text, chat.choices[0].message.content, response.output_text

    for text in served(act):
        found = json.loads(text)
        assert found.keys() == SCHEMA["properties"].keys()
        assert found["A"] + found["B"] == pytest.approx(1)
        assert found["choice"] == max("AB", key=lambda letter: found[letter])


def test_token_probabilities_are_given_on_both_of_openais_wires():
    letter = [{"role": "user", "content": "Which is right?\n(A) the tide\n(B) the wind\nAnswer with one letter."}]

    async def act(each):
        asked = {"model": GPT, "messages": letter, "logprobs": True, "top_logprobs": 5}
        whole = await each.gpt.chat.completions.create(**asked)
        chunks = [chunk async for chunk in await each.gpt.chat.completions.create(**asked, stream=True)]
        include = ["message.output_text.logprobs"]
        response = await each.gpt.responses.create(model=GPT, input=letter, include=include, top_logprobs=5)
        return whole, chunks, response

    whole, chunks, response = served(act)
    [token] = whole.choices[0].logprobs.content
    assert token.token == whole.choices[0].message.content
    assert {top.token for top in token.top_logprobs} == {"A", "B", "The"}
    assert [t for c in chunks if c.choices and c.choices[0].logprobs for t in c.choices[0].logprobs.content] == [token]
    assert response.output[0].content[0].logprobs[0].logprob == token.logprob


def test_a_reply_that_is_too_long_is_cut_and_says_so():
    async def act(each):
        message = await each.claude.messages.create(model=CLAUDE, max_tokens=2, messages=HELLO)
        chat = await each.gpt.chat.completions.create(model=GPT, messages=HELLO, max_completion_tokens=2)
        response = await each.gpt.responses.create(model=GPT, input="Say hello.", max_output_tokens=2)
        return message, chat, response

    message, chat, response = served(act)
    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 2)
    assert (chat.choices[0].finish_reason, chat.usage.completion_tokens) == ("length", 2)
    assert (response.status, response.incomplete_details.reason) == ("incomplete", "max_output_tokens")


def test_tokens_are_counted_without_a_call():
    async def act(each):
        counted = await each.claude.messages.count_tokens(model=CLAUDE, messages=HELLO)
        return counted.input_tokens, each.bill["calls"]

    assert served(act) == (3, 0)


def test_the_models_are_those_of_the_price_list_under_fake_names():
    async def act(each):
        return [m.id async for m in each.claude.models.list(limit=5)], [m.id async for m in each.gpt.models.list()]

    claude, gpt = served(act)
    assert {"fake-claude-haiku-5-5", "fake-claude-opus-5-5"} <= set(claude)
    assert {"fake-gpt-6-luna", "fake-gpt-4o"} <= set(gpt)
    assert all(name.startswith("fake-") for name in claude + gpt)


@pytest.mark.parametrize(
    "given, said",
    [
        ({"model": "claude-haiku-5-5"}, "ask for fake-claude-haiku-5-5"),
        ({"extra_body": {"temperature": 1}}, "temperature: Extra inputs are not permitted"),
        ({"messages": [*HELLO, {"role": "assistant", "content": "Hel"}]}, "prefill"),
        ({"messages": [{"role": "user", "content": " "}]}, "non-whitespace"),
        ({"system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}] * 5}, "maximum of 4"),
    ],
)
def test_what_anthropic_refuses_is_refused_in_its_form(given, said):
    async def act(each):
        with pytest.raises(anthropic.APIStatusError) as caught:
            await each.claude.messages.create(**{"model": CLAUDE, "max_tokens": 10, "messages": HELLO, **given})
        return caught.value

    error = served(act)
    assert said in str(error)
    assert error.type in ("invalid_request_error", "not_found_error")
    assert error.request_id.startswith("req_")


@pytest.mark.parametrize(
    "given, said",
    [
        ({"model": "gpt-6-luna"}, "ask for fake-gpt-6-luna"),
        ({"extra_body": {"top_k": 1}}, "Unrecognized request argument supplied: top_k"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "wizard"),
    ],
)
def test_what_openai_refuses_is_refused_in_its_form(given, said):
    async def act(each):
        with pytest.raises(openai.APIStatusError) as caught:
            await each.gpt.chat.completions.create(**{"model": GPT, "messages": HELLO, **given})
        return caught.value

    error = served(act)
    assert said in str(error)
    assert error.type == "invalid_request_error"
    assert error.request_id.startswith("req_")
