"""`arena run`: what it prints where, what it leaves behind, and how it ends."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from arena import log
from arena.cli.dry import playing
from arena.plan import Experiment, resolve


def scored(run: Path) -> list[bytes]:
    return sorted(line for line in log.scan(run, "Scored"))


def header(run: str | Path) -> dict:
    return json.loads((Path(run) / "run.json").read_text())


@pytest.fixture(scope="module")
def default(tmp_path_factory):
    """A run without arguments, 80 columns wide, made once: what it printed, and its folder."""
    from click.testing import CliRunner

    from arena.cli import verbs

    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("newcomer"))
        patch.setenv("COLUMNS", "80")
        done = CliRunner().invoke(verbs, ["run"])
        (folder,) = Path("transcripts").resolve().iterdir()
        yield done, folder


class TestWithoutArguments:
    def test_it_plays_debate_and_the_baselines_on_casefiles(self, default):
        done, folder = default
        assert done.exit_code == 0
        assert header(folder)["planned"] == {"debate": 100, "naive": 100, "expert": 100}
        assert header(folder)["dataset"]["name"] == "casefiles"
        assert len(scored(folder)) == 300

    def test_it_prints_a_table_of_80_columns(self, default):
        done, _ = default
        table, _, _ = done.stdout.partition("Transcripts:")
        assert {"debate", "naive", "expert"} <= set(table.split())
        assert max(map(len, table.splitlines())) <= 80

    def test_it_says_that_no_real_model_was_called(self, default):
        done, folder = default
        assert "simulated models: no real model is called" in done.stderr
        assert "simulated" in done.stdout
        assert header(folder)["simulated"] is True

    def test_it_names_the_folder_after_the_time_and_the_protocol(self, default):
        done, folder = default
        assert re.fullmatch(r"\d{8}-\d{6}-debate", folder.name)
        assert f"Transcripts: transcripts/{folder.name}" in done.stdout

    def test_it_prints_no_escapes_where_there_is_no_terminal(self, default):
        done, _ = default
        assert "\x1b" not in done.output

    def test_the_commands_it_names_can_be_copied_and_work(self, default, monkeypatch):
        from click.testing import CliRunner

        from arena.cli import verbs

        done, folder = default
        monkeypatch.chdir(folder.parent.parent)
        _, _, after = done.stdout.partition("Next:\n")
        commands = [line.strip().split("  ")[0] for line in after.splitlines() if line.strip()]
        assert len(commands) >= 3
        for command in commands:
            program, *words = shlex.split(command)
            assert program.endswith("arena")
            assert CliRunner().invoke(verbs, words).exit_code == 0, command


def test_options_go_before_the_experiment_file_which_goes_before_the_defaults(arena, place):
    text = 'protocol = "consultancy"\nlimit = 3\nseed = 4\nbaselines = false\nset = { rounds = 2, words = 99 }\n'
    (place / "experiment.toml").write_text(text)
    done = arena("run", "experiment.toml", "--limit", "1", "--set", "rounds=1", "--out", "x")
    assert done.exit_code == 0
    made = header("x")
    assert made["experiment"]["limit"] == 1
    assert made["seed"] == 4
    (arm,) = made["arms"]
    assert arm["protocol"] == "consultancy"
    assert (arm["settings"]["rounds"], arm["settings"]["words"]) == (1, 99)


def test_an_experiment_file_may_say_all_and_true_and_numbers_as_toml_has_them(arena, place, rows):
    file = rows(*({"id": str(i), "question": "Which?", "options": ["one", "two"], "answer": 0} for i in range(3)))
    text = (
        f'dataset = "{file}"\nlimit = "all"\nreproducible = true\nset = {{ interactive = true }}\nbaselines = false\n'
    )
    (place / "experiment.toml").write_text(text)
    assert arena("run", "experiment.toml", "--out", "x").exit_code == 0
    assert header("x")["planned"] == {"debate": 3}
    assert header("x")["arms"][0]["settings"]["interactive"] is True


def test_each_protocol_may_be_set_up_in_its_own_name(arena):
    done = arena("run", "--protocol", "debate?rounds=1", "--protocol", "debate?rounds=2", "--limit", "1", "--out", "x")
    assert done.exit_code == 0
    assert header("x")["planned"] == {"debate(rounds=1)": 1, "debate(rounds=2)": 1, "naive": 1, "expert": 1}


def test_seats_may_be_filled_by_name_by_role_and_by_option(arena):
    arena(
        "run", "--limit", "1", "--out", "x", "--no-baselines",
        "--debater", "sim/advocate?skill=0.5", "--seat", "bob=sim/advocate?skill=0.1", "--judge", "sim/judge?noise=0",
    )  # fmt: skip
    seats = {seat: taken["model"] for seat, taken in header("x")["arms"][0]["seats"].items()}
    assert seats == {
        "alice": "sim/advocate?skill=0.5",
        "bob": "sim/advocate?skill=0.1",
        "judge": "sim/judge?noise=0",
    }


def test_a_reproducible_run_is_the_same_bytes_when_made_again(arena):
    for name in ("a/run", "b/run"):
        assert arena("run", "--limit", "2", "--reproducible", "--out", name).exit_code == 0
    files = sorted(path.name for path in Path("a/run").iterdir())
    assert files == sorted(path.name for path in Path("b/run").iterdir())
    for name in files:
        assert Path("a/run", name).read_bytes() == Path("b/run", name).read_bytes()


def test_the_same_command_into_the_same_folder_plays_nothing_twice(arena, one_run):
    before = log.header(one_run), scored(one_run)
    done = arena("run", "--limit", "2", "--out", str(one_run))
    assert done.exit_code == 0
    assert (log.header(one_run), scored(one_run)) == before


def test_a_real_model_is_not_called_simulated(arena, stranger):
    done = arena("run", "--limit", "1", "--judge", "odd/real", "--out", "x")
    assert done.exit_code == 0
    assert "no real model is called" not in done.stderr
    assert "calls may cost money. --dry-run estimates them" in done.stderr
    assert header("x")["simulated"] is False


def test_a_model_that_costs_nothing_is_called_neither_simulated_nor_dear():
    """A record, such as what people wrote, is no simulation, and yet free."""
    plan = resolve(Experiment(protocol=("naive",), baselines=False, limit=1))
    for free, words in (({"recorded": True}, False), ({"person": True}, False), ({}, True)):
        models = {spec: SimpleNamespace(spec=spec, simulated=False, **free) for spec in plan.models}
        told = playing(replace(plan, models=models), Path("x"))
        assert "simulated models" not in told
        assert ("may cost money" in told) == words


class TestFailures:
    def test_they_are_counted_by_outcome_and_the_exit_code_is_1(self, arena, stranger):
        done = arena("run", "--limit", "2", "--judge", "odd/mute", "--no-baselines", "--out", "x")
        assert done.exit_code == 1
        assert "2 episodes failed (2 unparsed), 4 verdicts missing (4 unparsed)" in done.stderr
        assert "Transcripts: x" in done.stdout

    def test_are_shown_by_the_first_of_them_with_the_way_to_read_it(self, arena, stranger):
        done = arena("run", "--limit", "1", "--judge", "odd/mute", "--no-baselines", "--out", "transcripts/x")
        *_, why, how = done.stderr.splitlines()
        assert why.startswith("the first: no reply of judge could be read: ")
        _, *words = shlex.split(how.removeprefix("read it: "))
        assert "no comment" in arena(*words).stdout

    def test_of_a_protocol_s_own_making_are_failures_of_its_episodes(self, arena, stranger):
        done = arena("run", "--protocol", "crash", "--limit", "2", "--no-baselines", "--out", "x")
        assert done.exit_code == 1
        assert "2 episodes failed (2 error)" in done.stderr
        assert "the first: ZeroDivisionError: division by zero" in done.stderr

    def test_they_count_when_a_finished_run_is_asked_for_again(self, arena, stranger):
        arena("run", "--limit", "2", "--judge", "odd/mute", "--no-baselines", "--out", "x")
        assert arena("run", "--resume", "x").exit_code == 1


class TestARunThatStops:
    def test_by_an_interrupt_says_how_to_go_on_and_ends_with_130(self, arena, stranger):
        done = arena("run", "--limit", "9", "--judge", "odd/any?interrupts=12", "--out", "transcripts/x")
        assert done.exit_code == 130
        *_, last = done.stderr.splitlines()
        assert re.fullmatch(
            r"stopped after \d+ of 27 episodes; nothing is lost\. Go on with: \S*arena run --resume x", last
        )
        assert done.stdout == ""

    def test_by_its_budget_says_how_to_go_on_and_ends_with_3(self, arena, stranger):
        done = arena("run", "--limit", "9", "--judge", "odd/dear", "--budget", "7", "--out", "transcripts/x")
        assert done.exit_code == 3
        assert "the budget of 7 USD is spent" in done.stderr
        assert "run --resume x --budget 7" in done.stderr

    def test_goes_on_to_what_an_undisturbed_run_would_have_been(self, arena, stranger):
        """Here a run is stopped by its budget three times over."""
        words = ("run", "--limit", "4", "--judge", "odd/dear", "--concurrency", "1", "--protocol", "debate?rounds=1")
        assert arena(*words, "--out", "whole").exit_code == 0
        codes = [arena(*words, "--out", "parts", "--budget", "9").exit_code]
        while codes[-1] == 3:
            codes.append(arena("run", "--resume", "parts", "--budget", "9").exit_code)
        assert codes == [3, 3, 0]
        keys = [json.loads(line)["key"] for line in log.scan(Path("parts"), "Called")]
        bought = [json.loads(line) for line in log.scan(Path("parts"), "Called") if b'"reused":true' not in line]
        assert len({call["key"] for call in bought}) == len(bought)
        assert len(keys) == sum(1 for _ in log.scan(Path("whole"), "Called"))
        assert results(arena, "parts") == results(arena, "whole")

    def test_is_found_by_its_folder_its_name_and_a_beginning_of_it(self, arena, one_run):
        for name in ("one", "on", "transcripts/one", str(one_run.resolve())):
            assert arena("run", "--resume", name, "--concurrency", "2").exit_code == 0


def results(arena, run: str) -> dict:
    """The report of a run, without what names the run and its times."""
    report = json.loads(arena("report", run, "--json").stdout)
    for seat in (seat for arm in report["arms"] for seat in arm["seats"].values()):
        seat["served"] = [{**one, "first": None, "last": None} for one in seat.get("served", [])]
    return {key: value for key, value in report.items() if key not in ("run", "created", "declared")}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_log_that_was_cut_anywhere_is_resumed_to_the_same_results(arena, one_run, share):
    whole = results(arena, "one")
    events = one_run / "events-0001.jsonl"
    data = events.read_bytes()
    events.write_bytes(data[: int(len(data) * share)])
    (one_run / "index-0001.jsonl").unlink()
    assert arena("run", "--resume", "one").exit_code == 0
    assert results(arena, "one") | {"notices": []} == whole


class TestADryRun:
    def test_writes_nothing_and_says_what_would_be_played(self, arena, unchanged):
        with unchanged:
            done = arena("run", "--dry-run", "--protocol", "consultancy?rounds=2", "--limit", "7", "--seed", "3")
        assert done.exit_code == 0
        assert done.stderr == ""
        assert "7 of casefiles, in 7 passages" in done.stdout
        assert "consultancy(rounds=2): rounds=2, interactive=False, words=150" in done.stdout
        assert "  judge: sim/judge" in done.stdout
        assert "nothing is written, and no real model is called" in done.stdout

    def test_estimates_the_calls_that_are_then_made(self, arena):
        words = ("--protocol", "consultancy", "--limit", "5", "--seed", "3")
        told = arena("run", "--dry-run", *words).stdout
        (line,) = [line for line in told.splitlines() if line.startswith("all ")]
        _, episodes, calls, *_ = line.split()
        arena("run", *words, "--out", "x")
        assert int(episodes) == len(scored(Path("x")))
        assert int(calls) == sum(1 for _ in log.scan(Path("x"), "Called"))

    def test_calls_no_model_that_is_not_simulated(self, arena, stranger):
        """The model would interrupt the process at its first call."""
        done = arena("run", "--dry-run", "--limit", "2", "--judge", "odd/real?interrupts=1")
        assert done.exit_code == 0
        assert "judge: odd/real" in done.stdout
        assert "with simulated models in every seat" in " ".join(done.stdout.split())
