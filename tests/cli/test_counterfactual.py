"""`arena rejudge` and `arena ablate`: what they print, what they leave, how they end."""

import json
from pathlib import Path

import pytest

from arena import log


def header(run):
    return json.loads((Path(run) / "run.json").read_text())


def test_rejudging_prints_the_paired_effect_and_how_to_see_both_runs(arena, one_run):
    done = arena("rejudge", "one", "--judge", "sim/judge?noise=3", "--out", "transcripts/two")
    assert done.exit_code == 0, done.stderr
    assert "the new arm minus its parent" in done.stdout
    assert "report one two" in done.stdout
    assert header("transcripts/two")["factor"] == {"judge.model": "sim/judge?noise=3"}
    assert len(list(log.scan(Path("transcripts/two"), "Scored"))) == 6


def test_both_runs_can_be_reported(arena, one_run):
    arena("ablate", "one", "--factor", "rounds=1", "--out", "transcripts/two")
    done = arena("report", "one", "two")
    assert done.exit_code == 0, done.stderr
    assert "debate@rounds=1" in done.stdout.replace("\n", "")


def test_each_arm_is_reported_beside_the_one_that_it_was_told_from(arena, one_run):
    """Where the parent has several protocols, too; and where what changed is no setting of an arm."""
    arena("run", "--protocol", "debate", "--protocol", "consultancy", "--limit", "2", "--out", "transcripts/p")
    for factor in ("rounds=1", "quotes=masked", "order=swap"):
        arena("ablate", "p", "--factor", factor, "--out", f"transcripts/{factor[:5]}")
        done = arena("report", "p", factor[:5], "--json")
        assert done.exit_code == 0, done.stderr
        pairs = {(each["a"], each["b"]) for each in json.loads(done.stdout)["comparisons"]}
        assert {(f"{arm}@{factor}", arm) for arm in ("debate", "consultancy", "naive", "expert")} <= pairs


def test_a_run_that_is_not_the_parent_any_more_is_compared_by_its_header_only(arena, one_run):
    arena("ablate", "one", "--factor", "quotes=masked", "--out", "transcripts/two")
    with (one_run / "events-0001.jsonl").open("ab") as file:
        file.write(b"\n")
    assert arena("report", "one", "two").exit_code == 2


def test_a_child_is_gone_on_with_by_its_own_command(arena, one_run):
    asked = ("ablate", "one", "--factor", "side=hidden", "--out", "transcripts/two")
    arena(*asked)
    done = arena("run", "--resume", "two")
    assert done.exit_code == 2
    assert "arena ablate" in done.stderr
    assert arena(*asked).exit_code == 0


def test_an_ablation_without_an_effect_is_printed_as_exactly_none(arena, one_run):
    done = arena("ablate", "--factor", "order=swap", "--arm", "debate", "--offline", "--out", "two")
    assert done.exit_code == 0, done.stderr
    assert "+0.000" in done.stdout


def test_an_effect_on_few_passages_is_printed_without_interval_and_p(arena, one_run):
    """As a report has it, of which the effect is a part."""
    done = arena("rejudge", "one", "--judge", "sim/judge?noise=9", "--arm", "expert", "--out", "two")
    row = next(line for line in done.stdout.splitlines() if line.startswith("expert@"))
    assert "–" in row.split()
    assert "[" not in row
    assert "too few passages for inference" in done.stdout


def test_where_no_judge_came_to_a_verdict_there_is_nothing_to_ask_again(arena, stranger):
    arena("run", "--protocol", "naive", "--limit", "2", "--judge", "odd/mute", "--no-baselines", "--out", "x")
    done = arena("rejudge", "x", "--judge", "sim/judge", "--out", "two")
    assert done.exit_code == 2
    assert "no judge came to a verdict in naive of x" in done.stderr
    assert not Path("two").exists()


def test_a_run_is_named_after_its_parent(arena, one_run):
    arena("ablate", "one", "--factor", "side=hidden")
    (made,) = (path for path in Path("transcripts").iterdir() if path.name != "one")
    assert made.name.endswith("-ablate-one")


def test_offline_a_needed_call_is_an_error_that_names_it(arena, one_run, unchanged):
    with unchanged:
        done = arena("ablate", "one", "--factor", "rounds=1", "--offline", "--out", "two")
    assert done.exit_code == 2
    assert "4 calls would be needed. The first: debate@rounds=1~" in done.stderr


def test_a_real_judge_is_not_called_without_a_word(arena, one_run, unchanged, monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "none")
    with unchanged:
        done = arena("rejudge", "one", "--judge", "anthropic/claude-haiku-4-5", "--out", "two")
    assert done.exit_code == 2
    assert "--yes" in done.stderr


def test_a_child_is_replayed_as_any_run(arena, one_run):
    arena("ablate", "one", "--factor", "quotes=masked", "--out", "transcripts/two")
    done = arena("replay", "two", "1", "--plain")
    assert done.exit_code == 0
    assert "[quote withheld]" in done.stdout


@pytest.mark.parametrize(
    "words, message",
    [
        (("rejudge", "one", "--rounds", "none"), "write 2, or 1,3, or 1..3"),
        (("rejudge", "one", "--prompts", "nowhere"), "there is no folder nowhere"),
        (("rejudge", "one", "--prompts", "transcripts"), "transcripts has no prompts for any"),
        (("ablate", "one", "--factor", "prompts=nowhere"), "there is no folder nowhere"),
        (("ablate", "one", "--factor", "prompts=transcripts"), "folders of their names: debate/*.md"),
        (("rejudge", "one", "--judge", "sim/jugde"), "Did you mean judge"),
        (("rejudge", "ome"), "Did you mean one"),
        (("ablate", "one"), "Missing option '--factor'".lower()),
        (("ablate", "one", "--factor", "colour=blue"), "no factor is called 'colour'"),
        (("ablate", "one", "--factor", "rounds=1", "--arm", "debat"), "Did you mean debate"),
        (("ablate", "one", "--factor", "rounds=1", "--out", "transcripts/one"), "begun with other"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(arena, one_run, unchanged, words, message):
    with unchanged:
        done = arena(*words)
    assert done.exit_code == 2
    assert message in done.stderr


def test_a_person_is_not_asked_without_a_screen_and_nothing_is_written(arena, one_run):
    done = arena("rejudge", "one", "--judge", "human/ada", "--out", "transcripts/two")
    assert done.exit_code == 2
    assert "arena judge RUN --name ada" in done.stderr
    assert not Path("transcripts/two").exists()


def test_without_a_run_it_is_the_last_that_was_played_and_not_one_that_was_told_again(arena, one_run):
    arena("rejudge", "one", "--judge", "sim/judge?noise=3", "--out", "transcripts/two")
    done = arena("ablate", "--factor", "rounds=1", "--out", "transcripts/three")
    assert done.exit_code == 0, done.stderr
    assert header("transcripts/three")["parent"]["run"] == "transcripts/one"
