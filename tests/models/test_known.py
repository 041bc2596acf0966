"""What is known of real models before anything is sent."""

import pytest

from arena.models import prices
from arena.models.known import ABILITIES, known


def listed(env=None):
    return {one.spec: one for one in known(env or {})}


def test_the_models_are_those_of_the_price_list_and_carry_its_prices_and_their_date():
    found = listed()
    assert {spec.partition("/")[2] for spec in found} == set(prices.load({}))
    assert found["openai/gpt-6-luna"].rates == prices.load({}).find("gpt-6-luna")
    assert all(one.rates.date for one in found.values())


@pytest.mark.parametrize(
    "spec, schema, logprobs, effort, temperature",
    [
        ("anthropic/claude-haiku-5-5", "yes", "no", "yes", "no"),
        ("openai/gpt-4o", "yes", "yes", "no", "yes"),
        ("openai/gpt-6-luna", "yes", "effort=none", "yes", "effort=none"),
        ("openai/gpt-6.2-sol", "yes", "no", "yes", "no"),
    ],
)
def test_what_a_model_can_do_is_what_its_provider_would_let_it(spec, schema, logprobs, effort, temperature):
    assert listed()[spec].can == dict(zip(ABILITIES, (schema, logprobs, effort, temperature), strict=True))


def test_a_key_is_found_by_name_and_never_told():
    found = listed({"OPENAI_API_KEY": "sk-secret-123456"})
    assert found["openai/gpt-4o"].key == "OPENAI_API_KEY"
    assert (found["anthropic/claude-opus-5-5"].key, found["anthropic/claude-opus-5-5"].wanted) == (
        None,
        "ANTHROPIC_API_KEY",
    )
    assert "sk-secret" not in repr(found)


def test_a_users_own_prices_are_listed_too(tmp_path):
    own = tmp_path / "prices.toml"
    own.write_text(
        '[[list]]\nvendor = "openai"\ndate = "2027-01-01"\n[list.models]\ngpt-9 = { input = 1, output = 2 }\n'
    )
    assert listed({"ARENA_PRICES": str(own)})["openai/gpt-9"].rates.output == 2
