"""Whatever ends a run early, it goes on, ends as if nothing had happened, and pays for nothing twice.

`ARENA_KILLS=20` in the environment kills more often than CI does.
"""

import json
import os
import random
import signal
from pathlib import Path
from typing import NamedTuple

import pytest

from arena import Belief, Question, Table, log
from arena.runner import play
from protocols.naive import Naive
from tests.protocols.running import (
    Model,
    by,
    calls,
    items,
    lines,
    mortal,
    planned,
    scores,
    started,
    story,
    usual,
    waited_for,
)

KILLS = int(os.environ.get("ARENA_KILLS", "6"))


class Whole(NamedTuple):
    """An undisturbed run."""

    run: Path
    lines: int


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    run = play(usual(), tmp_path_factory.mktemp("whole") / "run").run
    return Whole(run, lines(run))


def killed(run: Path, noted: Path, after: int) -> None:
    """Play in another process, and kill it when its log has so many lines; it waits where it is much further."""
    process = started(run, noted, milliseconds=3, hold=after + 20)
    waited_for(process, lambda: lines(run) >= after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def paid(run: Path) -> set[str]:
    """The keys of all logged calls, those of a line that was cut left out."""
    return {event.key for event in log.read(run) if event.type == "Called"}


def resumed(run: Path) -> list[str]:
    """Go on with a run; returns the keys of the calls that were made for it."""
    model = Model()
    finished = play(by(usual(), model), run)
    assert finished.stopped is None
    return model.keys


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_run_that_was_killed_ends_as_an_undisturbed_one_and_pays_for_nothing_twice(moment, whole, tmp_path):
    run, chance = tmp_path / "run", random.Random(moment)
    killed(run, tmp_path / "calls", after=chance.randrange(1, whole.lines * 9 // 10))
    logged = paid(run)
    called = resumed(run)
    assert not logged & set(called)
    assert len(called) == len(set(called))
    assert scores(run) == scores(whole.run)
    assert story(run) == story(whole.run)


def test_a_run_may_be_killed_again_and_again(whole, tmp_path):
    run, calls_made = tmp_path / "run", tmp_path / "calls"
    for share in (0.2, 0.6):
        before = paid(run) if run.exists() else set()
        noted = len(calls_made.read_text().split()) if calls_made.exists() else 0
        killed(run, calls_made, after=int(whole.lines * share))
        assert not before & set(calls_made.read_text().split()[noted:])
    resumed(run)
    assert scores(run) == scores(whole.run)
    assert story(run) == story(whole.run)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.35, 0.7, 0.99])
def test_a_log_that_was_cut_anywhere_goes_on(share, whole, tmp_path):
    run = copied(whole.run, tmp_path / "run")
    (events,) = log.numbered(run, "events")
    whole_log = events.read_bytes()
    events.write_bytes(whole_log[: int(len(whole_log) * share)])
    logged = paid(run)
    assert not logged & set(resumed(run))
    assert scores(run) == scores(whole.run)
    assert story(run) == story(whole.run)


def test_a_corrupt_line_in_the_middle_is_left_out_and_its_call_made_again(whole, tmp_path):
    run = copied(whole.run, tmp_path / "run")
    (events,) = log.numbered(run, "events")
    found = events.read_bytes().splitlines(keepends=True)
    bad = next(n for n, line in enumerate(found) if n > len(found) // 2 and line.startswith(b'{"type":"Scored"'))
    found[bad] = b'{"type":"Scored","episode":\xff\xfe broken\n'
    events.write_bytes(b"".join(found))
    assert resumed(run) == []
    assert scores(run) == scores(whole.run)


def test_the_calls_of_a_finished_run_are_all_in_its_log(whole):
    assert len(calls(whole.run)) == len(set(calls(whole.run))) == len(paid(whole.run))


# Stopping and going on


def test_a_finished_run_is_not_played_again(tmp_path):
    run = play(planned(), tmp_path / "run").run
    before, model = story(run), Model()
    finished = play(planned(model=model), run)
    assert (model.keys, finished.progress.done, finished.progress.total) == ([], 20, 20)
    assert story(run) == before


@pytest.mark.parametrize("after", [0, 1, 7, 20, 45, 70])
def test_a_run_that_stopped_anywhere_goes_on_to_the_same_end_without_paying_twice(tmp_path, after):
    whole = play(planned(), tmp_path / "whole").run

    rest = Model()
    first = play(planned(model=mortal(after), concurrency=3), tmp_path / "run")
    assert first.stopped == "pulled the plug"
    paid = calls(first.run)
    assert len(paid) == after
    assert play(planned(model=rest, concurrency=3), first.run).stopped is None
    assert not set(paid) & set(rest.keys)
    assert story(first.run) == story(whole)
    assert scores(first.run) == scores(whole)


def test_a_run_stops_when_its_budget_is_spent_and_goes_on_with_a_larger_one(tmp_path):
    whole = play(planned(model=Model(cost=1.0)), tmp_path / "whole").run
    model = Model(cost=1.0)
    first = play(planned(model=model, budget=10.0, concurrency=1), tmp_path / "run")
    assert "budget of 10 USD is spent" in first.stopped
    assert 10 <= len(model.keys) <= 11
    second = play(planned(model=model, budget=1000.0), first.run)
    assert second.stopped is None
    assert len(model.keys) == len(set(model.keys))
    assert scores(first.run) == scores(whole)


@pytest.mark.parametrize("after", [1, 20, 45])
def test_a_run_that_stopped_has_spent_in_the_end_what_an_undisturbed_one_has(tmp_path, after):
    first = play(planned(model=mortal(after, cost=0.5), concurrency=3), tmp_path / "run")
    play(planned(model=Model(cost=0.5)), first.run)
    seats = [spend for row in scores(first.run).values() for spend in row.spend.values()]
    bought = len(calls(first.run))
    assert (sum(spend.calls for spend in seats), sum(spend.reused for spend in seats)) == (bought, 0)
    assert sum(spend.cost for spend in seats) == 0.5 * bought


class Twice(Naive):
    """Has the same question decided at two tables that know nothing of each other."""

    __module__, prompts = Naive.__module__, "naive"

    async def run(self, question: Question, table: Table) -> Belief:
        return Belief.mean(await table.each([question, question], self.once))

    async def once(self, table: Table, question: Question) -> Belief:
        return await super().run(question, table)


def test_of_equal_requests_one_is_bought_and_the_other_looked_up(tmp_path):
    model = Model(cost=1.0, late=lambda _: 1.0)
    finished = play(planned(Twice(), model=model, test=items(3), budget=6.5), tmp_path / "run")
    assert finished.stopped is None
    assert finished.progress.spent == len(model.keys) == len(calls(finished.run)) == 6
    rows = scores(finished.run).values()
    assert {(row.calls, row.cost) for row in rows} == {(4, 4.0)}
    assert {(row.spend["judge"].calls, row.spend["judge"].reused, row.spend["judge"].cost) for row in rows} == {
        (2, 2, 2.0)
    }


def test_what_was_looked_up_costs_nothing_against_the_budget(tmp_path):
    model = Model(cost=1.0)
    first = play(planned(model=model, budget=30.0, concurrency=1), tmp_path / "run")
    paid = len(model.keys)
    play(planned(model=model, budget=30.0, concurrency=1), first.run)
    assert len(model.keys) == len(set(model.keys))
    assert len(model.keys) > paid


def test_an_interrupted_process_ends_cleanly_and_the_run_goes_on(tmp_path):
    run, noted = tmp_path / "run", tmp_path / "calls"
    process = started(run, noted, milliseconds=60)
    waited_for(process, lambda: lines(run) >= 20)
    process.send_signal(signal.SIGINT)
    printed, errors = process.communicate()
    assert (process.returncode, errors) == (3, "")
    assert json.loads(printed)["stopped"] == "interrupted"
    assert sorted(noted.read_text().split()) == sorted(calls(run)), "a call that was under way was lost"
    model = Model()
    play(by(usual(), model), run)
    assert not set(model.keys) & set(noted.read_text().split())
    assert scores(run) == scores(play(usual(), tmp_path / "whole").run)


def test_a_disk_without_room_for_a_header_is_refused_and_nothing_is_left_behind(tmp_path):
    process = started(tmp_path / "run", tmp_path / "calls", limit=2_000)
    _, errors = process.communicate()
    assert process.returncode == 2
    assert "Choose another folder" in errors
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("limit", [23_456, 41_000])
def test_a_full_disk_stops_the_run_and_it_goes_on_when_there_is_room(tmp_path, limit):
    run = tmp_path / "run"
    process = started(run, tmp_path / "calls", limit=limit)
    printed, errors = process.communicate()
    assert process.returncode == 3, errors
    assert "takes no more" in json.loads(printed)["stopped"]
    play(usual(), run)
    assert scores(run) == scores(play(usual(), tmp_path / "whole").run)


def copied(run: Path, to: Path) -> Path:
    """A copy of a run without its index."""
    to.mkdir()
    for path in filter(Path.is_file, run.iterdir()):
        if not path.name.startswith("index") and path.name != "lock":
            (to / path.name).write_bytes(path.read_bytes())
    return to
