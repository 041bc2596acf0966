"""Wrong answers made by rule, and options that name others."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.datasets.near import near_misses, number, plain, spelled


class TestANumber:
    @pytest.mark.parametrize(
        "text, value",
        [("2,125", "2125"), ("$18.00", "18"), ("-3", "-3"), ("40%", "40"), ("18.", "18"), ("0.50", "0.5")],
    )
    def test_is_read_as_people_write_it_and_written_plainly(self, text, value):
        assert plain(number(text)) == value

    @pytest.mark.parametrize("text", ["", "ten", "1e9999", "NaN", "inf", "12 eggs"])
    def test_is_not_seen_where_there_is_none(self, text):
        assert number(text) is None


class TestNearMisses:
    @given(st.integers(-(10**9), 10**9), st.integers(0, 99))
    def test_of_a_whole_number_are_three_other_whole_numbers_of_its_sign(self, value, seed):
        made = near_misses(str(value), Random(seed))
        assert len({*made, str(value)}) == 4
        assert all((int(one) < 0) == (value < 0) for one in made)

    def test_are_the_same_for_the_same_seed(self):
        assert near_misses("18", Random(3)) == near_misses("18", Random(3))
        assert len({tuple(near_misses("18", Random(seed))) for seed in range(20)}) > 5

    def test_of_brackets_replace_one(self):
        assert all(
            sum(a != b for a, b in zip(one.split(), ["]", ")", "}"], strict=True)) == 1
            for one in near_misses("] ) }", Random(1))
        )

    def test_of_words_exchange_two_neighbours(self):
        made = near_misses("ant bee cow", Random(1))
        assert sorted(made) == ["ant cow bee", "bee ant cow"]

    def test_are_none_where_no_rule_applies(self):
        assert near_misses("ant", Random(1)) == []


class TestAnOptionThatNamesOthers:
    @pytest.mark.parametrize(
        "option, written",
        [
            ("both A and B", "both “red ” and “blue”".replace(" ”", "”")),
            ("Neither A nor C.", "Neither “red” nor “teal”."),
            ("A, B, and C", "“red”, “blue”, and “teal”"),
            ("A and C only", "“red” and “teal” only"),
            ("(A), (B), and (C) are so", "“red”, “blue”, and “teal” are so"),
            ("Both A and C are correct. ", "Both “red” and “teal” are correct."),
            ("None of the above.", "None of these: “red”; “blue”; “teal”."),
        ],
    )
    def test_is_written_out(self, option, written):
        assert spelled(["red ", "blue", "teal", option])[3] == written

    @pytest.mark.parametrize(
        "option", ["A and B are good athletes.", "vitamins A and B", "blue A", "above all", "C and H only", "AB"]
    )
    def test_is_no_option_that_speaks_of_something_else(self, option):
        assert spelled(["red", "blue", "teal", option])[3] == option

    def test_of_the_same_kind_is_not_named(self):
        assert spelled(["red", "blue", "both A and B", "none of the above"])[3] == "none of these: “red”; “blue”"

    @pytest.mark.parametrize("option", ["Both A and C are correct.", "Both B and E"])
    def test_is_dropped_where_it_names_itself_or_nothing(self, option):
        assert spelled([option, "red", "blue", "teal"])[0] == ""
