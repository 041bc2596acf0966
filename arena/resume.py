"""What an unfinished run already holds: its finished episodes, its calls by content address, the places it logged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from arena import log
from arena.events import AnyEvent, parse

_HEAD = re.compile(rb'\{"type":"(\w+)","episode":("(?:[^"\\]|\\.)*")')
_KEY = re.compile(rb'(?<!\\)"key":"([0-9a-f]{32})"')


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
    """Read the past of a run in one pass; a line that was damaged since is no past."""
    calls: dict[str, tuple[str, int]] = {}
    lines: dict[str, list[bytes]] = {}
    done: set[str] = set()
    for place, (kind, name, line) in _heads(run):
        if kind == "Scored" and _whole(line):
            done.add(name)
            lines.pop(name, None)
        elif name not in done:
            lines.setdefault(name, []).append(line)
        if kind == "Called" and (key := _KEY.search(line)):
            calls[key[1].decode()] = place
    return Past(frozenset(done), calls, {name: _places(left) for name, left in lines.items()})


def _places(lines: list[bytes]) -> frozenset[tuple[str, str, int]]:
    events = [event for line in lines if (event := _whole(line)) is not None]
    return frozenset((event.type, event.at, getattr(event, "attempt", 0)) for event in events)


def _heads(run: Path) -> Iterator[tuple[tuple[str, int], tuple[str, str, bytes]]]:
    for place, line in log.places(run):
        if head := _HEAD.match(line):
            with suppress(ValueError):
                yield place, (head[1].decode(), json.loads(head[2]), line)


def _whole(line: bytes) -> AnyEvent | None:
    try:
        return parse(line)
    except ValueError:
        return None
