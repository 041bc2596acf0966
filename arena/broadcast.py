"""The engine's end of the live side: it tells how a run stands and what is said, and takes what watchers ask for.

What lies on a disk is touched by a thread that nobody waits for: a folder that hangs or is full delays no call and
keeps no run from ending. All else happens in the loop of the run. See `arena.live` for the files.
"""

from __future__ import annotations

import asyncio
import os
import queue
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from arena.events import AnyEvent, Called, Scored
from arena.lines import numbered
from arena.listeners import Listeners
from arena.live import FOLDER, Command, Status, Stream, known, regular
from arena.models.base import Hear
from arena.speaking import Speaking

BEAT = 0.1
"""Seconds between two times that words are handed on."""

BEATS = 4
"""Every so many beats it is told how the run stands."""

LOOK = 0.25
"""Seconds between two looks at what was asked for, at most."""

WINDOW = 5.0
"""Seconds over which rates are taken."""

PARTING = 1.0
"""Seconds that the end of a run waits for what is still to be written."""

LONGEST_LINE = 4_096
READ_AT_ONCE = 65_536
MOST_NOTICES = 8
MOST_CONTROLS = 64


Asked = tuple[str, bytes | str]
"""Who asked, by the name of their file, and a line of it, or a notice where it could not be read."""


class Standing(NamedTuple):
    """What the engine says of itself; the fields are those of `Status`. `tokens` counts from the beginning."""

    fields: dict[str, object]
    calls: int
    tokens: int


class Engine(Protocol):
    """The run that is told of."""

    def standing(self) -> Standing:
        """How it stands."""
        ...

    def obey(self, command: Command) -> None:
        """Do what a watcher asks for; raises `ValueError` where it does not."""
        ...


