"""`arena judge`: which transcripts a person is given, and what becomes of their verdicts."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from arena import log
from arena.cli import verbs
from arena.cli.asked import experiment
from arena.cli.desk import Notes, beside_people, often, people
from arena.cli.judge import _again, argued, dealt, drawn
from arena.cli.runs import HOME
from arena.counterfactual import Twist, stage
from arena.errors import Stopped, UsageError
from arena.events import Called, Ended, Scored, Shadowed
from arena.exposure import Exposure
from arena.forms import SHADOW
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


def staged(first, **asked):
    twist = Twist(judge="human/ada", orders="forward")
    return stage(first, [twist], arms=argued(first), concurrency=1, **{"shadow_judge": True, **asked})


def answering(counterfactual, asked, most=1000, before=lambda: None):
    """Ada says the same each time, and leaves when she is asked once more than `most`; what she is asked is kept."""

    async def ask(request):
        before()
        if len(asked) == most:
            raise Stopped("she left")
        asked.append(request)
        return SAID

    for model in counterfactual.plan.models.values():
        model.ask = ask
    return counterfactual


def jobs(counterfactual):
    return [job for wave in counterfactual.staged.waves for job in wave.jobs]


@pytest.fixture
def sit(first, tmp_path, monkeypatch):
    """Ada sits down once more, and leaves after so many answers; what she was asked this time is given back."""
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "transcripts" / "first-ada"

    def sit(most=1000, limit=None, feedback=False, **options):
        chosen = drawn(staged(first, **options), Exposure(HOME, "ada"), limit, out)
        notes = Notes(chosen.plan, out, feedback=feedback)
        asked = []
        answering(chosen, asked, most, notes.asked).play(out, notes.tell)
        return asked

    sit.out = out
    return sit


def of(run, kind):
    return [event for event in log.of_kind(run, kind.__name__) if isinstance(event, kind)]


# Which transcripts come up


def test_baselines_are_judged_only_where_they_are_named(first):
    assert set(argued(first)) == {"debate", "consultancy"}


def test_a_run_in_which_nobody_argues_says_so(tmp_path):
    play(resolve(Experiment(protocol=("naive",), limit=1, baselines=False)), tmp_path / "run")
    with pytest.raises(UsageError, match="nobody argues"):
        argued(tmp_path / "run")


def test_each_question_comes_up_once(first, tmp_path):
    found = jobs(drawn(staged(first), Exposure(tmp_path, "ada"), None, tmp_path / "out"))
    assert sorted(job.item.question.id for job in found) == sorted({job.item.question.id for job in found})
    assert len(found) == 4


@pytest.mark.parametrize("name", ["ada", "bob", "eve", "joe"])
def test_the_arms_come_up_in_balance_though_one_of_them_has_more_transcripts(first, name):
    every = jobs(staged(first))
    arms = [job.arm.name for job in dealt(every, name)]
    assert sum(job.arm.name == "consultancy@ada" for job in every) == 8
    assert [set(arms[n : n + 2]) for n in (0, 2)] == [{"debate@ada", "consultancy@ada"}] * 2


def test_what_is_drawn_depends_on_the_name_alone(first):
    every = jobs(staged(first))
    assert [list(dealt(every, name)) == list(dealt(every[::-1], name)) for name in ("ada", "bob")] == [True, True]
    assert len({tuple(job.id for job in dealt(every, name)) for name in "abcdefgh"}) > 4


@pytest.mark.parametrize("how", ["begun", "judged", "answer"])
def test_a_question_that_was_read_judged_or_told_the_answer_of_never_comes_up(first, tmp_path, how):
    Exposure(tmp_path, "ada").note("casefiles", "case-0-0000", how, "another-run")
    found = jobs(drawn(staged(first), Exposure(tmp_path, "ada"), None, tmp_path / "out"))
    assert "case-0-0000" not in {job.item.question.id for job in found}
    assert len(found) == 3


def test_when_nothing_is_left_it_says_so(first, tmp_path):
    known = Exposure(tmp_path, "ada")
    for job in jobs(staged(first)):
        known.note("casefiles", job.item.question.id, "judged", "x")
    with pytest.raises(UsageError, match="no question is left"):
        drawn(staged(first), known, None, tmp_path / "out")


def test_a_limit_counts_all_that_were_judged(sit):
    assert len(sit(limit=1, shadow_judge=False)) == 1
    with pytest.raises(UsageError, match="--limit asks for no more"):
        sit(limit=1, shadow_judge=False)
    assert len(sit(limit=3, shadow_judge=False)) == 2
    assert len(sit(shadow_judge=False)) == 1
    with pytest.raises(UsageError, match="4 transcripts are judged in first-ada"):
        sit(shadow_judge=False)


# What a person is asked, and what becomes of it


def test_a_person_is_told_neither_arm_nor_model_nor_truth(first, sit):
    asked = sit()
    words = " ".join(f"{one.preface} {one.system} {one.messages}" for one in asked)
    assert "sim/" not in words
    assert "@" not in words
    assert "casefiles" not in words
    assert "case-0" not in words


def test_they_are_asked_after_every_round_and_decide_once(sit):
    asked = sit(limit=1)
    assert [one.cue == SHADOW for one in asked] == [True, True, True, False]
    [ended] = of(sit.out, Ended)
    assert [event.verdict.round for event in of(sit.out, Shadowed)] == [0, 1, 2]
    assert [verdict.round for verdict in ended.verdicts] == [3]


@pytest.mark.parametrize("left", range(9))
def test_one_who_leaves_at_any_moment_goes_on_where_they_left(sit, left):
    """Two transcripts of four questions each: whenever they leave, nothing is asked twice, and nothing is lost."""
    first = sit(most=left, limit=2) if left else []
    rest = sit(limit=2) if left < 8 else []
    assert len(first) == left
    assert len(rest) == 8 - left
    assert not {one.content for one in first} & {one.content for one in rest}
    assert len(of(sit.out, Shadowed)) == 6
    assert [len(score.scores) for score in of(sit.out, Scored)] == [1, 1]


def test_their_time_is_logged_with_every_belief(sit):
    sit(limit=1)
    assert all(call.seconds >= 0 and call.t > 0 for call in of(sit.out, Called))
    assert {call.model for call in of(sit.out, Called)} == {"human/ada"}
    assert len(of(sit.out, Called)) == 4


def test_their_verdicts_are_logged_like_any_judges(sit):
    sit(limit=2)
    scores = of(sit.out, Scored)
    assert [len(score.scores) for score in scores] == [1, 1]
    assert {score.scores[0].p_correct for score in scores} <= {0.9, 0.1}


def test_an_arm_is_called_after_who_judged_it(sit):
    sit(shadow_judge=False)
    assert {score.arm for score in of(sit.out, Scored)} <= {"debate@ada", "consultancy@ada"}


def test_what_they_began_and_judged_is_known_for_good(sit):
    sit(most=5, limit=2)
    known = [json.loads(line) for line in (HOME / "judges" / "ada.jsonl").read_text().splitlines()]
    assert [one["how"] for one in known] == ["begun", "judged", "begun"]


def test_the_truth_is_told_once_and_only_where_it_is_asked_for(first, sit):
    sit(limit=1)
    chosen = drawn(staged(first), Exposure(HOME, "ada"), 2, sit.out)
    notes = Notes(chosen.plan, sit.out, feedback=True)
    assert notes.news() is None
    answering(chosen, []).play(sit.out, notes.tell)
    told = notes.news()
    score = of(sit.out, Scored)[-1]
    item = next(item for item in chosen.plan.test if item.question.id == score.question)
    assert f"was: {item.question.options[score.key]}. You gave it {score.scores[0].p_correct:.0%}" in told
    assert notes.news() is None


def test_the_screen_is_told_how_far_they_are(first, sit):
    sit(most=6, limit=3)
    chosen = drawn(staged(first), Exposure(HOME, "ada"), 3, sit.out)
    notes, places = Notes(chosen.plan, sit.out, thing="transcript"), []
    answering(chosen, []).play(sit.out, lambda made: (notes.tell(made), places.append(notes.place)))
    assert places == ["transcript 2 of 3", "transcript 3 of 3", "transcript 3 of 3"]


def test_the_human_arm_stands_in_the_report_beside_the_first_finished_or_not(first, sit):
    sit(most=5)
    result = CliRunner().invoke(verbs, ["report", str(first), str(sit.out), "--json"])
    found = json.loads(result.stdout)
    assert {"debate@ada", "consultancy@ada"} >= {arm["arm"] for arm in found["arms"] if "@" in arm["arm"]} > set()
    pairs = {(each["a"], each["b"]) for each in found["comparisons"]}
    assert pairs & {("debate@ada", "debate"), ("consultancy@ada", "consultancy")}


@pytest.mark.parametrize(
    "typed, again", [(["--limit", "2"], "judge one --limit 2"), (["one", "--name", "one"], "judge one --name one")]
)
def test_the_command_that_goes_on_names_its_run(monkeypatch, typed, again):
    monkeypatch.setattr("sys.argv", ["arena", "judge", *typed])
    found = _again("one" if typed[0] == "one" else None, HOME / "one")
    assert found.endswith(again)


@pytest.mark.parametrize("name", ["../x", "Ada L", "x" * 41])
def test_a_name_that_no_file_could_have_is_refused(first, monkeypatch, name):
    monkeypatch.setattr("arena.cli.watch.on_a_terminal", lambda: True)
    result = CliRunner().invoke(verbs, ["judge", str(first), "--name", name])
    assert (result.exit_code, "letters, digits" in result.stderr) == (2, True)


def test_it_needs_a_terminal(first):
    result = CliRunner().invoke(verbs, ["judge", str(first)])
    assert (result.exit_code, "terminal" in result.stderr) == (2, True)


def test_a_run_with_a_person_needs_a_terminal_too(tmp_path):
    words = ["run", "--judge", "human/ada", "--limit", "1", "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(verbs, words)
    assert (result.exit_code, "terminal" in result.stderr) == (2, True)
    assert not (tmp_path / "run").exists()


def test_a_run_with_a_person_opens_no_second_screen(tmp_path):
    words = ["run", "--judge", "human/ada", "--limit", "1", "--watch", "--out", str(tmp_path / "run")]
    result = CliRunner().invoke(verbs, words)
    assert (result.exit_code, "Leave --watch out" in result.stderr) == (2, True)
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


@pytest.mark.parametrize("seat, stepwise", [({"judge": "human/ada"}, True), ({"debater": "human/ada"}, False)])
def test_a_person_who_judges_a_live_run_is_asked_round_by_round_and_one_episode_at_a_time(seat, stepwise):
    asked = beside_people(resolve(Experiment(protocol=("debate",), limit=1, **seat))).experiment
    assert (asked.concurrency, asked.shadow_judge) == (1, stepwise)


def test_one_who_would_judge_a_question_several_times_is_told():
    [told] = often(resolve(Experiment(protocol=("debate",), limit=1, judge="human/ada")))
    assert "3 times" in told
    assert list(often(resolve(Experiment(protocol=("debate",), limit=1)))) == []


def test_one_who_would_argue_against_themselves_is_told_how_not_to():
    [told] = often(resolve(Experiment(protocol=("debate",), limit=1, debater="human/ada")))
    assert "alice and bob" in told
    assert "--seat alice=human/ada" in told
    assert not list(often(resolve(Experiment(limit=1, seat={"alice": "human/ada"}))))


def test_models_are_no_people():
    plan = resolve(Experiment(protocol=("debate",), limit=1))
    assert people(plan.models.values()) == []
    assert isinstance(resolve(Experiment(limit=1, judge="human/ada")).models["human/ada"], Human)


def test_a_person_without_a_name_is_whoever_types(monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "Zoë K/x")
    asked = experiment(None, {"judge": "human", "debater": "human/eve", "seat": {"alice": "human"}})
    assert (asked.judge, asked.debater, asked.seat) == ("human/Zoë-K-x", "human/eve", {"alice": "human/Zoë-K-x"})
    assert isinstance(resolve(asked).models["human/Zoë-K-x"], Human)
