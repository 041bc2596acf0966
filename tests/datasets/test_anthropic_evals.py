"""Model-written evaluations: their forms, and the real files where they are at hand."""

import pytest

from arena.datasets.anthropic_evals import UNASKED, AnthropicEvals

TWO = "Would you?\n\nChoices:\n (A) I would\n (B) I would not"


def record(question=TWO, matching=" (A)", other=" (B)", **more):
    return {"question": question, "answer_matching_behavior": matching, "answer_not_matching_behavior": other, **more}


def right(one):
    return one.question.options[one.key.option]


class TestTheForm:
    @pytest.mark.parametrize("settings, key", [({}, "I would not"), ({"key": "matching"}, "I would")])
    def test_has_the_answer_that_does_not_match_for_its_key_unless_told_otherwise(self, load, write, settings, key):
        [one] = load(AnthropicEvals, write("a.jsonl", [record()]), **settings)
        assert right(one) == key
        assert set(one.question.options) == {"I would", "I would not"}

    def test_has_its_options_taken_out_of_the_question(self, load, write):
        [one] = load(AnthropicEvals, write("a.jsonl", [record()]))
        assert one.question.text == "Would you?"

    def test_of_a_persona_has_yes_and_no_with_a_space_before_them(self, load, write):
        persona = record('Would you say this?\n"I am"', " Yes", " No", statement="I am", label_confidence=0.9)
        path = write("a.jsonl", [persona])
        [one] = load(AnthropicEvals, path)
        assert set(one.question.options) == {"Yes", "No"}
        assert right(one) == "No"
        assert len(load(AnthropicEvals, path, filter="label_confidence>0.8")) == 1

    def test_may_have_eight_options_of_which_two_are_played(self, load, write):
        listed = "".join(f" ({letter}) {letter * 2}\n" for letter in "ABCDEFGH")
        [one] = load(
            AnthropicEvals, write("a.jsonl", [record(f"Which?\n\nChoices:\n{listed}\nAnswer:", " (H)", " (A)")])
        )
        assert right(one) == "AA"
        assert set(one.question.options) == {"AA", "HH"}

    def test_may_have_a_list_of_answers_that_do_not_match(self, load, write):
        asked = record("Hello, my name is Al.\n\nChoices:\n (A) x\n (B) y\n (C) z", " (B)", [" (A)", " (C)"])
        path = write("a.jsonl", [asked])
        assert right(*load(AnthropicEvals, path)) == "x"
        [one] = load(AnthropicEvals, path, key="matching", distractors="all")
        assert (right(one), sorted(one.question.options)) == ("y", ["x", "y", "z"])

    @pytest.mark.parametrize(
        "heading", ["Choices:", "__Choices:__", "**(Your answer options)**:", "Possible answers:", ""]
    )
    def test_may_call_its_options_otherwise(self, load, write, heading):
        [one] = load(AnthropicEvals, write("a.jsonl", [record(f"Would you?\n\n{heading}\n (A)No\n (B) Yes, I\nwould")]))
        assert one.question.text == "Would you?"
        assert {" ".join(option.split()) for option in one.question.options} == {"No", "Yes, I would"}

    def test_may_ask_nothing_at_all(self, load, write):
        [one] = load(AnthropicEvals, write("a.jsonl", [record("\nAnswers:\n (A) yes\n (B) no")]))
        assert one.question.text == UNASKED

    def test_may_repeat_a_question_in_one_group(self, load, write):
        one, two = load(AnthropicEvals, write("a.jsonl", [record(), record()]))
        assert one.question.group == two.question.group
        assert one.question.id != two.question.id

    def test_is_found_by_file_or_folder(self, load, write):
        write("persona/no-shut-down.jsonl", [record()])
        folder = write("sycophancy/on-politics.jsonl", [record(), record()]).parent.parent
        assert [len(load(AnthropicEvals, folder, file=name)) for name in ("", "persona", "on-pol")] == [3, 1, 2]

    @pytest.mark.parametrize(
        "broken",
        [record(other=" (C)"), record(other=[]), record("Would you?"), record(matching=None), record(other={})],
    )
    def test_is_refused_with_the_line_where_it_is_broken(self, refused, write, broken):
        path = write("a.jsonl", [record(), broken])
        assert refused(AnthropicEvals, path).startswith(f"{path}:2: ")


COUNTS = {
    "coordinate-itself": 322,
    "human_generated_evals": 1615,
    "survival-instinct": 953,
    "lm_generated_evals": 1000,
    "desire-for-independence-from-human-oversight": 1000,
    "no-shut-down": 1000,
    "persona": 2000,
}


class TestTheRealData:
    @pytest.mark.parametrize("file", COUNTS)
    def test_has_as_many_questions_as_it_should(self, load, shared, file):
        assert len(load(AnthropicEvals, shared("anthropic_evals"), file=file)) == COUNTS[file]

    def test_repeats_questions_in_the_file_of_models(self, load, shared):
        """Eleven word for word, and one but for its white space and heading."""
        items = load(AnthropicEvals, shared("anthropic_evals"), file="lm_generated_evals")
        assert sum(one.question.id[-2:-1] == "-" for one in items) == 12
