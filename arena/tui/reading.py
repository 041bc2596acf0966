"""An episode that is being played, read again and again: each look costs what is new in the log, not what is in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from arena import log
from arena.events import AnyEvent
from arena.index import head, names
from arena.lines import CHUNK, numbered


class Reading:
    """The events of one episode, from the file and the byte in which it began.

    May be used by several threads. Begins again where a file has become shorter.
    """

    def __init__(self, run: Path, name: str, begun: tuple[str, int]) -> None:
        self._run, self.name, self.begun = run, name, begun
        self._head, self._lock = head(name), Lock()
        self._clear()

    def _clear(self) -> None:
        file, start = self.begun
        self._offsets = {file: start}
        self._notices: list[str] = []
        self._fill = log.filler(self._run, self._notices)
        self._events: list[AnyEvent] = []

    def read(self, notices: list[str]) -> list[AnyEvent]:
        """All of them that are in the log by now; raises `OSError`. `notices` collects what was left out."""
        with self._lock:
            paths = [path for path in numbered(self._run, "events") if path.name >= self.begun[0]]
            if any(path.stat().st_size < self._offsets.get(path.name, 0) for path in paths):
                self._clear()
            for path in paths:
                for line in self._new(path):
                    event = log.event_in(line, path.name, self._notices)
                    if event is not None and event.episode == self.name:
                        self._events.append(self._fill(event))
            notices += self._notices
            self._notices.clear()
            return list(self._events)

    def _new(self, path: Path) -> Iterator[bytes]:
        """The whole lines of the episode that are new in a file."""
        rest = b""
        with path.open("rb") as file:
            file.seek(self._offsets.get(path.name, 0))
            while chunk := file.read(CHUNK):
                whole, newline, new = chunk.rpartition(b"\n")
                if not newline:
                    rest += chunk
                    continue
                data, rest = rest + whole, new
                self._offsets[path.name] = self._offsets.get(path.name, 0) + len(data) + 1
                if self._head in data:
                    yield from (line for line in data.split(b"\n") if names(line, self._head))
