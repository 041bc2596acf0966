"""The only loop over questions: what is fair between arms, what fails, where a run is written."""

import json
import os
import random
import signal
from collections import Counter
from dataclasses import replace

import pytest

from arena import Belief, Question, Table, log
from arena.errors import ModelFailed, Refused, TimedOut, UsageError
from arena.events import Called, Dealt, Ended, Failed, Opened
from arena.plan import questions
from arena.progress import Progress
from arena.runner import play
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from protocols.expert import Expert
from protocols.naive import Naive
from tests.protocols.running import (
    Model,
    answering,
    calls,
    contents,
    items,
    lines,
    of,
    planned,
    scores,
    started,
    story,
    usual,
    waited_for,
)

# What is fair between arms


def test_every_arm_plays_the_same_questions(tmp_path):
    run = play(planned(), tmp_path / "run").run
    asked = {}
    for opened in of(run, Opened):
        asked.setdefault(opened.arm, set()).add(opened.question)
    assert set(asked) == {"debate", "consultancy", "naive", "expert"}
    assert all(found == {f"house-{n}" for n in range(4)} for found in asked.values())


def test_consultancy_plays_each_question_once_for_each_side(tmp_path):
    plan = planned(Consultancy(rounds=1), test=items(3))
    rows = scores(play(plan, tmp_path / "run").run).values()
    assert Counter((row.question, row.side) for row in rows) == {
        (f"house-{n}", side): 1 for n in range(3) for side in ("honest", "dishonest")
    }
    assert plan.planned() == {"consultancy": 6}


def test_two_arms_of_a_protocol_get_the_same_dealings(tmp_path):
    dealt = []
    for turns in ("simultaneous", "sequential"):
        run = play(planned(Debate(rounds=1, turns=turns), test=items(6)), tmp_path / turns).run
        dealt.append({event.episode: event.order for event in of(run, Dealt)})
    assert dealt[0] == dealt[1]
    assert Counter(dealt[0].values()) == {(0, 1): 3, (1, 0): 3}


def test_another_seed_deals_otherwise_and_is_balanced_all_the_same(tmp_path):
    found = set()
    for seed in range(6):
        run = play(planned(Debate(rounds=1), seed=seed, test=items(4)), tmp_path / str(seed)).run
        orders = tuple(event.order for event in sorted(of(run, Dealt), key=lambda event: event.episode))
        assert Counter(orders) == {(0, 1): 2, (1, 0): 2}
        found.add(orders)
    assert len(found) == 2


def test_all_arms_play_a_question_before_any_plays_the_next(tmp_path):
    run = play(planned(concurrency=1), tmp_path / "run").run
    order = [opened.question for opened in of(run, Opened)]
    assert order == sorted(order)


def test_repeats_are_different_samples_of_the_same_question(tmp_path):
    model = Model()
    run = play(planned(Naive(), model=model, test=items(2), repeats=3), tmp_path / "run").run
    assert {(row.question, row.repeat) for row in scores(run).values()} == {
        (f"house-{n}", repeat) for n in range(2) for repeat in range(3)
    }
    assert len(set(model.keys)) == len(model.keys) == 2 * 3 * 2


@pytest.mark.parametrize("concurrency", [3, 32])
def test_concurrency_and_latency_change_no_verdict_and_no_request(tmp_path, concurrency):
    chance = random.Random(concurrency)
    slow = Model(late=lambda _: chance.random() * 2)
    one = play(planned(concurrency=1), tmp_path / "one").run
    many = play(planned(concurrency=concurrency, model=slow), tmp_path / "many").run
    assert story(many) == story(one)
    assert scores(many) == scores(one)
    assert sorted(calls(many)) == sorted(calls(one))


def test_no_more_calls_are_under_way_than_asked_for(tmp_path):
    under_way = most = 0

    class Counting(Model):
        async def __call__(self, request):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            reply = await super().__call__(request)
            under_way -= 1
            return reply

    play(planned(concurrency=3, model=Counting()), tmp_path / "run")
    assert most == 3


# Failures


