"""What can be asked for: specs of real models, and what is refused before a run."""

import subprocess
import sys

import pytest

from arena.errors import UsageError
from arena.models.openai import open_model
from tests.models.calling import KEY, opened

ENV = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY}


def refusal(spec, env=None):
    """Why a spec is refused."""
    with pytest.raises(UsageError) as caught:
        opened(spec, env)
    return str(caught.value)


@pytest.mark.parametrize(
    "spec, account",
    [
        ("openai/gpt-6-sol", "openai"),
        ("anthropic/claude-opus-5-5", "anthropic"),
        ("openai/org/model:tag@http://127.0.0.1:8000/v1", "openai@127.0.0.1:8000"),
        ("openai/m@https://gateway.example/v1", "openai@gateway.example"),
        ("anthropic/m@http://localhost:9/v1", "anthropic@localhost:9"),
    ],
)
def test_a_spec_names_its_account_and_no_key(spec, account):
    model = opened(spec)
    assert (model.account, model.simulated) == (account, False)
    assert KEY not in repr(model) + repr(vars(model)) + model.spec


def test_a_spec_is_told_in_full_with_every_setting_that_differs_from_its_default():
    model = opened("openai/m@http://127.0.0.1:1/v1?deadline=600&stream=true&max_tokens=7&temperature=0.5")
    assert model.spec == "openai/m@http://127.0.0.1:1/v1?max_tokens=7&temperature=0.5&stream=true"
    assert opened(model.spec).spec == model.spec


@pytest.mark.parametrize(
    "spec, variable", [("openai/gpt-6-sol", "OPENAI_API_KEY"), ("anthropic/x", "ANTHROPIC_API_KEY")]
)
def test_a_missing_key_is_named_before_anything_is_run(spec, variable):
    assert f"{variable} is not set" in refusal(spec, {})
    assert f"{variable} is not set" in refusal(spec, {variable: "  "})


@pytest.mark.parametrize("value", ["two words", "a\nb", "schlüssel", "nul\0"])
def test_a_key_that_can_be_none_is_refused_without_being_told(value):
    said = refusal("openai/x", {"OPENAI_API_KEY": value})
    assert "OPENAI_API_KEY" in said
    assert value not in said


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://x/v1",
        "http://",
        "http:///v1",
        "http://x:notaport/",
        "http://x:99999/",
        "x y",
        "https://a b/",
    ],
)
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_url_that_is_no_url_is_refused(provider, url):
    assert "no address of a server" in refusal(f"{provider}/m@{url}")


@pytest.mark.parametrize("url", [f"http://user:{KEY}@host/v1", f"https://{KEY}@host/v1"])
def test_an_address_with_a_key_in_it_is_refused_and_not_repeated(url):
    said = refusal(f"openai/m@{url}")
    assert "?key=NAME" in said
    assert KEY not in said


def test_a_key_where_its_variable_belongs_is_refused_and_not_repeated():
    said = refusal(f"openai/m@http://127.0.0.1:1/v1?key={KEY}")
    assert "never the key" in said
    assert KEY not in said


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_spec_without_a_model_is_refused(provider):
    assert "names no model" in refusal(f"{provider}/")
    assert "names no model" in refusal(f"{provider}/@http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    "params",
    [
        "max_tokens=0",
        "max_tokens=many",
        "temperature=hot",
        "temperature=nan",
        "deadline=0",
        "effort=heroic",
        "colour=red",
    ],
)
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_setting_that_cannot_be_is_refused_by_name(provider, params):
    assert params.partition("=")[0] in refusal(f"{provider}/m@http://127.0.0.1:1/v1?{params}")


REFUSED = [
    "anthropic/claude-opus-5-5?temperature=1",
    "anthropic/claude-haiku-4-5?top_p=0.5",
    "anthropic/claude-opus-5-5?thinking=4096",
    "anthropic/claude-haiku-5-5?thinking=4096",
    "anthropic/claude-sonnet-5-5?thinking=disabled",
    "anthropic/claude-fable-5-2?thinking=disabled",
    "anthropic/claude-opus-5?thinking=between_tools",
    "anthropic/claude-opus-4-5?thinking=100",
    "anthropic/claude-opus-4-5?thinking=4096&max_tokens=4096",
    "anthropic/claude-sonnet-5-5?thinking=between_tools&effort=max",
    "openai/gpt-4o?effort=low",
    "openai/gpt-6.2-astra?temperature=0.5",
    "openai/gpt-6.1-sol?seed=1",
    "openai/o3?top_p=0.5",
    "openai/gpt-5?temperature=0",
    "openai/gpt-5-mini-2025-08-07?temperature=0",
    "openai/gpt-6-astra?effort=none",
    "openai/gpt-6.2-sol?effort=minimal",
    "openai/gpt-6-sol?temperature=0.5",
    "openai/gpt-5.4-mini?temperature=0.5&effort=low",
    "openai/gpt-6-sol?api=responses&effort=none&seed=1",
]


@pytest.mark.parametrize("spec", REFUSED)
def test_a_setting_that_the_model_is_known_to_refuse_is_refused_before_the_run(spec):
    assert "does not take" in refusal(spec)


