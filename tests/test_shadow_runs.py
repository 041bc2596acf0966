"""Whole runs with a shadow judge: what else is asked, said and scored is what it is without one."""

import pytest

from arena import views
from arena.cli.transcript import View, transcript
from arena.estimate import estimate
from arena.events import Called, Dealt, Said, Shadowed, Shown, aside
from arena.plan import Experiment, resolve
from arena.runner import play
from protocols.amplification import Amplification
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from tests.protocols.running import USUAL, Model, items, mortal, of, planned, scores, story
from tests.protocols.wrong import Right

ALL = (*USUAL, Debate(rounds=3, turns="sequential"), Amplification(iterations=1))
RULES = {type(rules).__name__ + str(n): rules for n, rules in enumerate((*ALL, Right(), Consultancy(interactive=True)))}


def played(folder, *rules, model=None, **asked):
    plan = planned(*rules, model=model, test=items(2), concurrency=1, **asked)
    return play(plan, folder).run


def said(run):
    """What was dealt, shown and said, in each episode in its order."""
    events = [event.model_copy(update={"t": 0.0}) for kind in (Dealt, Shown, Said) for event in of(run, kind)]
    return sorted((event.episode, event.at, event.model_dump_json()) for event in events)


def unspent(row):
    return row.model_copy(update={"spend": {seat: s for seat, s in row.spend.items() if "(shadow)" not in seat}})


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_everything_else_of_a_run_is_the_same_byte_for_byte(tmp_path, rules):
    plain = played(tmp_path / "plain", rules)
    shadowed = played(tmp_path / "shadowed", rules, shadow_judge=True)
    keys = [[(call.episode, call.at, call.key) for call in of(run, Called)] for run in (plain, shadowed)]
    assert sorted(keys[0]) == sorted(key for key in keys[1] if not aside(key[1]))
    assert {name: unspent(row) for name, row in scores(shadowed).items()} == scores(plain)
    assert said(shadowed) == said(plain)


ROUNDS = {
    "debate": (Debate(rounds=3), [0, 1, 2]),
    "sequential": (Debate(rounds=2, turns="sequential"), [0, 1]),
    "interactive": (Debate(rounds=2, interactive=True), [0, 1]),
    "consultancy": (Consultancy(rounds=3, interactive=True), [0, 1, 2]),
    "a stranger's": (Right(), [0]),
    "alone": (USUAL[2], []),
}


@pytest.mark.parametrize("rules, rounds", ROUNDS.values(), ids=ROUNDS)
def test_each_round_has_its_beliefs_in_both_orders(tmp_path, rules, rounds):
    run = played(tmp_path / "r", rules, shadow_judge=True)
    by_episode = {}
    for event in of(run, Shadowed):
        by_episode.setdefault(event.episode, []).append(event.verdict.round)
    assert all(sorted(found) == sorted(rounds * 2) for found in by_episode.values())
    assert bool(by_episode) == bool(rounds)


@pytest.mark.parametrize("after", range(0, 22, 3))
def test_a_run_that_is_stopped_anywhere_buys_nothing_twice(tmp_path, after):
    whole = played(tmp_path / "whole", Debate(rounds=2, interactive=True), shadow_judge=True)
    rules = Debate(rounds=2, interactive=True)
    stopped = played(tmp_path / "r", rules, model=mortal(after), shadow_judge=True)
    first = [call.key for call in of(stopped, Called)]
    again = Model()
    played(tmp_path / "r", rules, model=again, shadow_judge=True)
    assert not set(first) & set(again.keys)
    assert story(tmp_path / "r") == story(whole)


def test_its_cost_is_part_of_the_budget_and_of_no_episodes_own(tmp_path):
    run = played(tmp_path / "r", Debate(rounds=2), model=Model(cost=1.0), shadow_judge=True)
    rows = scores(run).values()
    assert {(row.calls, row.cost) for row in rows} == {(6, 6.0)}
    assert {(row.spend["judge (shadow)"].calls, row.spend["judge (shadow)"].cost) for row in rows} == {(4, 4.0)}
    bounded = played(tmp_path / "b", Debate(rounds=2), model=Model(cost=1.0), shadow_judge=True, budget=5.0)
    assert len(of(bounded, Called)) == 5


def test_it_is_part_of_what_a_run_is_estimated_to_take():
    asked = Experiment(protocol=("debate?rounds=2",), baselines=False, limit=2)
    plain, shadowed = (estimate(resolve(asked.model_copy(update={"shadow_judge": on}))) for on in (False, True))
    assert (plain.total.calls, shadowed.total.calls) == (2 * 6, 2 * 10)
    assert shadowed.total.input > plain.total.input


def test_a_transcript_tells_the_beliefs_apart_from_what_was_heard(tmp_path):
    run = played(tmp_path / "r", Debate(rounds=2), shadow_judge=True)
    name = of(run, Shadowed)[0].episode
    events = [event for event in of(run, object) if event.episode == name]
    lines = list(transcript(events, {}, View()))
    assert [line for line in lines if "never heard" in line] == []
    told = [line for line in lines if "after round" in line and "judge" in line]
    assert len(told) == 4
    assert views.spent(events).calls == 6
