"""What an unfinished run already holds: its finished episodes, its calls by content address, the places it logged."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from arena import log
from arena.events import AnyEvent, Called, Lost, Scored, parse
from arena.streaks import barren, fruitful

_KEY = re.compile(rb'(?<!\\)"key":"([0-9a-f]{32})"')


@dataclass(frozen=True)
class Past:
    """What a run holds before this process plays in it.

    `calls` maps the key of each logged call to its place in the log; `places` maps each unfinished episode to the
    (type, at, attempt) of its events, and `asked` to its calls, without their words. `refusing` are the models whose
    servers refused to keep to a schema, `barren` the arms that came to no verdict at all, though they played often.
    """

    done: frozenset[str] = frozenset()
    calls: dict[str, tuple[str, int]] = field(default_factory=dict)
    places: dict[str, frozenset[tuple[str, str, int]]] = field(default_factory=dict)
    asked: dict[str, tuple[Called | Lost, ...]] = field(default_factory=dict)
    refusing: frozenset[str] = frozenset()
    barren: frozenset[str] = frozenset()

    def billed(self, episode: str, events: Iterable[AnyEvent]) -> list[AnyEvent]:
        """The events of an episode that was played again from its calls, these as they were logged when they were paid.

        A reply that is looked up does not tell that this episode bought it, nor which attempts had failed before.
        """
        asked = self.asked.get(episode, ())
        logged = {(call.at, call.attempt, call.key): call for call in asked if isinstance(call, Called)}
        again = [
            logged.get((event.at, event.attempt, event.key), event) if isinstance(event, Called) else event
            for event in events
        ]
        return [*(call for call in asked if isinstance(call, Lost)), *again]


def recall(run: Path) -> Past:
    """Read the past of a run in one pass; a line that was damaged since is no past."""
    calls: dict[str, tuple[str, int]] = {}
    lines: dict[str, list[bytes]] = {}
    done: set[str] = set()
    refusing: set[str] = set()
    scores: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for place, (kind, name, line) in log.heads(run):
        if kind == "Scored" and isinstance(scored := _whole(line), Scored):
            scores[scored.arm][fruitful(scored)] += 1
            done.add(name)
            lines.pop(name, None)
        elif name not in done:
            lines.setdefault(name, []).append(line)
        if kind == "Called" and (key := _KEY.search(line)):
            calls[key[1].decode()] = place
        if kind == "Lost" and isinstance(lost := _whole(line), Lost):
            refusing |= {lost.model for attempt in lost.failed if attempt.kind == "unsupported"}
    left = {name: [event for line in found if (event := _whole(line)) is not None] for name, found in lines.items()}
    places = {name: frozenset(map(_place, events)) for name, events in left.items()}
    asked = {name: tuple(_asked(events)) for name, events in left.items()}
    return Past(frozenset(done), calls, places, asked, frozenset(refusing), barren(scores))


def _place(event: AnyEvent) -> tuple[str, str, int]:
    return event.type, event.at, getattr(event, "attempt", 0)


def _asked(events: Iterable[AnyEvent]) -> Iterator[Called | Lost]:
    for event in events:
        if isinstance(event, Called):
            yield event.model_copy(update={"text": "", "thinking": None, "logprobs": None})
        elif isinstance(event, Lost):
            yield event


def _whole(line: bytes) -> AnyEvent | None:
    try:
        return parse(line)
    except ValueError:
        return None
