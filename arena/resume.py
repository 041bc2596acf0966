"""What an unfinished run already holds: its finished episodes, its calls by content address, the places it logged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from arena import log
from arena.events import parse

_HEAD = re.compile(rb'\{"type":"(\w+)","episode":("(?:[^"\\]|\\.)*")(?:,"at":"([^"]*)")?')
_KEY = re.compile(rb'(?<!\\)"key":"([0-9a-f]{32})"')
_ATTEMPT = re.compile(rb'(?<!\\)"attempt":(\d+)')


@dataclass(frozen=True)
class Past:
    """What a run holds before this process plays in it.

    `calls` maps the key of each logged call to its place in the log; `places` maps each unfinished episode to the
    (type, at, attempt) of its events.
    """

    done: frozenset[str] = frozenset()
    calls: dict[str, tuple[str, int]] = field(default_factory=dict)
    places: dict[str, frozenset[tuple[str, str, int]]] = field(default_factory=dict)


def recall(run: Path) -> Past:
    """Read the past of a run in one pass that looks only at the heads of lines."""
    calls: dict[str, tuple[str, int]] = {}
    seen: dict[str, set[tuple[str, str, int]]] = {}
    done: set[str] = set()
    for place, (kind, name, at, line) in _heads(run):
        if kind == "Scored" and _whole(line):
            done.add(name)
            seen.pop(name, None)
        attempt = 0
        if kind == "Called":
            attempt = _number(line)
            if key := _KEY.search(line):
                calls.setdefault(key[1].decode(), place)
        if name not in done:
            seen.setdefault(name, set()).add((kind, at, attempt))
    return Past(frozenset(done), calls, {name: frozenset(places) for name, places in seen.items()})


def _heads(run: Path) -> Iterator[tuple[tuple[str, int], tuple[str, str, str, bytes]]]:
    for place, line in log.places(run):
        if head := _HEAD.match(line):
            kind, name, at = head.groups(b"")
            with suppress(ValueError):
                yield place, (kind.decode(), json.loads(name), at.decode(), line)


def _whole(line: bytes) -> bool:
    try:
        parse(line)
    except ValueError:
        return False
    return True


def _number(line: bytes) -> int:
    found = _ATTEMPT.search(line)
    return int(found[1]) if found else 0
