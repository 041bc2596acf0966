"""An episode that is being played is read on from where it was read to, and comes out as a reading of the whole log."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arena import log
from arena.tui.follow import Follower
from arena.tui.reading import Reading

from .conftest import debate, gestures, header, opened, settled, text_of, write


def followed(run):
    follower = Follower(run)
    for _ in follower.read():
        pass
    return follower


@pytest.fixture
def run(tmp_path):
    """A run in which one debate is over and another one has begun."""
    return write(tmp_path / "run", header(debate=3), debate("q1", 0, 0), debate("q2", rounds=1))


def test_only_what_is_new_is_read(run):
    reading = Reading(run, "debate~q2~0", followed(run).begun["debate~q2~0"])
    before = len(reading.read([]))
    path = run / "events-0001.jsonl"
    path.write_bytes(b"x" * path.stat().st_size)
    with log.Writer(run) as writer:
        for event in debate("q2").events[before:]:
            writer.append(event)
    notices = []
    assert [event.type for event in reading.read(notices)] == [event.type for event in debate("q2").events]
    assert not notices


def test_an_episode_is_followed_until_it_is_scored_and_no_longer(run):
    follower = followed(run)
    assert list(follower.begun) == ["debate~q2~0"]
    write(run, {}, debate("q2", 0, 0))
    for _ in follower.read():
        pass
    assert not follower.begun


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, 60), max_size=6), files=st.lists(st.integers(0, 60), max_size=2))
def test_however_it_grows_it_reads_as_the_whole_log_does(tmp_path_factory, cuts, files):
    run = write(tmp_path_factory.mktemp("grown") / "run", header(debate=3), debate("q1", 0, 0))
    events = [event for pair in zip(debate("q2").events, debate("q3").events, strict=True) for event in pair]
    writer, reading = log.Writer(run), None
    for number, event in enumerate(events):
        if number in files:
            writer.close()
            writer = log.Writer(run)
        writer.append(event)
        if number in cuts:
            reading = reading or Reading(run, "debate~q2~0", followed(run).begun["debate~q2~0"])
            assert reading.read([]) == log.episode(run, "debate~q2~0")
    writer.close()


def test_a_line_that_is_half_written_waits_for_its_end(run):
    path = run / "events-0001.jsonl"
    whole = path.read_bytes()
    reading = Reading(run, "debate~q2~0", followed(run).begun["debate~q2~0"])
    path.write_bytes(whole[:-30])
    before = reading.read([])
    path.write_bytes(whole)
    assert reading.read([])[: len(before)] == before
    assert len(reading.read([])) == len(before) + 1


def test_a_line_that_is_no_event_is_named_once_and_the_rest_is_read(run):
    with (run / "events-0001.jsonl").open("ab") as file:
        file.write(b'{"type":"Said","episode":"debate~q2~0","t":"never"}\n')
    reading, notices = Reading(run, "debate~q2~0", followed(run).begun["debate~q2~0"]), []
    before = reading.read(notices)
    assert len(notices) == 1
    assert reading.read(notices) == before
    assert len(notices) == 1


def test_a_log_that_was_cut_is_read_from_the_beginning(run):
    reading = Reading(run, "debate~q2~0", followed(run).begun["debate~q2~0"])
    whole = reading.read([])
    path = run / "events-0001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    assert reading.read([]) == whole[:-2]


def test_a_run_that_was_replaced_by_another_one_with_the_same_episode_is_read_anew(run):
    async def act(pilot):
        before = text_of(pilot.app)
        other = write(
            Path(f"{run}-other"),
            header(debate=3) | {"run": "other"},
            *(debate("q2", rounds=1, alice="Now I say:"), debate("q1", 0, 0), debate("q5", 0, 0)),
        )
        for path in sorted(run.iterdir()):
            path.unlink()
        for path in sorted(other.iterdir()):
            path.rename(run / path.name)
        pilot.app.look()
        await settled(pilot)
        return before, text_of(pilot.app)

    before, after = gestures(opened(run, episode="debate~q2~0"), act, "9")
    assert "The log is plain" in before
    assert "Now I say" in after
    assert "The log is plain" not in after
