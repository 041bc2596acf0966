"""FOLIO: its forms, and the real file where it is at hand."""

import pytest

from arena.datasets.folio import LABELS, Folio


def record(label="True", conclusion="Ants fly.", premises=("All ants fly.", "Some sit."), **more):
    return {"premises": list(premises), "premises-FOL": ["∀x (A(x) → F(x))"], "conclusion": conclusion,
            "conclusion-FOL": "F(a)", "label": label, **more}  # fmt: skip


class TestTheForm:
    def test_has_the_premises_for_a_passage_and_a_group(self, load, write):
        items = load(Folio, write("folio.jsonl", [record(), record("False", "Ants sit.")]))
        assert {one.question.passage for one in items} == {"All ants fly.\nSome sit."}
        assert len({one.question.group for one in items}) == 1
        assert len({one.question.id for one in items}) == 2

    def test_never_shows_a_formula(self, load, write):
        [one] = load(Folio, write("folio.jsonl", [record()]))
        assert one.question.model_dump_json().isascii()

    @pytest.mark.parametrize("label, key", [("True", "True"), ("Uncertain", "Uncertain"), ("Unknown", "Uncertain")])
    def test_has_a_third_label_of_two_names(self, load, write, label, key):
        [one] = load(Folio, write("folio.jsonl", [record(label)]), distractors="all")
        assert one.question.options[one.key.option] == key
        assert sorted(one.question.options) == sorted(LABELS)

    def test_of_the_train_file_has_ids_and_may_have_its_premises_in_one_text(self, load, write):
        path = write(
            "folio.jsonl", [record(story_id=1, example_id=2, source="x"), {**record(), "premises": "One.\nTwo."}]
        )
        assert [one.question.passage for one in load(Folio, path)] == ["All ants fly.\nSome sit.", "One.\nTwo."]
        assert len(load(Folio, path, filter="label=true")) == 2

    @pytest.mark.parametrize(
        "broken", [record("Maybe"), {**record(), "label": True}, {**record(), "premises": [1, None]}]
    )
    def test_is_refused_with_the_line_where_it_is_broken(self, refused, write, broken):
        path = write("folio.jsonl", [record(), broken])
        assert refused(Folio, path).startswith(f"{path}:2: ")


def test_the_real_data_has_204_questions_on_73_sets_of_premises(load, shared):
    items = load(Folio, shared("folio"))
    assert len(items) == 204
    assert len({one.question.group for one in items}) == 73
