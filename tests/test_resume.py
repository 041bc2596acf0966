"""Resuming: what an unfinished run already holds, read off its lines."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena import log
from arena.events import Attempt, Called, Dealt, Lost, Opened, Scored, dump, parse
from arena.resume import recall

NAMES = ["debate~q~0", 'a "quoted" \\ \n\U0001f3ee name', "é\u2028", '","at":"9']
KEYS = [f"{n:032x}" for n in range(9)]
HOSTILE = '","key":"ffffffffffffffffffffffffffffffff","attempt":7,"x":"\\","key":"eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee" \\'


def opened(name):
    return Opened(episode=name, arm="debate", question="q")


def called(name, at, key, attempt=0, text="So."):
    return Called(episode=name, at=at, seat="alice", attempt=attempt, model="m", key=key, text=text)


def scored(name):
    return Scored(episode=name, arm="a", question="q", group="g", dataset="d", key=0, scores=())


def write(run, *events):
    with log.Writer(run) as writer:
        return [writer.append(event) for event in events]


@contextmanager
def folder():
    """A fresh folder for each example that hypothesis tries."""
    with TemporaryDirectory() as name:
        yield Path(name)


def test_a_run_that_has_not_begun_has_no_past(tmp_path):
    past = recall(tmp_path)
    assert (past.done, past.calls, past.places) == (frozenset(), {}, {})


@pytest.mark.parametrize("name", NAMES)
def test_an_episode_is_done_when_it_was_scored(tmp_path, name):
    write(tmp_path, opened(name), called(name, "1", KEYS[0]), scored(name), opened("other"))
    past = recall(tmp_path)
    assert past.done == {name}
    assert past.places.keys() == {"other"}


@pytest.mark.parametrize("name", NAMES)
def test_an_unfinished_episode_knows_which_of_its_events_were_logged(tmp_path, name):
    events = [
        opened(name),
        Dealt(episode=name, at="1", order=(1, 0)),
        called(name, "2:0", KEYS[0]),
        called(name, "2:0", KEYS[1], attempt=1),
        called(name, "3+0/1", KEYS[2], text=HOSTILE),
    ]
    write(tmp_path, *events)
    assert recall(tmp_path).places == {
        name: {
            ("Opened", "", 0),
            ("Dealt", "1", 0),
            ("Called", "2:0", 0),
            ("Called", "2:0", 1),
            ("Called", "3+0/1", 0),
        }
    }


def test_an_unfinished_episode_knows_its_calls_without_their_words(tmp_path):
    failed = (Attempt(kind="cut", cost=0.5),)
    call = called("e", "1", KEYS[0], text="Long.").model_copy(update={"thinking": "hm", "logprobs": [1], "cost": 2.0})
    lost = Lost(episode="e", at="2", seat="bob", model="m", failed=failed)
    write(tmp_path, opened("e"), call, lost, called("f", "1", KEYS[1]), scored("f"))
    kept = call.model_copy(update={"text": "", "thinking": None, "logprobs": None})
    assert recall(tmp_path).asked == {"e": (kept, lost)}


def test_an_episode_that_is_played_again_bought_what_it_had_bought_and_lost_what_it_had_lost(tmp_path):
    failed = (Attempt(kind="cut", cost=0.5),)
    bought = called("e", "1", KEYS[0]).model_copy(update={"cost": 2.0, "failed": failed})
    shared = called("e", "2", KEYS[1]).model_copy(update={"reused": True})
    lost = Lost(episode="e", at="3", seat="bob", model="m", failed=failed)
    write(tmp_path, opened("e"), bought, shared, lost)
    again = [call.model_copy(update={"reused": True, "failed": ()}) for call in (bought, shared)]
    new = called("e", "3", KEYS[2])
    told = recall(tmp_path).billed("e", [opened("e"), *again, new])
    assert [(event.type, getattr(event, "reused", None), getattr(event, "failed", None)) for event in told] == [
        ("Lost", None, failed),
        ("Opened", None, None),
        ("Called", False, failed),
        ("Called", True, ()),
        ("Called", False, ()),
    ]


def test_an_episode_without_a_past_is_billed_as_it_was_played(tmp_path):
    events = [opened("e"), called("e", "1", KEYS[0])]
    assert recall(tmp_path).billed("e", events) == events


def test_another_reply_at_the_place_of_a_logged_one_is_not_taken_for_it(tmp_path):
    write(tmp_path, called("e", "1", KEYS[0]))
    other = called("e", "1", KEYS[5])
    assert recall(tmp_path).billed("e", [other]) == [other]


def test_every_call_is_found_by_its_key_where_it_lies(tmp_path):
    calls = [called(name, str(n), KEYS[n], text=HOSTILE) for n, name in enumerate(NAMES)]
    places = write(tmp_path, *calls, scored(NAMES[0]))
    assert recall(tmp_path).calls == dict(zip(KEYS[:4], places[:4], strict=True))


def test_a_call_that_was_logged_twice_is_found(tmp_path):
    """Later lines with its key are reuses, and say the same."""
    places = write(tmp_path, called("e", "1", KEYS[0]), called("f", "1", KEYS[0]))
    assert recall(tmp_path).calls[KEYS[0]] in places


def test_a_call_that_was_bought_again_because_its_line_was_damaged_is_found_where_it_is_whole(tmp_path):
    damaged, whole = write(tmp_path, called("e", "1", KEYS[0]), called("e", "1", KEYS[0]))
    path = tmp_path / damaged[0]
    path.write_bytes(path.read_bytes().replace(b'"text":"So."', b'"text":"So.?', 1))
    assert recall(tmp_path).calls == {KEYS[0]: whole}


@given(st.text())
def test_no_reply_can_pass_for_the_key_or_the_attempt_of_a_call(text):
    with folder() as run:
        write(run, called("e", "1", KEYS[3], text=HOSTILE + text))
        past = recall(run)
    assert list(past.calls) == [KEYS[3]]
    assert past.places == {"e": {("Called", "1", 0)}}


def test_the_files_of_several_processes_are_one_past(tmp_path):
    first = write(tmp_path, opened("e"), called("e", "1", KEYS[0]))
    second = write(tmp_path, called("e", "2", KEYS[1]), scored("e"))
    past = recall(tmp_path)
    assert past.calls == {KEYS[0]: first[1], KEYS[1]: second[0]}
    assert past.done == {"e"}


def _lines(run):
    path = run / "events-0001.jsonl"
    return path, path.read_bytes().splitlines(keepends=True)


EVENTS = [opened("e"), called("e", "1", KEYS[0]), called("e", "2", KEYS[1]), scored("f"), scored("g")]


@given(st.data())
def test_a_log_cut_at_any_byte_has_the_past_of_its_whole_lines(data):
    with folder() as run:
        write(run, *EVENTS)
        path, lines = _lines(run)
        whole = b"".join(lines)
        cut = data.draw(st.integers(0, len(whole) - 1))
        path.write_bytes(whole[:cut])
        past = recall(run)
    kept = EVENTS[: whole[:cut].count(b"\n")]
    assert past.done == {event.episode for event in kept if event.type == "Scored"}
    assert list(past.calls) == [event.key for event in kept if event.type == "Called"]


@given(st.data())
def test_a_damaged_line_is_no_past(data):
    """What cannot be read was not logged: it is played and written again; the other lines count as ever."""
    with folder() as run:
        write(run, *EVENTS)
        path, lines = _lines(run)
        number = data.draw(st.integers(0, len(lines) - 1))
        line = bytearray(lines[number])
        at = data.draw(st.integers(0, len(line) - 2))
        line[at] = data.draw(st.sampled_from(b'?"\\}0\x00\xff'))
        path.write_bytes(b"".join([*lines[:number], bytes(line), *lines[number + 1 :]]))
        events = [event for event in map(_read, path.read_bytes().split(b"\n")[:-1]) if event]
        past = recall(run)
    assert past.done == {event.episode for event in events if event.type == "Scored"}
    places = {(e.episode, e.type, e.at, getattr(e, "attempt", 0)) for e in events if e.episode not in past.done}
    assert {(name, *place) for name, logged in past.places.items() for place in logged} == places


def _read(line):
    try:
        return parse(line)
    except ValueError:
        return None


def test_the_head_of_a_line_is_all_that_a_recall_needs():
    """Its regular expressions lean on this layout."""
    assert dump(called("e", "1", KEYS[0], attempt=2)).startswith(
        '{"type":"Called","episode":"e","at":"1","seat":"alice","attempt":2,"model":"m","key":"0000'
    )
