"""`arena watch`, and what `run --watch` and `replay` share with it: the screen over a run's log."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from arena.tui.app import Engine

OPENING = 0.05
"""Seconds between two looks whether a run has begun."""

NO_TERMINAL = "--watch needs a terminal, and this is none: progress is told in lines instead."


@click.command(short_help="Watch a run in the terminal: arms, episodes, debates as they happen.")
@click.argument("run", required=False, metavar="[RUN]")
def watch(run: str | None) -> int:
    """Open the screen over a run that is being played, by any process, or that was; the last one if none is named.

    RUN is a folder, the name of a run under transcripts/, or a beginning of its name. The screen only reads the log:
    closing it changes nothing. ? shows the keys.
    """
    from arena import log
    from arena.cli import runs
    from arena.errors import UsageError

    folder = runs.find(run) if run is not None else runs.last()
    log.header(folder)
    if not on_a_terminal():
        raise UsageError("watch needs a terminal, and this is none. `arena replay --plain` and `arena report` do not.")
    open_screen(folder)
    return 0


def on_a_terminal() -> bool:
    """Whether a screen can be opened: keys come in, and a picture goes out."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def open_screen(folder: Path, *, episode: str | None = None, engine: Engine | None = None) -> bool:
    """Show a run until the screen is closed; returns whether the reader asked to stop the engine."""
    from arena.cli.runs import short
    from arena.tui.app import ArenaApp
    from arena.tui.brisk import brisk

    app = ArenaApp(folder, name=short(folder), episode=episode, engine=engine)
    with brisk():
        app.run()
    if app.return_code:
        raise SystemExit(app.return_code)
    return app.stopped


def played(typed: Sequence[str], folder: Path, *, resuming: bool) -> int:
    """Play a run in a process of its own, and watch it; returns the exit code, 0 where it is left going.

    `typed` are the words of the command after `arena`.
    """
    from arena.cli.runs import short
    from arena.cli.words import command, say

    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as printed:
        engine = Process(words(typed, folder, resuming=resuming), printed, told)
        if not engine.begun(folder):
            click.echo(_text(told), err=True, nl=False)
            return engine.wait()
        stopped = open_screen(folder, engine=engine)
        if engine.running() and not stopped:
            say(f"the run goes on. Watch it again: {command('watch', short(folder))}")
            return 0
        if engine.running():
            say("stopping: the calls that are under way come back first.")
        code = engine.wait()
        click.echo(_text(printed), nl=False)
        click.echo(_text(told), err=True, nl=False)
        return code


def words(typed: Sequence[str], folder: Path, *, resuming: bool) -> list[str]:
    """The command that plays in `folder` what was typed, without a screen, and tells words as they arrive."""
    kept = [word if word != "--watch" else "--stream" for word in typed]
    named = resuming or any(word == "--out" or word.startswith("--out=") for word in kept)
    return [sys.executable, "-m", "arena", *kept, *([] if named else ["--out", str(folder)])]


class Process:
    """The engine: a process that neither a closed screen nor an interrupt at the terminal ends."""

    def __init__(self, command: Sequence[str], stdout: BinaryIO, stderr: BinaryIO) -> None:
        from arena.cli.words import width

        self._child = subprocess.Popen(  # noqa: S603  # our own command, with the words that were typed
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            env={**os.environ, "COLUMNS": str(width())},
        )

    def begun(self, folder: Path) -> bool:
        """Wait until the run has its header; false where the process ended before it."""
        while not (folder / "run.json").exists():
            if not self.running():
                return (folder / "run.json").exists()
            time.sleep(OPENING)
        return True

    def running(self) -> bool:
        """Whether it still plays."""
        return self._child.poll() is None

    def stop(self) -> None:
        """Interrupt it: what is under way comes back first."""
        if self.running():
            self._child.send_signal(signal.SIGINT)

    def wait(self) -> int:
        """Its exit code, when it has ended."""
        return self._child.wait()


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
