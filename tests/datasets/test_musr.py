"""MuSR: its form, and the real files where they are at hand."""

import json

import pytest

from arena.datasets.musr import MuSr


def asked(question="Who did it?", answer=0, choices=("Ann", "Bo", "Cy")):
    hidden = [{"solution": "It was Zed."}]
    return {"question": question, "answer": answer, "choices": list(choices), "intermediate_trees": hidden,
            "intermediate_data": hidden}  # fmt: skip


def put(write, *questions, name="murder_mystery"):
    return write(f"set/{name}.json", json.dumps([{"context": "A dark night. ", "questions": list(questions)}]))


class TestTheForm:
    def test_has_several_questions_on_one_story(self, load, write):
        items = load(MuSr, put(write, asked(), asked("Where?", 2)))
        assert [one.question.options[one.key.option] for one in items] == ["Ann", "Cy"]
        assert len({one.question.group for one in items}) == 1

    def test_never_shows_the_solution(self, load, write):
        [one] = load(MuSr, put(write, asked()))
        assert "Zed" not in one.question.model_dump_json()

    def test_is_found_by_its_task(self, load, write):
        put(write, asked(), asked("Why?"), name="small_team_allocation")
        folder = put(write, asked()).parent
        assert len(load(MuSr, folder)) == 3
        assert len(load(MuSr, folder, task="team_allocation")) == 2

    @pytest.mark.parametrize("broken", [{"answer": 3}, {"answer": -1}, {"answer": "Ann"}, {"choices": [None]}])
    def test_is_refused_with_the_story_where_it_is_broken(self, refused, write, broken):
        path = put(write, asked(), asked("Why?", **broken))
        assert refused(MuSr, path).startswith(f"{path}, record 1: ")


@pytest.mark.parametrize("task, count", [("murder_mystery", 5), ("object_placements", 20), ("team_allocation", 5)])
def test_the_real_data_has_five_stories_a_task(load, shared, task, count):
    items = load(MuSr, shared("musr"), task=task)
    assert (len(items), len({one.question.group for one in items})) == (count, 5)
    assert not any("intermediate" in one.question.model_dump_json() for one in items)
