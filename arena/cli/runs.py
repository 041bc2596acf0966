"""Runs by name: which folder `RUN` means, which was the last, and where a new one goes."""

from __future__ import annotations

import difflib
import getpass
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from arena import log
from arena.errors import DataError, UsageError

HOME = Path("transcripts")
"""Where runs land, under the current folder."""


class Known(NamedTuple):
    """A run folder with its header."""

    name: str
    folder: Path
    header: dict[str, Any]


def known(notices: list[str] | None = None, home: Path = HOME) -> list[Known]:
    """The runs under `home`, the last one last; a folder whose header cannot be read is named in `notices`."""
    return sorted(_known([] if notices is None else notices, home), key=_age)


def _known(notices: list[str], home: Path) -> Iterator[Known]:
    for path in sorted([*home.glob("*/run.json"), *home.glob("*/*/run.json")]):
        try:
            yield Known(path.parent.relative_to(home).as_posix(), path.parent, log.header(path.parent))
        except DataError as why:
            notices.append(str(why))


def _age(run: Known) -> tuple[str, str]:
    """Runs that state no date count as the oldest: they are samples."""
    return str(run.header.get("created") or ""), run.name


def last(home: Path = HOME) -> Path:
    """The folder of the last run; raises `UsageError` where there is none."""
    runs = known(home=home)
    if not runs:
        raise UsageError(f"there are no runs in {home}/ yet. `arena run` makes one.")
    return runs[-1].folder


def last_played(home: Path = HOME) -> Path:
    """The folder of the last run that was not told from another one; where all were, the last run."""
    played = [run for run in known(home=home) if not run.header.get("parent")]
    return played[-1].folder if played else last(home)


def find(name: str, home: Path = HOME) -> Path:
    """The folder that `name` means: a path, the name of a run under `home`, or a beginning of just one.

    Raises `UsageError` with the nearest names where it means none, and with the candidates where it means several.
    """
    for folder in (Path(name), home / name):
        if folder.is_dir() and name:
            return folder
    names = [run.name for run in known(home=home)]
    fitting = [each for each in names if each.startswith(name)]
    if len(fitting) == 1:
        return home / fitting[0]
    if fitting:
        raise UsageError(f"{name!r} may mean {some(fitting)}. Give more of the name.")
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(f"no run is called {name!r}. {hint}`arena list runs` shows those in {home}/; a path works too.")


def some(names: Sequence[str], most: int = 4) -> str:
    """A few of the names, and how many more there are."""
    shown = [*names[:most], *([f"{len(names) - most} others"] if len(names) > most else [])]
    return ", ".join(shown[:-1]) + f" or {shown[-1]}"


def user() -> str:
    """The name of whoever types, in letters that a person's name may have."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = ""
    return re.sub(r"[^\w.-]", "-", name)[:40] or "somebody"


def short(run: Path, home: Path = HOME) -> str:
    """What to type for a run: its name where that finds it, else its path."""
    try:
        return run.resolve().relative_to(home.resolve()).as_posix()
    except ValueError:
        return str(run)


def new(protocol: str, now: datetime | None = None, home: Path = HOME) -> Path:
    """A folder for a new run that does not exist yet: `transcripts/<UTC date and time>-<protocol>`."""
    stamp = (now or datetime.now(UTC)).strftime("%Y%m%d-%H%M%S")
    plain = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in protocol)
    names = (f"{stamp}-{plain}" + (f"-{n}" if n > 1 else "") for n in count(1))
    return next(home / name for name in names if not (home / name).exists())


def named(out: str) -> Path:
    """The folder that `--out` names, with a name of its own: the run is called after it."""
    folder = Path(out)
    return folder.resolve() if folder.name in ("", "..") else folder


def finished(run: Path) -> int:
    """How many test episodes of a run have ended."""
    return sum(b'"split":"train"' not in line for line in log.scan(run, "Scored"))


def episodes(run: Path) -> Iterator[str]:
    """The names of the episodes of a run in the order in which they began."""
    seen: set[str] = set()
    for line in log.scan(run, "Opened"):
        name = str(json.loads(line)["episode"])
        if name not in seen:
            seen.add(name)
            yield name
