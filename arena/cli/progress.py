"""How a run tells on stderr how far it is: a bar on a terminal, plain lines in a pipe."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TextIO

from arena.cli.words import count, say, tally
from arena.dollars import money
from arena.live import wave
from arena.progress import Progress

EVERY = 5.0
"""Seconds between two lines in a pipe, at least."""

Tell = Callable[[Progress], None]


@contextmanager
def shown(notice: str, stream: TextIO | None = None) -> Iterator[Tell]:
    """What to tell of each step. The notice is said at the first one: a run that is refused has only its error."""
    stream = stream or sys.stderr
    with ExitStack() as stack:
        show: Tell | None = None
        told: list[str] = []

        def tell(progress: Progress) -> None:
            nonlocal show
            if show is None:
                say(notice)
                bar = stream.isatty() and os.environ.get("TERM") != "dumb"
                show = stack.enter_context(_bar(stream, progress)) if bar else Lines(say, time.monotonic)
            if progress.stopping and not told:
                told.append("stopping")
                say("stopping: the calls that are under way come back first. Ctrl-C again leaves at once.")
            show(progress)

        yield tell


class Lines:
    """One line every few seconds: how much is done, what it took, how long it may still take."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float], every: float = EVERY) -> None:
        self._write, self._clock, self._every = write, clock, every
        self._began = self._last = clock()
        self._before: int | None = None
        self._waves = ""

    def __call__(self, progress: Progress) -> None:
        """Take note of a step, and write a line if the last one is old enough."""
        if self._before is None:
            self._before = progress.done
        now, waves = self._clock(), waving(progress)
        if now - self._last >= self._every or waves != self._waves:
            self._last, self._waves = now, waves
            self._write(self._line(progress, now))

    def _line(self, progress: Progress, now: float) -> str:
        parts = [f"{progress.done:,} of {count(progress.total, 'episode')}", count(progress.calls, "call")]
        parts += [found] if (found := paid(progress)) else []
        parts += [self._waves] if self._waves else []
        parts += [f"{progress.reused:,} reused"] if progress.reused else []
        parts += [f"failed: {tally(progress.failed)}"] if progress.failed else []
        fresh = progress.done - (self._before or 0)
        if fresh > 0:
            parts.append(f"about {_duration((now - self._began) / fresh * (progress.total - progress.done))} left")
        return ", ".join(parts)


def waving(progress: Progress) -> str:
    """Which wave is under way, and what of it; empty where nothing is sent in batches."""
    if not progress.wave:
        return ""
    under_way = f": {batches(progress)} of {count(progress.batched, 'call')}" if progress.batches else " is over"
    return f"{wave(progress.wave, progress.waves)}{under_way}"


def paid(progress: Progress) -> str:
    """What was spent, empty where it is nothing; beside it, how many replies have an unknown price."""
    told = f"{money(progress.spent)} USD" if progress.spent else ""
    if not progress.unpriced:
        return told
    unpriced = f"{count(progress.unpriced, 'call')} of unknown price"
    return f"{told} and {unpriced}" if told else unpriced


def batches(progress: Progress) -> str:
    """`1 batch`, `2 batches`."""
    return "1 batch" if progress.batches == 1 else f"{progress.batches:,} batches"


def _duration(seconds: float) -> str:
    if seconds < 100:  # noqa: PLR2004  # up to here seconds say more than minutes
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"  # noqa: PLR2004  # two hours


@contextmanager
def _bar(stream: TextIO, first: Progress) -> Iterator[Tell]:
    """A bar that is gone at the end. What was done before the first step is no measure of speed."""
    from rich import progress as rich
    from rich.console import Console

    columns = (
        rich.BarColumn(bar_width=None),
        rich.TextColumn("{task.completed:,.0f} of {task.total:,.0f} episodes", markup=False),
        rich.TextColumn("{task.fields[note]}", markup=False),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(file=stream), transient=True, refresh_per_second=8) as bar:
        task = bar.add_task("", completed=first.done, total=first.total, note="")

        def tell(progress: Progress) -> None:
            note = f"{waving(progress)} " if progress.wave else ""
            note += paid(progress)
            note += f" {progress.reused:,} reused" if progress.reused else ""
            note += f" {sum(progress.failed.values()):,} failed" if progress.failed else ""
            bar.update(task, completed=progress.done, total=progress.total, note=note.strip())

        yield tell
