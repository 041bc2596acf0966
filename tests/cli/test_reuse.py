"""`arena run --reuse`: replies of earlier runs, from the command line."""

import json
import shutil
from pathlib import Path


def header(run: str) -> dict:
    return json.loads((Path(run) / "run.json").read_text())


def test_it_takes_the_replies_of_a_run_by_name_and_says_how_many(arena, one_run):
    done = arena("run", "--limit", "2", "--reuse", "one", "--out", "transcripts/two")
    assert done.exit_code == 0
    assert "reused 24 replies of earlier runs" in done.stderr
    assert [source["run"] for source in header("transcripts/two")["reuse"]] == ["transcripts/one"]


def test_it_says_where_the_money_stayed(arena, stranger):
    asked = ("run", "--protocol", "naive", "--no-baselines", "--limit", "2", "--judge", "odd/dear")
    arena(*asked, "--out", "one")
    done = arena(*asked, "--reuse", "one", "--out", "two")
    assert "reused 4 replies of earlier runs: 4.00 USD not spent again" in done.stderr


def test_it_says_so_where_nothing_could_be_reused(arena, one_run):
    done = arena("run", "--limit", "1", "--seed", "5", "--reuse", "one", "--out", "two")
    assert "reused no reply" in done.stderr


def test_several_runs_may_lend(arena, one_run):
    arena("run", "--limit", "3", "--seed", "4", "--out", "transcripts/other")
    arena("run", "--limit", "2", "--reuse", "other", "--reuse", "one", "--out", "two")
    assert [source["run"] for source in header("two")["reuse"]] == ["transcripts/other", "transcripts/one"]


def test_an_experiment_file_may_name_them(arena, one_run, place):
    (place / "again.toml").write_text('limit = 2\nreuse = ["one"]\n')
    done = arena("run", "again.toml", "--out", "two")
    assert "reused 24 replies" in done.stderr


def test_a_run_that_there_is_not_is_refused_before_anything_is_written(arena, one_run, unchanged):
    with unchanged:
        done = arena("run", "--reuse", "ome", "--out", "two")
    assert done.exit_code == 2
    assert "Did you mean one?" in done.stderr


def test_a_run_is_resumed_with_what_it_was_begun_with(arena, one_run):
    asked = ("run", "--limit", "2", "--reuse", "one", "--out", "transcripts/two")
    arena(*asked)
    for name in ("events", "index", "texts"):
        (Path("transcripts/two") / f"{name}-0001.jsonl").unlink()
    done = arena("run", "--resume", "two")
    assert "reused 24 replies" in done.stderr


def test_a_lender_that_is_gone_by_then_is_said_to_be(arena, one_run):
    arena("run", "--limit", "2", "--reuse", "one", "--out", "transcripts/two")
    shutil.rmtree("transcripts/one")
    done = arena("run", "--resume", "two")
    assert done.exit_code == 0
    assert "transcripts/one: not there any more" in done.stderr
