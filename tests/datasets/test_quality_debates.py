"""Questions with two sides argued by people: the form of the data, and the real data where it is at hand."""

import json
from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from arena.datasets import checked, digest
from arena.datasets.arguments import arguments
from arena.datasets.quality_debates import QualityDebates, find
from arena.errors import DataError, UsageError
from arena.question import same


def read(folder, **changes):
    return list(checked(QualityDebates(path=folder).items(**{"limit": None, "seed": 1, **changes})))


class TestTheForm:
    def test_is_read_into_questions_on_their_stories(self, made_up):
        first, second = read(made_up)
        assert (first.question.id, first.question.text) == ("77_1", "What colour is it?")
        assert (second.question.id, second.question.text) == ("77_2", "Who sat down?")
        assert {first.question.group, second.question.group} == {"77"}
        assert first.question.passage.startswith("The cat sat on the\n mat.")
        assert first.question.dataset == "quality_debates"

    def test_has_its_options_on_one_line_and_the_key_at_the_right_one(self, made_up):
        answers = {one.question.options[one.key.option] for one in read(made_up)}
        assert answers == {"Red", "Nobody"}
        assert {o for one in read(made_up) for o in one.question.options} == {"Red", "Blue", "Nobody", "The cat"}

    def test_holds_no_argument_in_its_questions(self, made_up):
        assert "It says so" not in "".join(one.question.model_dump_json() for one in read(made_up))

    def test_has_an_argument_for_each_answer_with_the_words_of_the_story(self, made_up):
        red = next(one for one in arguments(made_up) if one.answer == "Red")
        assert red.question == "What colour is it?"
        assert red.text == "It says so (#2), which is why: the mat red."
        assert red.snippets == {2: "the mat red"}

    def test_leaves_out_a_question_whose_two_options_are_one(self, made_up):
        rewrite(made_up, {"options": ["Red", "red."]})
        assert [one.question.id for one in read(made_up)] == ["77_2"]

    def test_may_be_filtered_and_split_as_other_sets(self, load, made_up):
        assert [one.question.id for one in load(QualityDebates, made_up, filter="question~sat")] == ["77_2"]
        reserve = load(QualityDebates, made_up, reserve="0.99", part="reserve")
        assert {one.question.group for one in reserve} == {"77"}

    def test_yields_the_arguments_in_an_order_that_does_not_know_the_key(self, made_up):
        assert [one.answer for one in arguments(made_up)] == ["Blue", "Red", "Nobody", "The cat"]

    @pytest.mark.parametrize(
        "change, reason",
        [
            ({"correct_option": 2}, "correct_option is 2, and there are 2 options, counted from 0"),
            ({"correct_option": True}, "correct_option is True"),
            ({"options": "Red"}, "a list is needed there"),
            ({"passage_id": "78"}, "no story '78' in passages.jsonl"),
            ({"question": None}, "'question' is nothing"),
        ],
    )
    def test_is_refused_with_file_and_line_where_it_is_broken(self, made_up, change, reason):
        rewrite(made_up, change)
        with pytest.raises(DataError) as caught:
            read(made_up)
        assert str(caught.value).startswith(f"{made_up / 'questions.jsonl'}:1: ")
        assert reason in str(caught.value)

    @pytest.mark.parametrize(
        "snippets",
        [
            "all", None, [3], [{"slot": 1}], [{"slot": 1, "start": 0, "end": 0}], [{"slot": 1, "start": 0, "end": 999}],
            [{"slot": 1, "start": -3, "end": 2}], [{"slot": "1", "start": 0, "end": 2}],
        ],
    )  # fmt: skip
    def test_is_refused_where_a_snippet_does_not_lie_in_the_story(self, made_up, snippets):
        rewrite(made_up, {"arguments": {"correct": {"answer": "Red", "argument": "So.", "snippets": snippets}}})
        with pytest.raises(DataError, match=r"questions\.jsonl:1: .*arguments\.correct\.snippets"):
            list(arguments(made_up))

    def test_is_refused_where_a_side_has_no_argument(self, made_up):
        rewrite(made_up, {"arguments": {}})
        with pytest.raises(DataError, match=r"questions\.jsonl:1: no field 'arguments\.correct"):
            list(arguments(made_up))


def rewrite(folder: Path, change: dict[str, object]) -> None:
    first, *others = (folder / "questions.jsonl").read_text().splitlines()
    (folder / "questions.jsonl").write_text("\n".join([json.dumps({**json.loads(first), **change}), *others]))


