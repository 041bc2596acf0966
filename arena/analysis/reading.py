"""A run folder, read for its results."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from arena.analysis.collector import Collector
from arena.analysis.helper import Helper, task_of
from arena.analysis.rows import Table
from arena.analysis.scan import Block, Line, blocks
from arena.analysis.shares import Share, Stretch, shares
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


Cut = Callable[[Sequence[Path]], Sequence[Share]]


def read(run: Path, cut: Cut = shares, ask: Callable[[Mapping[str, Any]], Helper] = Helper) -> Reading:
    """Read every `Scored` line of a run.

    Later files win over earlier ones where both score an episode. A torn last line and a damaged line are left out,
    and named in `notices`. Raises `DataError` where there is no such folder, or a file cannot be opened.

    `cut` makes shares of the files; the first is read here, each other by a process that `ask` starts.
    """
    if not run.is_dir():
        raise DataError(f"{run} is not a run: there is no such folder. `arena list runs` shows the runs.")
    collector = Collector()
    notices = read_into(collector, run, cut, ask)
    return Reading(collector.table(), tuple(notices))


def read_into(
    collector: Collector, run: Path, cut: Cut = shares, ask: Callable[[Mapping[str, Any]], Helper] = Helper
) -> list[str]:
    """Give every `Scored` line of a run to a collector, as `read` does; returns the notices."""
    own, *others = cut(numbered(run, "events"))
    with ExitStack() as running:
        helpers = [running.enter_context(ask(_task(collector, share))) for share in others]
        notices = _read_share(collector, own)
        for share, helper in zip(others, helpers, strict=True):
            if (found := helper.result()) is None:
                notices += _read_share(collector, share)
            else:
                collector.join(found[0])
                notices += found[1]
    return notices


def _task(collector: Collector, share: Share) -> dict[str, Any]:
    stretches = [(str(one.path.absolute()), one.start, one.stop) for one in share]
    return {"share": stretches, "rename": dict(collector.rename), "mark": collector.mark}


def answer(task: str, out: BinaryIO) -> None:
    """Read a share as a helper: write the collector and the notices."""
    asked, collector = task_of(task), Collector()
    collector.begin(asked["rename"], asked["mark"])
    share = [Stretch(Path(path), start, stop) for path, start, stop in asked["share"]]
    notices = _read_share(collector, share)
    pickle.dump((collector, notices), out, pickle.HIGHEST_PROTOCOL)


def _read_share(collector: Collector, share: Share) -> list[str]:
    notices: list[str] = []
    for stretch in share:
        for part in _batches(_opened(stretch), _AT_ONCE):
            if not _take_all(part, collector):
                wrong = ((line, _take(line, collector)) for block in part for line in block.lines())
                notices += [f"{_where(stretch, line)}: {notice}" for line, notice in wrong if notice]
    return notices


def _where(stretch: Stretch, line: Line) -> str:
    """The file and the number of a line."""
    return f"{stretch.path.name}:{stretch.before + line.number}"


def _batches(found: Iterator[Block], size: int) -> Iterator[list[Block]]:
    while part := list(islice(found, size)):
        yield part


def _take_all(part: Sequence[Block], collector: Collector) -> bool:
    """Add the lines of some blocks at once; `False`, and nothing added, where one of them has to be looked at."""
    found = [block.scored() for block in part]
    lines = [line for each in found if each is not None for line in each]
    return None not in found and (not lines or collector.add_lines(lines))


def _opened(stretch: Stretch) -> Iterator[Block]:
    try:
        yield from blocks(stretch.path, start=stretch.start, stop=stretch.stop)
    except OSError as why:
        raise DataError(f"{stretch.path} cannot be read: {why.strerror}") from why


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
