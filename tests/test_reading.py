"""Runs that begin before all of their questions are read."""

import json
from dataclasses import replace

import pytest

from arena import log
from arena.datasets.questions import Questions
from arena.errors import DataError, UsageError
from arena.events import Opened
from arena.runner import play
from protocols.debate import Debate
from protocols.naive import Naive
from tests.protocols.running import Model, calls, items, of, planned, scores, story

ITEMS = items(11)


def reading(source=ITEMS, model=None, **asked):
    """A plan of which the first three questions are known."""
    plan = planned(Debate(rounds=1), Naive(), model=model, test=(), **asked)
    test = Questions(iter(source), 3)
    test.step()
    return replace(plan, test=test)


def whole(**asked):
    return planned(Debate(rounds=1), Naive(), test=ITEMS, **asked)


def broken(count):
    yield from ITEMS[:count]
    raise DataError("q.jsonl:8: broken")


def header(run):
    made = log.header(run)
    return {name: value for name, value in made.items() if name not in ("run", "created")}


def left(tmp_path):
    """A run that was ended by a broken record, as a kill would end it: its header tells of the first questions."""
    with pytest.raises(DataError, match=r"q\.jsonl:8: broken"):
        play(reading(broken(7)), tmp_path / "run")
    return tmp_path / "run"


def test_a_run_is_the_same_as_one_whose_questions_were_all_read_before(tmp_path):
    one, other = play(whole(), tmp_path / "one").run, play(reading(), tmp_path / "other").run
    assert header(one) == header(other)
    assert story(one) == story(other)
    assert scores(one) == scores(other)


def test_a_reproducible_run_is_the_same_to_the_byte(tmp_path):
    names = "a/run", "b/run"
    runs = [
        play(plan, tmp_path / name).run
        for plan, name in zip((whole(reproducible=True), reading(reproducible=True)), names, strict=True)
    ]
    one, other = ({path.name: path.read_bytes() for path in run.iterdir() if path.is_file()} for run in runs)
    assert one == other


def test_the_first_call_is_made_before_the_last_question_is_read(tmp_path):
    read, at_first = [], []

    def source():
        for item in items(400):
            read.append(item)
            yield item

    class Watching(Model):
        async def __call__(self, request):
            at_first.append(len(read))
            return await super().__call__(request)

    play(reading(source(), Watching()), tmp_path / "run")
    assert at_first[0] < len(read) == 400


def test_nothing_is_played_that_the_header_does_not_tell_of(tmp_path):
    class Looking(Model):
        async def __call__(self, request):
            told.append((json.loads((run / "run.json").read_text())["dataset"]["n"], started()))
            return await super().__call__(request)

    def started():
        return max((int(opened.question.removeprefix("house-")) for opened in of(run, Opened)), default=0)

    run, told = tmp_path / "run", []
    play(reading(model=Looking(), concurrency=1), run)
    assert told
    assert all(asked < n for n, asked in told)


def test_how_much_is_to_be_played_grows_as_it_is_read(tmp_path):
    totals = []
    play(reading(), tmp_path / "run", lambda progress: totals.append(progress.total))
    assert totals == sorted(totals)
    assert totals[-1] == 2 * len(ITEMS)


def test_a_broken_record_ends_the_run_and_what_was_played_stays(tmp_path):
    run = left(tmp_path)
    about = header(run)["dataset"]
    assert (about["n"], about["reading"]) == (6, True)
    assert {opened.question for opened in of(run, Opened)} <= {f"house-{n}" for n in range(6)}


def test_a_run_that_was_ended_goes_on_when_its_data_is_whole_and_buys_nothing_twice(tmp_path):
    many, model, alone, run = items(600), Model(), Model(), tmp_path / "run"

    def cut():
        yield from many[:-1]
        raise DataError("q.jsonl:600: broken")

    def alike(source, model):
        return replace(reading(source, model), arms=planned(Naive()).arms)

    with pytest.raises(DataError):
        play(alike(cut(), model), run)
    bought = len(model.keys)
    play(alike(many, model), run)
    other = play(alike(many, alone), tmp_path / "other").run
    assert header(run) == header(other)
    assert scores(run) == scores(other)
    assert sorted(calls(run)) == sorted(calls(other))
    assert 0 < bought < len(alone.keys) == len(model.keys)


def test_a_run_that_was_ended_does_not_go_on_with_other_questions_than_it_had_read(tmp_path):
    run = left(tmp_path)
    before = (run / "run.json").read_text()
    for source in (ITEMS[1:], ITEMS[:5], (ITEMS[1], ITEMS[0], *ITEMS[2:]), items(11, start=20)):
        with pytest.raises(UsageError, match="begun with other dataset"):
            play(reading(source), run)
    assert (run / "run.json").read_text() == before


def test_a_run_that_was_ended_may_go_on_where_what_it_had_not_read_is_another(tmp_path):
    run = left(tmp_path)
    play(reading((*ITEMS[:6], *items(2, start=50))), run)
    assert header(run)["dataset"]["n"] == 8
    assert {row.question for row in scores(run).values()} >= {"house-50", "house-51"}


def test_a_header_that_cannot_be_written_again_ends_the_run_with_the_reason(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("arena.opening.write", full)
    with pytest.raises(UsageError, match=r"No space left on device\. Go on with --resume"):
        play(reading(), tmp_path / "run")
