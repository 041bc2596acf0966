"""ARC: its form, and the real file where it is at hand."""

import pytest

from arena.datasets.arc import Arc


def record(name="a", key="B", labels="ABCD", texts=("ice", "rain", "fog", "hail", "snow")):
    choices = [{"text": text, "label": label} for label, text in zip(labels, texts, strict=False)]
    return {"id": name, "question": {"stem": "What is wet?", "choices": choices}, "answerKey": key}


class TestTheForm:
    @pytest.mark.parametrize("key, labels", [("B", "ABCD"), ("2", "1234"), ("B", "ABC"), ("B", "ABCDE")])
    def test_has_options_called_by_letters_or_numbers(self, load, write, key, labels):
        [one] = load(Arc, write("a.jsonl", [record(key=key, labels=labels)]), distractors="all")
        assert one.question.options[one.key.option] == "rain"
        assert len(one.question.options) == len(labels)

    def test_finds_the_key_by_its_label_and_not_by_its_place(self, load, write):
        [one] = load(Arc, write("a.jsonl", [record(labels="DCBA")]))
        assert one.question.options[one.key.option] == "fog"

    def test_is_found_by_level_and_split(self, load, write):
        write("set/ARC-Easy-Dev.jsonl", [record("easy")])
        folder = write("set/ARC-Challenge-Test.jsonl", [record("hard")]).parent
        assert [one.question.id for one in load(Arc, folder)] == ["hard"]
        assert [one.question.id for one in load(Arc, folder, level="Easy", split="Dev")] == ["easy"]

    @pytest.mark.parametrize("broken", [{"key": "E"}, {"key": "1"}, {"key": None}, {"labels": "AABB"}, {"labels": ""}])
    def test_is_refused_with_the_line_where_the_key_names_not_one_option(self, refused, write, broken):
        path = write("a.jsonl", [record(), record("b", **broken)])
        assert refused(Arc, path).startswith(f"{path}:2: ")


class TestTheRealData:
    def test_has_1150_questions(self, load, shared):
        assert len(load(Arc, shared("arc"))) == 1150

    @pytest.mark.parametrize("count", [3, 5])
    def test_has_three_questions_each_with_three_and_with_five_options(self, load, shared, count):
        assert len(load(Arc, shared("arc"), filter=f"options={count}")) == 3
