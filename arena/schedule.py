"""The episodes of a plan, in the order of play: teachers before those that learn from them, questions before arms."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from arena.beliefs import Belief
from arena.episode import Episode
from arena.events import Ended
from arena.plan import Arm, Plan
from arena.question import Item, Question


class Retelling(Protocol):
    """What plays an episode in place of the rules of its arm: from the log of another run."""

    @property
    def seats(self) -> Mapping[str, str]:
        """The role of each seat."""
        ...

    async def play(self, episode: Episode) -> Belief | Ended:
        """Play it, up to the belief that it ends with, or the end that it had."""
        ...


class Job(NamedTuple):
    """One episode to play. `turn` counts the dealings in the order in which they are enumerated."""

    id: str
    arm: Arm
    item: Item
    turn: int
    dealing: int
    repeat: int
    split: str
    retold: Retelling | None = None


class Wave(NamedTuple):
    """The arms that may play at the same time, and their episodes in the order of play, which are given once."""

    arms: tuple[Arm, ...]
    jobs: Iterable[Job]


class Staged(NamedTuple):
    """A plan made ready elsewhere: the header of its run, and its episodes in the order of play."""

    header: dict[str, Any]
    waves: list[Wave]


def levels(arms: Iterable[Arm]) -> dict[str, int]:
    """How many teachers each arm has to wait for, by its name."""
    found: dict[str, int] = {}
    for arm in arms:
        found[arm.name] = 1 + found[arm.teacher] if arm.teacher else 0
    return found


def waves(plan: Plan) -> Iterator[Wave]:
    """The episodes in the order of play: teachers before those that learn from them, questions before arms."""
    depth = levels(plan.arms)
    teachers = {arm.teacher for arm in plan.arms}
    for level in range(max(depth.values()) + 1):
        arms = tuple(arm for arm in plan.arms if depth[arm.name] == level)
        teaching = tuple(arm for arm in arms if arm.name in teachers)
        train, test = _jobs(plan, teaching, plan.train, "train"), _jobs(plan, arms, plan.test, "test")
        yield Wave(arms, itertools.chain(train, test))


def lessons(plan: Plan) -> int:
    """The number of episodes that teach."""
    return len({arm.teacher for arm in plan.arms if arm.teacher}) * len(plan.train)


def _jobs(plan: Plan, arms: tuple[Arm, ...], items: Sequence[Item], split: str) -> Iterator[Job]:
    repeats = plan.experiment.repeats if split == "test" else 1
    for rank, item in enumerate(items):
        for arm in arms:
            dealings = arm.rules.dealings(item.question) if split == "test" else 1
            for dealing, repeat in itertools.product(range(dealings), range(repeats)):
                name = episode_id(arm.name, item.question, dealing, repeat)
                yield Job(name, arm, item, rank + dealing + repeat, dealing, repeat, split)


def episode_id(arm: str, question: Question, dealing: int = 0, repeat: int = 0) -> str:
    """The name of an episode, the same in every run that plays it: `arm~question~dealing`, and the repeat if any."""
    return f"{arm}~{question.id}~{dealing}" + (f"~{repeat}" if repeat else "")
