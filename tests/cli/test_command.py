"""The command as a whole: help, version, exit codes, pipes, and how it names itself."""

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

import arena as package
from arena.cli import runs
from arena.cli.exits import guarded
from arena.cli.words import called, columns
from arena.errors import DataError, Stopped, UsageError


@contextmanager
def unread():
    """Where to write what nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as nobody:
        yield nobody


def code_of(error):
    """The exit code of a verb that raises this."""

    def act():
        raise error

    with pytest.raises(SystemExit) as stop:
        guarded(act)
    return stop.value.code


@pytest.mark.parametrize(
    "error, code",
    [
        (UsageError("no"), 2),
        (DataError("no"), 2),
        (Stopped("no"), 3),
        (click.UsageError("no"), 2),
        (PermissionError(13, "Permission denied", "file"), 2),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
    ],
)
def test_every_kind_of_error_has_its_exit_code(error, code):
    assert code_of(error) == code


def test_an_interrupt_is_answered_without_a_word(capsys):
    code_of(KeyboardInterrupt())
    assert capsys.readouterr() == ("", "")


def test_an_interrupt_while_the_command_loads_is_answered_without_a_word_too(tmp_path):
    (tmp_path / "click.py").write_text("raise KeyboardInterrupt")
    done = subprocess.run(
        [sys.executable, "-m", "arena", "--help"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


def test_a_verb_s_own_code_is_the_exit_code():
    with pytest.raises(SystemExit) as stop:
        guarded(lambda: 1)
    assert stop.value.code == 1


def test_without_a_verb_it_shows_what_there_is(arena):
    done = arena()
    assert done.exit_code == 0
    assert {"run", "report", "replay", "list"} <= set(done.stdout.split())


def test_the_version_is_the_package_s(arena):
    assert arena("--version").stdout == f"arena {package.__version__}\n"


@pytest.mark.parametrize("verb", ["run", "report", "replay", "list"])
def test_help_of_a_verb_fits_80_columns_and_has_a_line_for_every_option(arena, verb):
    done = arena(verb, "--help")
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80


class TestHowItNamesItself:
    """So that the commands it prints can be copied."""

    @pytest.fixture
    def script(self, tmp_path):
        file = tmp_path / "bin" / "arena"
        file.parent.mkdir()
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        return file

    def test_is_plain_where_the_shell_finds_it(self, script, monkeypatch):
        monkeypatch.setenv("PATH", str(script.parent))
        assert called(str(script), ["python", str(script)]) == ["arena"]

    def test_is_its_path_where_the_shell_finds_none_or_another(self, script, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        assert called(str(script), ["python", str(script)]) == [str(script)]

    def test_is_a_module_where_it_was_called_as_one(self):
        main = str(Path(package.__file__).parent / "__main__.py")
        assert called(main, ["python3", "-m", "arena"]) == ["python3", "-m", "arena"]


class TestFindingRuns:
    @pytest.fixture
    def home(self, tmp_path):
        for name in ("20260101-100000-debate", "20260102-100000-debate", "mine"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "run.json").write_text('{"schema": 1}')
        return tmp_path

    def test_a_beginning_that_only_one_has_is_enough(self, home):
        assert runs.find("20260101", home) == home / "20260101-100000-debate"

    def test_a_beginning_that_several_have_is_answered_with_them(self, home):
        with pytest.raises(UsageError, match="20260101-100000-debate or 20260102-100000-debate"):
            runs.find("2026", home)

    def test_a_path_goes_anywhere(self, home, tmp_path_factory):
        elsewhere = tmp_path_factory.mktemp("elsewhere")
        assert runs.find(str(elsewhere), home) == elsewhere

    def test_no_name_is_no_run(self, home):
        with pytest.raises(UsageError):
            runs.find("", home)


class TestANewFolder:
    NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    def test_is_named_after_the_time_and_the_protocol(self, tmp_path):
        assert runs.new("debate", self.NOW, tmp_path) == tmp_path / "20260304-050607-debate"

    def test_is_never_one_that_exists(self, tmp_path):
        (tmp_path / "20260304-050607-debate").mkdir()
        (tmp_path / "20260304-050607-debate-2").mkdir()
        assert runs.new("debate", self.NOW, tmp_path).name == "20260304-050607-debate-3"

    def test_lies_in_the_home_whatever_the_protocol_is_called(self, tmp_path):
        assert runs.new("../x/y", self.NOW, tmp_path).parent == tmp_path

    def test_that_is_given_as_a_dot_has_a_name_still(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert runs.named(".").name == tmp_path.name
        assert runs.named("x/y") == Path("x/y")


def test_columns_are_aligned_by_what_shows():
    assert columns([("漢字", "a"), ("x", "b")], "  ") == "  漢字  a\n  x     b"


class TestAProcess:
    """What only a process of its own can show."""

    def start(self, *words, **settings):
        environment = {**os.environ, **settings.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "arena", *words], check=False, capture_output=True, env=environment, **settings
        )

    def test_prints_to_a_narrow_character_set_without_a_crash(self, one_run):
        done = self.start("replay", "one", env={"PYTHONIOENCODING": "latin-1"})
        assert done.returncode == 0, done.stderr
        assert b"alice ? " in done.stdout

    def test_ends_quietly_where_its_reader_has_had_enough(self, one_run):
        with unread() as nobody:
            done = subprocess.run(
                [sys.executable, "-m", "arena", "replay", "one", "1"],
                check=False,
                stdout=nobody,
                stderr=subprocess.PIPE,
            )
        assert (done.returncode, done.stderr) == (0, b"")

    def test_plays_to_the_end_where_nobody_reads_its_notices(self, place):
        with unread() as nobody:
            done = subprocess.run(
                [sys.executable, "-m", "arena", "run", "--limit", "1"],
                check=False,
                stdout=subprocess.PIPE,
                stderr=nobody,
            )
        assert done.returncode == 0
        assert b"Transcripts: " in done.stdout


@pytest.mark.parametrize("group", ["data", "models"])
def test_a_group_of_verbs_alone_shows_its_help(arena, group):
    done = arena(group)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == arena(group, "--help").stdout


@pytest.mark.parametrize("words", [("rpeort",), ("data", "chekc"), ("models", "chekc")])
def test_an_unknown_verb_is_answered_with_the_nearest(arena, words):
    done = arena(*words)
    assert done.exit_code == 2
    assert f"no command is called {words[-1]!r}. Did you mean" in done.stderr
