"""The members of an archive that are wanted, put below a folder; whoever made the archive is not trusted."""

import fnmatch
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from arena.errors import UsageError

CHUNK = 1 << 20
MOST = 1 << 32
"""The most bytes that are unpacked of one archive."""

BROKEN = (zipfile.BadZipFile, tarfile.TarError, EOFError, NotImplementedError, RuntimeError, zlib.error)
"""What reading an archive that is none, or is broken or encrypted, raises."""

_ODD = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]')


def unpack(archive: Path, pattern: str, place: Path, what: str) -> list[Path]:
    """Take the members that fit the pattern, under their own names below `place`; gives where they are.

    Raises `UsageError` where one wants to lie elsewhere, nothing fits, or there is too much; `what` names the archive.
    Nothing is kept then.
    """
    kept: list[Path] = []
    try:
        _take(archive, pattern, place, what, kept)
    except BaseException:
        for target in kept:
            target.unlink(missing_ok=True)
        raise
    return kept


def _take(archive: Path, pattern: str, place: Path, what: str, kept: list[Path]) -> None:
    left = MOST
    for name, body in _members(archive):
        inside = PurePosixPath(name)
        if fnmatch.fnmatch(name, pattern) and not inside.name.startswith("."):
            target = place / _safe(inside, what)
            target.parent.mkdir(parents=True, exist_ok=True)
            kept.append(target)
            left = _copied(body, target, left, what)
    if not kept:
        raise UsageError(f"{what} holds no file such as {pattern}; it is another archive than is known here")


def _safe(inside: PurePosixPath, what: str) -> PurePosixPath:
    if inside.is_absolute() or ".." in inside.parts or _ODD.search(str(inside)):
        raise UsageError(f"{what} holds a file that wants to lie elsewhere: {str(inside)!r}; nothing was kept")
    return inside


def _copied(body: IO[bytes], target: Path, left: int, what: str) -> int:
    with target.open("wb") as out:
        while block := body.read(CHUNK):
            left -= len(block)
            if left < 0:
                raise UsageError(f"{what} holds more than {MOST:,} bytes; nothing was kept")
            out.write(block)
    return left


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The files in an archive; links, devices and folders are none."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            for one in zipped.infolist():
                if not one.is_dir():
                    with zipped.open(one) as body:
                        yield one.filename, body
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and (inside := tar.extractfile(member)) is not None:
                yield member.name, inside
