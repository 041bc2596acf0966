"""Replies that earlier runs paid for, found by the key of their request.

A run is indexed in one pass that looks at its calls only, and at no more of each than its key. A reply is read when it
is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from arena import log
from arena.errors import DataError
from arena.events import Called
from arena.lines import fingerprint, lines_with, numbered

_CALL = b'{"type":"Called",'
_KEY = re.compile(rb'(?<!\\)"key":"([0-9a-f]{32})"')
_BITS = 44
"""How much of a place is its offset in the file; the rest is the number of the file."""


class Source(NamedTuple):
    """A run that replies are taken from: where it lies, the hash of what it holds, and how many keys it knows."""

    run: Path
    hash: str
    keys: int


class Shelf:
    """The replies of some runs by key; of two with one key, that of the run named first.

    `taken` and `saved` count what was found: replies, and the US dollars that they had cost.
    """

    def __init__(self, runs: Sequence[Path]) -> None:
        """Index the runs; raises `DataError` where a folder is no run."""
        self.taken = 0
        self.saved = 0.0
        self._files: list[tuple[Path, str]] = []
        self._places: dict[bytes, int] = {}
        self.sources = tuple(reversed([self._indexed(run) for run in reversed(runs)]))

    def find(self, key: str) -> Called | None:
        """The logged call with this key; `None` where there is none, or its line was damaged since."""
        place = self._places.get(bytes.fromhex(key))
        if place is None:
            return None
        run, name = self._files[place >> _BITS]
        with suppress(ValueError, OSError):
            event = log.event_at(run, (name, place & ((1 << _BITS) - 1)))
            if isinstance(event, Called) and event.key == key:
                self.taken += 1
                self.saved += event.cost or 0.0
                return event
        return None

    def _indexed(self, run: Path) -> Source:
        log.header(run)
        found = 0
        try:
            for path in numbered(run, "events"):
                self._files.append((run, path.name))
                base = (len(self._files) - 1) << _BITS
                for offset, line in lines_with(path, _CALL):
                    if key := _KEY.search(line):
                        self._places[bytes.fromhex(key[1].decode())] = base | offset
                        found += 1
            return Source(run, fingerprint(run), found)
        except OSError as why:
            raise DataError(f"{run} cannot be read for its replies: {why.strerror}") from why


def reused(shelf: Shelf) -> dict[str, Any]:
    """What the header of a run says of the runs that replies were taken from; nothing where there are none."""
    told = [{"run": str(run), "hash": digest, "keys": keys} for run, digest, keys in shelf.sources]
    return {"reuse": told} if told else {}
