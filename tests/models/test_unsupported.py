"""Servers without schemas or token probabilities: the failure says so, so that another form can be asked for."""

from dataclasses import replace

import pytest

from arena.structured import schema
from tests.models.calling import HELLO, WIRES, call, opened
from tests.models.server import faithful, told

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
        return told({"error": {"message": "Unknown: max_tokens"}}, 400) if wrong else faithful(asked)

    came = call(script, WIRES["chat"].spec, SCHEMA)
    assert came.reply.text == "Hello."
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
