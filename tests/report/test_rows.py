"""The verdicts of runs as rows, and as the frames of other libraries."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

import arena
from arena.errors import DataError, UsageError
from arena.events import Score, Usage
from arena.report import load
from arena.report.rows import COLUMNS, library


def one(runs, event, **head):
    (row,) = load(runs.write(event, **head))
    return row


def test_a_row_says_who_judged_what_and_how_it_came_out(runs):
    event = runs.episode("debate", "q", 1, group="p", transcript="0f" * 8, rounds=3, n=2, repeat=4)
    row = one(runs, event, arms=[runs.arm("debate", alice="sim/advocate")])
    assert (row["run"], row["question_id"], row["passage_id"], row["dataset"]) == ("r1", "q", "p", "casefiles")
    assert (row["protocol"], row["judge"], row["simulated"]) == ("debate", "sim/judge?skill=0.7", True)
    assert (row["episode"], row["dealing"], row["repeat"]) == ("debate~q~2", 2, 4)
    assert (row["outcome"], row["judge_correct"], row["p_correct"], row["turns"]) == ("ok", 1, 0.75, 3)
    assert row["transcript_id"] == "0f" * 8
    assert list(row) == list(COLUMNS)


def test_an_old_log_names_the_episode_for_its_transcript(runs):
    assert one(runs, runs.episode("debate", "q", 1))["transcript_id"] == "debate~q~0"


def test_a_missing_verdict_is_neither_right_nor_wrong(runs):
    row = one(runs, runs.episode("debate", "q", "refused"))
    assert (row["outcome"], row["judge_correct"], row["p_correct"], row["verdict"]) == ("refused", None, None, None)


def test_an_episode_that_failed_before_any_presentation_has_no_swap(runs):
    assert one(runs, runs.episode("debate", "q", outcome="timeout"))["swap"] is None


@pytest.mark.parametrize(
    "score, letter",
    [
        (Score(slot=0, correct=1, chosen=0), "A"),
        (Score(slot=0, correct=0, chosen=1), "B"),
        (Score(slot=1, correct=0, chosen=2), "C"),
        (Score(slot=0, correct=0.5), "tie"),
        (Score(slot=1, correct=1), "B"),
        (Score(slot=1, correct=0), "A"),
    ],
)
def test_the_verdict_is_the_letter_that_was_chosen(runs, score, letter):
    event = runs.episode("debate", "q").model_copy(update={"scores": (score,)})
    assert one(runs, event)["verdict"] == letter


def test_of_three_options_an_old_log_tells_no_wrong_letter(runs):
    event = runs.episode("debate", "q").model_copy(update={"scores": (Score(slot=1, correct=0),)})
    assert one(runs, event, dataset={"options": 3})["verdict"] is None


def test_what_the_judge_heard_is_told_by_who_was_right(runs):
    row = one(runs, runs.episode("debate", "q", 1, key=1, words=(30, 50), last=0))
    assert (row["len_honest"], row["len_dishonest"], row["last_speaker"]) == (50, 30, "dishonest")


def test_where_the_judge_heard_nobody_there_are_no_lengths(runs):
    row = one(runs, runs.episode("naive", "q", 1))
    assert (row["len_honest"], row["len_dishonest"], row["last_speaker"]) == (None, None, None)


def test_the_cost_of_an_episode_is_shared_among_its_rows(runs):
    event = runs.episode("debate", "q", 1, 0, cost=0.3, calls=7, usage=Usage(input=100, output=30))
    rows = load(runs.write(event))
    assert [row["cost_usd"] for row in rows] == [pytest.approx(0.15)] * 2
    assert sum(rows.columns["cost_calls"]) == 7
    assert (sum(rows.columns["cost_tokens_in"]), sum(rows.columns["cost_tokens_out"])) == (100, 30)


def test_an_unknown_price_is_no_cost(runs):
    assert one(runs, runs.episode("debate", "q", 1))["cost_usd"] is None


def test_several_runs_follow_one_another(runs):
    folder = runs.write(runs.episode("debate", "q", 1, 0))
    assert load(folder, folder).columns["run"] == ["r1"] * 4


def test_rows_can_be_taken_by_number_and_by_slice(runs):
    rows = arena.load(str(runs.write(runs.episode("debate", "q", 1, 0))))
    assert rows[1]["judge_correct"] == 0
    assert [row["swap"] for row in rows[:1]] == [0]


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(DataError, match="is not a run"):
        load(tmp_path / "nothing")


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_it_becomes_a_frame_of_a_library_that_is_there(runs, name):
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    rows = load(runs.write(runs.episode("debate", "q", 1, "refused", cost=0.5), runs.episode("naive", "q", 0)))
    frame = getattr(rows, name)()
    assert list(frame.columns) == list(COLUMNS)
    assert frame["judge_correct"].mean() == 0.5
    assert len(frame) == 3


def test_a_library_that_is_not_there_is_named_with_the_way_to_install_it():
    with pytest.raises(UsageError, match=r'pip install "oversight-arena\[no_such_library\]"'):
        library("no_such_library")


def test_the_page_of_reports_names_every_column():
    page = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in page] == []
