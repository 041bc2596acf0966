"""Prices: what is known, what is not, and what a call costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import DataError
from arena.events import Usage
from arena.models.prices import Long, Prices, Rates, load

SHIPPED = load({})
RATES = Rates(input=4, output=20, cache_read=0.20, cache_write=5, cache_write_1h=8, batch=0.5)


def dollars(usage, **more):
    """The cost by the rates above, per million tokens."""
    return RATES.cost(Usage(**usage), **more) * 1e6


def test_each_kind_of_token_has_its_own_rate():
    usage = {"input": 1000, "cache_read": 600, "cache_write": 300, "output": 10}
    assert dollars(usage) == pytest.approx(100 * 4 + 600 * 0.20 + 300 * 5 + 10 * 20)


def test_what_is_kept_for_an_hour_has_a_rate_of_its_own():
    assert dollars({"input": 300, "cache_write": 300}, kept_1h=100) == pytest.approx(200 * 5 + 100 * 8)


def test_a_batch_costs_its_share():
    assert dollars({"input": 1000}, batch=True) == pytest.approx(2000)


def test_what_was_not_used_costs_nothing_even_where_its_rate_is_unknown():
    assert Rates(input=1, output=2).cost(Usage(input=1_000_000)) == 1


@pytest.mark.parametrize(
    "usage, more",
    [
        ({"input": 5, "cache_read": 5}, {}),
        ({"input": 5, "cache_write": 5}, {}),
        ({"input": 5, "cache_write": 5}, {"kept_1h": 5}),
        ({"input": 5}, {"batch": True}),
    ],
)
def test_what_was_used_at_an_unknown_rate_has_an_unknown_cost_and_never_none_at_all(usage, more):
    assert Rates(input=1, output=2).cost(Usage(**usage), **more) is None


def test_a_long_request_costs_more_as_a_whole():
    rates = RATES.model_copy(update={"long": Long(above=100, input=2, output=1.5)})
    assert rates.cost(Usage(input=100, output=1)) == RATES.cost(Usage(input=100, output=1))
    longer = Usage(input=101, cache_read=1, output=10)
    assert rates.cost(longer) * 1e6 == pytest.approx(2 * (100 * 4 + 0.20) + 1.5 * 10 * 20)


@given(
    st.builds(
        Usage,
        *[st.integers(0, 10**7)] * 0,
        input=st.integers(0, 10**7),
        output=st.integers(0, 10**7),
        cache_read=st.integers(0, 10**7),
        cache_write=st.integers(0, 10**7),
    )
)
def test_no_count_however_wrong_costs_less_than_nothing(usage):
    assert RATES.cost(usage) >= 0


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1), st.floats(0, 1), st.sampled_from([*SHIPPED]))
def test_no_call_costs_more_than_the_worst_that_is_reckoned_with(read, written, cached, kept, name):
    rates = SHIPPED.find(name)
    usage = Usage(input=read, output=written, cache_read=int(read * cached * (1 - kept)), cache_write=int(read * kept))
    cost = rates.cost(usage)
    assert cost is None or cost <= rates.worst(read, written) * (1 + 1e-9)


def test_the_worst_that_is_reckoned_with_is_the_dearest_of_all_ways_to_read():
    assert RATES.worst(1000, 10) * 1e6 == pytest.approx(1000 * 8 + 10 * 20)


@pytest.mark.parametrize(
    "asked, found",
    [
        ("claude-opus-5-5", "claude-opus-5-5"),
        ("claude-opus-5-5-20261109", "claude-opus-5-5"),
        ("gpt-4.1-2025-04-14", "gpt-4.1"),
        ("gpt-4o-latest", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o-mini"),
    ],
)
def test_a_dated_name_has_the_price_of_its_model(asked, found):
    assert SHIPPED.find(asked) == SHIPPED.find(found) != None  # noqa: E711  # all three at once


@pytest.mark.parametrize(
    "name",
    [
        "claude-opus",
        "claude-opus-5-6",
        "claude-opus-4",
        "claude-sonnet-4-5",
        "gpt-5",
        "gpt-4o-audio",
        "gpt-6",
        "gpt-6.2",
        "",
        "gpt-5.4-pro",
        "claude-opus-5-5-fast",
        "xgpt-4o",
        "gpt-4.1-nano",
        "claude-opus-5-5-2026",
    ],
)
def test_no_model_has_the_price_of_another_whose_name_begins_alike(name):
    assert SHIPPED.find(name) is None


def test_the_first_name_that_is_known_counts():
    prices = Prices({"a": RATES, "b": RATES.model_copy(update={"input": 1})})
    assert prices.find("x", "b", "a").input == 1


def test_every_price_that_ships_has_a_date_a_source_a_vendor_and_a_share_for_batches():
    listed = {name: SHIPPED.find(name) for name in SHIPPED}
    assert listed
    assert [name for name, rates in listed.items() if not (rates.date and rates.source and rates.batch == 0.5)] == []
    assert {rates.vendor for rates in listed.values()} == {"anthropic", "openai"}


def test_no_cached_token_costs_more_to_read_than_a_fresh_one_and_none_less_to_write():
    for rates in map(SHIPPED.find, SHIPPED):
        assert rates.cache_read is None or rates.cache_read < rates.input
        assert rates.cache_write >= rates.input


def test_haiku_costs_five_times_as_much_above_a_hundred_thousand_tokens():
    haiku = SHIPPED.find("claude-haiku-5-5")
    assert haiku.cost(Usage(input=100_000)) == pytest.approx(0.01)
    assert haiku.cost(Usage(input=100_001)) == pytest.approx(0.05, rel=1e-3)


OWN = """
[[list]]
date = "2026-11-01"
[list.models]
gpt-4o = { input = 1, output = 2 }
"openai/qwen@http://127.0.0.1:8000/v1" = { input = 0, output = 0 }
"""


def test_a_users_own_file_goes_before_what_ships(tmp_path):
    (tmp_path / "mine.toml").write_text(OWN)
    prices = load({"ARENA_PRICES": str(tmp_path / "mine.toml")})
    assert (prices.find("gpt-4o").input, prices.find("gpt-4o").date) == (1, "2026-11-01")
    assert prices.find("gpt-4o").cache_read is None
    assert prices.find("openai/qwen@http://127.0.0.1:8000/v1", "qwen").cost(Usage(input=9)) == 0
    assert prices.find("gpt-4.1") == SHIPPED.find("gpt-4.1")


def test_the_users_own_file_may_stand_in_its_usual_place(tmp_path):
    place = tmp_path / ".config" / "oversight-arena"
    place.mkdir(parents=True)
    (place / "prices.toml").write_text(OWN)
    assert load({"HOME": str(tmp_path)}).find("gpt-4o").input == 1
    assert load({"HOME": str(tmp_path / "elsewhere")}).find("gpt-4o").input == 2.50


@pytest.mark.parametrize(
    "text, why",
    [
        ("[[list]\n", "TOML"),
        ("[[list]]\nmodels = { x = { input = -1, output = 0 } }", "input"),
        ("[[list]]\nmodels = { x = { output = 0 } }", "input"),
        ("[[list]]\nmodels = { x = { input = nan, output = 0 } }", "input"),
        ("[[list]]\nmodels = { x = { input = 1, output = 0, speed = 3 } }", "speed"),
        ("models = {}", "models"),
    ],
)
def test_a_file_that_is_no_list_of_prices_is_refused_by_name_and_place(tmp_path, text, why):
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(DataError, match=why) as caught:
        load({"ARENA_PRICES": str(file)})
    assert str(file) in str(caught.value)


def test_a_file_that_is_named_and_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        load({"ARENA_PRICES": str(tmp_path / "none.toml")})
