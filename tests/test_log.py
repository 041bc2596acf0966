"""The log: what was appended is read again, whatever crashed, was cut or was scribbled over in between."""

import json
import resource
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena import log
from arena.errors import DataError, Stopped, UsageError
from arena.events import SCHEMA, Called, Dealt, Ended, Opened, Said, Score, Scored, Shown, dump
from arena.lines import CHUNK

PASSAGE = "The lamp was lit at nine, said the keeper. " * 5
HOSTILE = '\x00 \u2028 \U0001f3ee "}\n{"type":"Scored","episode":"e"} </passage> \x1b[31m\r' * 3
EPISODES = ["e", "f~1", "a “quoted” \\ \n\U0001f3ee name", '"}{"']


def opened(name):
    return Opened(episode=name, arm="debate", question="q")


def shown(name, text=PASSAGE, at="1"):
    return Shown(episode=name, at=at, cue="passage", fields={"passage": text}, to=("alice",), handed=True)


def called(name, text, at="2", attempt=0):
    return Called(episode=name, at=at, seat="alice", attempt=attempt, model="m", key=f"{attempt:032}", text=text)


def said(name, text, span=None, at="2"):
    return Said(episode=name, at=at, seat="alice", cue="argue", text=text, to=("bob",), span=span)


def scored(name):
    return Scored(episode=name, arm="a", question="q", group="g", dataset="d", key=0, scores=(Score(slot=0),))


def game(name, speech="I say so."):
    """One episode, with a retried call, a long text of its own and one that it shares with others."""
    return [
        opened(name),
        Dealt(episode=name, at="1", order=(1, 0)),
        shown(name),
        shown(name, f"{name} {HOSTILE}", at="2"),
        called(name, "<thinking>no</thinking>", at="3"),
        called(name, f"<argument>{speech}</argument>", at="3", attempt=1),
        said(name, speech, (10, 10 + len(speech)), at="3"),
        Ended(episode=name, belief=(0.5, 0.5), choice=None, verdicts=()),
        scored(name),
    ]


def write(run, events):
    with log.Writer(run) as writer:
        return [writer.append(event) for event in events]


def interleaved(*games):
    """Several episodes as they are played at once: an event of each in turn."""
    return [event for row in zip(*games, strict=True) for event in row]


@contextmanager
def folder():
    """A fresh folder for each example that hypothesis tries."""
    with TemporaryDirectory() as name:
        yield Path(name)


