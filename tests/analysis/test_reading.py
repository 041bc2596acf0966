"""A run folder is read for its results; what is damaged is named and the rest is still read."""

from __future__ import annotations

import pytest

from arena.analysis import read
from arena.errors import DataError
from arena.events import Opened, dump


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
