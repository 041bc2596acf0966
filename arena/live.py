"""The live side of a run, as those who watch it see it: how it stands, words as they are spoken, and what to ask for.

It lies in the folder `live` of a run that is being played, and is no part of any result: whoever deletes it loses
nothing. `arena.broadcast` writes it.

    status.json           how the run stands, replaced a few times a second
    words-NNNN.jsonl      text as it arrives: {"episode", "at", "attempt", "seat", "text"}; a text of null says that
                          what came before at this place is void. Only the last two files are kept, and each begins
                          with all that was said so far of the replies under way
    control-<pid>.jsonl   what a watcher asks for, one writer a file: {"do": ..., "value": ...}

Readers never raise for what these files hold, or for files that are not there.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from arena import log
from arena.lines import numbered

FOLDER = "live"

LEASE = 30.0
"""Seconds for which a wish to hear words holds; who goes on listening says so again, well before."""

READ_AT_ONCE = 1 << 22
"""Bytes of words that are read at once, from each file."""

MOST_PLACES = 4_000
"""Replies whose words a reader keeps; those that were spoken first go first."""

MOST_TEXT = 200_000
"""Characters of one reply that are told while it is made; the log has all of it."""


MOST_AT_ONCE = 10_000
"""Episodes, or calls to one model, that can be asked for at once."""


class Ask(BaseModel):
    """What a watcher may ask of an engine. `concurrency` is in episodes, `connections` in calls to each real model."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class Pause(Ask):
    """Begin no further call; what is under way comes back."""

    do: Literal["pause"]


class Resume(Ask):
    """Go on after a pause."""

    do: Literal["resume"]


class Stop(Ask):
    """End; what is under way comes back, and the run can be resumed."""

    do: Literal["stop"]


class Concurrency(Ask):
    """Play so many episodes at once from now on."""

    do: Literal["concurrency"]
    value: int = Field(ge=1, le=MOST_AT_ONCE)


class Connections(Ask):
    """Have so many calls to each real model under way at once, at most, from now on."""

    do: Literal["connections"]
    value: int = Field(ge=1, le=MOST_AT_ONCE)


class Stream(Ask):
    """Tell words as they arrive, for the next `LEASE` seconds, or no longer. The wish is that of the file's writer."""

    do: Literal["stream"]
    value: bool = True


Command = Annotated[Pause | Resume | Stop | Concurrency | Connections | Stream, Field(discriminator="do")]
Do = Literal["pause", "resume", "stop", "concurrency", "connections", "stream"]
State = Literal["playing", "paused", "stopping", "ended"]


class Wait(BaseModel):
    """What some calls wait for, and until when (seconds since 1970; `None` where nobody can tell)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    account: str
    model: str
    calls: int
    why: str
    until: float | None = None


class Status(BaseModel):
    """How a run stood at the time `t`. Rates are of the last few seconds; money is in US dollars."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pid: int
    host: str
    t: float
    state: State
    done: int = 0
    total: int = 0
    calls: int = 0
    spent: float = 0.0
    budget: float | None = None
    concurrency: int = 0
    in_flight: int = 0
    limit: int = 0
    calls_per_second: float = 0.0
    tokens_per_second: float = 0.0
    refused: int = 0
    waits: tuple[Wait, ...] = ()
    streaming: bool = False
    wave: int = 0
    waves: int = 0
    reason: str | None = None
    notices: tuple[str, ...] = ()


GONE = "the process that played it is gone"


def read_status(run: Path) -> Status | None:
    """How a run stands; `None` where nothing readable says so. What a process left behind that was killed has ended."""
    try:
        found = Status.model_validate_json((run / FOLDER / "status.json").read_bytes())
    except (OSError, ValidationError):
        return None
    if found.state != "ended" and not log.playing(run):
        return found.model_copy(
            update={"state": "ended", "reason": GONE, "in_flight": 0, "waits": (), "streaming": False}
        )
    return found