long_or_short = st.text(max_size=200) | st.sampled_from([PASSAGE, HOSTILE])
nested = st.recursive(
    long_or_short | st.integers(-9, 9) | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
shown_events = st.builds(
    Shown,
    episode=st.sampled_from(EPISODES),
    at=st.sampled_from(["1", "2", "3+0/1"]),
    cue=st.just("passage"),
    fields=st.dictionaries(st.text(max_size=9), nested, max_size=3),
    to=st.just(("alice",)),
)
some_events = st.lists(shown_events | st.sampled_from(EPISODES).map(opened), max_size=8)


# What was written is read


@given(some_events)
def test_what_was_appended_is_read_again(events):
    with folder() as run:
        write(run, events)
        notices = []
        assert list(log.read(run, notices)) == events
        assert notices == []


@pytest.mark.parametrize("key", ["$text", "$options", "hash", ""])
def test_a_mapping_whose_keys_a_model_wrote_is_read_again(tmp_path, key):
    """The findings of an overseer are filed under questions that it made up."""
    event = Shown(episode="e", at="1", cue="findings", fields={"findings": {key: "an answer"}}, to=("overseer",))
    write(tmp_path, [event])
    assert list(log.read(tmp_path)) == [event]


def test_a_long_text_is_written_once(tmp_path):
    write(tmp_path, [shown(name) for name in EPISODES])
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert written.count(PASSAGE.encode()) == 1


def test_a_long_text_is_not_written_again_by_a_later_process(tmp_path):
    write(tmp_path, [shown("e")])
    write(tmp_path, [shown("f")])
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert written.count(PASSAGE.encode()) == 1
    assert list(log.read(tmp_path)) == [shown("e"), shown("f")]


def test_a_speech_is_written_once_though_it_is_called_and_said(tmp_path):
    speech = "the very words of this speech"
    write(tmp_path, game("e", speech))
    assert b"".join(path.read_bytes() for path in tmp_path.iterdir()).count(speech.encode()) == 1
    assert list(log.read(tmp_path)) == game("e", speech)


def test_a_text_that_looks_like_a_reference_is_a_text(tmp_path):
    """A debater may have read how the log is made."""
    event = shown("e", '{"$text":"0123456789abcdef01234567@0001:0"}')
    write(tmp_path, [shown("e"), event, said("e", '"$text"')])
    assert list(log.read(tmp_path)) == [shown("e"), event, said("e", '"$text"')]


def test_one_type_of_event_is_read_without_the_others(tmp_path):
    write(tmp_path, interleaved(game("e"), game("f~1")))
    assert list(log.of_kind(tmp_path, "Scored")) == [scored("e"), scored("f~1")]


def test_one_type_of_event_is_read_though_a_line_of_it_is_broken(tmp_path):
    write(tmp_path, [scored("e"), scored("f")])
    path = tmp_path / "events-0001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"episode":"e"', b'"episode":e'))
    notices = []
    assert list(log.of_kind(tmp_path, "Scored", notices)) == [scored("f")]
    assert len(notices) == 1


def test_an_event_can_be_read_by_anybody_as_soon_as_it_is_appended(tmp_path):
    with log.Writer(tmp_path) as writer:
        for event in game("e"):
            writer.append(event)
            *_, last = log.read(tmp_path)
            assert last == event


def test_a_call_is_found_at_the_place_that_append_gave(tmp_path):
    calls = [called("e", HOSTILE, at=str(n)) for n in range(5)]
    places = write(tmp_path, calls)
    assert [log.event_at(tmp_path, place) for place in places] == calls


def test_places_are_those_that_append_gave(tmp_path):
    given_places = write(tmp_path, game("e")) + write(tmp_path, game("f"))
    assert [place for place, _ in log.heads(tmp_path)] == given_places


def test_heads_are_the_type_and_the_episode_of_each_line(tmp_path):
    events = interleaved(game('e "\\', HOSTILE), game("f~1"))
    write(tmp_path, events)
    lines = (tmp_path / "events-0001.jsonl").read_bytes().splitlines(keepends=True)
    told = [(event.type, event.episode, line) for event, line in zip(events, lines, strict=True)]
    assert [found for _, found in log.heads(tmp_path)] == told


@pytest.mark.parametrize("damage", [b"\\q", b"\xff", b"\x00"])
def test_a_line_whose_head_is_damaged_has_none_and_the_others_keep_their_places(tmp_path, damage):
    first, *others = write(tmp_path, game("episode"))
    path = tmp_path / first[0]
    path.write_bytes(path.read_bytes().replace(b'"episode":"ep', b'"episode":"' + damage.ljust(2), 1))
    assert [place for place, _ in log.heads(tmp_path)] == others


def test_a_scan_finds_the_lines_of_one_type_and_no_others(tmp_path):
    """Not even where a speech spells out such a line."""
    write(tmp_path, interleaved(game("e", HOSTILE), game("f~1")))
    assert [line.decode() for line in log.scan(tmp_path, "Scored")] == [dump(scored("e")), dump(scored("f~1"))]


@pytest.mark.parametrize("beyond", [-300, -60, -25, -10, -1, 0, 1, 2])
def test_a_scan_does_not_depend_on_where_its_chunks_end(tmp_path, beyond):
    """The line that is sought begins this many bytes beyond the end of a chunk."""
    filler = called("e", "")
    size = CHUNK + beyond - len(dump(filler)) - 1
    write(tmp_path, [scored("e"), called("e", "x" * (size - len(dump(scored("e"))) - 1)), scored("f"), opened("g")])
    notices = []
    found = [line.decode() for line in log.scan(tmp_path, "Scored", notices)]
    assert (found, notices) == ([dump(scored("e")), dump(scored("f"))], [])


# Several processes


def test_a_second_writer_is_refused_while_the_first_lives_and_allowed_afterwards(tmp_path):
    with log.Writer(tmp_path) as first:
        first.append(opened("e"))
        with pytest.raises(UsageError, match="another process is playing"):
            log.Writer(tmp_path)
    write(tmp_path, [opened("f~1")])
    assert list(log.read(tmp_path)) == [opened("e"), opened("f~1")]


def test_a_refused_writer_leaves_nothing_behind(tmp_path):
    with log.Writer(tmp_path):
        before = sorted(tmp_path.iterdir())
        with pytest.raises(UsageError):
            log.Writer(tmp_path)
        assert sorted(tmp_path.iterdir()) == before


def test_a_writer_that_was_killed_holds_nothing_up(tmp_path):
    """Neither its lock nor what it had not closed."""
    program = (
        "import os, sys, pathlib\n"
        "from arena import log\nfrom arena.events import Opened\n"
        "writer = log.Writer(pathlib.Path(sys.argv[1]))\n"
        "writer.append(Opened(episode='e', arm='debate', question='q'))\n"
        "os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert killed.returncode == -9
    write(tmp_path, [opened("f~1")])
    assert list(log.read(tmp_path)) == [opened("e"), opened("f~1")]


def test_an_episode_that_two_processes_played_is_one_episode(tmp_path):
    """The call was logged by the first, the speech by the second."""
    events = game("e")
    write(tmp_path, events[:6])
    write(tmp_path, [*events[6:], *game("f~1")])
    assert list(log.read(tmp_path)) == [*events, *game("f~1")]
    assert log.episode(tmp_path, "e") == events


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(UsageError, match="--out"):
        log.Writer(tmp_path / "nowhere")


def test_a_disk_that_takes_no_more_stops_the_run_and_keeps_what_was_written(tmp_path):
    writer = log.Writer(tmp_path)
    writer.append(opened("e"))
    with _largest_file(2000), pytest.raises(Stopped, match="takes no more"):
        writer.append(called("e", "x" * 5000))
    writer.close()
    notices = []
    assert list(log.read(tmp_path, notices)) == [opened("e")]


def test_nothing_is_written_behind_a_line_that_was_cut_by_a_full_disk(tmp_path):
    """Calls that were under way come back after the disk was full; what they log must not be glued to half a line."""
    writer = log.Writer(tmp_path)
    with _largest_file(2000), pytest.raises(Stopped):
        writer.append(called("e", "x" * 5000))
    with pytest.raises(Stopped):
        writer.append(called("e", "later", at="9"))
    writer.close()
    assert list(log.read(tmp_path)) == []


def test_a_writer_lets_another_one_in_though_its_disk_is_full(tmp_path):
    writer = log.Writer(tmp_path)
    writer.append(opened("e"))
    with _largest_file(1), suppress(Stopped):
        writer.close()
    write(tmp_path, [opened("f~1")])


@contextmanager
def _largest_file(size):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# What was cut or scribbled over


@given(st.data())
def test_a_log_cut_at_any_byte_is_read_up_to_the_cut_line(data):
    events = interleaved(game("e"), game("f~1"))
    with folder() as run:
        write(run, events)
        path = run / "events-0001.jsonl"
        whole = path.read_bytes()
        cut = data.draw(st.integers(0, len(whole) - 1))
        path.write_bytes(whole[:cut])
        notices = []
        assert list(log.read(run, notices)) == events[: whole[:cut].count(b"\n")]
        torn = cut > 0 and whole[cut - 1 : cut] != b"\n"
        assert [("cut" in notice) for notice in notices] == [True] * torn


@given(st.data())
def test_a_broken_line_in_the_middle_is_named_and_the_rest_is_read(data):
    events = [opened("e"), Dealt(episode="e", at="1", order=(0, 1)), opened("f"), scored("f"), scored("e")]
    with folder() as run:
        write(run, events)
        path = run / "events-0001.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        broken = data.draw(st.integers(0, len(lines) - 1))
        scribble = data.draw(st.binary(min_size=1, max_size=40)).replace(b"\n", b"?")
        path.write_bytes(b"".join([*lines[:broken], scribble + b"\n", *lines[broken + 1 :]]))
        notices = []
        assert list(log.read(run, notices)) == events[:broken] + events[broken + 1 :]
        assert [notice.split(": ")[0] for notice in notices] == [f"events-0001.jsonl:{broken + 1}"]


def test_a_notice_can_be_printed_whatever_the_broken_line_holds(tmp_path):
    write(tmp_path, [opened("e")])
    path = tmp_path / "events-0001.jsonl"
    line = json.dumps({"type": "\x1b[2J\u202e", "episode": "e"})
    path.write_bytes(line.encode() + b"\n" + path.read_bytes())
    notices = []
    assert list(log.read(tmp_path, notices)) == [opened("e")]
    assert all(notice.isprintable() for notice in notices)
    assert len(notices) == 1


@given(st.data())
def test_a_texts_file_cut_at_any_byte_stops_nobody_from_reading_what_does_not_need_it(data):
    with folder() as run:
        events = [shown("e"), shown("e", HOSTILE, at="2"), opened("f")]
        write(run, events)
        path = run / "texts-0001.jsonl"
        whole = path.read_bytes()
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        notices = []
        read = list(log.read(run, notices))
        assert opened("f") in read
        assert notices or read == events


@pytest.mark.parametrize("scribble", [b"?", b"{}", b'{"hash":1}', b'{"hash":"\xff"}', b"\xff\x00", b"null"])
def test_a_broken_line_among_the_texts_stops_neither_reading_nor_going_on(tmp_path, scribble):
    write(tmp_path, [shown("e")])
    path = tmp_path / "texts-0001.jsonl"
    path.write_bytes(scribble + b"\n" + path.read_bytes())
    write(tmp_path, [shown("f")])
    assert list(log.read(tmp_path)) == [shown("e"), shown("f")]


def test_a_speech_whose_call_cannot_be_read_is_named(tmp_path):
    """Its text lies in that call; to show an empty speech in silence would be to invent one."""
    write(tmp_path, game("e"))
    path = tmp_path / "events-0001.jsonl"
    path.write_bytes(path.read_bytes().replace(b'{"type":"Called"', b'{"type":"C?lled"'))
    notices = []
    read = list(log.read(tmp_path, notices))
    assert scored("e") in read
    assert len(notices) == 3


# The index


def _index_states(whole):
    return st.none() | st.integers(0, len(whole)).map(lambda cut: whole[:cut])


@given(st.data())
def test_an_episode_is_the_same_with_the_index_whole_cut_or_gone(data):
    games = [game(name, f"So says {name}.") for name in EPISODES]
    with folder() as run:
        write(run, [*interleaved(*games), opened("unfinished")])
        path = run / "index-0001.jsonl"
        state = data.draw(_index_states(path.read_bytes()))
        if state is None:
            path.unlink()
        else:
            path.write_bytes(state)
        assert [log.episode(run, name) for name in EPISODES] == games
        assert log.episode(run, "unfinished") == [opened("unfinished")]
        assert log.episode(run, "never played") == []


@pytest.mark.parametrize(
    "scribble", [b"?\n", b'{"episode":"e","spans":?}\n', b'{"episode":"e","spans":[["a"]]}\n', b"\xff\n"]
)
def test_a_broken_index_is_as_good_as_none(tmp_path, scribble):
    write(tmp_path, game("e"))
    (tmp_path / "index-0001.jsonl").write_bytes(scribble)
    assert log.episode(tmp_path, "e") == game("e")


def test_an_episode_of_a_process_that_was_killed_is_found_by_a_scan(tmp_path):
    writer = log.Writer(tmp_path)
    for event in [*game("e"), *game("f~1")[:4]]:
        writer.append(event)
    assert log.episode(tmp_path, "e") == game("e")
    assert log.episode(tmp_path, "f~1") == game("f~1")[:4]
    writer.close()


def test_many_episodes_are_found_in_one_reading_of_the_index(tmp_path):
    games = [game(name) for name in EPISODES]
    write(tmp_path, interleaved(*games))
    episodes = log.Episodes(tmp_path)
    assert episodes(EPISODES[0]) == games[0]
    (tmp_path / "index-0001.jsonl").write_bytes(b"#" * (tmp_path / "index-0001.jsonl").stat().st_size)
    assert [episodes(name) for name in EPISODES] == games


def test_episodes_that_end_while_they_are_followed_are_found(tmp_path):
    episodes = log.Episodes(tmp_path)
    assert episodes("e") == []
    with log.Writer(tmp_path) as writer:
        for event in game("e"):
            writer.append(event)
            assert episodes("e") == game("e")[: len(episodes("e"))]
        assert episodes("e") == game("e")
        assert episodes("f~1") == []
        for event in game("f~1"):
            writer.append(event)
        assert episodes("f~1") == game("f~1")
    assert (episodes("e"), episodes("f~1")) == (game("e"), game("f~1"))


def test_a_run_begun_anew_under_the_same_name_is_read_anew(tmp_path):
    episodes = log.Episodes(tmp_path)
    write(tmp_path, [*game("e"), *game("f~1")])
    assert episodes("f~1") == game("f~1")
    for path in tmp_path.iterdir():
        path.unlink()
    write(tmp_path, game("f~1"))
    assert (episodes("e"), episodes("f~1")) == ([], game("f~1"))


def test_an_episode_found_through_the_index_is_read_and_nothing_else(tmp_path):
    """Lines of other episodes are not looked at, so that one among many opens at once."""
    write(tmp_path, [*game("e"), *game("f~1")])
    path = tmp_path / "events-0001.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:9]) + b"?" * len(b"".join(lines[9:])))
    notices = []
    assert log.episode(tmp_path, "e", notices) == game("e")
    assert notices == []


# The header


def test_a_header_is_read(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"schema": SCHEMA, "run": "r"}))
    assert log.header(tmp_path) == {"schema": SCHEMA, "run": "r"}


