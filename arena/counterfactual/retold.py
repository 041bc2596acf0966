"""One stored episode, told again: its events up to the decision as a twist has them, and then the decision anew.

Where nothing that the judge knows or is asked differs, nothing is asked: the parent's verdict stands, even a missing
one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from arena.beliefs import Belief
from arena.counterfactual.parent import Decision, Parent
from arena.counterfactual.retelling import Retelling
from arena.counterfactual.twist import Twist
from arena.encoding import Encoded
from arena.episode import Episode
from arena.errors import TurnFailed
from arena.events import AnyEvent, Called, Dealt, Ended, Failed, Said, Shown
from arena.turns import Seat
from arena.views import act, knows


@dataclass(frozen=True)
class Retold:
    """A stored episode under a twist. `same` says that the judge and its words are those of the parent.

    Where the run asks shadow judges, the judge is asked as the rounds are told what it believes by then.
    """

    parent: Parent
    source: str
    arm: str
    seats: Mapping[str, str]
    twist: Twist
    same: bool

    async def play(self, episode: Episode) -> Belief | Ended:
        """Tell the episode and have the judge decide; ends or fails as the parent did where nothing is asked."""
        events = self.parent.events(self.source)
        decision = self.parent.decision(events, self.arm)
        before = _before(events, decision)
        told = self.twist.told(before, self.source)
        judged = _judged(events, decision) if decision else []
        episode.presented = lambda question: self.twist.presented(question, judged)
        table = Retelling(episode)
        await self._tell(episode, table, told)
        if decision is None or (self._stands(before, told, decision) and not episode.shadow):
            return _as_it_was(episode, events, decision)
        return await self._decide(table, decision)

    async def _tell(self, episode: Episode, table: Retelling, told: Sequence[AnyEvent]) -> None:
        """Tell act after act at the first table; what was told at others is logged where it comes."""
        for place, group in groupby(told, key=_place):
            again = [self._again(event, episode) for event in group]
            if place is None:
                for event in again:
                    episode.record(event)
            else:
                await table.retell(place, again)

    def _stands(self, before: list[AnyEvent], told: list[AnyEvent], decision: Decision) -> bool:
        """Whether the judge is asked what it was asked: it knows the same, on the same orders, in the same words."""
        known = knows(before, decision.seat) == knows(told, decision.seat)
        return self.same and known and self.twist.orders == "as-judged"

    def _again(self, event: AnyEvent, episode: Episode) -> Any:
        """An event of the parent as one of this episode."""
        update: dict[str, Any] = {"episode": episode.id, "t": episode.now()}
        return event.model_copy(update=update | ({"span": None} if isinstance(event, Said) else {}))

    async def _decide(self, table: Retelling, decision: Decision) -> Belief:
        await table.retell(decision.act, ())
        fields = {name: Encoded(value) for name, value in decision.fields.items()}
        return await table.decide(Seat(decision.seat, self.seats[decision.seat]), decision.cue, **fields)


def _place(event: AnyEvent) -> int | None:
    """The act of an event at the first table; `None` for what was told elsewhere."""
    return None if "/" in event.at or not event.at else act(event.at)


def _before(events: Sequence[AnyEvent], decision: Decision | None) -> list[AnyEvent]:
    """What was dealt, shown and said before a decision; earlier verdicts are nobody's, and left out."""
    told = [event for event in events if isinstance(event, Dealt | Shown | Said)]
    said = [event for event in told if not (isinstance(event, Said) and event.order is not None)]
    return [event for event in said if decision is None or "/" in event.at or act(event.at) < decision.act]


def _judged(events: Sequence[AnyEvent], decision: Decision) -> list[tuple[int, ...]]:
    """The orders in which the parent judged."""
    ended = next((event for event in events if isinstance(event, Ended)), None)
    if ended is not None:
        return [verdict.order for verdict in ended.verdicts]
    return [e.order for e in events if isinstance(e, Said) and e.order is not None and act(e.at) == decision.act]


def _as_it_was(episode: Episode, events: Sequence[AnyEvent], decision: Decision | None) -> Ended:
    """The parent's own decision: its calls and verdicts, marked as reused, and its end; raises its failure."""
    for event in events:
        mine = decision is not None and "/" not in event.at and event.at and act(event.at) == decision.act
        if mine and isinstance(event, Called | Said):
            update = {"reused": True, "cost": event.cost} if isinstance(event, Called) else {"span": None}
            episode.record(event.model_copy(update={"episode": episode.id, "t": episode.now(), **update}))
    ended = next((event for event in events if isinstance(event, Ended)), None)
    if ended is not None:
        return ended
    raise _failure(next((event for event in events if isinstance(event, Failed)), None))


def _failure(failed: Failed | None) -> TurnFailed:
    if failed is None:
        return TurnFailed("the parent did not end")
    failure = TurnFailed(failed.reason, failed.at, failed.seat)
    failure.outcome = failed.outcome
    return failure
