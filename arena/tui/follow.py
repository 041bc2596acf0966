"""Follows the log of a run: reads what is new, keeps the lines that a list of episodes needs, skips the others.

Made to be called from a thread, again and again. Never raises for what a log may say or what may happen to its files:
what could not be read is named in `notices`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from arena import log
from arena.errors import DataError
from arena.lines import CHUNK, numbered
from arena.listing import Row, opened, scored
from arena.standing import Board

OPENED, SCORED, CALLED = (b'{"type":"%s",' % kind for kind in (b"Opened", b"Scored", b"Called"))
MOST_NOTICES = 50


class Follower:
    """The rows of a run in the order in which its episodes began, and the board that they add up to.

    Where the run turns out to be another one than before, everything starts anew. `calls` counts those in the log;
    `begun` tells of each episode that has no score yet the file, and a byte of it, behind which all its lines are.
    At most `chunk` bytes are read at once.
    """

    def __init__(self, run: Path, chunk: int = CHUNK) -> None:
        self.run = run
        self._chunk = chunk
        self.notices: list[str] = []
        self._identity: object = None
        self._clear()
        self._begin_again(self._stamp())

    def read(self) -> Iterator[bool]:
        """Read to the end of the log, in steps that allow to look at what is there; yields whether a step had news."""
        stamp = self._stamp()
        if stamp is None:
            self._say(f"{self.run} is gone; what was read before is still shown")
            yield False
            return
        cut = any(self._shorter(path) for path in numbered(self.run, "events"))
        if cut or stamp != self._identity:
            grown = not cut and self._reading()
            self._begin_again(stamp)
            if not grown:
                self._say("the log was cut or replaced; it is read anew")
        for path in numbered(self.run, "events"):
            try:
                yield from self._more(path)
            except OSError as why:
                self._say(f"{path.name} cannot be read: {why.strerror}")

    def playing(self) -> bool:
        """Whether somebody seems to be playing the run, and not all is done."""
        return log.playing(self.run) and not self.complete

    @property
    def complete(self) -> bool:
        """Whether all that was planned was scored."""
        return 0 < self.board.total <= self.board.done

    def _begin_again(self, stamp: object) -> None:
        self._identity = stamp
        self._clear()

    def _clear(self) -> None:
        self.rows: list[Row] = []
        self.calls = 0
        self.begun: dict[str, tuple[str, int]] = {}
        self._place: dict[str, int] = {}
        self._offsets: dict[str, int] = {}
        self.header = self._header()
        self.board = Board(self.header)

    def _header(self) -> dict[str, object]:
        try:
            return log.header(self.run)
        except DataError as why:
            self._say(str(why))
            return {}

    def _reading(self) -> bool:
        """Whether the header tells of the first questions alone, and is written again when more are read."""
        about = self.header.get("dataset")
        return isinstance(about, dict) and about.get("reading") is True

    def _stamp(self) -> object:
        """What tells one run from another in the same folder; `None` where there is none."""
        try:
            found = (self.run / "run.json").stat()
        except OSError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _shorter(self, path: Path) -> bool:
        try:
            return path.stat().st_size < self._offsets.get(path.name, 0)
        except OSError:
            return True

    def _more(self, path: Path) -> Iterator[bool]:
        rest = b""
        with path.open("rb") as file:
            file.seek(self._offsets.get(path.name, 0))
            while chunk := file.read(self._chunk):
                end = chunk.rfind(b"\n") + 1
                if not end:
                    rest += chunk
                    continue
                data, rest = rest + chunk[:end], chunk[end:]
                self._offsets[path.name] = self._offsets.get(path.name, 0) + len(data)
                self._take(data, path.name)
                yield True

    def _take(self, data: bytes, name: str) -> None:
        self.calls += _count(data, CALLED)
        start = self._offsets[name] - len(data)
        for line in _lines(data, OPENED):
            self._guard(line, name, partial(self._open, begun=(name, start)))
        for line in _lines(data, SCORED):
            self._guard(line, name, self._score)
        if _count(data, b'{"type":"') < data.count(b"\n"):
            self._say(f"{name}: a line is damaged and was left out")
        self.board.advance()

    def _guard(self, line: bytes, name: str, take: Callable[[bytes], None]) -> None:
        try:
            take(line)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            self._say(f"{name}: a line is damaged and was left out")

    def _open(self, line: bytes, begun: tuple[str, int]) -> None:
        row = opened(line)
        if row.episode not in self._place:
            self.begun[row.episode] = begun
            self.board.begin(row)
            self._place[row.episode] = len(self.rows)
            self.rows.append(row)

    def _score(self, line: bytes) -> None:
        row = scored(line)
        place = self._place.setdefault(row.episode, len(self.rows))
        if place == len(self.rows):
            self.board.begin(row)
            self.rows.append(row)
        else:
            row = self.rows[place] = row._replace(began=self.rows[place].began)
        self.begun.pop(row.episode, None)
        self.board.add(row)

    def _say(self, notice: str) -> None:
        """Add a notice; one that was said before is said once, and last."""
        recent = self.notices[-MOST_NOTICES:]
        if recent[-1:] != [notice]:
            self.notices[-MOST_NOTICES:] = [*(one for one in recent if one != notice), notice]


def heard(run: Path, words: str) -> Iterator[str]:
    """The episodes in which some reply holds these words, whatever their case."""
    needle = json.dumps(words, ensure_ascii=False)[1:-1].casefold()
    for line in log.scan(run, "Called"):
        if needle in line.decode("utf-8", "replace").casefold():
            try:
                yield str(json.loads(line)["episode"])
            except (ValueError, KeyError, TypeError):
                continue


def _count(data: bytes, start: bytes) -> int:
    return data.count(b"\n" + start) + data.startswith(start)


def _lines(data: bytes, start: bytes) -> Iterator[bytes]:
    at = 0 if data.startswith(start) else data.find(b"\n" + start) + 1 or -1
    while at >= 0:
        end = data.find(b"\n", at)
        yield data[at:end]
        found = data.find(b"\n" + start, end)
        at = found + 1 if found >= 0 else -1
