"""`arena report`: results on stdout, notices on stderr, in three forms."""

import csv
import io
import json
from pathlib import Path


def test_without_a_word_it_reports_the_last_run(arena, one_run):
    arena("run", "--limit", "1", "--seed", "5", "--out", "transcripts/two")
    header = json.loads(Path("transcripts/two/run.json").read_text())
    Path("transcripts/two/run.json").write_text(json.dumps(header | {"created": "2999-01-01T00:00:00+00:00"}))
    assert json.loads(arena("report", "--json").stdout)["run"] == "two"


def test_as_text_it_fits_80_columns_and_has_no_escapes(arena, one_run):
    done = arena("report", "one")
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout


def test_as_json_stdout_holds_one_object_and_nothing_else(arena, one_run):
    done = arena("report", "one", "--json")
    assert done.exit_code == 0
    assert [arm["arm"] for arm in json.loads(done.stdout)["arms"]] == ["debate", "naive", "expert"]


def test_several_runs_are_joined_and_compared(arena, one_run):
    arena("run", "--limit", "2", "--judge", "sim/judge?noise=2", "--out", "transcripts/two")
    found = json.loads(arena("report", "one", "two", "--json").stdout)
    assert found["run"] == "one + two"
    pairs = [(each["a"], each["b"]) for each in found["comparisons"]]
    assert ("debate · two", "debate · one") in pairs


def test_runs_that_cannot_be_compared_are_refused_with_the_reason(arena, one_run):
    arena("run", "--limit", "3", "--out", "transcripts/other")
    done = arena("report", "one", "other")
    assert done.exit_code == 2
    assert "can't be compared: they have not the same data" in done.stderr
    assert done.stdout == ""


def test_what_several_runs_may_differ_in_can_be_declared(arena, one_run):
    arena("run", "--limit", "2", "--judge", "sim/judge?noise=2", "--set", "rounds=1", "--out", "transcripts/two")
    assert "--factor judge.model --factor rounds" in arena("report", "one", "two").stderr
    declared = arena("report", "one", "two", "--factor", "judge.model", "--factor", "rounds")
    assert declared.exit_code == 0


def test_a_run_named_twice_is_refused(arena, one_run):
    done = arena("report", "one", "one")
    assert done.exit_code == 2
    assert "named twice" in done.stderr


def test_as_csv_it_has_one_row_a_verdict(arena, one_run):
    rows = list(csv.DictReader(io.StringIO(arena("report", "one", "--csv", "-").stdout)))
    assert sorted(row["arm"] for row in rows) == sorted(["debate", "naive", "expert"] * 4)


def test_csv_goes_into_a_file_and_leaves_stdout_to_json(arena, one_run):
    done = arena("report", "one", "--csv", "table.csv", "--json")
    assert json.loads(done.stdout)["run"] == "one"
    assert Path("table.csv").read_text().count("\n") == 13


def test_a_file_that_cannot_be_written_is_refused(arena, one_run):
    done = arena("report", "one", "--csv", "nowhere/table.csv")
    assert done.exit_code == 2
    assert done.stderr.startswith("arena: cannot write nowhere/table.csv")


def test_notices_go_to_stderr_where_stdout_is_for_programs(arena, one_run):
    events = one_run / "events-0001.jsonl"
    events.write_bytes(events.read_bytes()[:-30])
    done = arena("report", "one", "--json")
    assert json.loads(done.stdout)["run"] == "one"
    assert "one: unfinished: 5 of 6 episodes" in done.stderr


def test_a_broken_line_in_the_middle_costs_only_itself(arena, one_run):
    events = one_run / "events-0001.jsonl"
    lines = events.read_bytes().splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if b'"Scored"' in line)
    lines[at] = lines[at][:60] + b"\x00\xff garbage\n"
    events.write_bytes(b"".join(lines))
    done = arena("report", "one")
    assert done.exit_code == 0
    assert "5 of 6 episodes" in done.stdout


def test_a_full_report_has_more_sections_than_the_short_one(arena, one_run):
    assert "Calibration" in arena("report", "one", "--full").stdout
    assert "Calibration" not in arena("report", "one").stdout


def test_one_section_can_be_asked_for(arena, one_run):
    shown = arena("report", "one", "--section", "calibration").stdout
    assert "Calibration" in shown
    assert "Both orders" not in shown


def test_a_section_that_is_not_known_is_answered_with_the_nearest(arena, one_run):
    done = arena("report", "one", "--section", "calibraton")
    assert done.exit_code == 2
    assert "Did you mean calibration?" in done.stderr


def test_json_is_always_the_full_report(arena, one_run):
    assert len(json.loads(arena("report", "one", "--json").stdout)["insights"]) == 3


def test_several_runs_are_one_page_and_one_set_of_figures(arena, one_run):
    arena("run", "--limit", "2", "--judge", "sim/judge?noise=2", "--out", "transcripts/two")
    done = arena("report", "one", "two", "--html", "page.html", "--figures", "figures")
    assert done.exit_code == 0
    assert done.stdout == ""
    page = Path("page.html").read_text(encoding="utf-8")
    assert "one:debate~" in page
    assert "two:debate~" in page
    assert Path("figures/accuracy.svg").is_file()


def test_a_page_and_json_can_be_asked_for_at_once(arena, one_run):
    done = arena("report", "one", "--html", "page.html", "--json")
    assert json.loads(done.stdout)["run"] == "one"
    assert Path("page.html").is_file()


def test_a_run_without_results_has_no_figure_and_says_so(arena, one_run):
    for events in Path("transcripts/one").glob("events*.jsonl"):
        events.write_text("")
    done = arena("report", "one", "--figures", "figures")
    assert done.exit_code == 0
    assert "no figure was drawn" in done.stderr
    assert "no results yet" in done.stderr