def ask(run: Path, do: Do, value: bool | int | None = None) -> bool:
    """Ask the engine of a run for something; whether it could be written down. The engine looks within half a second.

    Raises `ValueError` for what no engine would do.
    """
    wish: dict[str, object] = {"do": do, **({} if value is None else {"value": value})}
    known(json.dumps(wish))
    line = (json.dumps(wish) + "\n").encode()
    try:
        with (run / FOLDER / f"control-{os.getpid()}.jsonl").open("ab", buffering=0) as file:
            return file.write(line) == len(line)
    except OSError:
        return False


_COMMAND: TypeAdapter[Command] = TypeAdapter(Command)


def known(line: str | bytes) -> Command:
    """The command of a control line; raises `ValueError` where it is none."""
    return _COMMAND.validate_json(line)


def regular(path: Path) -> BinaryIO:
    """A file opened for reading; raises `OSError` for what is none: a link, a folder, a pipe that nobody fills."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "no file", str(path))
    return os.fdopen(file, "rb")


class Arriving(NamedTuple):
    """What was heard of a reply so far."""

    seat: str
    attempt: int
    text: str


class Words:
    """Follows the words of a run: what was heard so far at each place, where a reply is being made or was of late.

    The log has a reply when it is whole, and goes before what was heard of it. To lose no word between the two, read
    the words first and the log after them.
    """

    def __init__(self, run: Path) -> None:
        self._folder = run / FOLDER
        self._heard: dict[tuple[str, str], tuple[str, int, list[str]]] = {}
        self._offsets: dict[str, tuple[int, int]] = {}

    def read(self) -> set[tuple[str, str]]:
        """Read what is new; the places (episode, at) at which something changed."""
        changed: set[tuple[str, str]] = set()
        for path in numbered(self._folder, "words"):
            with suppress(OSError):
                for line in self._new(path):
                    if place := self._take(line):
                        changed.add(place)
        while len(self._heard) > MOST_PLACES:
            del self._heard[next(iter(self._heard))]
        return changed

    def at(self, episode: str, place: str) -> Arriving | None:
        """What was heard at a place of an episode; `None` where nothing was."""
        found = self._heard.get((episode, place))
        if found is None or not found[2]:
            return None
        seat, attempt, pieces = found
        pieces[:] = ["".join(pieces)]
        return Arriving(seat, attempt, pieces[0])

    def of(self, episode: str) -> dict[str, Arriving]:
        """What was heard in an episode, by place."""
        places = [place for name, place in self._heard if name == episode]
        return {place: heard for place in places if (heard := self.at(episode, place))}

    def forget(self, episode: str) -> None:
        """Keep nothing of an episode that is over."""
        for place in [place for place in self._heard if place[0] == episode]:
            del self._heard[place]

    def _new(self, path: Path) -> Iterator[bytes]:
        with regular(path) as file:
            found = os.fstat(file.fileno())
            inode, offset = self._offsets.get(path.name, (found.st_ino, 0))
            if inode != found.st_ino or found.st_size < offset:
                offset = 0  # another engine's, under the same name
            file.seek(offset)
            data = file.read(READ_AT_ONCE)
        whole = data[: data.rfind(b"\n") + 1] or (data if len(data) == READ_AT_ONCE else b"")
        self._offsets[path.name] = (found.st_ino, offset + len(whole))
        yield from whole.splitlines()

    def _take(self, line: bytes) -> tuple[str, str] | None:
        try:
            told = json.loads(line)
            place, seat = (str(told["episode"]), str(told["at"])), str(told["seat"])
            attempt, text = int(told["attempt"]), told["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        _, last, pieces = self._heard.get(place, (seat, attempt, []))
        if attempt < last:
            return None
        if attempt > last or text is None:
            pieces = []
            self._heard.pop(place, None)
        if isinstance(text, str):
            pieces.append(text)
        self._heard[place] = (seat, attempt, pieces)
        return place


def wave(number: int, of: int) -> str:
    """Which wave of batches is under way, and of how many, where that is known; nothing where there are none."""
    if not number:
        return ""
    if number <= of:
        return f"wave {number:,} of {of:,}"
    return f"wave {number:,}" + (f" ({of:,} were planned)" if of else "")
