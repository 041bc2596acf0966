"""Text behind a gutter: no text can begin a line, however long, wide or hostile it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.cli.gutter import behind, cells, folded

HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\n\r\t\v\f\x1b\x85\u2028\u202e\u200b │a漢👨\u200d👩\u0301"))
)


@given(HOSTILE, st.integers(30, 100))
def test_every_line_begins_with_the_name(text, width):
    assert all(line.startswith("  bob │") for line in behind("  bob", text, width))


@given(HOSTILE)
def test_nothing_hidden_is_left_in_a_line(text):
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\ud800-\udfff]", "".join(behind("bob", text, 80)))


@given(HOSTILE, st.integers(30, 100))
def test_no_line_is_so_wide_that_a_terminal_would_fold_it(text, width):
    assert all(cells(line) <= width for line in behind("  bob", text, width))


@given(st.text(st.characters(exclude_categories=["C", "Z", "M"])), st.integers(20, 80))
def test_nothing_but_space_is_lost(text, width):
    shown = "".join(line.partition("│")[2].strip() for line in behind("bob", text, width))
    assert shown == text


def test_a_line_is_folded_between_words():
    assert list(folded("one two three four", 9)) == ["one two", "three", "four"]


def test_a_long_word_is_folded_inside():
    assert list(folded("a " + "b" * 25, 10)) == ["a", "b" * 10, "b" * 10, "b" * 5]


def test_wide_characters_count_two():
    assert list(folded("漢字漢字漢字", 5)) == ["漢字", "漢字", "漢字"]


def test_the_first_indentation_of_a_line_is_kept():
    assert list(behind("bob", "  two\n    four", 40)) == ["bob │   two", "bob │     four"]


def test_joined_characters_count_as_many_as_they_may_come_apart_to():
    family = "👨\u200d👩\u200d👧"
    assert cells(family) >= 6


@pytest.mark.parametrize("unit", ["a", "a ", "漢", "\u0301", "👨\u200d", "\n"])
def test_a_megabyte_is_folded(unit):
    text = unit * (1_000_000 // len(unit))
    assert sum(1 for _ in behind("bob", text, 80)) > 0
