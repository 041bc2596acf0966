"""BoolQ: both layouts, and the real file where it is at hand."""

import pytest

from arena.datasets.boolq import BoolQ


def eraser(name=1, said="True", **changes):
    evidence = {"docid": "a", "start_token": 0, "end_token": 3, "text": "Ants swim. "}
    record = {"annotation_id": name, "query": "can ants swim", "classification": said, "docids": "a",
              "evidences": [evidence], "query_type": None}  # fmt: skip
    return {**record, **changes}


def original(said=True, **changes):
    return {"question": "can ants swim", "title": "Ant", "answer": said, "passage": "Ants swim.", **changes}


def keys(items):
    return [one.question.options[one.key.option] for one in items]


class TestTheForm:
    def test_of_eraser_has_its_booleans_as_texts(self, load, write):
        """A text `False` is true to a careless reader."""
        items = load(BoolQ, write("dev_data.jsonl", [eraser(1), eraser(2, "False")]))
        assert keys(items) == ["Yes", "No"]
        assert [one.question.id for one in items] == ["dev_data-1", "dev_data-2"]
        assert items[0].question.passage == "Ants swim. "

    def test_of_eraser_may_nest_its_evidence(self, load, write):
        record = eraser(evidences=[[{"text": "Ants swim."}], [{"text": "Some do."}]])
        [one] = load(BoolQ, write("dev_data.jsonl", [record]))
        assert one.question.passage == "Ants swim.\n\nSome do."

    def test_of_the_original_is_read_too(self, load, write):
        items = load(BoolQ, write("dev.jsonl", [original(), original(said=False, question="can it fly")]))
        assert keys(items) == ["Yes", "No"]
        assert len({one.question.group for one in items}) == 1

    def test_is_found_by_its_split(self, load, write):
        write("set/train_data.jsonl", [eraser(1), eraser(2)])
        folder = write("set/dev_data.jsonl", [eraser(3)]).parent
        assert len(load(BoolQ, folder, split="train")) == 2

    @pytest.mark.parametrize(
        "record, reason",
        [
            (eraser(2, "Perhaps"), "true or false is needed"),
            (eraser(2, evidences=[]), "evidences"),
            (eraser(2, evidences=[{"text": 3.5, "more": []}], classification=None), "classification is None"),
            (original(said=1), "answer is 1"),
            ({"query": "q"}, "no field"),
        ],
    )
    def test_is_refused_with_the_line_where_it_is_broken(self, refused, write, record, reason):
        path = write("dev.jsonl", [eraser(1), record])
        assert refused(BoolQ, path).startswith(f"{path}:2: ")
        assert reason in refused(BoolQ, path)


def test_the_real_data_has_914_true_and_577_false(load, shared):
    items = keys(load(BoolQ, shared("boolq_eraser")))
    assert (items.count("Yes"), items.count("No")) == (914, 577)
