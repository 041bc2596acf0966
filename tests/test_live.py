"""The live side of whole runs: how they stand, what can be asked of them, and that no result depends on it."""

import asyncio
import json
import os
import signal
import socket
import threading
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena import log
from arena.broadcast import MOST_NOTICES
from arena.events import Called
from arena.live import GONE, Status, Words, ask, known, read_status, wave
from arena.models.pace import Paced
from arena.runner import INTERRUPTED, play
from protocols.debate import Debate
from tests.protocols.running import Model, calls, items, planned, scores, started, story, usual, waited_for

SOON = 5.0
"""Milliseconds that a call takes: long enough for others to look, short enough for a test."""


def slow(**more):
    return Model(late=lambda _: SOON, **more)


@contextmanager
def watched(plan, run, *, stream=False):
    """A run that is played in a thread of its own; gives what it will have finished with."""
    came = []

    def work():
        came.append(play(plan, run, stream=stream))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        until(lambda: read_status(run))
        yield came
    finally:
        ask(run, "stop")
        thread.join()


def until(happened):
    """Wait until something is true, and say what it is."""
    pause = threading.Event()
    for _ in range(6000):
        if found := happened():
            return found
        pause.wait(0.01)
    raise AssertionError("it never happened")


def status_where(run, wanted):
    """The first status of a run for which something is true."""
    return until(lambda: (status := read_status(run)) and wanted(status) and status)


def later_than(run, status):
    return status_where(run, lambda found: found.t > status.t)


LONG = {"test": items(2000), "concurrency": 3}


class Held(Model):
    """Gives so many replies at once, and all others at the word; knows how many calls are under way."""

    def __init__(self, free=0):
        super().__init__()
        self.under_way, self.free, self.go = 0, free, threading.Event()

    async def __call__(self, request):
        self.under_way += 1
        self.free -= 1
        if self.free < 0:
            await asyncio.to_thread(self.go.wait)
        self.under_way -= 1
        return await super().__call__(request)


# Pause, resume, stop, concurrency


def test_a_paused_run_begins_no_call_until_it_is_resumed(tmp_path):
    run, model = tmp_path / "run", slow()
    with watched(planned(Debate(rounds=1), model=model, **LONG), run) as came:
        assert ask(run, "pause")
        paused = status_where(run, lambda status: status.state == "paused" and not status.in_flight)
        made = len(model.keys)
        assert later_than(run, later_than(run, paused)).state == "paused"
        assert (len(model.keys), came) == (made, [])
        ask(run, "resume")
        status_where(run, lambda status: status.state == "playing" and status.calls > paused.calls)
    assert len(model.keys) > made


def test_what_is_under_way_when_a_run_is_paused_comes_back_and_is_logged(tmp_path):
    run, model = tmp_path / "run", slow()
    with watched(planned(Debate(rounds=1), model=model, **LONG), run):
        ask(run, "pause")
        status_where(run, lambda status: status.state == "paused" and not status.in_flight)
        assert sorted(model.keys) == sorted(call.key for call in log.of_kind(run, "Called"))


def test_a_run_that_is_stopped_says_why_and_goes_on_when_it_is_resumed(tmp_path):
    run, model = tmp_path / "run", Held(free=30)
    plan = planned(Debate(rounds=1), model=model, test=items(40), concurrency=3)
    with watched(plan, run) as came:
        status_where(run, lambda status: status.done)
        ask(run, "stop")
        status_where(run, lambda status: status.state == "stopping")
        model.go.set()
        (finished,) = until(lambda: came)
    assert finished.stopped == INTERRUPTED
    assert 0 < finished.progress.done < 40
    ended = read_status(run)
    assert (ended.state, ended.reason, ended.in_flight) == ("ended", INTERRUPTED, 0)
    assert play(plan, run).stopped is None
    assert len(scores(run)) == 40
    assert len(set(calls(run))) == len(calls(run))


def test_a_paused_run_can_be_stopped(tmp_path):
    run = tmp_path / "run"
    with watched(planned(Debate(rounds=1), model=slow(), **LONG), run) as came:
        ask(run, "pause")
        status_where(run, lambda status: status.state == "paused" and not status.in_flight)
        ask(run, "stop")
        (finished,) = until(lambda: came)
    assert finished.stopped == INTERRUPTED


def test_concurrency_can_be_raised_while_a_run_is_played(tmp_path):
    run, model = tmp_path / "run", Held()
    with watched(planned(Debate(rounds=1), model=model, test=items(12), concurrency=2), run):
        until(lambda: model.under_way == 2)
        ask(run, "concurrency", 7)
        until(lambda: model.under_way == 7)
        status = status_where(run, lambda status: status.in_flight == 7)
        assert (status.concurrency, status.limit) == (7, 7)
        model.go.set()
    assert read_status(run).state == "ended"


