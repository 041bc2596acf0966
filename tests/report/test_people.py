"""How long people took."""

import pytest

from arena.events import Called
from arena.report import build, build_joined, to_json, to_text
from tests.report.conftest import arm, episode

PLACES = ("3~0", "4~0", "5~0", "12:0")


def answers(name, *seconds, model="human/ada", seat="judge", **call):
    """The calls of one episode in an order that is none."""
    asked = [
        Called(episode=name, at=at, seat=seat, model=model, key="0" * 32, text="…", seconds=time, **call)
        for at, time in zip(PLACES, seconds, strict=False)
    ]
    return asked[::-1]


@pytest.fixture
def judged(runs):
    scored = [episode("debate@ada", f"q{n}", 1) for n in range(3)]
    times = [(10, 20, 30, 60), (12, 40, 20, 50), (14, 30)]
    calls = [call for one, each in zip(scored, times, strict=True) for call in answers(one.episode, *each)]
    other = answers(scored[0].episode, 99, model="sim/advocate", seat="alice")
    unfinished = answers("debate@ada~q9~0", 500)
    return runs.write(
        *calls, *other, *unfinished, *scored, arms=[arm("debate@ada", "debate", "human/ada", alice="sim/advocate")]
    )


def test_times_are_medians_by_answer_and_by_episode_of_what_was_scored(judged):
    [found] = build(judged).people
    assert (found.arm, found.seat, found.person) == ("debate@ada", "judge", "ada")
    assert found.by_answer == (12, 30, 25, 55)
    assert (found.episodes, found.seconds, found.episode) == (3, 286, 120)


def test_a_reply_that_was_looked_up_took_nobody_any_time(runs):
    scored = episode("debate@ada", "q0", 1)
    calls = answers(scored.episode, 10, reused=True)
    assert build(runs.write(*calls, scored, arms=[arm("debate@ada", "debate", "human/ada")])).people == ()


def test_a_run_without_people_has_none(runs):
    assert runs.usual().people == ()


def test_the_report_says_it_in_a_table_and_in_json(judged):
    text = to_text(build(judged), only=["cost"])
    assert "Time of people (median seconds)" in text
    assert " ".join(text.split("debate@ada: judge")[-1].split()[:7]) == "12 30 25 55 120 3 4.8"
    [found] = to_json(build(judged))["people"]
    assert found["by_answer"] == (12, 30, 25, 55)


def test_people_of_several_runs_stand_under_the_names_of_their_arms(tmp_path):
    from tests.report.conftest import Runs

    folders = []
    for name in ("ada", "bob"):
        (tmp_path / name).mkdir()
        scored = [episode("debate", f"q{n}", 1) for n in range(6)]
        calls = [call for one in scored for call in answers(one.episode, 10, model=f"human/{name}")]
        head = {"run": name, "dataset": {"hash": "a1", "options": 2}, "planned": {"debate": 9}}
        arms = [arm("debate", judge=f"human/{name}")]
        folders.append(Runs(tmp_path / name).write(*calls, *scored, arms=arms, **head))
    report = build_joined(folders)
    assert [(one.arm, one.person) for one in report.people] == [("debate · ada", "ada"), ("debate · bob", "bob")]
    assert [source.arms for source in report.sources] == [{"debate": "debate · ada"}, {"debate": "debate · bob"}]
