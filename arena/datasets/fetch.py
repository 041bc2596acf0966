"""Getting a published set from its authors' address into the cache, where its loader finds it."""

import fnmatch
import hashlib
import io
import tarfile
import tomllib
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import urlsplit

from arena.datasets.places import cache
from arena.errors import UsageError, unknown

CHUNK = 1 << 20
MOST = 1 << 32
"""The most bytes that are taken of a file whose size nobody knows."""

TIMEOUT = 30.0
"""Seconds without a byte after which an address counts as not to be reached."""

ELSEWHERE = {
    "casefiles": "it is generated: arena data make casefiles --out FILE",
    "gpqa": "its authors ask that it not be passed on in plain text; get your own copy from github.com/idavidrein/gpqa",
    "hub": "the library `datasets` fetches what it is asked for: --dataset 'hub?path=owner/name'",
    "quality_debates": "it is joined from two repositories, which its docstring names, and lies nowhere as it is read",
}
"""Why a set cannot be fetched, and what would work."""


@dataclass(frozen=True)
class File:
    """One file of a set. `path` is where it lies in the set's folder; `unpack` is a pattern of members to take."""

    path: str
    url: str
    size: int | None = None
    sha256: str | None = None
    unpack: str = ""


@dataclass(frozen=True)
class Source:
    """Where a set comes from, and under what licence."""

    name: str
    licence: str
    files: Sequence[File]


def source(name: str, mirror: str | None = None) -> Source:
    """Where a set is fetched from; `mirror` is an address that stands in for its authors'. Raises `UsageError`."""
    known = tomllib.loads((files("arena.datasets") / "sources.toml").read_text(encoding="utf-8"))
    if name in ELSEWHERE:
        raise UsageError(f"{name} cannot be fetched: {ELSEWHERE[name]}")
    if name not in known:
        raise unknown("dataset to fetch", name, known)
    found = [File(**file) for file in known[name]["files"]]
    if mirror:
        found = [File(one.path, f"{mirror.rstrip('/')}/{one.path}", one.size, one.sha256, one.unpack) for one in found]
    for one in found:
        _allowed(one.url)
    return Source(name, known[name]["licence"], found)


def _allowed(url: str) -> None:
    parts = urlsplit(url)
    near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and near):
        raise UsageError(f"{url} is no https address (http is for this machine alone)")


def fetch(wanted: Source, folder: Path | None = None) -> Iterator[tuple[File, str]]:
    """Fetch the files that are not there yet, each with its checksum as it came; raises `UsageError`.

    A file appears under its name only once it is whole and has the size and checksum that are known of it.
    """
    place = folder or cache() / wanted.name
    for file in wanted.files:
        target = place / file.path
        if target.exists() and file.sha256 in (None, _sum(target)):
            yield file, "there already"
            continue
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = _download(file, part)
            if file.unpack:
                _unpack(part, file, place)
            part.rename(target)
        except (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException) as error:
            raise UsageError(_unreached(file, target, error)) from None
        except (OSError, zipfile.BadZipFile, tarfile.TarError) as error:
            raise UsageError(f"{file.url} cannot be kept at {target}: {error}") from None
        finally:
            part.unlink(missing_ok=True)
        yield file, digest


def _unreached(file: File, target: Path, error: Exception) -> str:
    why = f"HTTP {error.code}" if isinstance(error, urllib.error.HTTPError) else getattr(error, "reason", error)
    return (
        f"{file.url} cannot be reached: {why}. Where there is no network, get the file elsewhere and put it at "
        f"{target}, or give the address of a mirror with --from"
    )


def _download(file: File, part: Path) -> str:
    digest, taken, most = hashlib.sha256(), 0, file.size or MOST
    request = urllib.request.Request(file.url, headers={"User-Agent": "oversight-arena"})  # noqa: S310 - see _allowed
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer, part.open("wb") as out:  # noqa: S310
        _allowed(answer.geturl())
        while block := answer.read(CHUNK):
            taken += len(block)
            if taken > most:
                raise UsageError(f"{file.url} sends more than the {most:,} bytes that it should; nothing was kept")
            digest.update(block)
            out.write(block)
    if file.size is not None and taken != file.size:
        raise UsageError(f"{file.url} sent {taken:,} bytes and not {file.size:,}; nothing was kept. Try again")
    if file.sha256 is not None and digest.hexdigest() != file.sha256:
        raise UsageError(
            f"{file.url} sent a file with the checksum {digest.hexdigest()[:16]}… and not {file.sha256[:16]}…; it is "
            "another file than the one that is known here, and nothing was kept"
        )
    return digest.hexdigest()


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpack(archive: Path, file: File, place: Path) -> None:
    """Take the members that fit the pattern, under their own names; none may lie outside the folder."""
    count = 0
    for name, body in _members(archive):
        inside = PurePosixPath(name)
        if fnmatch.fnmatch(name, file.unpack) and not inside.name.startswith("."):
            if inside.is_absolute() or ".." in inside.parts:
                raise UsageError(
                    f"{file.url} holds a file that wants to lie elsewhere: {name!r}; nothing more was kept"
                )
            target = place / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body.read())
            count += 1
    if not count:
        raise UsageError(f"{file.url} holds no file such as {file.unpack}; it is another archive than is known here")


def _members(archive: Path) -> Iterator[tuple[str, BinaryIO]]:
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as zipped:
            for name in zipped.namelist():
                if not name.endswith("/"):
                    yield name, io.BytesIO(zipped.read(name))
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and (body := tar.extractfile(member)) is not None:
                yield member.name, io.BytesIO(body.read())
