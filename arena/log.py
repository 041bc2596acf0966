"""The log of a run: append, read, index. It knows how events lie on disk, and nothing of what they mean.

A run is a folder. Each process that plays in it writes files of its own, numbered from 0001, and never touches those
of another:

    run.json             the header, written first, never changed
    events-0001.jsonl    one event a line
    texts-0001.jsonl     long texts that events refer to by hash, each written once
    index-0001.jsonl     where the lines of each finished episode lie; derived: a scan stands in where it is missing

A line is handed to the system as a whole and flushed; `Writer.sync` forces what was written to the disk. A last line
without its end was cut by a crash: it is dropped with a notice. A broken line elsewhere is named, and the rest is read.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Self, TextIO

from pydantic import ValidationError

from arena.errors import DataError, Stopped, UsageError
from arena.events import SCHEMA, AnyEvent, Called, Said, Shown, aside, dump, parse
from arena.index import Index, head, names
from arena.lines import line_at, lines, lines_with, notice, numbered
from arena.texts import Texts, digest, pack, references, unpack
from arena.texts import line as text_line

MISSING = "⟨this text is missing from the log⟩"

_HEAD = re.compile(rb'\{"type":"(\w+)","episode":("(?:[^"\\]|\\.)*")')


class Writer:
    """The one writer of a run in this process: refuses a second one while it lives.

    Raises `UsageError` where the folder is not writable or another process writes in it, and `Stopped` where the disk
    takes no more.
    """

    def __init__(self, run: Path) -> None:
        self.run = run
        self._lock = _locked(run)
        number = 1 + max((int(path.stem[-4:]) for path in numbered(run, "events")), default=0)
        self._path = run / f"events-{number:04}.jsonl"
        try:
            self._events: BinaryIO = self._path.open("xb", buffering=0)
            self._texts: BinaryIO = (run / f"texts-{number:04}.jsonl").open("xb", buffering=0)
            self._index: BinaryIO = (run / f"index-{number:04}.jsonl").open("xb", buffering=0)
        except OSError as why:
            raise UsageError(f"cannot write in {run}: {why.strerror}. Choose another folder with --out.") from why
        self._offset = self._texts_offset = 0
        self._full: str | None = None
        self._spans: dict[str, list[list[int]]] = {}
        self._known = references(run)

    def append(self, event: AnyEvent) -> tuple[str, int]:
        """Write one event and flush it; returns its place as (file name, offset in bytes)."""
        if isinstance(event, Shown | Said) and event.fields:
            event = event.model_copy(update={"fields": pack(event.fields, self._refer)})
        line = dump(event).encode() + b"\n"
        offset = self._offset
        self._write(self._events, line)
        self._offset += len(line)
        self._note(event.episode, offset, len(line))
        if event.type == "Scored":
            self._index_episode(event.episode)
        return self._path.name, offset

    def sync(self) -> None:
        """Force what was written so far to the disk. Safe to call from a thread of its own."""
        for file in (self._texts, self._events):
            os.fsync(file.fileno())

    def close(self) -> None:
        """Index what is unfinished, sync, and let another process write; an index that finds no room is left out."""
        with suppress(Stopped, OSError):
            for episode in list(self._spans):
                self._index_episode(episode)
            self._write(self._index, f'{{"complete":{self._offset}}}\n'.encode())
            self.sync()
        (self.run / "lock").unlink(missing_ok=True)
        for file in (self._events, self._texts, self._index, self._lock):
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _refer(self, text: str) -> str:
        """The reference to a long text, which is written where it is new."""
        name = digest(text)
        if name not in self._known:
            line = text_line(text)
            self._write(self._texts, line)
            self._known[name] = f"{name}@{self._path.stem[-4:]}:{self._texts_offset}"
            self._texts_offset += len(line)
        return self._known[name]

    def _note(self, episode: str, offset: int, length: int) -> None:
        spans = self._spans.setdefault(episode, [])
        if spans and sum(spans[-1]) == offset:
            spans[-1][1] += length
        else:
            spans.append([offset, length])

    def _index_episode(self, episode: str) -> None:
        spans = json.dumps(self._spans.pop(episode), separators=(",", ":")).encode()
        self._write(self._index, b"{" + head(episode) + b',"spans":' + spans + b"}\n")

    def _write(self, file: BinaryIO, data: bytes) -> None:
        """Write all of a line; after one that found no room nothing more is written, so that no two are joined."""
        if self._full:
            raise Stopped(self._full)
        try:
            while data:
                data = data[file.write(data) :]
        except OSError as why:
            self._full = f"the log in {self.run} takes no more: {why.strerror}. Make room, then resume the run."
            raise Stopped(self._full) from why


def _locked(run: Path) -> TextIO:
    """The lock of a run, held. Its file goes with the process that holds it, so one that is there may be gone again."""
    path = run / "lock"
    while True:
        try:
            lock = path.open("a")
        except OSError as why:
            raise UsageError(f"cannot write in {run}: {why.strerror}. Choose another folder with --out.") from why
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise UsageError(f"another process is playing in {run}. Wait until it ends, or stop it first.") from None
        if path.exists() and path.stat().st_ino == os.fstat(lock.fileno()).st_ino:
            lock.truncate(0)
            with suppress(OSError):
                print(os.getpid(), socket.gethostname(), file=lock, flush=True)
            return lock
        lock.close()


def playing(run: Path) -> bool:
    """Whether a process plays in a run, as far as can be told without disturbing it: on another machine, if one did."""
    try:
        number, host = (run / "lock").read_text(encoding="utf-8").split()
        if host == socket.gethostname():
            os.kill(int(number), 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except (OSError, ValueError):
        return True
    return True


def header(run: Path) -> dict[str, Any]:
    """The header of a run; raises `DataError` where the folder is not a run, or is from a newer version."""
    path = run / "run.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{run} is not a run: it has no run.json. `arena list runs` shows the runs.") from None
    except (OSError, ValueError) as why:
        raise DataError(f"{path} cannot be read as a run's header: {why}") from why
    if not isinstance(found, dict) or not isinstance(schema := found.get("schema"), int):
        raise DataError(f"{path} is not a run's header: it states no schema")
    if schema > SCHEMA:
        raise DataError(
            f"{run} was written in schema {schema}, this arena reads up to {SCHEMA}. Upgrade oversight-arena."
        )
    return found


def scan(run: Path, kind: str, notices: list[str] | None = None) -> Iterator[bytes]:
    """The raw lines of one event type, quickly, in the order of the files; `notices` collects what was left out."""
    for path in numbered(run, "events"):
        for _, line in lines_with(path, f'{{"type":"{kind}",'.encode(), notices):
            yield line


def heads(run: Path) -> Iterator[tuple[tuple[str, int], tuple[str, str, bytes]]]:
    """Every whole line of a run whose head can be read: its place, as `Writer.append` gave it, its type, its episode.

    The line itself comes last, raw: what is behind its head may be damaged.
    """
    for path in numbered(run, "events"):
        offset = 0
        for line in lines(path):
            if found := _HEAD.match(line):
                with suppress(ValueError):
                    yield (path.name, offset), (found[1].decode(), json.loads(found[2]), line)
            offset += len(line)


def of_kind(run: Path, kind: str, notices: list[str] | None = None) -> Iterator[AnyEvent]:
    """The events of one type, as they are on disk: long texts and spoken texts are not filled in."""
    for line in scan(run, kind, notices):
        event = event_in(line, kind, notices)
        if event is not None:
            yield event


def read(run: Path, notices: list[str] | None = None) -> Iterator[AnyEvent]:
    """Every event of a run, file by file, long texts and spoken texts filled in."""
    fill = _Filler(run, notices)
    for path in numbered(run, "events"):
        for number, line in enumerate(lines(path, notices), 1):
            event = event_in(line, f"{path.name}:{number}", notices)
            if event is not None:
                yield fill(event)


def episode(run: Path, name: str, notices: list[str] | None = None) -> list[AnyEvent]:
    """The events of one episode; who reads many of one run keeps `Episodes`."""
    return Episodes(run)(name, notices)


class Episodes:
    """The episodes of a run by name; found through the index, which is read once, or by a scan where that cannot tell.

    May be used by several threads, and while the run is written.
    """

    def __init__(self, run: Path) -> None:
        self._run, self._index, self._texts = run, Index(), Texts(run)

    def __call__(self, name: str, notices: list[str] | None = None) -> list[AnyEvent]:
        """The events of one episode, texts filled in."""
        fill = _Filler(self._run, notices, self._texts)
        events = []
        for path in numbered(self._run, "events"):
            found = self._index.lines(path, name)
            for line in found if found is not None else _scanned(path, name, notices):
                event = event_in(line, path.name, notices)
                if event is not None and event.episode == name:
                    events.append(fill(event))
        return events


def event_at(run: Path, place: tuple[str, int]) -> AnyEvent:
    """The event at a place that `Writer.append` returned."""
    return _Filler(run)(parse(line_at(run / place[0], place[1])))


def filler(run: Path, notices: list[str] | None = None) -> Callable[[AnyEvent], AnyEvent]:
    """What fills long texts and spoken texts into events that are given to it in the order of the log."""
    return _Filler(run, notices)


class _Filler:
    """Puts back what the log left out: long texts of fields, and speeches that lie within a reply."""

    def __init__(self, run: Path, notices: list[str] | None = None, texts: Texts | None = None) -> None:
        self._texts = texts or Texts(run)
        self._notices = notices
        self._replies: dict[tuple[str, str], str] = {}

    def __call__(self, event: AnyEvent) -> AnyEvent:
        if isinstance(event, Called) and not aside(event.at):
            self._replies[event.episode, event.at] = event.text
        elif isinstance(event, Shown | Said):
            update: dict[str, Any] = {"fields": unpack(event.fields, self._text)} if event.fields else {}
            if isinstance(event, Said) and event.span:
                update["text"] = self._spoken(event)[slice(*event.span)]
            return event.model_copy(update=update) if update else event
        return event

    def _text(self, reference: str) -> str:
        try:
            return self._texts(reference)
        except DataError as why:
            notice(self._notices, f"{why}; a stand-in is shown for it")
            return MISSING

    def _spoken(self, event: Said) -> str:
        reply = self._replies.pop((event.episode, event.at), None)
        if reply is None:
            notice(self._notices, f"{event.episode} {event.at}: the call that held this speech is missing")
        return reply or ""


def event_in(line: bytes, where: str, notices: list[str] | None) -> AnyEvent | None:
    """The event of a line; `None`, with a notice, where it is none of this schema."""
    try:
        return parse(line)
    except ValidationError as why:
        notice(notices, f"{where}: not an event of this schema ({why.errors()[0]['type']}), left out")
        return None


def _scanned(path: Path, name: str, notices: list[str] | None) -> Iterable[bytes]:
    """The lines of an episode, by a look at each."""
    wanted = head(name)
    return (line for line in lines(path, notices) if names(line, wanted))
