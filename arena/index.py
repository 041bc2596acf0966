"""The index of a run, read: where the lines of each finished episode lie in an events file.

It is derived, so whatever is wrong with it is as good as no index, and a scan of the events stands in. A file is read
once; a later look reads what was written since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from arena.events import text_json

_SPANS = b',"spans":'
_COMPLETE = b'{"complete":'


def head(episode: str) -> bytes:
    """How a line names its episode."""
    return b'"episode":' + text_json(episode)


def names(line: bytes, head: bytes) -> bool:
    """Whether a line of events is of this episode."""
    return line.find(head, 0, 60 + len(head)) > 0


@dataclass
class _Known:
    """What an index file holds up to the byte `read`: spans as JSON by head, and how long a closed file is."""

    read: int = 0
    spans: dict[bytes, bytes] = field(default_factory=dict)
    complete: bytes = b""


class Index:
    """The index files of a run, as far as they were read. May be used by several threads."""

    def __init__(self) -> None:
        self._files: dict[Path, _Known] = {}

    def lines(self, events: Path, episode: str) -> list[bytes] | None:
        """The lines of an episode in an events file; `None` where the index cannot tell, so that a scan has to."""
        wanted = head(episode)
        try:
            known = self._known(events)
            found = _cut(events, json.loads(known.spans.get(wanted, b"[]")))
            whole = known.complete == str(events.stat().st_size).encode()
        except (ValueError, TypeError, OSError):
            return None
        return found if (found or whole) and all(names(line, wanted) for line in found) else None

    def _known(self, events: Path) -> _Known:
        path = events.with_name(events.name.replace("events", "index"))
        known = self._files.setdefault(path, _Known())
        size = path.stat().st_size
        if size < known.read:
            known = self._files[path] = _Known()
        if size > known.read:
            _take_new(path, known)
        return known


def _take_new(path: Path, known: _Known) -> None:
    """Take in the whole lines of what is new. Two threads that do so at once take in the same."""
    start = known.read
    with path.open("rb") as file:
        file.seek(start)
        data = file.read()
    end = data.rfind(b"\n") + 1
    for line in data[:end].splitlines():
        name, comma, spans = line.partition(_SPANS)
        if comma:
            known.spans.setdefault(name[1:], spans[:-1])
        elif line.startswith(_COMPLETE):
            known.complete = line[len(_COMPLETE) : -1]
    known.read = start + end


def _cut(path: Path, spans: list[list[int]]) -> list[bytes]:
    found: list[bytes] = []
    if spans:
        with path.open("rb") as file:
            for offset, length in spans:
                file.seek(offset)
                found += file.read(length).splitlines()
    return found