def faulty(fault):
    """A model that fails by `fault` wherever house 1 is talked of, and answers otherwise."""

    def says(request):
        return fault(request) if "house 1" in request.messages[0].text else answering(request)

    return Model(says)


def failing(error):
    """A fault that raises."""

    def fault(request):
        raise error

    return fault


FAULTS = {
    "unparsed": lambda request: "nothing that could be read",
    "refused": failing(Refused("I would rather not")),
    "timeout": failing(TimedOut("no answer in time")),
    "error": failing(ModelFailed("the provider is down")),
}


@pytest.mark.parametrize("outcome", FAULTS)
def test_a_failure_is_an_event_and_a_row_with_its_outcome(tmp_path, outcome):
    finished = play(planned(Naive(), Expert(), model=faulty(FAULTS[outcome])), tmp_path / "run")
    rows = scores(finished.run)
    assert len(rows) == 8
    for row in rows.values():
        expected = outcome if row.question == "house-1" else "ok"
        assert {row.outcome, *(score.outcome for score in row.scores)} == {expected}
        assert all((score.correct is None) is (expected != "ok") for score in row.scores)
    assert {failed.episode for failed in of(finished.run, Failed)} == {"naive~house-1~0", "expert~house-1~0"}
    assert {failed.outcome for failed in of(finished.run, Failed)} == {outcome}
    assert finished.stopped is None
    assert finished.progress.failed == {outcome: 2}


@pytest.mark.parametrize("error", [KeyError("gone"), ZeroDivisionError("nought"), AssertionError("no")], ids=repr)
def test_a_plain_error_of_a_model_fails_its_episode_only(tmp_path, error):
    run = play(planned(Naive(), model=faulty(failing(error))), tmp_path / "run").run
    assert Counter(row.outcome for row in scores(run).values()) == {"ok": 3, "error": 1}
    (failed,) = of(run, Failed)
    assert failed.reason.startswith(f"{type(error).__name__}: ")


class Clumsy(Naive):
    """Falls over on one question."""

    __module__, prompts = Naive.__module__, "naive"

    async def run(self, question: Question, table: Table) -> Belief:
        if question.id == "house-2":
            return {}["a slip of the author"]
        return await super().run(question, table)


class Careless(Naive):
    """Returns what is no belief."""

    __module__, prompts = Naive.__module__, "naive"

    async def run(self, question: Question, table: Table) -> Belief:
        await super().run(question, table)
        return 0.7


@pytest.mark.parametrize(
    "protocol, bad, reason", [(Clumsy, 1, "KeyError: 'a slip of the author'"), (Careless, 4, "0.7, and not a Belief")]
)
def test_an_error_of_a_protocol_is_an_outcome_and_the_others_go_on(tmp_path, protocol, bad, reason):
    run = play(planned(protocol(), Expert()), tmp_path / "run").run
    rows = scores(run).values()
    assert Counter(row.outcome for row in rows) == {"ok": 8 - bad, "error": bad}
    assert all(reason in failed.reason for failed in of(run, Failed))


class Branches(Naive):
    """Has the judge decide on two wordings of the question, each at a table of its own, and returns the mean."""

    __module__, prompts = Naive.__module__, "naive"

    async def run(self, question: Question, table: Table) -> Belief:
        async def one(side: Table, wording: str) -> Belief:
            side.announce("question", question=question.model_copy(update={"text": wording}))
            return await side.decide(side.seats[0])

        return Belief.mean(await table.each([question.text, f"Once more: {question.text}"], one))


def test_an_episode_is_scored_by_the_belief_that_its_protocol_returned(tmp_path):
    chance = random.Random(1)
    run = play(planned(Branches(), model=Model(late=lambda _: chance.random())), tmp_path / "run").run
    for ended in of(run, Ended):
        row = scores(run)[ended.episode]
        assert {score.p_correct for score in row.scores} == {ended.belief[row.key]}
        assert row.calls == 4


