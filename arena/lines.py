"""Lines on disk: the numbered files of a run, and ways to read them that do not look at what is not asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

CHUNK = 1 << 22
"""Bytes that are read at once."""


def numbered(run: Path, kind: str) -> list[Path]:
    """The files of one kind (`events`, `texts`, `index`) in the order in which processes wrote them."""
    return sorted(run.glob(f"{kind}-[0-9][0-9][0-9][0-9].jsonl"))


def lines(path: Path, notices: list[str] | None = None) -> Iterator[bytes]:
    """The whole lines of a file; a last line that was cut is left out, and said to be."""
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                notice(notices, f"{path.name}: the last line was cut and is left out")
                return
            yield line


def lines_with(path: Path, start: bytes, notices: list[str] | None = None) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that begin with `start`, with their offsets; read in large chunks, the others skipped."""
    rest, base = b"\n", -1
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            data = rest + chunk
            end = data.rfind(b"\n")
            for at, line in _found(data, b"\n" + start, end):
                yield base + at, line
            rest, base = data[end:], base + end
    if rest.strip():
        notice(notices, f"{path.name}: the last line was cut and is left out")


def _found(data: bytes, needle: bytes, end: int) -> Iterator[tuple[int, bytes]]:
    at = data.find(needle, 0, end)
    while at >= 0:
        stop = data.find(b"\n", at + 1)
        yield at + 1, data[at + 1 : stop]
        at = data.find(needle, stop, end)


def line_at(path: Path, offset: int) -> bytes:
    """The line that begins at this offset."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.readline()


def notice(notices: list[str] | None, text: str) -> None:
    """Add a notice where somebody collects them."""
    if notices is not None:
        notices.append(text)


def fingerprint(run: Path) -> str:
    """The hash of all that a run holds, its derived files left out: 32 hexadecimal digits. Raises `OSError`."""
    whole = hashlib.blake2b(digest_size=16)
    for path in (run / "run.json", *numbered(run, "events"), *numbered(run, "texts")):
        with path.open("rb") as file:
            whole.update(f"{path.name}\0{hashlib.file_digest(file, hashlib.blake2b).hexdigest()}\n".encode())
    return whole.hexdigest()


class Tail:
    """What the files of one kind of a run got since it was last read; nothing is read twice."""

    def __init__(self, run: Path, kind: str = "events") -> None:
        self._run, self._kind = run, kind
        self._offsets: dict[str, int] = {}

    def read(self) -> Iterator[bytes]:
        """The whole lines that are new, file by file; none where there is no such file."""
        for path in numbered(self._run, self._kind):
            with path.open("rb") as file:
                file.seek(self._offsets.get(path.name, 0))
                for line in file:
                    if not line.endswith(b"\n"):
                        break
                    self._offsets[path.name] = self._offsets.get(path.name, 0) + len(line)
                    yield line
