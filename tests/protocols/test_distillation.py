"""The rule book of distillation: each iteration learns from the one before it (Christiano et al. 2018)."""

import json
from collections import Counter

import pytest

from arena.events import Ended, Opened, Shown
from arena.runner import play
from protocols.amplification import Amplification
from tests.protocols.running import Model, items, mortal, of, planned, story


def test_each_iteration_is_taught_by_the_one_before_on_questions_of_their_own(tmp_path):
    rules = Amplification(iterations=2, distil=True)
    run = play(planned(rules, test=items(3), train=items(2, start=90)), tmp_path / "run").run
    splits = Counter((opened.arm, opened.split) for opened in of(run, Opened))
    assert splits == {
        ("amplification[0]", "train"): 2,
        ("amplification[1]", "train"): 2,
        **{(f"amplification[{k}]", "test"): 3 for k in range(3)},
    }
    taught = {ended.episode: ended.lesson for ended in of(run, Ended) if "house-9" in ended.episode}
    for shown in (event for event in of(run, Shown) if event.cue == "lessons"):
        teacher = f"amplification[{int(shown.episode[14]) - 1}]"
        answers = [lesson["$lesson"][1] for lesson in shown.fields["lessons"]]
        assert answers == [taught[f"{teacher}~house-{n}~0"] for n in (90, 91)]


def test_the_first_iteration_learns_from_nobody_and_every_later_one_does(tmp_path):
    rules = Amplification(iterations=2, distil=True)
    run = play(planned(rules, test=items(2), train=items(2, start=90)), tmp_path / "run").run
    learners = {event.episode[:16] for event in of(run, Shown) if event.cue == "lessons"}
    assert learners == {"amplification[1]", "amplification[2]"}


def test_lessons_are_exported_as_chat_records(tmp_path):
    rules = Amplification(iterations=1, distil=True)
    run = play(planned(rules, test=items(1), train=items(3, start=90)), tmp_path / "run").run
    (exported,) = run.glob("lessons-*.jsonl")
    records = [json.loads(line) for line in exported.read_text().splitlines()]
    lessons = [ended.lesson for ended in of(run, Ended) if ended.episode.startswith("amplification[0]~house-9")]
    assert [record["messages"][-1]["content"] for record in records] == [
        f"<answer>\n{lesson}\n</answer>" for lesson in lessons
    ]
    for n, record in enumerate(records, 90):
        assert [message["role"] for message in record["messages"]] == ["system", "user", "assistant"]
        assert f"Who left house {n}?" in record["messages"][1]["content"]


@pytest.mark.parametrize("after", [3, 9, 21, 33])
def test_a_distilled_run_goes_on_where_it_stopped(tmp_path, after):
    def plan(model):
        rules = Amplification(iterations=2, distil=True)
        return planned(rules, model=model, test=items(2), train=items(2, start=90), concurrency=2)

    whole = play(plan(Model()), tmp_path / "whole").run
    assert play(plan(mortal(after)), tmp_path / "run").stopped == "pulled the plug"
    run = play(plan(Model()), tmp_path / "run").run
    assert story(run) == story(whole)
    assert {path.name: path.read_text() for path in run.glob("lessons-*")} == {
        path.name: path.read_text() for path in whole.glob("lessons-*")
    }


def test_one_iteration_alone_brings_those_that_it_learns_from():
    assert [stage.iteration for stage in Amplification(iteration=2, distil=True).stages()] == [0, 1, 2]
    assert [stage.iteration for stage in Amplification(iteration=2).stages()] == [2]