def test_concurrency_can_be_lowered_while_a_run_is_played(tmp_path):
    run, model = tmp_path / "run", slow()
    tasks = []

    class Noting(Model):
        async def __call__(self, request):
            tasks.append(len(asyncio.all_tasks()))
            return await model(request)

    with watched(planned(Debate(rounds=1), model=Noting(), **LONG | {"concurrency": 20}), run):
        ask(run, "concurrency", 1)
        status_where(run, lambda status: status.concurrency == 1 and status.in_flight <= 1)
        until(lambda: tasks[-1] < 8)
        assert read_status(run).done < 1000


# How a run stands


def test_a_run_says_how_it_stands_and_in_the_end_that_it_is_over(tmp_path):
    run, plan = tmp_path / "run", planned(Debate(rounds=1), model=Model(cost=0.25), test=items(3), budget=50.0)
    play(plan, run)
    status = read_status(run)
    assert (status.pid, status.host) == (os.getpid(), socket.gethostname())
    assert (status.state, status.reason, status.done, status.total) == ("ended", None, 3, 3)
    assert (status.calls, status.spent, status.budget) == (len(calls(run)), 0.25 * len(calls(run)), 50.0)
    assert sorted(path.name for path in (run / "live").iterdir()) == ["status.json"]


def test_a_run_that_was_killed_is_not_taken_for_one_that_is_played(tmp_path):
    run = tmp_path / "run"
    process = started(run, tmp_path / "calls", milliseconds=20)
    waited_for(process, lambda: (status := read_status(run)) is not None and status.calls > 3)
    assert read_status(run).state == "playing"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    stale = read_status(run)
    assert (stale.state, stale.reason, stale.in_flight) == ("ended", GONE, 0)
    play(usual(), run)
    assert (read_status(run).state, read_status(run).reason) == ("ended", None)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"pid":1}', b"\xff", b'{"pid":"x","host":1,"t":{},"state":"?"}'])
def test_a_status_that_is_damaged_is_none(tmp_path, text):
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "status.json").write_bytes(text)
    assert read_status(tmp_path) is None
    assert read_status(tmp_path / "nowhere") is None


def test_a_reproducible_run_leaves_no_live_side(tmp_path):
    play(planned(Debate(rounds=1), test=items(1), reproducible=True), tmp_path / "run")
    assert not (tmp_path / "run" / "live").exists()


def test_a_run_is_played_where_there_can_be_no_live_side(tmp_path):
    plan = planned(Debate(rounds=1), test=items(2))
    run = tmp_path / "run"
    play(plan, run)
    whole = scores(run)
    for path in run.glob("*-0001.jsonl"):
        path.unlink()
    for path in (run / "live").iterdir():
        path.unlink()
    (run / "live").rmdir()
    (run / "live").write_text("in the way")
    assert play(plan, run, stream=True).stopped is None
    assert scores(run) == whole


# Words


class Aloud(Model):
    """Speaks in words, and takes back the first of them once."""

    async def __call__(self, request):
        if request.hear:
            request.hear("No, ")
            request.hear(None)
        return await super().__call__(request)


def test_words_arrive_while_they_are_spoken_and_are_those_of_the_log(tmp_path):
    run, release = tmp_path / "run", threading.Event()

    async def sleep(_):
        await asyncio.to_thread(release.wait)

    heard = {}
    model = Paced(Aloud(), sleep)
    with watched(planned(Debate(rounds=1), model=model, test=items(1)), run, stream=True) as came:
        words = Words(run)

        def look():
            words.read()
            heard.update(words.of("debate~house-0~0"))
            return heard

        until(look)
        assert not came
        assert {one.seat for one in heard.values()} <= {"alice", "bob"}
        release.set()
        until(lambda: look() and came)
    whole = {call.at: call.text for call in log.read(run) if isinstance(call, Called)}
    assert all(whole[at].startswith(one.text) for at, one in heard.items())


def test_streaming_begins_and_ends_at_a_word(tmp_path):
    run, wants = tmp_path / "run", []

    class Noting(Model):
        async def __call__(self, request):
            wants.append(request.hear is not None)
            return await super().__call__(request)

    plan = planned(Debate(rounds=1), model=Noting(late=lambda _: SOON), **LONG)
    with watched(plan, run):
        ask(run, "stream", value=True)
        until(lambda: wants[-1:] == [True])
        assert status_where(run, lambda status: status.streaming).state == "playing"
        ask(run, "stream", value=False)
        until(lambda: wants[-1:] == [False])
    assert wants[0] is False


