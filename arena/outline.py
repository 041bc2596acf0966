"""An episode as a reader sees it: a fold of its events into question, rounds, turns and verdicts.

It knows no protocol. Whether an episode reads as a debate, as a consultancy, as a judge alone, as a tree of tables or
as turns at one table follows from who argued for what, and where.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from arena.events import AnyEvent, Called, Ended, Failed, Opened, Said, Scored, Shadowed, Shown
from arena.views import order, outline, sides

Shape = Literal["debate", "consultancy", "alone", "tree", "table"]


@dataclass(frozen=True)
class Page:
    """One episode. `told` and `turns` stand in the order of the tables' acts; `calls` are by place.

    `sides` says which answer each advocate argues for. `steps` are the speeches and verdicts in the order of the acts;
    those at the places `unsaid` are still being made.
    """

    episode: str
    arm: str = ""
    question: str = ""
    options: tuple[str, ...] = ()
    sides: dict[str, str] = field(default_factory=dict)
    told: tuple[Shown, ...] = ()
    steps: tuple[Said, ...] = ()
    calls: dict[str, tuple[Called, ...]] = field(default_factory=dict)
    ended: Ended | None = None
    failed: Failed | None = None
    scored: Scored | None = None
    events: tuple[AnyEvent, ...] = ()
    unsaid: frozenset[str] = frozenset()

    @property
    def turns(self) -> tuple[Said, ...]:
        """What was said to somebody, or to nobody, verdicts left out."""
        return tuple(said for said in self.steps if self._talked(said))

    @property
    def verdicts(self) -> tuple[Said, ...]:
        """What judges said when they decided, one for each order of the options."""
        return tuple(said for said in self.steps if not self._talked(said))

    def _talked(self, said: Said) -> bool:
        """Whether a step is part of the talk; of what is still being made that is known of advocates only."""
        if said.at in self.unsaid:
            return said.seat in self.sides or "/" in said.at
        return said.order is None

    def trace(self) -> list[tuple[int, tuple[float, ...] | None]]:
        """What a shadow judge believed after so many rounds, as far as the steps go: the mean over its verdicts."""
        shown = {said.at for said in self.steps}
        later = [order(event.at) for event in self.events if isinstance(event, Said) and event.at not in shown]
        rounds: dict[int, list[tuple[float, ...] | None]] = {}
        for event in self.events:
            if isinstance(event, Shadowed) and not any(place < _after(event.at) for place in later):
                rounds.setdefault(event.verdict.round or 0, []).append(event.verdict.belief)
        return [(number, _mean(beliefs)) for number, beliefs in sorted(rounds.items())]

    @property
    def shape(self) -> Shape:
        """What kind of view suits the episode."""
        if any("/" in event.at for event in (*self.told, *self.steps)):
            return "tree"
        if self.sides:
            return "debate" if len(self.sides) > 1 else "consultancy"
        return "table" if self.turns else "alone"

    @property
    def over(self) -> bool:
        """Whether the episode has come to an end."""
        return self.ended is not None or self.failed is not None

    def rounds(self) -> list[list[list[Said]]]:
        """The turns of the first table by round, and in each round by moment: what is said at once stands together."""
        advocates = set(self.sides) or {said.seat for said in self.turns}
        rounds: list[list[list[Said]]] = []
        spoken: set[str] = set()
        for _, group in groupby((said for said in self.turns if "/" not in said.at), key=moment):
            said = list(group)
            seats = {turn.seat for turn in said} & advocates
            if not rounds or seats & spoken or (not seats and spoken):
                rounds.append([])
                spoken = set()
            spoken |= seats
            rounds[-1].append(said)
        return rounds

    def handed(self) -> dict[str, str]:
        """The private texts of the episode by name: what quotes are checked against."""
        found: dict[str, str] = {}
        for event in self.told:
            for name, value in event.fields.items() if event.handed else ():
                if isinstance(value, str):
                    found.setdefault(name, value)
        return found

    def upto(self, step: int) -> Page:
        """The episode as it stood after so many steps; the whole one where that is all of them."""
        if step >= len(self.steps):
            return self
        known = {said.at for said in self.steps[:step]}
        return Page(
            episode=self.episode,
            arm=self.arm,
            question=self.question,
            options=self.options,
            sides=self.sides,
            told=tuple(event for event in self.told if self._told_by(event, step)),
            steps=self.steps[:step],
            calls={at: calls for at, calls in self.calls.items() if at in known},
            events=self.events,
            unsaid=self.unsaid,
        )

    def _told_by(self, event: Shown, step: int) -> bool:
        """Whether something was told before the last of so many steps was over."""
        after = [said.t for said in self.steps[step : step + 1]]
        return not after or event.t <= after[0] or not event.handed or "/" not in event.at

    def marks(self) -> list[int]:
        """The steps at which a round is over: where stepping by rounds stops."""
        last = {moments[-1][-1].at for moments in self.rounds()}
        return sorted({0, *(n for n, step in enumerate(self.steps, 1) if step.at in last), len(self.steps)})


def _after(at: str) -> list[tuple[int, ...]]:
    """What stands behind every turn of the act after which somebody was asked aside."""
    return order(f"{at.partition('~')[0]}:{10**9}")


def _mean(beliefs: Sequence[tuple[float, ...] | None]) -> tuple[float, ...] | None:
    known = [belief for belief in beliefs if belief is not None]
    return tuple(sum(column) / len(known) for column in zip(*known, strict=True)) if known else None


def page(events: Sequence[AnyEvent]) -> Page:
    """The page of the events of one episode, finished or not."""
    first = next((event for event in events if isinstance(event, Opened)), None)
    lines = [event for _, event in outline(events)]
    told = tuple(event for event in lines if isinstance(event, Shown))
    said = [event for event in lines if isinstance(event, Said)]
    text, options = _asked(told)
    return Page(
        episode=events[0].episode if events else "",
        arm=first.arm if first else "",
        question=text,
        options=options,
        sides=_sides(told, said),
        told=told,
        steps=tuple(said),
        calls=_calls(events),
        ended=_last(events, Ended),
        failed=_last(events, Failed),
        scored=_last(events, Scored),
        events=tuple(events),
    )


def moment(said: Said) -> str:
    """What the turns of one moment share."""
    return said.at.partition(":")[0]


def table_of(at: str) -> str:
    """The address of the table that a place belongs to."""
    return at[: at.rfind("/") + 1]


def _asked(told: Iterable[Shown]) -> tuple[str, tuple[str, ...]]:
    """The question and its options, as they were first shown."""
    for event in told:
        for value in event.fields.values():
            if isinstance(value, dict) and isinstance(value.get("$options"), list):
                texts = [text for text in event.fields.values() if isinstance(text, str)]
                return (texts[0] if texts else ""), tuple(map(str, value["$options"]))
    return "", ()


def _sides(told: Iterable[Shown], said: Iterable[Said]) -> dict[str, str]:
    """Who argues for what: as it was announced, else as the turns say."""
    for event in told:
        for value in event.fields.values():
            if isinstance(value, dict) and isinstance(value.get("$sides"), dict) and value["$sides"]:
                return {str(seat): str(side) for seat, side in value["$sides"].items()}
    return sides(said)


def _calls(events: Iterable[AnyEvent]) -> dict[str, tuple[Called, ...]]:
    calls: dict[str, tuple[Called, ...]] = {}
    for event in events:
        if isinstance(event, Called):
            calls[event.at] = (*calls.get(event.at, ()), event)
    return calls


def _last(events: Sequence[AnyEvent], kind: type[Any]) -> Any:
    return next((event for event in reversed(events) if isinstance(event, kind)), None)
