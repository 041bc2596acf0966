"""The header of a run on the disk: written first, and again as long as the last questions are still being read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from arena import log
from arena.errors import UsageError
from arena.folder import check_same, create, write
from arena.manifest import regrown
from arena.plan import DEFAULTS, Plan


def begin(plan: Plan, run: Path, made: dict[str, Any]) -> dict[str, Any]:
    """Make a new run with this header, or see that one may be gone on with; gives the header that holds from now on.

    A run that was killed while its questions were read names those that it had read, and has played no others: these
    have to be the same still, and stand where they stood. Raises `UsageError` where a run was begun with another plan.
    """
    if not (run / "run.json").exists():
        create(run, made)
        return made
    old = log.header(run)
    check_same(old, _then(old, plan, made), run, DEFAULTS)
    return regrown(old, plan) if _reading(old) else made


def settle(plan: Plan, run: Path, made: Mapping[str, Any]) -> None:
    """Say of all questions what the header on the disk says of the first ones, if by now all are read."""
    if plan.whole and _reading(log.header(run)):
        write(run, made)


def keep(plan: Plan, run: Path, made: Mapping[str, Any]) -> dict[str, Any]:
    """Say in the header what is known by now of the questions; gives the header. Raises `UsageError`."""
    made = regrown(made, plan)
    try:
        write(run, made)
    except OSError as why:
        raise UsageError(f"cannot write to {run}: {why.strerror}. Go on with --resume when it can be written.") from why
    return made


def _then(old: Mapping[str, Any], plan: Plan, made: dict[str, Any]) -> dict[str, Any]:
    """The header that the plan would have had when no more questions were read than the old one tells of."""
    if not _reading(old):
        return made
    found = regrown(made, replace(plan, test=tuple(plan.test[: old["dataset"]["n"]])))
    return {**found, "dataset": {**found["dataset"], "reading": True}}


def _reading(header: Mapping[str, Any]) -> bool:
    about = header.get("dataset")
    return isinstance(about, dict) and bool(about.get("reading")) and isinstance(about.get("n"), int)
