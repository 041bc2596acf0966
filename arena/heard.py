"""What the seat that decided had heard when it did: who argued for what, at what length, who had the last word.

A fold over the events of one episode. It reads what the deciding seat knew and nothing else, so it says what could
have moved the verdict, and not what was said behind its back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from arena.events import AnyEvent, Said, Shown
from arena.views import at_table, knows

DIGEST = 8
"""Bytes of a transcript's hash."""


@dataclass(frozen=True)
class Heard:
    """What was heard before the last decision of an episode.

    `argued` maps each seat that argued to its side, `words` each side to the words heard for it. `last` is the side of
    the last speech; `None` where fewer than two sides were argued, or where the last speeches were given at the same
    moment. `rounds` is the number of speeches of the seat that argued most often. `transcript` is the hash of all that
    was known: the same for two decisions on the same words, whatever the order of the options.
    """

    argued: dict[str, str] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    last: str | None = None
    rounds: int = 0
    transcript: str = ""


def heard(events: Sequence[AnyEvent]) -> Heard:
    """Fold an episode; an empty result where no seat decided."""
    verdicts = [(n, event) for n, event in enumerate(events) if isinstance(event, Said) and event.order is not None]
    if not verdicts:
        return Heard()
    place, verdict = verdicts[-1]
    known = knows(at_table(events[:place], _table(verdict)), verdict.seat)
    speeches = [(event, side) for event in known if isinstance(event, Said) and (side := _side(event)) is not None]
    words: dict[str, int] = {}
    for event, side in speeches:
        words[side] = words.get(side, 0) + len(event.text.split())
    return Heard(
        argued={event.seat: side for event, side in speeches},
        words=words,
        last=_last(speeches) if len(words) > 1 else None,
        rounds=_rounds(speeches),
        transcript=_hash(known),
    )


def _table(event: Said) -> str:
    """The address of the table at which something was said."""
    return event.at[: event.at.rfind("/") + 1]


def _side(event: Said) -> str | None:
    side = event.fields.get("side")
    return side if isinstance(side, str) else None


def _moment(event: Said) -> str:
    """The act of a speech: those given together share it."""
    return event.at.partition(":")[0]


def _last(speeches: Sequence[tuple[Said, str]]) -> str | None:
    moment = _moment(speeches[-1][0])
    sides = {side for event, side in speeches if _moment(event) == moment}
    return sides.pop() if len(sides) == 1 else None


def _rounds(speeches: Iterable[tuple[Said, str]]) -> int:
    return max(Counter(event.seat for event, _ in speeches).values(), default=0)


def _hash(known: Iterable[Shown | Said]) -> str:
    told = [
        [event.seat if isinstance(event, Said) else "", event.cue, event.fields, getattr(event, "text", "")]
        for event in known
    ]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST).hexdigest()
