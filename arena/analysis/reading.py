"""A run folder, read for its results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from arena.analysis.collector import Collector
from arena.analysis.rows import Table
from arena.analysis.scan import Block, Line, blocks
from arena.errors import DataError
from arena.events import Scored
from arena.lines import numbered

_AT_ONCE = 8
"""Blocks whose lines are read together: a few megabytes."""


@dataclass(frozen=True, eq=False)
class Reading:
    """The results of a run, and what had to be left out, in words that name the file and the line."""

    table: Table
    notices: tuple[str, ...] = ()


def read(run: Path) -> Reading:
    """Read every `Scored` line of a run.

    Later files win over earlier ones where both score an episode. A torn last line and a damaged line are left out,
    and named in `notices`. Raises `DataError` where there is no such folder, or a file cannot be opened.
    """
    if not run.is_dir():
        raise DataError(f"{run} is not a run: there is no such folder. `arena list runs` shows the runs.")
    collector = Collector()
    notices = read_into(collector, run)
    return Reading(collector.table(), tuple(notices))


def read_into(collector: Collector, run: Path) -> list[str]:
    """Give every `Scored` line of a run to a collector, as `read` does; returns the notices."""
    notices: list[str] = []
    for path in numbered(run, "events"):
        for part in _batches(_opened(path), _AT_ONCE):
            if not _take_all(part, collector):
                wrong = ((line, _take(line, collector)) for block in part for line in block.lines())
                notices += [f"{path.name}:{line.number}: {notice}" for line, notice in wrong if notice]
    return notices


def _batches(found: Iterator[Block], size: int) -> Iterator[list[Block]]:
    while part := list(islice(found, size)):
        yield part


def _take_all(part: Sequence[Block], collector: Collector) -> bool:
    """Add the lines of some blocks at once; `False`, and nothing added, where one of them has to be looked at."""
    found = [block.scored() for block in part]
    lines = [line for each in found if each is not None for line in each]
    return None not in found and (not lines or collector.add_lines(lines))


def _opened(path: Path) -> Iterator[Block]:
    try:
        yield from blocks(path)
    except OSError as why:
        raise DataError(f"{path} cannot be read: {why.strerror}") from why


def _take(line: Line, collector: Collector) -> str | None:
    """Add a line to the results; returns what is wrong with it, or `None`."""
    if line.cut:
        return "the last line is cut off and was left out (the process that wrote it was stopped)"
    if line.text is None:
        return "this line is damaged and was left out"
    try:
        collector.add(Scored.model_validate_json(line.text))
    except ValidationError as why:
        return f"this line is damaged and was left out ({why.errors()[0]['msg']})"
    except (ValueError, OverflowError) as why:
        return f"this line is damaged and was left out ({why})"
    return None
