"""Errors: whose fault it is, how an episode comes out, and what an unknown name is answered with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import (
    OUTCOMES,
    ArenaError,
    DataError,
    ModelFailed,
    OverBudget,
    Refused,
    Stopped,
    TimedOut,
    TurnFailed,
    Unparsed,
    UsageError,
    unknown,
)


@pytest.mark.parametrize(
    "failure, outcome",
    [
        (Refused, "refused"),
        (Unparsed, "unparsed"),
        (TimedOut, "timeout"),
        (OverBudget, "over_budget"),
        (ModelFailed, "error"),
        (TurnFailed, "error"),
    ],
)
def test_each_failure_of_a_turn_is_counted_under_its_own_outcome(failure, outcome):
    assert failure("why").outcome == outcome
    assert outcome in OUTCOMES


def test_ok_is_an_outcome_that_no_failure_has():
    assert "ok" in OUTCOMES
    assert all(failure.outcome != "ok" for failure in (TurnFailed, *TurnFailed.__subclasses__()))


def test_a_failed_turn_says_where_and_whose_it_was():
    why = Refused("alice refused", "3:1", "alice")
    assert (str(why), why.at, why.seat) == ("alice refused", "3:1", "alice")


def test_a_data_error_is_a_usage_error_but_a_stopped_run_is_neither_that_nor_a_failed_turn():
    assert issubclass(DataError, UsageError)
    assert not issubclass(Stopped, UsageError | TurnFailed)
    assert all(issubclass(kind, ArenaError) for kind in (UsageError, Stopped, TurnFailed))


def test_an_unknown_name_is_answered_with_the_near_ones_and_with_all_of_them():
    said = str(unknown("protocol", "debat", ["debate", "naive", "expert"]))
    assert said == "no protocol is called 'debat'. Did you mean debate? Known: debate, expert, naive."


def test_a_name_like_no_other_is_answered_without_a_guess():
    said = str(unknown("protocol", "zzzzzz", ["debate"]))
    assert "Did you mean" not in said
    assert "debate" in said


def test_an_unknown_name_where_nothing_is_known_says_so():
    assert str(unknown("model", "x", [])).endswith("Known: none.")


@given(st.text())
def test_an_unknown_name_is_printed_without_its_control_characters(name):
    """An id out of a file may hold an escape sequence for the terminal."""
    said = str(unknown("seat", name, ["alice"]))
    assert said.isprintable()