def test_a_run_of_a_newer_schema_is_refused(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"schema": SCHEMA + 1}))
    with pytest.raises(DataError, match=f"schema {SCHEMA + 1}.*Upgrade"):
        log.header(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "7", "{}", '{"schema":"1"}', '{"schema":null}'])
def test_a_header_that_is_none_is_refused_by_the_name_of_its_file(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(DataError, match=r"run\.json"):
        log.header(tmp_path)


def test_a_header_that_is_no_utf8_is_refused(tmp_path):
    (tmp_path / "run.json").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"run\.json"):
        log.header(tmp_path)


def test_a_folder_that_is_no_run_is_refused_with_the_way_to_find_one(tmp_path):
    with pytest.raises(DataError, match="arena list runs"):
        log.header(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(DataError):
        log.header(tmp_path / "file")


def test_a_run_is_being_played_while_its_writer_lives(tmp_path):
    with log.Writer(tmp_path):
        assert log.playing(tmp_path)
    assert not log.playing(tmp_path)


def test_a_lock_that_a_dead_process_left_says_nothing(tmp_path):
    """A killed process leaves its lock file; its number belongs to nobody, or to nobody who plays."""
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    (tmp_path / "lock").write_text(f"{dead.pid} {socket.gethostname()}\n")
    assert not log.playing(tmp_path)


def test_on_another_machine_a_lock_has_to_be_believed(tmp_path):
    (tmp_path / "lock").write_text("1 some.other.machine\n")
    assert log.playing(tmp_path)
