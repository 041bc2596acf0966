"""Conditions on the fields of a record."""

import pytest

from arena.datasets.filters import conditions
from arena.errors import UsageError

FIELDS = {"Category": "Law ", "words": 30, "score": "0.5", "ok": True}


def holds(text):
    return all(condition.holds(FIELDS) for condition in conditions(text))


@pytest.mark.parametrize(
    "text, kept",
    [
        ("", True),
        ("Category=law", True),
        ("Category=Health|Law", True),
        ("Category=Health", False),
        ("Category!=Health|Law", False),
        ("Category~a", True),
        ("Category~z", False),
        ("words<=30", True),
        ("words<30", False),
        ("words>29", True),
        ("score>=0.5", True),
        ("ok=true", True),
        ("Category=Law,words>30", False),
        (" Category = Law , words >= 30 ", True),
    ],
)
def test_keeps_what_all_conditions_hold_of(text, kept):
    assert holds(text) is kept


@pytest.mark.parametrize("text", ["Category", "=Law", "Category=Law,", "__import__('os')"])
def test_refuses_what_is_no_condition(text):
    with pytest.raises(UsageError, match="FIELD=VALUE"):
        conditions(text)


def test_refuses_a_field_that_is_not_there_and_says_which_are():
    with pytest.raises(UsageError, match="Category"):
        holds("category=Law")


@pytest.mark.parametrize("text", ["Category<3", "words<many"])
def test_refuses_to_order_what_is_no_number_and_shows_no_value_of_the_record(text):
    with pytest.raises(UsageError, match="compares numbers") as caught:
        holds(text)
    assert "Law" not in str(caught.value)