class Broadcast:
    """The live side of a run while it is played. Nothing that it does or fails to do changes the run by itself."""

    def __init__(self, run: Path, engine: Engine, *, streaming: bool) -> None:
        self._listeners = Listeners(first=streaming)
        self._engine = engine
        self._speaking = Speaking()
        self._rates = deque[tuple[float, int, int]]()
        self._notices = deque[str](maxlen=MOST_NOTICES)
        self._desk = _Desk(run / FOLDER)
        self._beating: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Open the live side, in the running loop; what another process left there is cleared away."""
        loop = asyncio.get_running_loop()

        def hand(lines: list[Asked]) -> None:
            with suppress(RuntimeError):  # the loop may have ended
                loop.call_soon_threadsafe(self._obey, lines)

        if self._desk.clear():
            self._desk.start(hand)
            self._tell()
            self._beating = asyncio.create_task(self._beat())

    def end(self, reason: str | None) -> None:
        """Tell that the run has ended, and why if it was before its time; takes a moment at most."""
        if self._beating is None:
            return
        self._beating.cancel()
        self._desk.close(self._status(state="ended", reason=reason, in_flight=0, waits=(), streaming=False))

    def hear(self, episode: str, at: str, attempt: int, seat: str) -> Hear | None:
        """Who hears a reply while it is made; `None` while nothing is streamed."""
        return self._speaking.hearer(episode, at, attempt, seat) if self._listeners and self._beating else None

    def logged(self, event: AnyEvent) -> None:
        """Take note that an event is in the log: what was heard of it is told there."""
        if isinstance(event, Called):
            self._speaking.whole(event.episode, event.at, event.attempt)
        elif isinstance(event, Scored):
            self._speaking.over(event.episode)

    async def _beat(self) -> None:
        beats, lost = 0, False
        while True:
            await asyncio.sleep(BEAT)
            beats += 1
            if lost and self._desk.free:
                self._speaking.begin()
            if words := self._speaking.take():
                lost = not self._desk.put(words)
            if beats % BEATS == 0:
                self._tell()

    def _tell(self) -> None:
        self._desk.put(self._status())

    def _status(self, **more: object) -> bytes:
        now = time.time()
        fields, calls, tokens = self._engine.standing()
        self._rates.append((now, calls, tokens))
        while len(self._rates) > 2 and now - self._rates[0][0] > WINDOW:  # noqa: PLR2004  # a rate needs two readings
            self._rates.popleft()
        begun, calls_then, tokens_then = self._rates[0]
        took = max(now - begun, BEAT)
        return (
            Status.model_validate(
                {
                    "pid": os.getpid(),
                    "host": socket.gethostname(),
                    "t": round(now, 3),
                    "calls": calls,
                    "calls_per_second": round((calls - calls_then) / took, 2),
                    "tokens_per_second": round((tokens - tokens_then) / took, 1),
                    "streaming": bool(self._listeners),
                    "notices": tuple(self._notices),
                    **fields,
                    **more,
                }
            )
            .model_dump_json()
            .encode()
        )

    def _obey(self, lines: list[Asked]) -> None:
        for who, line in lines:
            if isinstance(line, str):
                self._notices.append(line)
                continue
            try:
                command = known(line)
                if isinstance(command, Stream):
                    self._listeners.wish(who, wants=command.value)
                else:
                    self._engine.obey(command)
            except ValueError:
                said = line[:80].decode("utf-8", "replace")
                self._notices.append(f"nothing that can be asked of a run: {said!r}")
        self._tell()


class _Desk:
    """The files of a live side, and the thread that alone touches them once it has begun."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._box: queue.Queue[tuple[int, bytes] | bytes | None] = queue.Queue(maxsize=16)
        self._offsets: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._complained: set[str] = set()

    def clear(self) -> bool:
        """Make the folder and clear it; false where there can be none, and nobody is told anything."""
        try:
            self._folder.mkdir(exist_ok=True)
            self._tidy()
        except OSError:
            return False
        return True

    def start(self, hand: Callable[[list[Asked]], None]) -> None:
        """Begin to write what is put, and to hand on what is asked for."""
        self._thread = threading.Thread(target=self._work, args=(hand,), name="live", daemon=True)
        self._thread.start()

    @property
    def free(self) -> bool:
        """Whether there is room for what is put."""
        return not self._box.full()

    def put(self, item: tuple[int, bytes] | bytes) -> bool:
        """Have a status or words written; false where the disk is so slow that they are left out."""
        try:
            self._box.put_nowait(item)
        except queue.Full:
            return False
        return True

    def close(self, status: bytes) -> None:
        """Write the last status and clear the rest away, as far as that is done in a moment."""
        if self.put(status):
            with suppress(queue.Full):
                self._box.put_nowait(None)
        if self._thread is not None:
            self._thread.join(PARTING)

    def _work(self, hand: Callable[[list[Asked]], None]) -> None:
        looked = 0.0
        while True:
            with suppress(queue.Empty):
                item = self._box.get(timeout=LOOK)
                if item is None:
                    break
                with suppress(OSError):
                    self._write(item)
            if time.monotonic() - looked >= LOOK:
                looked = time.monotonic()
                if lines := self._asked():
                    hand(lines)
        with suppress(OSError):
            self._tidy()

    def _write(self, item: tuple[int, bytes] | bytes) -> None:
        if isinstance(item, bytes):
            part = self._folder / "status.json.part"
            part.write_bytes(item)
            part.replace(self._folder / "status.json")
            return
        number, data = item
        with (self._folder / f"words-{number:04}.jsonl").open("ab", buffering=0) as file:
            file.write(data)
        for path in numbered(self._folder, "words")[:-2]:
            path.unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Remove all but the status."""
        for path in [*self._folder.glob("words-*.jsonl"), *self._folder.glob("control-*.jsonl")]:
            path.unlink(missing_ok=True)

    def _asked(self) -> list[Asked]:
        """What was asked for since the last look."""
        found: list[Asked] = []
        with suppress(OSError):
            for path in sorted(self._folder.glob("control-*.jsonl"))[:MOST_CONTROLS]:
                try:
                    found += [(path.name, line) for line in self._lines(path)]
                except OSError as why:
                    if path.name not in self._complained and len(self._complained) < MOST_CONTROLS:
                        self._complained.add(path.name)
                        found.append((path.name, f"{path.name} cannot be read: {why.strerror}"))
        return found

    def _lines(self, path: Path) -> list[bytes]:
        offset = self._offsets.get(path.name, 0)
        with regular(path) as file:
            if os.fstat(file.fileno()).st_size < offset:
                offset = 0
            file.seek(offset)
            data = file.read(READ_AT_ONCE)
        whole = data[: data.rfind(b"\n") + 1] or (data if len(data) == READ_AT_ONCE else b"")
        self._offsets[path.name] = offset + len(whole)
        return [line[:LONGEST_LINE] for line in whole.splitlines() if line.strip()]
