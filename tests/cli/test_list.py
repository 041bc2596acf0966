"""`arena list`: what is installed, and the runs there are."""

import json
from pathlib import Path


def lines(done):
    assert done.exit_code == 0, done.stderr
    return done.stdout.splitlines()


def test_a_name_stands_with_the_package_it_is_from(arena, stranger):
    assert [line.split() for line in lines(arena("list", "models"))] == [
        ["anthropic", "oversight-arena", "0.1.0"],
        ["human", "oversight-arena", "0.1.0"],
        ["odd", "stranger", "3.2"],
        ["openai", "oversight-arena", "0.1.0"],
        ["recorded", "oversight-arena", "0.1.0"],
        ["sim", "oversight-arena", "0.1.0"],
    ]


def test_at_length_it_tells_what_each_is_and_its_settings(arena):
    told = [line.strip() for line in lines(arena("list", "protocols", "--long"))]
    assert "Two debaters defend opposite answers before a judge who cannot read the passage." in told
    assert "rounds       3             how often each debater speaks" in told


def test_a_package_that_cannot_be_imported_hides_no_other(arena, stranger):
    stranger.write_text("import nothing_of_that_name")
    told = arena("list", "models", "--long")
    assert "'odd'" in told.stdout
    assert "nothing_of_that_name" in told.stdout
    assert "sim" in told.stdout


def test_without_a_word_it_lists_everything(arena, one_run):
    heads = [line for line in lines(arena("list")) if line.endswith(":")]
    assert heads == ["protocols:", "datasets:", "models:", "runs:"]


class TestRuns:
    def test_stand_with_what_is_done_of_what_was_planned(self, arena, one_run):
        _, row = lines(arena("list", "runs"))
        assert row.startswith("one ")
        assert "6 of 6" in row
        assert "simulated" in row
        assert row.endswith("debate, naive, expert")

    def test_that_are_unfinished_show_it(self, arena, one_run):
        events = one_run / "events-0001.jsonl"
        kept = [line for line in events.read_bytes().splitlines(keepends=True) if b'"Scored"' not in line]
        events.write_bytes(b"".join(kept))
        assert "0 of 6" in lines(arena("list", "runs"))[1]

    def test_do_not_count_training_questions(self, arena):
        words = ("--protocol", "amplification?iterations=1&distil=true", "--dataset", "casefiles?hops=3")
        arena("run", *words, "--limit", "2", "--train", "3", "--no-baselines", "--out", "transcripts/x")
        assert "4 of 4" in lines(arena("list", "runs"))[1]

    def test_stand_in_the_order_in_which_they_were_begun_samples_first(self, arena, one_run):
        for name, created in (("b", "2020-01-01T00:00:00"), ("a", "2021-01-01T00:00:00"), ("samples/s", None)):
            folder = Path("transcripts", name)
            folder.mkdir(parents=True)
            (folder / "run.json").write_text(json.dumps({"schema": 1, "created": created}))
        names = [line.split()[0] for line in lines(arena("list", "runs"))]
        assert names == ["run", "samples/s", "b", "a", "one"]

    def test_whose_header_is_broken_are_named_and_hide_no_other(self, arena, one_run):
        Path("transcripts/broken").mkdir()
        Path("transcripts/broken/run.json").write_text("{")
        done = arena("list", "runs")
        assert len(lines(done)) == 2
        assert "broken" in done.stderr

    def test_of_which_there_are_none_are_answered_with_the_way_to_one(self, arena):
        assert "arena run" in arena("list", "runs").stdout
