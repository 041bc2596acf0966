"""`arena models`: what is known, and what one tiny call shows."""

import pytest

from arena.fake import faults
from arena.fake.options import Options
from arena.fake.server import in_a_thread
from tests.models.server import chat, told
from tests.models.server import in_a_thread as scripted

KEY = "sk-test-4f9d2c7b1e"


@pytest.fixture
def keyless(monkeypatch):
    for name in (
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "OPENAI_BASE_URL",
        "ANTHROPIC_BASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)


def shown(done):
    """What a check printed, by what it is about: whether it is there, and the sentence."""
    rows = [line.split(None, 2) for line in done.stdout.splitlines()[1:]]
    return {what: (there, told) for what, there, told in rows}


def test_the_list_has_prices_abilities_and_keys(arena, keyless, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    done = arena("models", "list")
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()}
    assert rows["openai/gpt-4o"][1:] == [
        "2.5",
        "10",
        "1.25",
        "2.5",
        "0.5",
        "yes",
        "yes",
        "no",
        "yes",
        "yes",
        "2026-11-21",
    ]
    assert rows["anthropic/claude-haiku-5-5"][-2] == "no"
    assert done.stderr == "ANTHROPIC_API_KEY is not set\n"
    assert KEY not in done.output


@pytest.mark.parametrize(
    "spec, logprobs", [("openai/fake-gpt-6-luna", "yes"), ("anthropic/fake-claude-haiku-5-5", "no")]
)
def test_a_check_says_what_it_saw_of_a_model(arena, spec, logprobs):
    with in_a_thread() as fake:
        done = arena("models", "check", f"{spec}@{fake.url}")
        assert fake.desk.bill.calls == (4 if logprobs == "yes" else 3)
    assert done.exit_code == 0
    found = shown(done)
    assert {what: there for what, (there, _) in found.items()} == {
        "reachable": "yes",
        "streaming": "yes",
        "structured": "yes",
        "logprobs": logprobs,
        "usage": "yes",
        "price": "yes",
    }
    assert "2026-11-21" in found["price"][1]


def test_a_price_that_nobody_knows_is_said_to_be_unknown(arena):
    with in_a_thread() as fake:
        done = arena("models", "check", f"openai/fake-nobody@{fake.url}")
    assert shown(done)["price"] == ("no", "unknown: enter it in your prices.toml")


def test_a_server_that_ignores_schemas_is_found_out(arena):
    with in_a_thread(Options(faults={"no-schema": 1.0})) as fake:
        done = arena("models", "check", f"openai/fake-gpt-6-luna@{fake.url}")
    there, told = shown(done)["structured"]
    assert there == "no"
    assert "took a schema, and its reply does not keep to it" in told


@pytest.mark.parametrize(
    "more, what, words",
    [
        ({"finish": "length"}, "structured", "nobody knows: took the schema, and the reply was cut"),
        ({"usage": {"prompt_tokens": 0, "completion_tokens": 0}}, "price", "this check cost nobody knows what"),
    ],
)
def test_what_a_reply_does_not_tell_is_said_to_be_unknown(arena, more, what, words):
    with scripted(lambda _: told(chat('{"wo', **more))) as server:
        done = arena("models", "check", f"openai/gpt-6-luna@{server.url}?form=schema")
    assert words in shown(done)[what][1]


@pytest.mark.parametrize(
    "said, there",
    [('{"word": "ready"}', "yes"), ('```json\n{"word": "ready"}\n```', "yes"), ("[" * 100_000, "no"), ("ready", "no")],
    ids=["object", "fenced", "nested", "text"],
)
def test_a_schema_is_kept_to_by_the_rule_of_a_run(arena, said, there):
    with scripted(lambda _: told(chat(said))) as server:
        done = arena("models", "check", f"openai/gpt-6-luna@{server.url}?form=schema")
    assert done.exit_code == 0
    assert shown(done)["structured"][0] == there


def test_a_program_needs_no_check(arena):
    done = arena("models", "check", "sim/judge")
    assert done.exit_code == 0
    assert "nothing to reach" in done.stdout


@pytest.mark.parametrize(
    "fault, said",
    [
        ("401", "Check the key"),
        ("404", "Check the name of the model and the address"),
        ("quota", "Add credit"),
        ("html", "does it speak this interface?"),
        ("drop", "Is the server up"),
    ],
)
def test_what_cannot_be_reached_is_one_message_and_exit_code_2(arena, fault, said):
    with in_a_thread(Options(faults=faults.parse([f"{fault}=1"]))) as fake:
        done = arena("models", "check", f"openai/fake-m@{fake.url}")
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("spec", ["openai/x@http://127.0.0.1:1/v1", "nobody/x", "openai/x@nowhere", "openai/"])
def test_what_is_no_model_or_is_down_is_one_message_and_exit_code_2(arena, keyless, spec):
    done = arena("models", "check", spec)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output
