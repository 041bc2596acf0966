"""Where a set that is not shipped is looked for."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from arena.errors import UsageError


def cache(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder into which sets are fetched: `$ARENA_CACHE`, else `oversight-arena/data` in the user's cache."""
    if environ.get("ARENA_CACHE"):
        return Path(environ["ARENA_CACHE"])
    home = Path(environ["XDG_CACHE_HOME"]) if environ.get("XDG_CACHE_HOME") else Path("~/.cache").expanduser()
    return home / "oversight-arena" / "data"


def locate(
    names: str | Sequence[str],
    path: Path | None,
    fits: Callable[[Path], bool],
    *,
    needs: str,
    fetch: str = "",
    give: str = "with ?path=FOLDER",
    environ: Mapping[str, str] = os.environ,
) -> Path:
    """Find where a set lies: `path`, or else below `$ARENA_DATA` or the cache.

    `names` are those that its folder may have there, the usual one first. A place is taken where it `fits`. Raises
    `UsageError`, which says what the set `needs`, how to `fetch` it, how to `give` a path, and where it may be put. A
    path that is given is never replaced by another place.
    """
    names = [names] if isinstance(names, str) else names
    known = [Path(environ["ARENA_DATA"])] if environ.get("ARENA_DATA") else []
    places = [path] if path else [base / name for base in (*known, cache(environ)) for name in names]
    for place in places:
        if fits(place):
            return place
    told = " or ".join(map(str, places))
    raise UsageError(
        f"{names[0]} needs {needs}, and none is at {told}. {fetch}"
        f"Give one {give}, or put it at $ARENA_DATA/{names[0]} and set ARENA_DATA"
    )
