import pytest

from arena.models import anthropic, openai
from arena.programs import person, program
from arena.report.header import Seat

URL = "http://127.0.0.1:1/v1"


@pytest.mark.parametrize(
    "spec, simulated",
    [
        ("sim/judge?noise=0.2", True),
        (f"openai/fake-gpt-6-luna@{URL}", True),
        (f"anthropic/fake-claude-haiku-5-5@{URL}", True),
        ("openai/gpt-6-luna", False),
        (f"openai/qwen-fake-3@{URL}", False),
        ("fake-gpt", False),
        ("recorded/human", False),
    ],
)
def test_a_program_is_known_by_its_spec(spec, simulated):
    assert program(spec) is simulated
    assert Seat("judge", spec).simulated is simulated


@pytest.mark.parametrize("opened", [anthropic.open_model, openai.open_model])
def test_a_model_of_a_fake_provider_says_that_it_is_simulated(opened):
    assert opened(f"fake-m@{URL}", {}, {}).simulated
    assert not opened(f"m@{URL}", {}, {}).simulated


def test_a_fake_model_has_the_price_of_the_one_that_it_plays():
    fake = openai.open_model(f"fake-gpt-6-luna@{URL}", {}, {})
    assert fake.rates == openai.open_model(f"gpt-6-luna@{URL}", {}, {}).rates
    assert fake.rates.input == 0.10


@pytest.mark.parametrize("spec, is_one", [("human/ada", True), ("recorded/human", False), ("openai/human", False)])
def test_a_person_is_known_by_their_spec(spec, is_one):
    assert person(spec) is is_one
