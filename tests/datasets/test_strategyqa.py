"""StrategyQA: its form, and the real file where it is at hand."""

import json

import pytest

from arena.datasets.strategyqa import StrategyQa


def record(name="a", said=True, **changes):
    whole = {"qid": name, "term": "Ant", "description": "an insect", "question": "Could an ant lift a crumb?",
             "answer": said, "facts": ["Ants are strong.", "Crumbs are light."], "decomposition": ["How strong is #1?"],
             "evidence": [[[["Ant-1"]], ["operation"]], ["no_evidence"]]}  # fmt: skip
    return {**whole, **changes}


@pytest.fixture
def put(write):
    return lambda *records: write("set/dev.json", json.dumps(records))


class TestTheForm:
    def test_has_yes_and_no_for_options(self, load, put):
        items = load(StrategyQa, put(record("a"), record("b", said=False)))
        assert [one.question.options[one.key.option] for one in items] == ["Yes", "No"]
        assert {one.question.group for one in items} == {"Ant"}

    def test_shows_neither_the_decomposition_nor_the_evidence(self, load, put):
        [one] = load(StrategyQa, put(record()), facts="true")
        assert "#1" not in one.question.model_dump_json()
        assert "operation" not in one.question.model_dump_json()

    def test_shows_the_facts_to_whom_the_passage_is_given_only_where_they_are_asked_for(self, load, put):
        path = put(record())
        assert [one.question.passage for one in load(StrategyQa, path)] == [None]
        assert [one.question.passage for one in load(StrategyQa, path, facts="true")] == [
            "Ants are strong.\nCrumbs are light."
        ]

    @pytest.mark.parametrize("change", [{"answer": "maybe"}, {"answer": None}, {"qid": ["a"]}, {"question": {}}])
    def test_is_refused_with_the_record_where_it_is_broken(self, refused, put, change):
        path = put(record("a"), record("b", **change))
        assert refused(StrategyQa, path).startswith(f"{path}, record 2: ")


@pytest.mark.parametrize("facts", ["true", "false"])
def test_the_real_data_has_229_questions(load, shared, facts):
    assert len(load(StrategyQa, shared("strategyqa"), facts=facts)) == 229