def test_one_verdict_that_fails_is_counted_beside_the_one_that_did_not(tmp_path):
    def says(request):
        mute = "(A) the cook" in request.messages[0].text
        return "I cannot say" if mute else answering(request)

    finished = play(planned(Naive(), model=Model(says), test=items(2)), tmp_path / "run")
    for row in scores(finished.run).values():
        assert row.outcome == "ok"
        assert [score.outcome for score in row.scores] == ["unparsed", "ok"]
    assert finished.progress.failed == {"unparsed": 2}


def test_what_a_failed_episode_cost_is_in_its_row(tmp_path):
    model = Model(FAULTS["unparsed"], cost=0.25)
    (row,) = scores(play(planned(Naive(), model=model, test=items(1)), tmp_path / "run").run).values()
    assert (row.calls, row.cost) == (6, 1.5)


def test_a_question_knows_no_key_and_a_row_has_it(tmp_path):
    run = play(planned(Naive()), tmp_path / "run").run
    assert {row.question: row.key for row in scores(run).values()} == {f"house-{n}": n % 2 for n in range(4)}
    for event in log.read(run):
        assert event.type == "Scored" or '"key":0' not in event.model_dump_json()


# Where a run is written


def test_a_run_is_not_played_into_a_folder_of_something_else(tmp_path):
    (tmp_path / "thesis.tex").write_text("chapter one")
    with pytest.raises(UsageError, match="holds something else"):
        play(planned(), tmp_path)
    assert set(contents(tmp_path)) == {"thesis.tex"}


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"repeats": 2}, {"test": items(3)}, {"train": items(1, start=50)}], ids=str
)
def test_a_run_is_not_gone_on_with_under_another_plan(tmp_path, change):
    run = play(planned(Naive()), tmp_path / "run").run
    before = contents(run)
    with pytest.raises(UsageError, match="begun with other"):
        play(planned(Naive(), **change), run)
    assert contents(run) == before


def without(run, key):
    """Make a run look as if it were begun before this key of an experiment was thought of."""
    path = run / "run.json"
    header = json.loads(path.read_text())
    del header["experiment"][key]
    path.write_text(json.dumps(header))


def test_a_run_is_gone_on_with_that_is_older_than_a_key_of_its_experiment(tmp_path):
    run = play(planned(Naive()), tmp_path / "run").run
    without(run, "shadow_judge")
    assert play(planned(Naive()), run).progress.resumed == 4


def test_a_key_that_a_run_is_older_than_counts_as_its_default(tmp_path):
    run = play(planned(Naive()), tmp_path / "run").run
    without(run, "shadow_judge")
    with pytest.raises(UsageError, match="begun with other experiment"):
        play(planned(Naive(), shadow_judge=True), run)


def test_a_run_is_not_gone_on_with_by_another_protocol(tmp_path):
    run = play(planned(Naive()), tmp_path / "run").run
    with pytest.raises(UsageError, match="begun with other arms"):
        play(planned(Expert()), run)


def test_more_calls_at_once_or_a_larger_budget_are_no_other_plan(tmp_path):
    run = play(planned(Naive()), tmp_path / "run").run
    assert play(planned(Naive(), concurrency=2, budget=5.0), run).progress.resumed == 4


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path):
    (tmp_path / "run").write_text("a diary")
    with pytest.raises(UsageError, match="Choose"):
        play(planned(), tmp_path / "run")
    assert (tmp_path / "run").read_text() == "a diary"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="Choose another folder"):
        play(planned(), tmp_path / "file" / "run")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write where nobody else may")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(UsageError, match="cannot write"):
        play(planned(), tmp_path / "run")
    tmp_path.chmod(0o700)
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_being_played_is_refused_to_a_second_player(tmp_path):
    run = play(planned(Naive()), tmp_path / "run").run
    with log.Writer(run), pytest.raises(UsageError, match="another process is playing"):
        play(planned(Naive()), run)


def test_a_second_process_is_refused_while_the_first_plays(tmp_path):
    run = tmp_path / "run"
    first = started(run, tmp_path / "calls", milliseconds=60)
    waited_for(first, lambda: lines(run) >= 3)
    with pytest.raises(UsageError, match="another process is playing"):
        play(usual(), run)
    first.send_signal(signal.SIGINT)
    first.communicate()


