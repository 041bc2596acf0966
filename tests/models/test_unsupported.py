"""Servers without schemas or token probabilities: the failure says so, so that another form can be asked for."""

from dataclasses import replace

import pytest

from arena.models.failures import CallFailed
from arena.models.provider import Sent
from arena.models.trouble import from_status
from arena.structured import schema
from tests.models.calling import HELLO, WIRES, call, opened
from tests.models.server import chat, faithful, told

SCHEMA = replace(HELLO, sampling={"schema": schema(2)})
LETTER = replace(HELLO, sampling={"logprobs": 20})
SAID = {
    "LM Studio": (400, {"error": "'response_format.type' must be 'json_schema' or 'text'"}),
    "an older llama.cpp": (
        500,
        {"error": {"code": 500, "message": 'response_format type must be one of "text" or "json_object"'}},
    ),
    "a validator": (422, {"detail": [{"loc": ["body", "response_format", "json_schema"], "msg": "Extra inputs"}]}),
    "a validator that says 500": (500, {"error": {"message": "[{'loc': ('body', 'response_format', 'type')}]"}}),
    "a gateway": (400, {"error": {"message": "output_config: Extra inputs are not permitted"}}),
    "one without a word": (400, {}),
}


def refusing(*words, status=400, body=None):
    """A server that refuses a request with one of these keys, and answers any other."""

    def script(asked):
        if asked.body.keys() & set(words):
            return told(body if body is not None else {"error": {"message": f"no {words}"}}, status)
        return faithful(asked)

    return script


FORMS = ("response_format", "output_config", "text")
KEPT = '{"reasons": "So.", "belief": {"A": 70, "B": 30}, "choice": "A"}'
IGNORED = {
    "plain text": "I would say A.",
    "tags": "<belief>\nA: 70\nB: 30\n</belief>\n<choice>A</choice>",
    "another object": '{"answer": "A"}',
    "no object": "[1, 2]",
    "a key too many": KEPT.replace('"reasons"', '"more": 1, "reasons"'),
    "a key too few": '{"belief": {"A": 70, "B": 30}, "choice": "A"}',
    "texts for numbers": KEPT.replace("70", '"70%"'),
    "truth for a number": KEPT.replace("70", "true"),
    "a letter of no option": KEPT.replace('"A"}', '"C"}'),
    "too deep to read": "[" * 100_000,
}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
@pytest.mark.parametrize("status, body", SAID.values(), ids=SAID)
def test_a_server_that_takes_no_schema_is_told_from_one_that_fails(wire, status, body):
    came = call(refusing(*FORMS, status=status, body=body), wire.spec, SCHEMA, HELLO)
    refused, plain = came.results
    assert refused.kind == "unsupported"
    assert plain.text == "Hello."


def test_a_server_without_token_probabilities_is_told_from_one_that_fails():
    body = {"error": {"message": "This server does not support logprobs."}}
    came = call(refusing("logprobs", body=body), WIRES["chat"].spec, LETTER)
    assert came.failure.kind == "unsupported"
    assert "does not support logprobs" in str(came.failure)


@pytest.mark.parametrize("status, kind", [(401, "auth"), (404, "not_found"), (429, "rate_limit"), (503, "overloaded")])
def test_what_has_nothing_to_do_with_the_form_stays_what_it_is(status, kind):
    assert call(told({"error": {"message": "no"}}, status), WIRES["chat"].spec, SCHEMA).failure.kind == kind


def test_a_broken_server_is_not_one_without_schemas():
    assert call(told({"error": {"message": "oops"}}, 500), WIRES["chat"].spec, SCHEMA).failure.kind == "server"


def test_a_bad_request_that_asked_for_neither_is_a_bad_request():
    assert call(told({"error": {"message": "bad json_schema"}}, 400), WIRES["chat"].spec).failure.kind == "bad_request"


def test_a_conversation_that_is_too_long_is_so_with_a_schema_too():
    body = {"error": {"code": "context_length_exceeded", "message": "maximum context length"}}
    assert call(told(body, 400), WIRES["chat"].spec, SCHEMA).failure.kind == "too_long"


def test_a_form_that_can_be_mended_is_mended_before_the_schema_is_given_up():
    def script(asked):
        wrong = "max_tokens" in asked.body
        return told({"error": {"message": "Unknown: max_tokens"}}, 400) if wrong else told(chat(KEPT))

    came = call(script, WIRES["chat"].spec, SCHEMA)
    assert came.reply.text == KEPT
    assert "response_format" in came.asked[-1].body


@pytest.mark.parametrize(
    "spec, logprobs, schemas",
    [
        ("anthropic/claude-sonnet-5-5", False, True),
        ("anthropic/m@http://127.0.0.1:9", False, None),
        ("openai/gpt-4.1", True, True),
        ("openai/gpt-6-sol", False, True),
        ("openai/gpt-6-sol?effort=none", True, True),
        ("openai/gpt-6.2-sol", False, True),
        ("openai/m@http://127.0.0.1:9/v1", None, None),
    ],
)
def test_what_a_model_can_do_is_known_or_its_servers_to_say(spec, logprobs, schemas):
    model = opened(spec)
    assert (model.supports("logprobs"), model.supports("schema")) == (logprobs, schemas)


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
@pytest.mark.parametrize("said", IGNORED.values(), ids=IGNORED)
def test_a_server_that_takes_a_schema_and_ignores_it_is_told_from_one_that_keeps_to_it(wire, said):
    came = call(told(wire.reply(said)), wire.spec, SCHEMA, HELLO)
    ignored, plain = came.results
    assert (ignored.kind, plain.text) == ("unsupported", said)
    assert ignored.usage == plain.usage
    assert said not in str(ignored)


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
@pytest.mark.parametrize("said", [KEPT, f"```json\n{KEPT}\n```", KEPT.replace("70", "0.7"), "", " "])
def test_a_reply_that_keeps_to_its_schema_or_says_nothing_is_a_reply(wire, said):
    assert call(told(wire.reply(said)), wire.spec, SCHEMA).reply.text == said


