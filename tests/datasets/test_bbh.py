"""BIG-Bench Hard: the kinds of targets, and the real files where they are at hand."""

import json

import pytest

from arena.datasets.bbh import Bbh

CANARY = "a canary that stays where it is"


def put(write, *examples, name="task"):
    found = [{"input": text, "target": target} for text, target in examples]
    return write(f"set/{name}.json", json.dumps({"canary": CANARY, "examples": found}))


def sides(items):
    return [(one.question.options[one.key.option], len(one.question.options)) for one in items]


class TestTheForm:
    def test_has_lettered_options_in_its_input_which_are_taken_out(self, load, write):
        [one] = load(
            Bbh, put(write, ("Which day?\nOptions:\n(A) Monday\n(B) Friday\n(C) Sunday", "(B)")), distractors="all"
        )
        assert one.question.text == "Which day?"
        assert sorted(one.question.options) == ["Friday", "Monday", "Sunday"]
        assert one.question.options[one.key.option] == "Friday"

    def test_may_name_the_words_of_an_option_in_place_of_its_letter(self, load, write):
        assert sides(load(Bbh, put(write, ("Which?\nOptions:\n(A) one\n(B) two", "two")))) == [("two", 2)]

    def test_has_options_behind_dashes_with_stray_spaces(self, load, write):
        assert sides(load(Bbh, put(write, ("Is it?\nOptions:\n- valid \n- invalid", "invalid")))) == [("invalid", 2)]

    @pytest.mark.parametrize("target, other", [("Yes", "No"), ("no", "yes"), ("True", "False"), ("valid", "invalid")])
    def test_has_the_other_of_a_pair_for_a_wrong_option(self, load, write, target, other):
        [one] = load(Bbh, put(write, ("Is it?", target)))
        assert set(one.question.options) == {target, other}

    @pytest.mark.parametrize("target", ["42", "-7", "ant bee cow", "] ) }", "]"])
    def test_has_wrong_options_made_by_rule_where_the_source_has_none(self, load, write, target):
        assert sides(load(Bbh, put(write, ("What?", target)))) == [(target, 2)]

    def test_may_say_the_same_twice_in_one_group(self, load, write):
        one, two = load(Bbh, put(write, ("Is it?", "Yes"), ("Is it?", "No")))
        assert one.question.group == two.question.group
        assert one.question.id != two.question.id

    def test_never_shows_the_canary(self, load, write):
        [one] = load(Bbh, put(write, ("Is it?", "Yes")))
        assert CANARY not in one.question.model_dump_json()

    def test_is_found_by_its_task(self, load, write):
        put(write, ("Is it?", "Yes"), name="navigate")
        folder = put(write, ("Is it?", "No"), name="snarks").parent
        assert sides(load(Bbh, folder, task="snarks")) == [("No", 2)]
        assert len(load(Bbh, folder, filter="task=navigate")) == 1

    @pytest.mark.parametrize("target", ["(D)", "Friday", ""])
    def test_is_refused_with_the_record_where_the_target_is_no_option(self, refused, write, target):
        path = put(write, ("Is it?", "Yes"), ("Which?\nOptions:\n(A) one\n(B) two", target))
        assert refused(Bbh, path).startswith(f"{path}, record 2: target is ")


COUNTS = {"causal": 187, "date": 250, "formal": 250, "logical": 250, "web": 250}


class TestTheRealData:
    @pytest.mark.parametrize("task", COUNTS)
    def test_has_as_many_questions_as_it_should(self, load, shared, task):
        assert len(load(Bbh, shared("bbh"), task=task)) == COUNTS[task]

    def test_has_two_inputs_twice_in_causal_judgement(self, load, shared):
        assert len({one.question.group for one in load(Bbh, shared("bbh"), task="causal")}) == 185

    def test_lists_no_options_in_its_texts(self, load, shared):
        assert not any("Options:" in one.question.text for one in load(Bbh, shared("bbh")))
