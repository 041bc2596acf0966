"""TruthfulQA: its versions, and the real files where they are at hand."""

import json

import pytest

from arena.datasets.truthfulqa import TruthfulQa

NEW = "Type,Category,Question,Best Answer,Best Incorrect Answer,Correct Answers,Incorrect Answers,Source\n"
OLD = NEW.replace("Best Incorrect Answer,", "")


@pytest.fixture
def put(write):
    write("set/TruthfulQA.csv", NEW + "A,Law,Is it?,It is,It never is,It is; unknown;,Perhaps; unknown; No; ,x\n")
    target = {"It is": 1, "Perhaps": 0, "No": 0, "": 0}
    mc = [{"question": "Is it?", "mc0_targets": {"It is": 1, "No": 0}, "mc1_targets": target, "mc2_targets": {}}]
    write("set/mc_task.json", json.dumps(mc))
    return write("set/v1/TruthfulQA.csv", "\ufeff" + OLD + "A,Law,Is it?,It is,It is,Perhaps; No;,x\n")


@pytest.fixture
def folder(tmp_path, write):
    (tmp_path / "set").mkdir()
    return tmp_path / "set"


class TestTheForm:
    @pytest.fixture(autouse=True)
    def _files(self, folder, put):
        pass

    def test_is_binary_by_the_best_incorrect_answer(self, load, folder):
        [one] = load(TruthfulQa, folder)
        assert set(one.question.options) == {"It is", "It never is"}
        assert one.question.options[one.key.option] == "It is"

    def test_has_all_wrong_answers_but_those_that_are_right_too(self, load, folder):
        [one] = load(TruthfulQa, folder, distractors="all")
        assert set(one.question.options) == {"It is", "It never is", "Perhaps", "No"}

    def test_is_read_in_its_first_version_with_a_byte_order_mark(self, load, folder):
        [one] = load(TruthfulQa, folder, version="v1", distractors="all")
        assert set(one.question.options) == {"It is", "Perhaps", "No"}

    def test_may_be_filtered_by_category(self, load, folder):
        assert len(load(TruthfulQa, folder, filter="Category=law")) == 1

    @pytest.mark.parametrize("version, options", [("mc0", {"It is", "No"}), ("mc1", {"It is", "Perhaps", "No"})])
    def test_is_read_from_its_multiple_choice_file(self, load, folder, version, options):
        [one] = load(TruthfulQa, folder, version=version, distractors="all")
        assert set(one.question.options) == options
        assert one.question.options[one.key.option] == "It is"

    @pytest.mark.parametrize("targets", [{"a": 0}, {"a": 1, "b": 1}, ["a"], None])
    def test_is_refused_where_not_one_target_is_right(self, refused, write, targets):
        path = write("set/mc_task.json", json.dumps([{"question": "Is it?", "mc0_targets": targets}]))
        assert refused(TruthfulQa, path, version="mc0").startswith(f"{path}, record 1: ")

    def test_is_refused_where_a_column_lacks(self, refused, write):
        path = write("set/TruthfulQA.csv", "Question,Best Answer\nq,a\n")
        assert refused(TruthfulQa, path).startswith(f"{path}:2: no field 'Correct Answers'")


class TestTheRealData:
    @pytest.mark.parametrize("version, count", [("2025", 790), ("v1", 817), ("mc0", 790), ("mc1", 790)])
    def test_has_as_many_questions_as_its_version(self, load, shared, version, count):
        assert len(load(TruthfulQa, shared("truthfulqa"), version=version)) == count

    @pytest.mark.parametrize("version", ["2025", "mc1"])
    def test_does_not_have_the_right_answer_first(self, load, shared, version):
        first = sum(one.key.option == 0 for one in load(TruthfulQa, shared("truthfulqa"), version=version))
        assert 330 <= first <= 460

    def test_calls_nothing_wrong_that_it_calls_right(self, load, shared):
        """Two records list `unknown` on both sides."""
        items = load(TruthfulQa, shared("truthfulqa"), distractors="all", filter="Correct Answers~unknown")
        wrong = [o for i in items for n, o in enumerate(i.question.options) if n != i.key.option]
        assert items
        assert "unknown" not in [one.casefold() for one in wrong]