def test_a_reply_that_was_cut_shows_nothing_of_what_its_server_can_do():
    assert call(told(chat(KEPT[:20], finish="length")), WIRES["chat"].spec, SCHEMA).reply.finish == "length"


def test_what_an_ignored_schema_cost_is_told(tmp_path):
    prices = tmp_path / "prices.toml"
    rates = "m = { input = 0, output = 1, cache_read = 0, cache_write = 0 }"
    prices.write_text(f'[[list]]\ndate = "2026-11-25"\nsource = "mine"\n[list.models]\n{rates}\n')
    came = call(told(chat("A.")), WIRES["chat"].spec, SCHEMA, env={"ARENA_PRICES": str(prices)})
    assert came.failure.cost == pytest.approx(7e-6)


@pytest.mark.parametrize("batched", [KEPT, "I would say A."])
def test_an_answer_out_of_a_batch_is_held_against_its_schema_too(batched):
    model = opened("openai/m@http://127.0.0.1:9/v1", {})
    if batched == KEPT:
        assert model.opened(chat(batched), SCHEMA, model.enclosed(SCHEMA)).text == batched
    else:
        with pytest.raises(CallFailed) as failed:
            model.opened(chat(batched), SCHEMA, model.enclosed(SCHEMA))
        assert failed.value.kind == "unsupported"


def test_a_batch_that_refuses_a_schema_says_so_like_any_call():
    model = opened("openai/m@http://127.0.0.1:9/v1", {})
    refusal = from_status(400, {}, b'{"error": {"message": "no response_format here"}}')
    with pytest.raises(CallFailed) as failed:
        model.opened(refusal, SCHEMA, model.enclosed(SCHEMA))
    assert failed.value.kind == "unsupported"


@pytest.mark.parametrize(
    "spec, schemas",
    [
        ("openai/gpt-4.1?form=tagged", False),
        ("openai/m@http://127.0.0.1:9?form=tagged", False),
        ("openai/m@http://127.0.0.1:9?form=schema", True),
        ("anthropic/m@http://127.0.0.1:9?form=schema", True),
    ],
)
def test_a_form_that_somebody_set_goes_before_what_is_known(spec, schemas):
    model = opened(spec)
    assert model.supports("schema") is schemas
    assert model.spec == spec


@pytest.mark.parametrize("status, body", SAID.values(), ids=SAID)
def test_a_server_that_refuses_the_form_that_was_set_has_no_other_to_fall_back_on(status, body):
    came = call(refusing("response_format", status=status, body=body), f"{WIRES['chat'].spec}?form=schema", SCHEMA)
    if status == 500 or body:
        assert came.failure.kind == "bad_request"
    assert came.failure.kind != "unsupported"


def test_one_that_ignores_the_form_that_was_set_is_left_to_the_reader():
    assert call(told(chat("A.")), f"{WIRES['chat'].spec}?form=schema", SCHEMA).reply.text == "A."


def test_an_answer_out_of_a_batch_is_read_as_it_was_asked_for_whatever_was_learnt_since():
    """A batch of an earlier process may hold answers in the other form."""
    model = opened("openai/m@http://127.0.0.1:9/v1", {})
    said = {"type": "message", "content": [{"type": "output_text", "text": "Hello."}]}
    answer = {"object": "response", "status": "completed", "output": [said]}
    assert model.opened(answer, HELLO, Sent("/responses", {})).text == "Hello."
    assert model.opened(chat("Hello."), HELLO, Sent("/chat/completions", {})).text == "Hello."


OLDER = {"type": "json_object", "schema": schema(2)}


@pytest.mark.parametrize("status", [400, 422, 500])
def test_a_server_that_knows_schemas_in_an_older_form_only_is_asked_in_that_form_from_then_on(status):
    def script(asked):
        form = asked.body["response_format"]
        if form["type"] == "json_schema":
            return told({"error": {"message": "response_format.type: input should be 'text' or 'json_object'"}}, status)
        return told(chat(KEPT))

    came = call(script, WIRES["chat"].spec, SCHEMA, SCHEMA)
    assert [reply.text for reply in came.results] == [KEPT, KEPT]
    assert [asked.body["response_format"] == OLDER for asked in came.asked] == [False, True, True]


def test_one_that_takes_the_older_form_and_ignores_the_schema_is_found_out():
    def script(asked):
        if asked.body["response_format"]["type"] == "json_schema":
            return told({"error": {"message": "only json_object"}}, 400)
        return told(chat('{"answer": "A"}'))

    came = call(script, WIRES["chat"].spec, SCHEMA)
    assert came.failure.kind == "unsupported"
    assert len(came.asked) == 2
