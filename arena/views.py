"""Pure folds over events: what a seat knows, what was spent, how it came out.

Everything that is derived from a log is derived here, by functions from events to values that read no file and no
clock. `knows` is the only source of a prompt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from arena.events import BLIND, AnyEvent, Called, Lost, Said, Shown, Spend, Usage, aside
from arena.programs import program

SHADOWED = " (shadow)"
"""What is added to the name of a seat for what it was asked as a shadow judge."""

_NUMBER = re.compile(r"[0-9]+")


def knows(events: Iterable[AnyEvent], seat: str) -> list[Shown | Said]:
    """What a seat was shown, what it heard and what it said, in order.

    Calls are never read: a reply, and the thinking in it, is known to nobody until it is said. A verdict is nobody's.
    """
    return [
        event
        for event in events
        if (isinstance(event, Shown) and seat in event.to)
        or (isinstance(event, Said) and event.order is None and (event.seat == seat or seat in event.to))
    ]


def sources(known: Iterable[Shown | Said]) -> dict[str, str]:
    """The texts that were handed to a seat: what its quotes are checked against. A second one of a name is numbered."""
    found: dict[str, str] = {}
    for event in known:
        for name, value in event.fields.items() if isinstance(event, Shown) and event.handed else ():
            if isinstance(value, str) and value not in found.values():
                found[f"{name} {len(found) + 1}" if name in found else name] = value
    return found


def at_table(events: Iterable[AnyEvent], table: str) -> list[AnyEvent]:
    """The events that one table of an episode holds: its own, and what an inheriting table took from its parents.

    `table` is the address of a table: empty for the first one, else a path such as `3.1/` or `3+1/2.0/`.
    """
    bounds = _bounds(table)
    return [event for event in events if any(_within(event.at, path, before) for path, before in bounds)]


def _bounds(table: str) -> list[tuple[str, int | None]]:
    """The tables whose events are held, each with the act before which they count (`None`: all)."""
    bounds: list[tuple[str, int | None]] = [(table, None)]
    while table:
        parent, _, last = table[:-1].rpartition("/")
        parent = parent and f"{parent}/"
        if "+" not in last:
            break
        bounds.append((parent, int(last.split("+")[0])))
        table = parent
    return bounds


def _within(at: str, table: str, before: int | None) -> bool:
    rest = at[len(table) :]
    if not at.startswith(table) or "/" in rest or not rest:
        return False
    return before is None or act(rest) < before


def act(at: str) -> int:
    """The number of the act that a place belongs to, within its own table."""
    return int(at.rpartition("/")[2].partition("~")[0].partition(":")[0])


class Spent(NamedTuple):
    """What calls took. `cost` (US dollars) is `None` as soon as the price of one call is unknown."""

    calls: int
    usage: Usage
    cost: float | None


def spent(events: Iterable[AnyEvent]) -> Spent:
    """The sum over every call, the retried and the reused ones too: what the episode takes to play.

    What a shadow judge takes is left out: the episode is the same without it. Failed attempts count with what they are
    known to have taken; one that nobody sent a bill for leaves the sum known.
    """
    asked = [event for event in events if isinstance(event, Called | Lost) and not aside(event.at)]
    calls = [event for event in asked if isinstance(event, Called)]
    return Spent(len(calls), *_taken(calls, asked))


def spend(events: Iterable[AnyEvent]) -> dict[str, Spend]:
    """What each seat bought: replies that were looked up are counted, and cost nothing again.

    A shadow judge has an entry of its own, `judge (shadow)` for the seat `judge`.
    """
    seats: dict[str, list[Called | Lost]] = {}
    for event in events:
        if isinstance(event, Called | Lost):
            seats.setdefault(event.seat + SHADOWED * aside(event.at), []).append(event)
    return {seat: _spend(asked) for seat, asked in sorted(seats.items())}


def _spend(asked: Sequence[Called | Lost]) -> Spend:
    calls = [event for event in asked if isinstance(event, Called)]
    bought = [call for call in calls if not call.reused]
    usage, cost = _taken(bought, asked)
    models = tuple(dict.fromkeys(call.model for call in calls if not program(call.model)))
    blind = sum(one.cost is None and one.kind in BLIND for event in asked for one in event.failed)
    reused = len(calls) - len(bought)
    return Spend(calls=len(bought), reused=reused, usage=usage, cost=cost, blind=blind, models=models)


def _taken(calls: Sequence[Called], asked: Iterable[Called | Lost]) -> tuple[Usage, float | None]:
    """The tokens and the cost of some replies, and of the failed attempts at all that was `asked`."""
    failed = [attempt for event in asked for attempt in event.failed]
    taken = [*(call.usage for call in calls), *(attempt.usage for attempt in failed)]
    usage = Usage(
        input=sum(one.input for one in taken),
        output=sum(one.output for one in taken),
        cache_read=sum(one.cache_read for one in taken),
        cache_write=sum(one.cache_write for one in taken),
    )
    known = [call.cost for call in calls if call.cost is not None]
    wasted = sum(attempt.cost or 0.0 for attempt in failed)
    return usage, sum(known) + wasted if len(known) == len(calls) else None


def sides(events: Iterable[AnyEvent]) -> dict[str, str]:
    """Which answer each advocate argued for: the `side` of the turns of a seat."""
    return {
        event.seat: event.fields["side"]
        for event in events
        if isinstance(event, Said) and isinstance(event.fields.get("side"), str)
    }


def quote_counts(events: Iterable[AnyEvent]) -> dict[str, int]:
    """How many quotes had which status."""
    counts: dict[str, int] = {}
    for event in events:
        if isinstance(event, Said):
            for quote in event.quotes:
                counts[quote.status] = counts.get(quote.status, 0) + 1
    return counts


def outline(events: Sequence[AnyEvent]) -> list[tuple[int, Shown | Said]]:
    """What was shown and said in the order of the tables' acts, each with the depth of its table."""
    told = [event for event in events if isinstance(event, Shown | Said)]
    return [(event.at.count("/"), event) for event in sorted(told, key=lambda event: order(event.at))]


def order(at: str) -> list[tuple[int, ...]]:
    """What places of an episode are sorted by, so that they stand in the order of the tables' acts."""
    return [tuple(int(number) for number in _NUMBER.findall(step)) for step in at.split("/")]
