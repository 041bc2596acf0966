"""How long people took for what they said: seconds, from when they were asked until they had answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from arena import log
from arena.events import Called, Scored
from arena.programs import person
from arena.report.header import Header
from arena.views import order


@dataclass(frozen=True)
class Sitting:
    """One person in one seat of one arm, over the scored episodes. `seconds` is the time of all their answers.

    `by_answer` has the median time of the first answer of an episode, of the second, and so on: of a judge asked round
    by round these are the rounds, from 0 on. `episode` is the median time of a whole episode.
    """

    arm: str
    seat: str
    person: str
    episodes: int
    seconds: float
    episode: float
    by_answer: tuple[float, ...]


def sittings(run: Path, head: Header) -> tuple[Sitting, ...]:
    """The people of a run folder, by arm and seat; none where its header seats nobody."""
    arms = {arm.name: arm for arm in head.arms if any(person(seat.model) for seat in arm.seats.values())}
    if not arms:
        return ()
    played = {e.episode: e.arm for e in log.of_kind(run, "Scored") if isinstance(e, Scored) and e.split == "test"}
    calls: dict[tuple[str, str, str], dict[str, list[Called]]] = defaultdict(lambda: defaultdict(list))
    for call in log.of_kind(run, "Called"):
        if isinstance(call, Called) and person(call.model) and played.get(call.episode) in arms and not call.reused:
            calls[played[call.episode], call.seat, call.model.partition("/")[2]][call.episode].append(call)
    return tuple(_sitting(*who, list(found.values())) for who, found in calls.items())


def _sitting(arm: str, seat: str, name: str, episodes: list[list[Called]]) -> Sitting:
    times = [[call.seconds for call in sorted(calls, key=lambda call: order(call.at))] for calls in episodes]
    longest = max(map(len, times))
    return Sitting(
        arm=arm,
        seat=seat,
        person=name,
        episodes=len(times),
        seconds=sum(map(sum, times)),
        episode=median(map(sum, times)),
        by_answer=tuple(median(each[n] for each in times if n < len(each)) for n in range(longest)),
    )
