"""Amounts of money as they are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.dollars import money


@pytest.mark.parametrize(
    "usd, told",
    [
        (0, "0.00"),
        (1234.5, "1,234.50"),
        (0.1, "0.10"),
        (0.0999, "0.100"),
        (0.05, "0.050"),
        (0.0019, "0.0019"),
        (0.00001234, "0.000012"),
    ],
)
def test_an_amount_is_told_in_cents_or_in_two_digits_where_it_is_small(usd, told):
    assert money(usd) == told


@given(st.floats(1e-9, 1e9))
def test_what_is_little_is_not_nought_and_no_amount_is_off_by_more_than_a_twentieth(usd):
    assert float(money(usd).replace(",", "")) == pytest.approx(usd, rel=0.051)
