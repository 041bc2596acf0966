"""CommonsenseQA: its form, and the real file where it is at hand."""

import json

import pytest

from arena.datasets.commonsenseqa import CommonsenseQa


def record(name="a", key="A", texts=("bank", "shop", "mall", "bank", "sea")):
    choices = [{"label": label, "text": text} for label, text in zip("ABCDE", texts, strict=False)]
    asked = {"question_concept": "money", "stem": "where is money?", "choices": choices}
    return {"answerKey": key, "id": name, "question": asked}


class TestTheForm:
    @pytest.mark.parametrize("key", ["A", "D"])
    def test_takes_no_twin_of_the_right_option_for_a_wrong_one(self, load, write, key):
        [one] = load(CommonsenseQa, write("a.jsonl", [record(key=key)]), distractors="all")
        assert one.question.options[one.key.option] == "bank"
        assert sorted(one.question.options) == ["bank", "mall", "sea", "shop"]

    def test_may_be_filtered_by_concept(self, load, write):
        assert len(load(CommonsenseQa, write("a.jsonl", [record()]), filter="concept=Money")) == 1

    @pytest.mark.parametrize("broken", [{"key": "F"}, {"key": ""}, {"key": 0}, {"texts": ("bank",), "key": "B"}])
    def test_is_refused_with_the_line_where_the_key_is_none(self, refused, write, broken):
        path = write("a.jsonl", [record(), record("b", **broken)])
        assert refused(CommonsenseQa, path).startswith(f"{path}:2: answerKey is ")


class TestTheRealData:
    def test_has_1221_questions(self, load, shared):
        assert len(load(CommonsenseQa, shared("commonsenseqa"))) == 1221

    def test_has_24_with_twins_which_lose_one_option(self, load, shared):
        items = load(CommonsenseQa, shared("commonsenseqa"), distractors="all")
        assert sum(len(one.question.options) == 4 for one in items) == 24

    def test_has_the_key_of_the_label(self, load, shared):
        text = (shared("commonsenseqa") / "dev_rand_split.jsonl").read_text(encoding="utf-8")
        said = {
            r["id"]: next(c["text"].strip() for c in r["question"]["choices"] if c["label"] == r["answerKey"])
            for r in map(json.loads, text.splitlines())
        }
        items = load(CommonsenseQa, shared("commonsenseqa"))
        assert {one.question.id: one.question.options[one.key.option] for one in items} == said
