"""A run folder is read for its results; what is damaged is named and the rest is still read."""

from __future__ import annotations

import json
import pickle
from io import BytesIO

import pytest

from arena.analysis import read
from arena.analysis.collector import Collector
from arena.analysis.helper import Helper
from arena.analysis.helper import __file__ as code
from arena.analysis.reading import answer, read_into
from arena.analysis.shares import shares
from arena.errors import DataError
from arena.events import Opened, Spend, dump


def write(run, number, *lines, end="\n"):
    text = "\n".join(line if isinstance(line, str) else dump(line) for line in lines)
    (run / f"events-{number:04}.jsonl").write_text(text + end)


def test_it_reads_the_scored_lines_of_every_file(tmp_path, make):
    write(tmp_path, 1, Opened(episode="e", arm="debate", question="q"), make.episode("q", 1))
    write(tmp_path, 2, make.episode("r", 0))
    reading = read(tmp_path)
    assert reading.table.rows.correct.tolist() == [1, 0]
    assert reading.notices == ()


def test_a_later_file_wins_over_an_earlier_one(tmp_path, make):
    write(tmp_path, 2, make.episode("q", 1))
    write(tmp_path, 1, make.episode("q", 0))
    assert read(tmp_path).table.rows.correct.tolist() == [1]


SCORED = '{"type":"Scored","episode":"e","arm":"a","question":"q","group":"g","dataset":"d","key":0,'


@pytest.mark.parametrize(
    "damage",
    [
        '{"type":"Scored","episode":"e","ar',
        '{"type":"Scored","episode":"e"}',
        SCORED + '"scores":[{"slot":0,"correct":7}]}',
        SCORED + '"scores":[],"unheard_of":1}',
        "\x00\x00\x00\x00",
        "[]",
    ],
)
def test_a_damaged_line_is_named_and_the_rest_is_read(tmp_path, make, damage):
    write(tmp_path, 1, make.episode("q", 1), damage, make.episode("r", 0))
    reading = read(tmp_path)
    assert reading.table.rows.correct.tolist() == [1, 0]
    assert [notice.split(" ")[0] for notice in reading.notices] == ["events-0001.jsonl:2:"]
    assert "damaged" in reading.notices[0]


def test_bytes_that_are_no_text_are_a_damaged_line(tmp_path, make):
    line = dump(make.episode("q", 1)).encode()
    (tmp_path / "events-0001.jsonl").write_bytes(line.replace(b'"arm":"debate"', b'"arm":"\xff\xfe"') + b"\n")
    assert "events-0001.jsonl:1: this line is damaged" in read(tmp_path).notices[0]


def test_a_torn_last_line_is_dropped_with_a_notice(tmp_path, make):
    write(tmp_path, 1, make.episode("q", 1), make.episode("r", 1), end="")
    reading = read(tmp_path)
    assert len(reading.table.rows) == 1
    assert "events-0001.jsonl:2: the last line is cut off" in reading.notices[0]


def test_a_folder_without_events_has_no_results(tmp_path):
    assert len(read(tmp_path).table.rows) == 0


def test_an_events_file_that_cannot_be_opened_is_an_error_in_words(tmp_path):
    (tmp_path / "events-0001.jsonl").mkdir()
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path)


LOG = [1, 0, "damage", 1, "refused", 1]


def logged(run, make):
    """A run of two files with damage in each, both of which score one question; returns it."""
    for number in (1, 2):
        spend = {"judge": Spend(models=("m",))}
        lines = [SCORED if v == "damage" else make.episode(f"q{n * number}", v, spend=spend) for n, v in enumerate(LOG)]
        write(run, number, *lines, SCORED, end="")
    return run


def in_parts(paths):
    return shares(paths, workers=3, large=0)


def contents(reading):
    table, names = reading.table, reading.table.names
    return reading.notices, names.episodes, names.questions, table.rows.correct.tolist(), table.served


def test_a_log_that_is_read_by_several_processes_gives_what_one_reads(tmp_path, make):
    run, started = logged(tmp_path, make), []

    def ask(task):
        started.append(Helper(task))
        return started[-1]

    found = read(run, in_parts, ask)
    assert repr(contents(found)) == repr(contents(read(run)))
    assert len(found.notices) == 4
    assert len(started) == 2


def test_what_a_process_would_have_read_is_read_here_where_it_does_not_answer(tmp_path, make):
    run = logged(tmp_path, make)
    found = read(run, in_parts, lambda task: Helper(task, python="/bin/false"))
    assert repr(contents(found)) == repr(contents(read(run)))


def test_what_is_answered_is_what_was_asked_for(tmp_path, make):
    run, tasks = logged(tmp_path, make), []

    def ask(task):
        tasks.append(task)
        return Helper(task, python="/bin/false")

    collector = Collector()
    collector.begin({"debate": "debate · r2"}, "r2:")
    read_into(collector, run, in_parts, ask)
    found = Collector()
    for task in tasks:
        out = BytesIO()
        answer(json.dumps({"code": code, **task}), out)
        part, notices = pickle.loads(out.getvalue())  # noqa: S301 - our own
        assert all(notice.startswith("events-000") for notice in notices)
        found.join(part)
    table = found.table()
    assert table.arms == ("debate · r2",)
    assert {name[:3] for name in table.names.episodes} == {"r2:"}
    assert set(table.names.episodes) < set(collector.table().names.episodes)
