"""PrOntoQA: its form, and the real file where it is at hand."""

import json

import pytest

from arena.datasets.prontoqa import ProntoQa


def record(name="a", key="B", options=("A) True", "B) False"), **more):
    return {"id": name, "context": "Each ant is a bee.", "question": "Is it true? Max is an ant.", "answer": key,
            "options": list(options), "explanation": ["Max is shown."], **more}  # fmt: skip


@pytest.fixture
def put(write):
    return lambda *records: write("set/dev.json", json.dumps(records))


class TestTheForm:
    def test_loses_the_letters_of_its_options(self, load, put):
        [one] = load(ProntoQa, put(record()))
        assert set(one.question.options) == {"True", "False"}
        assert one.question.options[one.key.option] == "False"

    def test_never_shows_the_proof(self, load, put):
        [one] = load(ProntoQa, put(record()))
        assert "shown" not in one.question.model_dump_json()

    @pytest.mark.parametrize("broken", [{"key": "C"}, {"key": "True"}, {"options": ("True", "False")}, {"options": ()}])
    def test_is_refused_with_the_record_where_it_is_broken(self, refused, put, broken):
        path = put(record(), record("b", **broken))
        assert refused(ProntoQa, path).startswith(f"{path}, record 2: ")


def test_the_real_data_has_500_questions(load, shared):
    assert len(load(ProntoQa, shared("prontoqa"))) == 500