def test_nothing_that_is_logged_depends_on_who_watches(tmp_path):
    alone = play(planned(Debate(rounds=2), test=items(3)), tmp_path / "alone").run
    heard = play(planned(Debate(rounds=2), model=Aloud(), test=items(3)), tmp_path / "heard", stream=True).run
    assert story(heard) == story(alone)
    assert sorted(calls(heard)) == sorted(calls(alone))


# What is asked for


HOSTILE = (
    b"nonsense",
    b"[" * 100_000,
    b"\xff\xfe\x00",
    b'{"do":"explode"}',
    b'{"do":"concurrency"}',
    b'{"do":"concurrency","value":0}',
    b'{"do":"concurrency","value":1e99}',
    b'{"do":"concurrency","value":"7"}',
    b'{"do":"stream","value":"yes"}',
    b'{"do":["pause"]}',
    b"x" * 300_000,
)


def test_hostile_wishes_are_notices_and_the_next_one_is_still_heard(tmp_path):
    run = tmp_path / "run"
    with watched(planned(Debate(rounds=1), model=slow(), **LONG), run):
        for number, line in enumerate(HOSTILE):
            (run / "live" / f"control-{number}.jsonl").write_bytes(line + b"\n")
        ask(run, "concurrency", 5)
        status = status_where(run, lambda status: status.concurrency == 5 and len(status.notices) == MOST_NOTICES)
        assert (status.state, status.streaming) == ("playing", False)
        assert all(len(notice) < 200 for notice in status.notices)


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_wish_is_no_command(line):
    with pytest.raises(ValueError, match="validation error"):
        known(line)


def test_a_control_that_is_no_file_is_a_notice(tmp_path):
    run = tmp_path / "run"
    with watched(planned(Debate(rounds=1), model=slow(), **LONG), run):
        os.mkfifo(run / "live" / "control-1.jsonl")
        (run / "live" / "control-2.jsonl").mkdir()
        (run / "live" / "control-3.jsonl").symlink_to("/etc/hostname")
        status = status_where(run, lambda status: len(status.notices) == 3)
        assert all("cannot be read" in notice for notice in status.notices)


def test_what_was_asked_of_another_engine_is_not_done(tmp_path):
    run, plan = tmp_path / "run", planned(Debate(rounds=1), test=items(3))
    play(plan, run)
    for path in run.glob("*-0001.jsonl"):
        path.unlink()
    ask(run, "stop")
    assert play(plan, run).stopped is None


def test_half_a_line_is_not_obeyed_before_its_end(tmp_path):
    run = tmp_path / "run"
    with watched(planned(Debate(rounds=1), model=slow(), **LONG), run):
        control = run / "live" / "control-1.jsonl"
        control.write_bytes(b'{"do":"pau')
        later_than(run, later_than(run, read_status(run)))
        with control.open("ab") as file:
            file.write(b'se"}\n')
        assert status_where(run, lambda status: status.state == "paused").notices == ()


def test_what_no_engine_would_do_cannot_be_asked_for(tmp_path):
    for wish in [("explode",), ("concurrency",), ("concurrency", 0), ("stream", 7)]:
        with pytest.raises(ValueError, match="validation error"):
            ask(tmp_path, *wish)
    assert ask(tmp_path / "nowhere", "pause") is False


SCALARS = st.none() | st.booleans() | st.integers() | st.text()
NAMES = st.sampled_from(["do", "value"]) | st.text()


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner)))
def test_any_json_is_a_command_or_a_value_error(value):
    try:
        command = known(json.dumps(value))
    except ValueError:
        return
    assert command.do in {"pause", "resume", "stop", "concurrency", "connections", "stream"}


def test_a_status_of_a_later_version_is_read_as_far_as_it_is_known():
    wait = {"account": "a", "model": "m", "calls": 1, "why": "pause", "colour": "red"}
    text = {"pid": 1, "host": "h", "t": 1.0, "state": "playing", "mood": "good", "waits": [wait]}
    assert Status.model_validate(text).waits[0].why == "pause"


# Waves


@pytest.mark.parametrize(
    "number, of, told",
    [
        (0, 4, ""),
        (1, 4, "wave 1 of 4"),
        (4, 4, "wave 4 of 4"),
        (5, 4, "wave 5 (4 were planned)"),
        (2, 0, "wave 2"),
        (1200, 2000, "wave 1,200 of 2,000"),
    ],
)
def test_a_wave_says_of_how_many_where_that_is_known(number, of, told):
    assert wave(number, of) == told