def test_progress_is_told_after_every_episode(tmp_path):
    told = []
    play(planned(), tmp_path / "run", lambda progress: told.append(Progress(**vars(progress))))
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert set(done) >= set(range(1, 21))
    assert {progress.total for progress in told} == {20}


# Runs that can be made again


def test_a_reproducible_run_is_the_same_byte_for_byte(tmp_path):
    for name in ("one", "two"):
        play(planned(reproducible=True), tmp_path / name / "run")
    assert contents(tmp_path / "one" / "run") == contents(tmp_path / "two" / "run")


def test_the_header_says_everything_that_made_the_run(tmp_path):
    plan = planned(Debate(rounds=2), seed=7)
    header = log.header(play(plan, tmp_path / "run").run)
    (arm,) = header["arms"]
    assert header["seed"] == 7
    assert header["simulated"] is True
    assert header["planned"] == {"debate": 4}
    assert arm["settings"]["rounds"] == 2
    assert {seat["model"] for seat in arm["seats"].values()} == {"sim/scripted"}
    assert set(arm["prompt_hashes"]) == set(arm["prompts"]) >= {"judge", "debater", "argue", "decide"}
    assert {"created", "python", "platform"} <= set(header)
    assert {"oversight-arena", "pydantic"} <= set(header["versions"])


# Questions for training


@pytest.mark.parametrize("seed", range(5))
def test_training_questions_and_test_questions_share_no_passage(seed):
    test, train = questions("casefiles", 12, seed, train=6)
    assert (len(test), len(train)) == (12, 6)
    assert not {item.question.group for item in test} & {item.question.group for item in train}
    assert test == tuple(questions("casefiles", 12, seed)[0])


@pytest.fixture
def grouped(tmp_path):
    """A data file with forty questions, four about each passage."""
    rows = [
        {"id": f"{n}", "question": f"What {n}?", "options": ["this", "that"], "answer": 0, "group": f"passage-{n // 4}"}
        for n in range(40)
    ]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.mark.parametrize("limit, expected", [(10, 10), (8, 8), (30, 30), (None, 32)])
def test_where_several_questions_share_a_passage_training_takes_other_passages(grouped, limit, expected):
    test, train = questions(grouped, limit, 0, train=6)
    assert (len(test), len(train)) == (expected, 6)
    assert not {item.question.group for item in test} & {item.question.group for item in train}
    if limit:
        assert test == tuple(questions(grouped, limit, 0)[0])


def test_where_no_other_passages_are_left_for_training_the_run_is_refused(grouped):
    with pytest.raises(UsageError, match="Lower --limit or --train"):
        questions(grouped, 38, 0, train=6)


def test_a_call_is_logged_before_anything_depends_on_it(tmp_path):
    run = play(planned(Debate(rounds=1), test=items(1)), tmp_path / "run").run
    seen = set()
    for event in log.read(run):
        if isinstance(event, Called):
            seen.add(event.at)
        elif event.type == "Said":
            assert event.at in seen


async def tells_what_no_prompt_shows(question, table):
    hint = {"hint": "none"} if question.id == "house-0" else {}
    table.announce("question", question=question, **hint)
    return await table.decide(table.seats[0])


def test_a_prompt_that_does_not_fit_stops_the_whole_run_at_once(tmp_path):
    plan = planned(Naive(), Debate(rounds=1), test=items(50))
    misfit = Misfit(tells_what_no_prompt_shows)
    plan = replace(plan, arms=(replace(plan.arms[0], rules=misfit), plan.arms[1]))
    with pytest.raises(UsageError, match="no slot"):
        play(plan, tmp_path / "run")
    assert len(of(tmp_path / "run", Ended)) < 50


class Misfit(Naive):
    """The naive baseline with other rules."""

    def __init__(self, rules):
        super().__init__()
        object.__setattr__(self, "_rules", rules)

    async def run(self, question, table):
        return await self._rules(question, table)
