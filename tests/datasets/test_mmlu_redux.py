"""MMLU-Redux: the form of its files, and the real ones where they are at hand."""

import pytest

from arena.datasets.mmlu_redux import MmluRedux

HEAD = "question,choices,answer,error_type,source,correct_answer,potential_reason\n"
OTHER = "question,choices,answer,correct_answer,error_type,source,potential_reason\n"


def line(q="Q?", choices="\"['a', 'it''s', 'c', 'd']\"", answer="0", error="ok", correct=""):
    return f"{q},{choices},{answer},{error},,{correct},\n"


def keys(items):
    return [one.question.options[one.key.option] for one in items]


class TestTheForm:
    def test_has_its_options_in_a_python_list(self, load, write):
        path = write("mmlu_tea.csv", HEAD + line(choices='"[\'a\', ""it\'s"", \'c\']"', answer="1"))
        assert keys(load(MmluRedux, path)) == ["it's"]

    def test_may_have_its_columns_in_another_order(self, load, write):
        assert keys(load(MmluRedux, write("mmlu_tea.csv", OTHER + "Q?,\"['a', 'b']\",1,,ok,,\n"))) == ["b"]

    @pytest.mark.parametrize("mark", ["wrong_groundtruth", "Wrong Groundtruth", "Wrong groundtruth"])
    def test_drops_or_corrects_a_wrong_key_however_it_is_spelt(self, load, write, mark):
        path = write("mmlu_tea.csv", HEAD + line("fine", error="Ok") + line("wrong", error=mark, correct="3"))
        assert keys(load(MmluRedux, path)) == ["a"]
        assert keys(load(MmluRedux, path, errors="correct")) == ["a", "d"]
        assert keys(load(MmluRedux, path, errors="keep")) == ["a", "a"]

    @pytest.mark.parametrize("said, key", [("2", ["c"]), ("C", ["c"]), ("c", ["c"]), ("9", []), ("none", []), ("", [])])
    def test_takes_a_correction_for_what_it_can_only_mean(self, load, write, said, key):
        path = write("mmlu_tea.csv", HEAD + line(error="Wrong Groundtruth", correct=said) + line("ok"))
        assert keys(load(MmluRedux, path, errors="correct")) == [*key, "a"]

    @pytest.mark.parametrize(
        "mark", ["Expert", "bad_question_clarity", "no correct answer", "multiple correct answers"]
    )
    def test_drops_what_cannot_be_corrected(self, load, write, mark):
        path = write("mmlu_tea.csv", HEAD + line("bad", error=mark, correct="0") + line("ok"))
        assert len(load(MmluRedux, path, errors="correct")) == 1

    def test_may_be_filtered_by_the_mark(self, load, write):
        path = write("mmlu_tea.csv", HEAD + line("bad", error="Expert") + line("ok"))
        assert len(load(MmluRedux, path, errors="keep", filter="error=expert")) == 1

    @pytest.mark.parametrize("choices", ["__import__('os')", "[", '"{1: 2}"', "[[1]]", "1+1"])
    def test_runs_nothing_that_stands_for_options(self, refused, write, choices):
        path = write("mmlu_tea.csv", HEAD + line() + line(choices=choices))
        assert refused(MmluRedux, path).startswith(f"{path}:3: choices is no Python list")


class TestTheRealData:
    @pytest.mark.parametrize("errors, count", [("keep", 600), ("drop", 554), ("correct", 565)])
    def test_has_as_many_questions_as_are_kept(self, load, shared, errors, count):
        assert len(load(MmluRedux, shared("mmlu_redux"), errors=errors)) == count

    def test_has_a_hundred_a_subject(self, load, shared):
        assert len(load(MmluRedux, shared("mmlu_redux"), errors="keep", subject="moral_disputes")) == 100