class TestTheFolder:
    def test_is_the_one_that_is_given(self, made_up, tmp_path):
        assert find(made_up, {"ARENA_DATA": str(tmp_path)}) == made_up

    def test_is_looked_for_below_the_data_folder_of_the_environment(self, made_up, tmp_path):
        there = made_up.rename(tmp_path / "quality_debates")
        assert find(None, {"ARENA_DATA": str(tmp_path)}) == there

    def test_is_looked_for_in_the_cache_after_that(self, made_up, tmp_path):
        environ = {"ARENA_DATA": str(tmp_path / "data"), "ARENA_CACHE": str(tmp_path / "cache")}
        cached = copytree(made_up, tmp_path / "cache" / "quality_debates")
        assert find(None, environ) == cached
        own = copytree(made_up, tmp_path / "data" / "quality_debates")
        assert find(None, environ) == own

    @pytest.mark.parametrize("path, environ", [("none", {}), (None, {"ARENA_DATA": "none"}), (None, {})])
    def test_that_is_not_there_is_asked_for_with_where_to_put_it(self, tmp_path, path, environ):
        with pytest.raises(UsageError) as caught:
            find(path and tmp_path / path, {**environ, "ARENA_CACHE": str(tmp_path)})
        assert "passages.jsonl and questions.jsonl" in str(caught.value)
        assert "?path=FOLDER" in str(caught.value)
        assert "$ARENA_DATA/quality_debates" in str(caught.value)

    def test_that_is_given_but_lacks_a_file_is_not_replaced_by_another(self, made_up, tmp_path):
        made_up.rename(tmp_path / "quality_debates")
        (tmp_path / "half").mkdir()
        with pytest.raises(UsageError, match="half"):
            find(tmp_path / "half", {"ARENA_DATA": str(tmp_path)})


def test_says_where_it_is_from():
    text = " ".join((QualityDebates.__doc__ or "").split())
    for needed in ("Source: ", "Licence: CC BY 4.0", "Cite: Parrish et al. 2022", "Group: ", "Wrong option: "):
        assert needed in text


class TestTheRealData:
    def test_has_458_questions_on_35_stories(self, quality_debates):
        items = read(quality_debates)
        assert len(items) == 458
        assert len({one.question.group for one in items}) == 35
        assert all(len(one.question.options) == 2 for one in items)

    def test_has_the_right_option_first_about_half_the_time(self, quality_debates):
        """458 fair coins show between 190 and 268 heads but once in four thousand draws; five seeds."""
        for seed in range(5):
            first = sum(one.key.option == 0 for one in read(quality_debates, seed=seed))
            assert 190 <= first <= 268

    def test_has_its_keys_where_the_file_has_them(self, quality_debates):
        said = {q["question_id"]: q["correct_answer"] for q in map(json.loads, lines(quality_debates, "questions"))}
        found = {one.question.id: one.question.options[one.key.option] for one in read(quality_debates)}
        assert found.keys() == said.keys()
        assert all(found[name] == " ".join(said[name].split()) for name in said)

    def test_has_options_that_differ_after_normalisation(self, quality_debates):
        assert all(same(a) != same(b) for a, b in (one.question.options for one in read(quality_debates)))

    def test_has_one_argument_for_each_side_of_each_question(self, quality_debates):
        sides = Counter((one.question.text, option) for one in read(quality_debates) for option in one.question.options)
        written = Counter((one.question, one.answer) for one in arguments(quality_debates))
        assert written == sides
        assert set(written.values()) == {1}

    def test_has_every_snippet_in_its_story_at_its_place(self, quality_debates):
        """The data's own words differ from the story's in white space alone; what is spoken are the story's."""
        stories = {p["passage_id"]: p["text"] for p in map(json.loads, lines(quality_debates, "passages"))}
        spoken = {(one.question, one.answer): one.snippets for one in arguments(quality_debates)}
        count = 0
        for q in map(json.loads, lines(quality_debates, "questions")):
            for side in q["arguments"].values():
                for s in side["snippets"]:
                    words = spoken[" ".join(q["question"].split()), " ".join(side["answer"].split())][s["slot"]]
                    assert words == stories[q["passage_id"]][s["start"] : s["end"]]
                    assert words.split() == s["text"].split()
                    count += 1
        assert count == 2196

    def test_is_sampled_by_whole_stories(self, quality_debates):
        sample = read(quality_debates, limit=60, seed=2)
        sizes = Counter(one.question.group for one in read(quality_debates))
        taken = Counter(one.question.group for one in sample)
        assert len(sample) == 60
        assert sum(taken[group] < sizes[group] for group in taken) <= 1

    def test_is_the_same_data_whenever_it_is_read(self, quality_debates):
        assert digest(read(quality_debates)) == digest(read(quality_debates))


def lines(folder: Path, name: str) -> list[str]:
    return (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
