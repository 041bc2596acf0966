"""What is said while it is said: the text of the replies under way, put into the lines of a live side.

A reply is told by its place in its episode. What was told of it stays known until it is whole, so that each file of
words can begin with all that was said so far, and whoever opens it needs no other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from arena.live import MOST_TEXT
from arena.models.base import Hear

MOST_BYTES = 1 << 20
"""How long a file of words may become before the next is begun."""

_Place = tuple[str, str, int]


@dataclass
class _Reply:
    """A reply under way: what was told of it, and what is still to be told. `void` says that it begins anew."""

    seat: str
    told: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    size: int = 0
    void: bool = False


class Speaking:
    """The replies under way, and the lines that tell what is new of them."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self.number = 1
        self._most, self._written = most, 0
        self._replies: dict[_Place, _Reply] = {}
        self._changed: dict[_Place, _Reply] = {}

    def hearer(self, episode: str, at: str, attempt: int, seat: str) -> Hear:
        """Who hears a reply that begins now."""
        return partial(self._hear, (episode, at, attempt), _Reply(seat))

    def whole(self, episode: str, at: str, attempt: int) -> None:
        """A reply is in the log."""
        self._replies.pop((episode, at, attempt), None)

    def over(self, episode: str) -> None:
        """An episode is in the log."""
        for place in [place for place in self._replies if place[0] == episode]:
            del self._replies[place]

    def take(self) -> tuple[int, bytes] | None:
        """The lines that are new, and the number of the file for them; `None` where nothing was said."""
        if not self._changed:
            return None
        if self._written >= self._most:
            self.begin()
        data = b"".join(line for place, reply in self._changed.items() for line in _lines(place, reply))
        self._changed.clear()
        self._written += len(data)
        return self.number, data

    def begin(self) -> None:
        """Begin another file, with all that was said so far of the replies under way."""
        self.number, self._written = self.number + 1, 0
        for place, reply in self._replies.items():
            reply.fresh, reply.told, reply.void = reply.told + reply.fresh, [], True
            self._changed[place] = reply

    def _hear(self, place: _Place, reply: _Reply, piece: str | None) -> None:
        if piece is None:
            reply.void = reply.void or bool(reply.told)
            reply.told, reply.fresh, reply.size = [], [], 0
        elif reply.size < MOST_TEXT:
            reply.fresh.append(piece[: MOST_TEXT - reply.size])
            reply.size += len(piece)
            self._replies[place] = reply
        self._changed[place] = reply


def _lines(place: _Place, reply: _Reply) -> Iterator[bytes]:
    texts: list[str | None] = [None] if reply.void else []
    texts += ["".join(reply.fresh)] if reply.fresh else []
    reply.told.extend(reply.fresh)
    reply.fresh, reply.void = [], False
    episode, at, attempt = place
    for text in texts:
        line = {"episode": episode, "at": at, "attempt": attempt, "seat": reply.seat, "text": text}
        yield json.dumps(line, separators=(",", ":")).encode() + b"\n"
