"""The folder of a run: made whole or not at all, and gone on with only under the plan that it began with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from arena.errors import UsageError

PART = "run.json.part"
"""The header while it is being written; a process that died then left nothing else."""


def create(run: Path, made: dict[str, Any]) -> None:
    """Make the folder of a run and write its header; leaves nothing behind where that fails."""
    if run.exists() and (not run.is_dir() or {path.name for path in run.iterdir()} - {PART}):
        raise UsageError(f"{run} holds something else already. Choose a new folder with --out, or --resume a run.")
    existed = run.exists()
    try:
        run.mkdir(parents=True, exist_ok=True)
        write(run, made)
    except OSError as why:
        with suppress(OSError):
            if not existed:
                run.rmdir()
        raise UsageError(f"cannot write a run to {run}: {why.strerror}. Choose another folder with --out.") from why


def write(run: Path, made: Mapping[str, Any]) -> None:
    """Write the header, whole or not at all, in place of the one that is there; raises `OSError`."""
    part = run / PART
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(run / "run.json")
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


SAME = ("seed", "arms", "dataset", "experiment", "parent")


def check_same(old: dict[str, Any], new: dict[str, Any], run: Path, usual: Mapping[str, Any]) -> None:
    """Raise `UsageError` where a run is to go on under another plan than it began with.

    `usual` are the defaults of an experiment: a key that the run began without counts as its default, since it may be
    younger than the run.
    """
    then, now = (_whole(made, usual) for made in (old, json.loads(json.dumps(new))))
    for part in SAME:
        if then.get(part) != now.get(part):
            raise UsageError(f"{run} was begun with other {part} than it would go on with. Begin a new run instead.")


def _whole(made: dict[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    asked = made.get("experiment")
    return {**made, "experiment": {**usual, **asked}} if isinstance(asked, dict) else made
