"""Server-sent events, read from bytes as they come, in whatever pieces they come."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import NamedTuple

_BREAK = re.compile(rb"\r\n|\n|\r")


class ServerEvent(NamedTuple):
    """One event: its name (empty where it has none) and its data."""

    name: str
    data: str


class Lines:
    """Bytes cut into lines, at any of the three line ends, in time linear in the bytes."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that a chunk completes. A carriage return at its end waits for what follows."""
        if b"\n" not in chunk and b"\r" not in chunk and not (self._pieces and self._pieces[-1].endswith(b"\r")):
            self._pieces.append(chunk)
            return []
        text = b"".join([*self._pieces, chunk])
        held = b"\r" if text.endswith(b"\r") else b""
        *lines, rest = _BREAK.split(text.removesuffix(b"\r") if held else text)
        self._pieces = [rest + held] if rest or held else []
        return lines

    def end(self) -> list[bytes]:
        """The line that the end completes: one whose carriage return waited for more. Without a line end, no line."""
        return self.feed(b"\n") if self._pieces and self._pieces[-1].endswith(b"\r") else []


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    lines, first = Lines(), True
    async for chunk in chunks:
        for raw in lines.feed(chunk):
            line = raw.decode("utf-8", "replace")
            yield line.removeprefix("\ufeff") if first else line
            first = False
    for raw in lines.end():
        yield raw.decode("utf-8", "replace")


async def server_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[ServerEvent]:
    """The events of a stream. One that its blank line did not end is no event."""
    name, data = "", list[str]()
    async for line in _lines(chunks):
        if not line:
            if data:
                yield ServerEvent(name, "\n".join(data))
            name, data = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            data.append(value)
