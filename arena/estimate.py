"""What a plan would take, estimated by a rehearsal: a few questions of each arm played in memory, for nothing.

Simulated models sit in every seat; a seat whose own model is simulated keeps it. Nothing is written, and no model that
costs anything is called. Tokens are those that the simulated models count: a quarter of the characters.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from arena.bill import Bills, Charge, Charged, together
from arena.episode import Episode
from arena.errors import TurnFailed, UsageError
from arena.events import AnyEvent
from arena.forms import Forms
from arena.models.base import Model, Request, paid
from arena.plan import JUDGES, Arm, Experiment, Plan, open_model, seated
from arena.question import Item
from arena.schedule import levels
from arena.steps import Steps
from arena.table import Table
from arena.turns import Lesson
from arena.views import spend

MOST = 5
"""Questions of each arm that are rehearsed."""


class Total(NamedTuple):
    """What some episodes take."""

    episodes: int = 0
    calls: float = 0.0
    input: float = 0.0
    output: float = 0.0

    def plus(self, other: Total) -> Total:
        """Both together."""
        return Total(
            self.episodes + other.episodes,
            self.calls + other.calls,
            self.input + other.input,
            self.output + other.output,
        )


@dataclass(frozen=True)
class ArmEstimate:
    """What one arm would take, training included; `sampled` is the number of questions that this was learned from.

    `failure` says why a rehearsed episode failed; the estimate then holds only what was played before. `bills` says
    what the calls to each paid model may cost, and `steps` in how many waves those of the longest episode go out.
    `level` is the number of teachers that the arm waits for.
    """

    name: str
    sampled: int
    total: Total
    failure: str | None = None
    bills: Bills = field(default_factory=dict)
    steps: int = 0
    level: int = 0


@dataclass(frozen=True)
class Estimate:
    """What a plan would take. `faithful` is true where the models of the plan are those that were rehearsed."""

    arms: tuple[ArmEstimate, ...]
    faithful: bool

    @property
    def total(self) -> Total:
        """All arms together."""
        whole = Total()
        for arm in self.arms:
            whole = whole.plus(arm.total)
        return whole

    @property
    def bills(self) -> Bills:
        """What the calls to each paid model may cost, of all arms together."""
        return together(arm.bills for arm in self.arms)

    @property
    def waves(self) -> int:
        """How many waves a run in batches has from its beginning, retries apart; 0 where that is not known."""
        longest: dict[int, int] = {}
        for arm in self.arms:
            longest[arm.level] = max(arm.steps, longest.get(arm.level, 0))
        return 0 if any(arm.failure for arm in self.arms) else sum(longest.values())

    def left(self, done: Mapping[str, int]) -> Estimate:
        """What is left of it where so many episodes of each arm are done."""
        return replace(self, arms=tuple(_left(arm, done.get(arm.name, 0)) for arm in self.arms))


def _left(arm: ArmEstimate, done: int) -> ArmEstimate:
    episodes = arm.total.episodes
    share = max(episodes - done, 0) / episodes if episodes else 0.0
    total = Total(round(episodes * share), arm.total.calls * share, arm.total.input * share, arm.total.output * share)
    return replace(arm, total=total, bills={spec: charge.times(share) for spec, charge in arm.bills.items()})


@dataclass
class Rehearsed:
    """One episode as it was rehearsed."""

    total: Total
    lesson: str | None
    failure: str | None
    bills: Bills
    steps: int


def estimate(plan: Plan, most: int = MOST) -> Estimate:
    """Rehearse up to `most` questions of each arm, and scale what they took to the whole plan.

    Raises `UsageError` where the prompts of a protocol do not fit it, which nothing shows before they are used.
    """
    steps = Steps()
    return steps.run(_Rehearsal(plan, most, steps).all())


@dataclass
class _Rehearsal:
    """The first questions of a plan, played in memory."""

    plan: Plan
    most: int
    steps: Steps

    async def all(self) -> Estimate:
        """Every arm, teachers before those that learn from them."""
        plan, lessons, level = self.plan, dict[str, tuple[Lesson, ...]](), levels(self.plan.arms)
        teachers = {arm.teacher for arm in plan.arms}
        arms = []
        for arm in plan.arms:
            known = lessons.get(arm.teacher or "", ())
            played = [await self._play(arm, rank, item, known) for rank, item in enumerate(plan.test[: self.most])]
            train = len(plan.train) if arm.name in teachers else 0
            if train:
                lessons[arm.name] = await self._taught(arm, known)
            found = scaled(arm.name, played, plan.planned()[arm.name] + train)
            arms.append(replace(found, level=level[arm.name]))
        return Estimate(tuple(arms), all(map(_here, plan.models.values())))

    async def _taught(self, arm: Arm, known: tuple[Lesson, ...]) -> tuple[Lesson, ...]:
        """As many lessons as the run would give, a few real ones in turn."""
        few = self.plan.train[: self.most]
        played = [await self._play(arm, rank, item, known) for rank, item in enumerate(few)]
        lessons = [Lesson(item.question.text, one.lesson) for item, one in zip(few, played, strict=True) if one.lesson]
        return tuple(itertools.islice(itertools.cycle(lessons), len(self.plan.train)))

    async def _play(self, arm: Arm, rank: int, item: Item, lessons: tuple[Lesson, ...]) -> Rehearsed:
        events: list[AnyEvent] = []
        charges: dict[str, list[Charge]] = {}
        asked = self.plan.experiment
        episode = Episode(
            id="",
            question=item.question,
            seats=arm.rules.seats,
            models=self._sitters(arm, charges),
            prompts=arm.prompts,
            record=events.append,
            clock=lambda: 0.0,
            seed=asked.seed,
            turn=rank,
            lessons=lessons,
            forms=Forms(asked.belief),
            shadow=frozenset(JUDGES if asked.shadow_judge else ()),
        )
        rules = arm.rules.run(item.question, Table(episode))
        return await rehearsed(rules, episode, events, charges, self.steps)

    def _sitters(self, arm: Arm, charges: dict[str, list[Charge]]) -> Mapping[str, Model]:
        """Who rehearses: models such as the arm's, the usual simulated one where a server answers for one.

        What the calls to paid models would cost is noted in `charges`, by spec.
        """
        usual = seated(arm.rules, Experiment())
        seen: dict[str, list[Request]] = {}
        sitters: dict[str, Model] = {}
        for seat, spec in arm.seats.items():
            real = self.plan.models[spec]
            sitter = open_model(spec if _here(real) else usual[seat])
            if paid(real):
                noted = charges.setdefault(spec, [])
                before = seen.setdefault(spec, [])
                sitter = Charged(sitter, real, self.plan.experiment.batch, noted, self.steps, before)
            sitters[seat] = sitter
        return sitters


def _here(model: Model) -> bool:
    """Whether a model is a program of this process."""
    return model.simulated and not paid(model)


async def rehearsed(
    played: Awaitable[object],
    episode: Episode,
    events: Sequence[AnyEvent],
    charges: Mapping[str, Sequence[Charge]],
    steps: Steps,
) -> Rehearsed:
    """What an episode takes that is played here; it tells its events and its charges (by spec) while it goes on."""
    before, failure = steps.taken, None
    try:
        await played
    except UsageError:
        raise
    except TurnFailed as why:
        failure = str(why)
    except Exception as why:  # noqa: BLE001  # a protocol may raise anything, and the run would log it as a failure
        failure = f"{type(why).__name__}: {why}"
    took = spend(events).values()
    bills = together({spec: charge} for spec, noted in charges.items() for charge in noted)
    tokens = [(one.usage.input, one.usage.output) for one in took]
    total = Total(1, sum(one.calls for one in took), *map(sum, zip(*tokens, strict=True)))
    return Rehearsed(total, episode.lesson, failure, bills, steps.taken - before)


def scaled(name: str, played: Sequence[Rehearsed], episodes: int) -> ArmEstimate:
    """What so many episodes of an arm take, going by those that were rehearsed."""
    whole = Total()
    for one in played:
        whole = whole.plus(one.total)
    scale = episodes / len(played) if played else 0
    total = Total(episodes, whole.calls * scale, whole.input * scale, whole.output * scale)
    bills = {spec: charge.times(scale) for spec, charge in together(one.bills for one in played).items()}
    failure = next((one.failure for one in played if one.failure), None)
    return ArmEstimate(name, len(played), total, failure, bills, max((one.steps for one in played), default=0))
