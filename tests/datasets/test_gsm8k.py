"""GSM8K: the form of its files, and the real ones where they are at hand."""

import json

import pytest

from arena.datasets.gsm8k import MODELS, Gsm8k
from arena.datasets.near import number


def problem(n, answer="18"):
    return {"question": f"How many are {n}?", "answer": f"Six and 12 are <<6+12=18>>18.\n#### {answer}"}


def solved(n, *solutions):
    said = [(True, "A: 18"), *solutions, *[(False, "I do not know")] * 3][:4]
    rights = {m: {"is_correct": ok, "solution": text} for m, (ok, text) in zip(MODELS, said, strict=True)}
    return {**problem(n), **rights}


@pytest.fixture
def put(write):
    def files(problems, solutions=None):
        if solutions:
            write("set/example_model_solutions.jsonl", solutions)
        return write("set/test.jsonl", problems).parent

    return files


class TestTheForm:
    def test_has_the_number_behind_the_hashes_for_its_key_and_hides_the_solution(self, load, put):
        [one] = load(Gsm8k, put([problem(1)]))
        assert one.question.options[one.key.option] == "18"
        assert "<<" not in one.question.model_dump_json()

    @pytest.mark.parametrize("written, plain", [("2,125", "2125"), ("-3", "-3"), ("7.50", "7.5")])
    def test_reads_commas_and_signs_and_writes_all_numbers_alike(self, load, put, written, plain):
        [one] = load(Gsm8k, put([problem(1, written)]))
        assert one.question.options[one.key.option] == plain

    def test_takes_the_wrong_answer_that_most_recorded_solutions_gave(self, load, put):
        wrong = [(False, "A: 26"), (False, "so\nA: $1,024"), (False, "A: 1024")]
        [one] = load(Gsm8k, put([problem(1)], [solved(1, *wrong)]))
        assert set(one.question.options) == {"18", "1024"}

    def test_finds_the_solutions_by_the_question_and_not_by_the_line(self, load, put):
        folder = put([problem(1), problem(2)], [solved(2, (False, "A: 2")), solved(1, (False, "A: 1"))])
        assert [set(one.question.options) for one in load(Gsm8k, folder)] == [{"18", "1"}, {"18", "2"}]

    def test_makes_a_near_number_where_nobody_answered_wrongly(self, load, put):
        [one] = load(Gsm8k, put([problem(1)], [solved(1, (True, "A: 18"), (False, "A: none"), (False, "no line"))]))
        [wrong] = set(one.question.options) - {"18"}
        assert 8 <= int(wrong) <= 36

    def test_counts_no_wrong_solution_that_ends_in_the_right_number(self, load, put):
        [one] = load(Gsm8k, put([problem(1)], [solved(1, (False, "A: 18.0"), (False, "A: 5"))]))
        assert set(one.question.options) == {"18", "5"}

    def test_takes_a_whole_number_before_a_fraction_which_would_give_itself_away(self, load, put):
        [one] = load(Gsm8k, put([problem(1)], [solved(1, (False, "A: 7.5"), (False, "A: 7.5"), (False, "A: 8"))]))
        assert set(one.question.options) == {"18", "8"}

    def test_keeps_its_ids_whatever_its_wrong_answers(self, load, put):
        folder = put([problem(1)], [solved(1, (False, "A: 7"))])
        [recorded], [near] = load(Gsm8k, folder), load(Gsm8k, folder, wrong="near")
        assert recorded.question.id == near.question.id

    def test_takes_nothing_from_a_recorded_solution_without_an_answer_line(self, load, put):
        [one] = load(Gsm8k, put([problem(1)], [solved(1, (False, "so 99"), (False, "A: 7"))]), distractors="1")
        assert set(one.question.options) == {"18", "7"}

    def test_draws_near_numbers_where_these_are_asked_for(self, load, put):
        [one] = load(Gsm8k, put([problem(1)], [solved(1, (False, "A: 777"))]), wrong="near", distractors="all")
        assert len(one.question.options) == 4
        assert "777" not in one.question.options

    @pytest.mark.parametrize("answer", ["18", "#### ", "#### eighteen"])
    def test_is_refused_with_the_line_where_there_is_no_number(self, refused, write, answer):
        path = write("t.jsonl", [problem(1), {"question": "q", "answer": answer}])
        assert refused(Gsm8k, path).startswith(f"{path}:2: the answer has no last line")


class TestTheRealData:
    def test_has_1319_questions_with_their_keys(self, load, shared):
        folder = shared("gsm8k")
        said = [json.loads(line) for line in (folder / "test.jsonl").read_text(encoding="utf-8").splitlines()]
        items = load(Gsm8k, folder)
        assert len(items) == 1319
        assert [number(one.question.options[one.key.option]) for one in items] == [
            number(one["answer"].rpartition("####")[2]) for one in said
        ]

    def test_has_no_comma_that_tells_a_right_number(self, load, shared):
        assert not any("," in option for one in load(Gsm8k, shared("gsm8k")) for option in one.question.options)

    def test_has_wrong_answers_that_people_s_models_gave(self, load, shared):
        recorded = load(Gsm8k, shared("gsm8k"))
        near = load(Gsm8k, shared("gsm8k"), wrong="near")
        same = sum(set(a.question.options) == set(b.question.options) for a, b in zip(recorded, near, strict=True))
        assert same < 400

    def test_keeps_its_characters_outside_ascii(self, load, shared):
        assert sum(not one.question.text.isascii() for one in load(Gsm8k, shared("gsm8k"))) == 60
