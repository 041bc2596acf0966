"""Long texts: written once in a run, and referred to by their hash and place.

A string of an event's field that is at least `LONG` characters long becomes `{"$text": "<hash>@<file>:<offset>"}`: the
hash says what it is, the place where to find it without a search.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from arena.errors import DataError
from arena.lines import line_at, lines_with, numbered

LONG = 64
_REFERENCE = re.compile(r"[0-9a-f]{24}@\d{4}:\d+")
_HEAD = re.compile(rb'\{"hash":"([0-9a-f]{24})","text":"')

REMEMBERED = 1024
"""Texts that a reader keeps in memory."""


@lru_cache(maxsize=512)
def digest(text: str) -> str:
    """The content address of a text: 24 hexadecimal digits."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def pack(value: Any, refer: Callable[[str], str]) -> Any:
    """The value with each of its long strings replaced by what `refer` gives for it."""
    if isinstance(value, str):
        return {"$text": refer(value)} if len(value) >= LONG else value
    if isinstance(value, dict):
        return {key: pack(item, refer) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [pack(item, refer) for item in value]
    return value


def unpack(value: Any, find: Callable[[str], str]) -> Any:
    """The value with its references replaced by what `find` gives for them."""
    if isinstance(value, dict):
        if value.keys() == {"$text"} and _REFERENCE.fullmatch(str(value["$text"])):
            return find(value["$text"])
        return {key: unpack(item, find) for key, item in value.items()}
    if isinstance(value, list):
        return [unpack(item, find) for item in value]
    return value


def line(text: str) -> bytes:
    """How a text stands in its file."""
    made = json.dumps({"hash": digest(text), "text": text}, ensure_ascii=False, separators=(",", ":"))
    return made.encode() + b"\n"


class Texts:
    """The long texts of a run, read when they are asked for. Call it with a reference; `DataError` where it is gone."""

    def __init__(self, run: Path) -> None:
        self._run = run
        self._find = lru_cache(maxsize=REMEMBERED)(self._read)

    def __call__(self, reference: str) -> str:
        """The text that a reference stands for."""
        return self._find(reference)

    def _read(self, reference: str) -> str:
        name, _, place = reference.partition("@")
        number, _, offset = place.partition(":")
        path = self._run / f"texts-{number}.jsonl"
        start = f'{{"hash":"{name}"'.encode()
        try:
            if offset.isdigit() and path.exists() and (found := line_at(path, int(offset))).startswith(start):
                return str(json.loads(found)["text"])
            return self._search(name, start)
        except (ValueError, KeyError, TypeError):
            raise DataError(f"{self._run}: the text {name} cannot be read where it stands") from None

    def _search(self, name: str, start: bytes) -> str:
        for path in numbered(self._run, "texts"):
            for _, found in lines_with(path, start):
                return str(json.loads(found)["text"])
        raise DataError(f"{self._run}: the text {name} is referred to by an event, and stands in no texts file")


def references(run: Path) -> dict[str, str]:
    """The reference of every text that a run holds, by hash."""
    known: dict[str, str] = {}
    for path in numbered(run, "texts"):
        for offset, found in lines_with(path, b'{"hash":"'):
            if head := _HEAD.match(found):
                name = head[1].decode()
                known.setdefault(name, f"{name}@{path.stem[-4:]}:{offset}")
    return known
