"""`arena judge`: which transcripts a person is given, and what becomes of their verdicts."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from arena import log
from arena.cli import verbs
from arena.cli.desk import often, people
from arena.cli.judge import argued, drawn
from arena.counterfactual import Twist, stage
from arena.errors import UsageError
from arena.events import Called, Scored
from arena.exposure import Exposure
from arena.models.human import Human
from arena.plan import Experiment, resolve
from arena.runner import play

SAID = "Because.\n<belief>\nA: 90%\nB: 10%\n</belief>\n<choice>A</choice>"


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A run of debates and consultancies between simulated models."""
    folder = tmp_path_factory.mktemp("runs") / "first"
    play(resolve(Experiment(protocol=("debate", "consultancy"), limit=4, reproducible=True)), folder)
    return folder


def staged(first):
    return stage(first, [Twist(judge="human/ada", orders="forward")], concurrency=1)


def answering(counterfactual, asked):
    """Ada says the same each time, and what she is asked is kept."""

    async def ask(request):
        asked.append(request)
        return SAID

    for model in counterfactual.plan.models.values():
        model.ask = ask
    return counterfactual


def jobs(counterfactual):
    return [job for wave in counterfactual.staged.waves for job in wave.jobs]


def test_baselines_are_judged_only_where_they_are_named(first):
    assert {job.arm.name.partition("@")[0] for job in jobs(argued(staged(first)))} == {"debate", "consultancy"}


def test_each_question_comes_up_once(first, tmp_path):
    found = jobs(drawn(argued(staged(first)), Exposure(tmp_path, "ada"), None, tmp_path / "out"))
    assert sorted(job.item.question.id for job in found) == sorted({job.item.question.id for job in found})
    assert len(found) == 4


def test_a_question_that_was_judged_or_whose_answer_was_seen_never_comes_up(first, tmp_path):
    Exposure(tmp_path, "ada").note("casefiles", "case-0-0000", "judged", "x")
    Exposure(tmp_path, "ada").note("casefiles", "case-0-0001", "answer", "x")
    found = jobs(drawn(argued(staged(first)), Exposure(tmp_path, "ada"), None, tmp_path / "out"))
    assert {job.item.question.id for job in found}.isdisjoint({"case-0-0000", "case-0-0001"})


def test_when_nothing_is_left_it_says_so(first, tmp_path):
    known = Exposure(tmp_path, "ada")
    for job in jobs(staged(first)):
        known.note("casefiles", job.item.question.id, "judged", "x")
    with pytest.raises(UsageError, match="no question is left"):
        drawn(argued(staged(first)), known, None, tmp_path / "out")


def test_a_limit_counts_those_that_are_new(first, tmp_path):
    out = tmp_path / "out"
    answering(chosen := drawn(argued(staged(first)), Exposure(tmp_path, "ada"), 1, out), []).play(out)
    more = jobs(drawn(argued(staged(first)), Exposure(tmp_path, "ada"), 2, out))
    assert len(more) == 3
    assert jobs(chosen)[0].id in {job.id for job in more}


def test_a_person_is_asked_once_and_told_neither_arm_nor_truth(first, tmp_path):
    asked = []
    chosen = drawn(argued(staged(first)), Exposure(tmp_path, "ada"), None, tmp_path / "out")
    answering(chosen, asked).play(tmp_path / "out")
    assert len(asked) == 4
    words = " ".join(message.text for request in asked for message in request.messages)
    assert "sim/" not in words
    assert "@judge" not in words


def test_their_verdicts_are_logged_like_any_judges(first, tmp_path):
    answering(drawn(argued(staged(first)), Exposure(tmp_path, "ada"), 2, tmp_path / "out"), []).play(tmp_path / "out")
    scores = [event for event in log.of_kind(tmp_path / "out", "Scored") if isinstance(event, Scored)]
    assert [len(score.scores) for score in scores] == [1, 1]
    assert {score.scores[0].p_correct for score in scores} <= {0.9, 0.1}
    calls = [event for event in log.of_kind(tmp_path / "out", "Called") if isinstance(event, Called)]
    assert {call.model for call in calls} == {"human/ada"}


def test_the_human_arm_stands_in_the_report_beside_the_first(first, tmp_path):
    answering(drawn(argued(staged(first)), Exposure(tmp_path, "ada"), None, tmp_path / "out"), []).play(
        tmp_path / "out"
    )
    result = CliRunner().invoke(verbs, ["report", str(first), str(tmp_path / "out"), "--json"])
    assert "human/ada" in result.stdout
    json.loads(result.stdout)


def test_it_needs_a_terminal(first):
    result = CliRunner().invoke(verbs, ["judge", str(first)])
    assert (result.exit_code, "terminal" in result.stderr) == (2, True)


def test_a_run_with_a_person_needs_a_terminal_too(tmp_path):
    words = ["run", "--judge", "human/ada", "--limit", "1", "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(verbs, words)
    assert (result.exit_code, "terminal" in result.stderr) == (2, True)
    assert not (tmp_path / "run").exists()


def test_a_person_in_a_live_run_is_asked_in_one_order_only(tmp_path):
    plan = resolve(Experiment(protocol=("naive",), limit=2, judge="human/ada", baselines=False))
    asked = []

    async def ask(request):
        asked.append(request)
        await asyncio.sleep(0)
        return SAID

    plan.models["human/ada"].ask = ask
    play(plan, tmp_path / "run")
    assert len(asked) == 2


def test_one_who_would_judge_a_question_several_times_is_told():
    plan = resolve(Experiment(protocol=("debate",), limit=1, judge="human/ada"))
    assert "3 times" in often(plan)
    assert often(resolve(Experiment(protocol=("debate",), limit=1))) is None


def test_models_are_no_people():
    plan = resolve(Experiment(protocol=("debate",), limit=1))
    assert people(plan.models.values()) == []
    assert isinstance(resolve(Experiment(limit=1, judge="human/ada")).models["human/ada"], Human)
