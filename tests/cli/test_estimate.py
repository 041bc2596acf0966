"""The estimate of a dry run: a rehearsal in memory that finds what the run then takes."""

import pytest

from arena import log
from arena.estimate import Total, estimate
from arena.events import parse
from arena.plan import Experiment, resolve
from arena.runner import play

EXPERIMENTS = {
    "debate": Experiment(protocol=("debate",), limit=3),
    "consultancy twice": Experiment(protocol=("consultancy",), limit=3, repeats=2, baselines=False),
    "amplification": Experiment(protocol=("amplification",), dataset="casefiles?hops=4", limit=3, baselines=False),
    "distillation": Experiment(
        protocol=("amplification?iterations=2",),
        set={"distil": "true"},
        dataset="casefiles?hops=4",
        limit=3,
        train=4,
        baselines=False,
    ),
}


@pytest.mark.parametrize("asked", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_of_a_run_that_is_rehearsed_whole_is_what_it_takes(asked, tmp_path):
    plan = resolve(asked)
    found = estimate(plan).total
    play(plan, tmp_path / "run")
    calls = [parse(line) for line in log.scan(tmp_path / "run", "Called")]
    assert found.episodes == sum(1 for _ in log.scan(tmp_path / "run", "Scored"))
    assert found.calls == pytest.approx(len(calls))
    assert found.input == pytest.approx(sum(call.usage.input for call in calls), rel=0.05)


def test_scales_from_a_few_questions_to_all():
    few, many = (estimate(resolve(Experiment(limit=limit)), most=3).total for limit in (3, 300))
    assert many.episodes == 100 * few.episodes
    assert many.calls == pytest.approx(100 * few.calls)


def test_says_how_many_questions_it_is_made_of():
    arms = estimate(resolve(Experiment(limit=9)), most=2).arms
    assert {arm.sampled for arm in arms} == {2}


def test_says_what_failed_and_counts_what_was_played_before(stranger):
    plan = resolve(Experiment(protocol=("debate?rounds=1",), limit=2, judge="odd/mute", baselines=False))
    (arm,) = estimate(plan).arms
    assert arm.failure is not None
    assert "no reply of judge could be read" in arm.failure
    speeches, verdicts_with_retries = 2, 2 * 3
    assert arm.total.calls == 2 * (speeches + verdicts_with_retries)


def test_of_nothing_is_nothing():
    assert Total().plus(Total(1, 2, 3, 4)) == Total(1, 2, 3, 4)
