"""Every form in which a set is published is read, and gives the right option of it."""

import json

import pytest

from arena.datasets import checked
from arena.datasets.boolq import BoolQ
from arena.plan import open_dataset
from tests.datasets.samples import CHOICES, GOOD, OTHERS, QUALITY, RULES, STRATEGY, lines, whole

RIGHT = {"a rose", "Yes", "yes", "No", "True", "18", "Ann", "Uncertain"}


def right(one):
    return one.question.options[one.key.option]


def read(name, path, **settings):
    more = "".join(f"&{key}={value}" for key, value in settings.items())
    return list(checked(open_dataset(f"{name}?path={path}{more}").items(limit=None, seed=0)))


@pytest.mark.parametrize("name", GOOD)
def test_the_form_of_the_authors_is_read(name, write):
    [one] = read(name, write(*GOOD[name]))
    assert right(one) in RIGHT


@pytest.mark.parametrize("what", OTHERS)
def test_other_published_forms_are_read(what, write):
    name, file, content = OTHERS[what]
    [one] = read(name, write(file, content))
    assert right(one) in RIGHT - {"Ann", "18"}


@pytest.mark.parametrize("name, file", [(name, GOOD[name][0]) for name in GOOD])
def test_a_set_is_found_in_a_folder_as_its_authors_pack_it(name, file, write):
    packed = {
        "arc": "ARC-V1-Feb2018-2/ARC-Challenge/ARC-Challenge-Test.jsonl",
        "bbh": "bbh/tracking.json",
        "commonsenseqa": "dev_rand_split.jsonl",
        "folio": "data/v0.0/folio-validation.jsonl",
        "mmlu": "data/test/red_test.csv",
        "musr": "datasets/murder_mystery.json",
        "quality": "data/v1.0.1/QuALITY.v1.0.1.htmlstripped.dev",
        "strategyqa": "data/strategyqa/dev.json",
        "anthropic_evals": "persona/agreeableness.jsonl",
    }
    write(f"set/{packed.get(name, file)}", GOOD[name][1])
    folder = write("set/README.md", "# Read me").parent
    assert len(read(name, folder)) == 1


def test_the_hubs_tables_of_musr_are_found_by_their_task(write):
    body = OTHERS["musr, as the hub"][2]
    folder = write("set/murder_mysteries.csv", body).parent
    write("set/team_allocation.csv", body)
    write("set/object_placements.csv", body)
    write("set/all.csv", body)
    assert len(read("musr", folder, task="murder_mystery")) == 1
    assert len(read("musr", folder)) == 3


class TestEraser:
    def test_is_read_on_the_documents_that_lie_beside_it(self, write):
        evidence = [
            [{"docid": "Red", "text": "It is."}],
            [{"docid": "Rose", "text": "So."}],
            [{"docid": "Red", "text": "So."}],
        ]
        record = {"annotation_id": "7", "query": "is it red", "classification": "False", "evidences": evidence}
        write("eraser/docs/Red", "All of red . It is .")
        write("eraser/docs/Rose", "All of the rose .")
        [one] = read("boolq", write("eraser/val.jsonl", lines(record)))
        assert one.question.passage == "All of red . It is .\n\nAll of the rose ."
        assert right(one) == "No"

    def test_is_read_on_its_evidence_where_a_document_is_not_there(self, write):
        record = {
            "annotation_id": "7",
            "query": "?",
            "classification": "True",
            "evidences": [[{"docid": "Red", "text": "It is."}]],
        }
        write("eraser/docs/Blue", "Blue.")
        [one] = read("boolq", write("eraser/val.jsonl", lines(record)))
        assert one.question.passage == "It is."

    @pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "."])
    def test_reads_nothing_outside_its_folder(self, write, name):
        write("eraser/secret", "The key.")
        write("eraser/docs/Red", "Red.")
        record = {
            "annotation_id": "7",
            "query": "?",
            "classification": "True",
            "evidences": [[{"docid": name, "text": "It is."}]],
        }
        [one] = read("boolq", write("eraser/val.jsonl", lines(record)))
        assert one.question.passage == "It is."

    def test_says_which_document_is_no_text(self, write, refused):
        write("eraser/docs/Red", b"caf\xe9")
        record = {
            "annotation_id": "7",
            "query": "?",
            "classification": "True",
            "evidences": [[{"docid": "Red", "text": "It is."}]],
        }
        path = write("eraser/val.jsonl", lines(record))
        assert refused(BoolQ, path).startswith(f"{path}:1: a document of it in ")


@pytest.mark.parametrize(
    "name, file, content, reason",
    [
        (
            "commonsenseqa",
            "t.jsonl",
            lines({"id": "c", "question": "?", "question_concept": "x", "choices": CHOICES, "answerKey": ""}),
            "do not release the answers",
        ),
        (
            "quality",
            "t.jsonl",
            lines({**QUALITY, "questions": [{"question": "?", "question_unique_id": "1", "options": ["a", "b"]}]}),
            "do not release the answers",
        ),
        (
            "strategyqa",
            "t.json",
            whole([{key: value for key, value in STRATEGY.items() if key != "answer"}]),
            "do not release",
        ),
        ("boolq", "t.jsonl", lines({"question": "?", "title": "x", "passage": "y"}), "no field 'answer'"),
        (
            "prontoqa",
            "t.json",
            whole({"example1": {"test_example": {**RULES, "query": "Prove: Rex is red."}}}),
            "begins with True or false",
        ),
        (
            "prontoqa",
            "t.json",
            whole({"example1": {"test_example": {**RULES, "answer": "perhaps"}}}),
            "true or false is needed",
        ),
        (
            "truthfulqa",
            "t.jsonl",
            lines({"question": "?", "mc1_targets": {"choices": ["a"], "labels": "1"}}),
            "the targets are",
        ),
        ("mmlu", "t.jsonl", lines({"question": "?", "choices": ["a", "b", "c", "d"], "answer": 4}), "counted from 0"),
        ("musr", "t.csv", b"narrative,question,choices,answer_index\nx,?,\"['a' for\",0\n", "is no Python list"),
        (
            "bbh",
            "t.json",
            whole({"examples": [{"input": "?\nOptions:\n(A) x\n(B) y", "target": "z"}]}),
            "target is 'z'",
        ),
    ],
)
def test_a_file_without_answers_or_of_another_form_is_refused_with_the_record(
    name, file, content, reason, write, refused
):
    path = write(file, content)
    said = refused(type(open_dataset(name)), path)
    assert said.startswith((f"{path}:", f"{path}, record 1: "))
    assert reason in said


@pytest.mark.parametrize("many", [26, 27, 60])
def test_more_options_than_there_are_letters_are_read_where_fewer_are_played(write, many):
    options = [f"option {n}" for n in range(many)]
    path = write("q.jsonl", lines({"question": "?", "options": options, "answer": many - 1}))
    [one] = checked(open_dataset(str(path)).items(limit=None, seed=0))
    assert right(one) == f"option {many - 1}"
    targets = {name: int(i == 3) for i, name in enumerate(options)}
    [two] = read("truthfulqa", write("t.json", json.dumps([{"question": "?", "mc1_targets": targets}])), version="mc1")
    assert right(two) == "option 3"


def test_more_options_than_there_are_letters_cannot_all_be_played(write, refused):
    path = write("t.json", json.dumps([{"question": "?", "mc1_targets": {str(n): int(n == 3) for n in range(27)}}]))
    said = refused(type(open_dataset("truthfulqa")), path, version="mc1", distractors="all")
    assert "a question has at most 26 options, this one has 27" in said
