"""One file from an address: whole or not at all, gone on with where it broke off, never without encryption."""

import hashlib
import urllib.error
import urllib.request
from contextlib import suppress
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any, NamedTuple
from urllib.parse import urlsplit

from arena.errors import UsageError

CHUNK = 1 << 20
MOST = 1 << 32
"""The most bytes that are taken of a file whose size nobody knows."""

TIMEOUT = 30.0
"""Seconds without a byte after which an address counts as not to be reached."""

BROKEN = (urllib.error.URLError, TimeoutError, ConnectionError, HTTPException)
"""What a network does to a download."""


class Sum(NamedTuple):
    """The size and the checksum of a file; either may be unknown."""

    size: int | None = None
    sha256: str | None = None


def allowed(url: str) -> None:
    """Raise `UsageError` for an address that is neither https nor of this machine."""
    parts = urlsplit(url)
    near = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and near):
        raise UsageError(f"{url} is no https address (http is for this machine alone)")


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows where it is sent, but nowhere that is not allowed."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """The request to the next address."""
        allowed(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(url: str, part: Path, known: Sum) -> Sum:
    """Fetch what lies at an address into `part`, and give its size and checksum.

    Where the network breaks, what came stays in `part`, and the next call goes on from there if the server still has
    the same file. Raises one of `BROKEN` then, and `UsageError`, with `part` gone, where the file is another than is
    `known`, a web page, or too large.
    """
    mark = part.with_name(f"{part.name}.etag")
    with _opened(url, part, mark) as answer:
        try:
            came = _taken(url, answer, part, known)
        except UsageError:
            part.unlink(missing_ok=True)
            mark.unlink(missing_ok=True)
            raise
    mark.unlink(missing_ok=True)
    return came


def _taken(url: str, answer: Any, part: Path, known: Sum) -> Sum:
    if known.sha256 is None and answer.headers.get_content_type() == "text/html":
        raise UsageError(f"{url} sends a web page and no data; nothing was kept. Is there a log-in in between?")
    begun = part.stat().st_size if answer.status == 206 else 0  # noqa: PLR2004 - HTTP: a part of it
    came = _kept(url, answer, part, begun, known)
    wanted = answer.headers.get("Content-Length")
    if wanted and wanted.isdecimal() and came.size != begun + int(wanted):
        raise ConnectionError(f"it broke off after {came.size:,} bytes; the same command goes on from there")
    if fault := _fault(url, came, known):
        raise UsageError(fault)
    return came


def _opened(url: str, part: Path, mark: Path) -> Any:
    headers = {"User-Agent": "oversight-arena", "Accept-Encoding": "identity"}
    if part.is_file() and mark.is_file():
        headers |= {"Range": f"bytes={part.stat().st_size}-", "If-Range": mark.read_text(encoding="ascii")}
    opener = urllib.request.build_opener(_Redirects)
    try:
        answer = opener.open(urllib.request.Request(url, headers=headers), timeout=TIMEOUT)  # noqa: S310 - see allowed
    except urllib.error.HTTPError as error:
        if error.code != 416:  # noqa: PLR2004 - HTTP: there is no such part
            raise
        error.close()
        part.unlink()
        return _opened(url, part, mark)
    tag = answer.headers.get("ETag") or ""
    mark.unlink(missing_ok=True)
    if tag.startswith('"') and tag.isascii():
        mark.write_text(tag, encoding="ascii")
    return answer


def _kept(url: str, answer: Any, part: Path, begun: int, known: Sum) -> Sum:
    digest, taken, most = hashlib.sha256(), begun, known.size or MOST
    if begun:
        with part.open("rb") as before:
            while block := before.read(CHUNK):
                digest.update(block)
    with part.open("ab" if begun else "wb") as out:
        while block := answer.read(CHUNK):
            taken += len(block)
            if taken > most:
                raise UsageError(f"{url} sends more than the {most:,} bytes that it should; nothing was kept")
            digest.update(block)
            out.write(block)
    return Sum(taken, digest.hexdigest())


def _fault(url: str, came: Sum, known: Sum) -> str | None:
    if known.size is not None and came.size != known.size:
        return f"{url} sent {came.size:,} bytes and not {known.size:,}; nothing was kept. Try again"
    if known.sha256 is not None and came.sha256 != known.sha256:
        return (
            f"{url} sent a file with the checksum {str(came.sha256)[:16]}… and not {known.sha256[:16]}…; it is another "
            "file than the one that is known here, and nothing was kept"
        )
    return None


def summed(path: Path) -> Sum:
    """The size and the checksum of a file that is there."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Sum(path.stat().st_size, digest)


def why(error: Exception) -> str:
    """Say what a network did."""
    if isinstance(error, urllib.error.HTTPError):
        with suppress(OSError):
            error.close()
        return f"HTTP {error.code}"
    return str(getattr(error, "reason", error))