TAKEN = [
    "anthropic/claude-opus-4-5?max_tokens=4097&thinking=4096",
    "anthropic/claude-sonnet-5-5?effort=low&thinking=between_tools",
    "anthropic/claude-opus-4-5?thinking=4096",
    "anthropic/claude-haiku-5-5?thinking=disabled",
    "anthropic/claude-opus-5-5@http://127.0.0.1:1?temperature=0.5",
    "openai/gpt-4.1-mini?temperature=0.5&top_p=0.9&seed=1",
    "openai/gpt-6-sol?temperature=0.5&effort=none",
    "openai/gpt-5.4-mini?effort=none&seed=1",
    "openai/gpt-6.2-astra?temperature=1&effort=high",
    "openai/gpt-5?effort=minimal",
    "openai/gpt-6.2-astra@http://127.0.0.1:1/v1?temperature=0.5",
    "openai/some-new-model?temperature=0.5",
]


@pytest.mark.parametrize("spec", TAKEN)
def test_a_setting_that_may_be_taken_is(spec):
    assert opened(spec).spec == spec


def body(spec, max_tokens=100):
    """What would be sent to the vendor itself; nothing is."""
    from arena.models.base import Message, Request

    model = opened(spec)
    return model._wire.body(Request("", (Message("user", "x"),), max_tokens=max_tokens), stream=False)


@pytest.mark.parametrize(
    "spec, name, tokens",
    [
        ("openai/gpt-4.1", "max_completion_tokens", 100),
        ("openai/gpt-6-sol?effort=none", "max_completion_tokens", 100),
        ("openai/gpt-6-sol", "max_completion_tokens", 100 + 8192),
        ("openai/gpt-6-sol?max_tokens=50", "max_completion_tokens", 50),
        ("openai/gpt-5.1-codex", "max_output_tokens", 100 + 8192),
        ("anthropic/claude-opus-4-5", "max_tokens", 100),
        ("anthropic/claude-opus-5-5", "max_tokens", 100 + 8192),
        ("anthropic/claude-opus-5?thinking=disabled", "max_tokens", 100),
    ],
)
def test_models_that_think_are_given_room_to_think_beside_the_reply(spec, name, tokens):
    assert body(spec)[name] == tokens


@pytest.mark.parametrize(
    "spec, logprobs, schema",
    [
        ("anthropic/claude-opus-5-5", False, True),
        ("anthropic/m@http://127.0.0.1:1", False, None),
        ("openai/gpt-4.1", True, True),
        ("openai/gpt-6-sol", False, True),
        ("openai/gpt-6-sol?effort=none", True, True),
        ("openai/gpt-6.2-sol", False, True),
        ("openai/some-new-model", None, True),
        ("openai/m@http://127.0.0.1:1/v1", None, None),
    ],
)
def test_a_model_says_what_it_can_do_as_far_as_that_is_known(spec, logprobs, schema):
    model = opened(spec)
    assert (model.supports("logprobs"), model.supports("schema")) == (logprobs, schema)


def test_what_a_call_can_cost_at_most_is_known_before_it_is_made():
    from arena.models.base import Message, Request

    request = Request("four", (Message("user", "é"),), max_tokens=100)
    worst = opened("openai/gpt-4.1").worst_cost(request)
    assert worst == pytest.approx(((4 // 2 + 2 + 100) * 2 + 100 * 8) / 1e6)
    assert opened("openai/nobody-knows").worst_cost(request) is None


# Which key goes where


def secret(spec, env):
    """The key that would be sent."""
    return opened(spec, env)._account.secret.reveal()


def test_the_vendors_key_goes_to_the_vendor_and_to_this_machine_only():
    assert secret("openai/gpt-4.1", ENV) == KEY
    assert secret("openai/m@http://127.0.0.1:1/v1", ENV) == KEY
    assert secret("anthropic/m@http://localhost:1", ENV) == KEY
    assert secret("openai/m@https://gateway.example/v1", ENV) == "none"
    assert secret("openai/m@http://127.0.0.1.example/v1", ENV) == "none"
    assert secret("openai/m@http://mylocalhost/v1", ENV) == "none"
    assert secret("openai/m@http://[::1]:8000/v1", ENV) == KEY
    assert secret("anthropic/m@https://gateway.example", ENV) == "none"


def test_another_server_gets_the_key_whose_variable_is_named():
    env = {**ENV, "GATEWAY_KEY": "gw-8b1f0a"}
    model = opened("openai/m@https://gateway.example/v1?key=GATEWAY_KEY", env)
    assert model._account.secret.reveal() == "gw-8b1f0a"
    assert model.account == "openai@gateway.example:GATEWAY_KEY"
    assert "GATEWAY_KEY is not set" in refusal("openai/m@https://gateway.example/v1?key=GATEWAY_KEY", ENV)


def test_an_address_in_the_environment_goes_with_the_key_there_and_is_part_of_the_spec():
    env = {**ENV, "OPENAI_BASE_URL": "https://gateway.example/v1"}
    model = opened("openai/gpt-4.1", env)
    assert (model.spec, model._account.secret.reveal()) == ("openai/gpt-4.1@https://gateway.example/v1", KEY)


def test_claude_also_looks_for_the_token_variable():
    assert secret("anthropic/x", {"ANTHROPIC_AUTH_TOKEN": KEY}) == KEY


def test_the_price_of_a_model_is_known_when_it_is_opened():
    assert opened("openai/gpt-4o").rates.input == 2.50
    assert opened("openai/nobody-knows").rates is None


def test_opening_a_model_imports_no_sdk():
    code = (
        "import sys; from arena.plan import open_model; "
        "open_model('openai/m@http://127.0.0.1:1/v1'); open_model('anthropic/m@http://127.0.0.1:1'); "
        "print(*{'openai', 'anthropic', 'httpx2', 'aiohttp'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_the_environment_is_read_where_none_is_given(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert open_model("gpt-4.1", {}).account == "openai"
