"""`arena audit`: what it prints, what it leaves, how it ends."""

import json


def test_a_clean_run_passes(arena, one_run):
    done = arena("audit", "one")
    assert done.exit_code == 0, done.stderr
    assert "16 of 16 prompts are proven by the key of their call" in done.stdout
    assert done.stdout.rstrip().endswith("PASSED: nobody could read what it should not.")
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_an_altered_run_fails_with_the_place(arena, one_run):
    path = one_run / "run.json"
    header = json.loads(path.read_text())
    header["arms"][0]["prompts"]["judge"] += " Alice lies."
    path.write_text(json.dumps(header))
    done = arena("audit")
    assert done.exit_code == 1
    assert "the prompt is not the one that was sent" in done.stdout
    assert "FAILED" in done.stdout


def test_the_certificate_is_json_and_can_be_left_in_the_folder(arena, one_run):
    done = arena("audit", "one", "--json", "--save")
    found = json.loads(done.stdout)
    assert (found["run"], found["passed"]) == ("one", True)
    assert json.loads((one_run / "audit.json").read_text()) == found
    assert arena("audit", "one", "--json").stdout == done.stdout


def test_without_save_nothing_is_written(arena, one_run, unchanged):
    with unchanged:
        arena("audit", "one")


def test_a_folder_that_is_no_run_is_refused(arena, one_run, place):
    (place / "empty").mkdir()
    done = arena("audit", "empty")
    assert done.exit_code == 2
    assert "not a run" in done.stderr


def test_a_certificate_that_was_left_is_in_the_report(arena, one_run):
    assert "Audit:" not in arena("report", "one").stdout
    arena("audit", "one", "--save")
    assert "Audit: passed; 24 of 24 prompts proven." in arena("report", "one").stdout
    with (one_run / "events-0001.jsonl").open("ab") as file:
        file.write(b"\n")
    assert "the run changed since it was audited" in arena("report", "one").stdout
    (one_run / "audit.json").write_text("[]")
    assert "Audit:" not in arena("report", "one").stdout


def test_a_run_in_which_no_turn_was_finished_has_nothing_to_prove(arena, stranger):
    arena("run", "--protocol", "naive", "--limit", "2", "--judge", "odd/mute", "--no-baselines", "--out", "x")
    assert "no call of a finished turn is logged" in " ".join(arena("audit", "x").stdout.split())
