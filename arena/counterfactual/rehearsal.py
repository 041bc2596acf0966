"""What is to be asked again, told in memory first: which replies are at hand, and what the others may cost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from arena.bill import Charge, Charged
from arena.episode import Episode
from arena.errors import ArenaError, TurnFailed, UsageError
from arena.estimate import ArmEstimate, Estimate, Rehearsed, rehearsed, scaled
from arena.events import AnyEvent, How
from arena.forms import Forms
from arena.models.base import Around, Feature, Model, Reply, Request, paid
from arena.plan import JUDGES, Experiment, Plan, open_model
from arena.reuse import Shelf
from arena.schedule import Job, Retelling
from arena.steps import Steps

FEW = 100
"""Episodes of each arm that an estimate goes by."""


class NotLogged(ArenaError):
    """A reply that nobody paid for yet is needed."""


@dataclass
class Absent:
    """A model that cannot be asked: it notes which requests it would have been sent, in the form of the parent's."""

    spec: str
    simulated: bool
    why: str
    form: How = "tagged"
    missing: list[Request] = field(default_factory=list)

    def supports(self, feature: Feature) -> bool:
        """Whether the parent asked for this."""
        return self.form == {"schema": "schema", "logprobs": "letter"}[feature]

    async def __call__(self, request: Request) -> Reply:
        """Never a reply."""
        self.missing.append(request)
        raise NotLogged(self.why)


@dataclass(frozen=True)
class _LookUp(Around):
    """A model whose logged replies are at hand; `spec` is the one that they were asked of."""

    model: Model
    shelf: Shelf
    asked: str

    async def __call__(self, request: Request) -> Reply:
        found = self.shelf.find(request.key(self.asked))
        if found is None:
            return await self.model(request)
        return Reply(found.text, model=found.model, finish=found.finish, logprobs=found.logprobs)


def check(plan: Plan, jobs: Sequence[Job]) -> None:
    """Raise `UsageError`, with the first of the calls, where a model that is needed cannot be asked."""
    absent = [model for model in plan.models.values() if isinstance(model, Absent)]
    if absent:
        asyncio.run(_check(plan, jobs))
        for model in absent:
            model.missing.clear()


async def _check(plan: Plan, jobs: Sequence[Job]) -> None:
    shelf = Shelf(plan.experiment.reuse)
    needed: list[tuple[str, str, Absent, Request]] = []
    for job in jobs:
        (seat, spec) = next(iter(job.arm.seats.items()))
        model = plan.models[spec]
        if isinstance(model, Absent) and job.retold:
            before = len(model.missing)
            await _told(job, job.retold, {seat: _LookUp(model, shelf, model.spec)}, plan.experiment)
            needed += [(job.id, seat, model, request) for request in model.missing[before:]]
    if needed:
        episode, seat, model, request = needed[0]
        raise UsageError(
            f"{model.why}: {len(needed):,} call{'s' * (len(needed) != 1)} would be needed. The first: {episode}, "
            f"seat {seat}, model {model.spec}, key {request.key(model.spec)}"
        )


async def _told(job: Job, retold: Retelling, models: dict[str, Model], asked: Experiment) -> None:
    """Tell an episode in memory."""
    try:
        await retold.play(_episode(job, retold, models, asked, lambda _: None))
    except (TurnFailed, NotLogged):
        return


def _episode(
    job: Job, retold: Retelling, models: dict[str, Model], asked: Experiment, record: Callable[[AnyEvent], None]
) -> Episode:
    return Episode(
        id=job.id,
        question=job.item.question,
        seats=retold.seats,
        models=models,
        prompts=job.arm.prompts,
        record=record,
        clock=lambda: 0.0,
        seed=asked.seed,
        repeat=job.repeat,
        forms=Forms(asked.belief),
        shadow=frozenset(JUDGES if asked.shadow_judge else ()),
    )


def estimated(plan: Plan, jobs: Sequence[Job], few: int = FEW) -> Estimate:
    """Tell `few` episodes of each arm, evenly spread, and scale what they took; all, where those take no paid call.

    The usual simulated judge sits in the place of each that costs something.
    """
    steps, shelf = Steps(), Shelf(plan.experiment.reuse)

    async def arm(name: str) -> ArmEstimate:
        own = [job for job in jobs if job.arm.name == name]
        sample = own[:: -(-len(own) // few)] if own else []
        found = scaled(name, [one for job in sample if (one := await _played(plan, job, shelf, steps))], len(own))
        return found if found.bills or len(sample) == len(own) else await whole(name, own)

    async def whole(name: str, own: Sequence[Job]) -> ArmEstimate:
        return scaled(name, [one for job in own if (one := await _played(plan, job, shelf, steps))], len(own))

    async def all_() -> Estimate:
        return Estimate(tuple([await arm(one.name) for one in plan.arms]), faithful=False)

    return steps.run(all_())


async def _played(plan: Plan, job: Job, shelf: Shelf, steps: Steps) -> Rehearsed | None:
    """What an episode takes; nothing that can be counted where it is not told from another run."""
    if job.retold is None:
        return None
    events: list[AnyEvent] = []
    charges: dict[str, list[Charge]] = {}
    seats: dict[str, Any] = {}
    for seat, spec in job.arm.seats.items():
        real = plan.models[spec]
        model = real
        if paid(real):
            usual = open_model(JUDGES.get(job.retold.seats.get(seat, ""), JUDGES["judge"]))
            noted = charges.setdefault(spec, [])
            model = Charged(usual, real, plan.experiment.batch, noted, steps)
        seats[seat] = _LookUp(model, shelf, real.spec)
    episode = _episode(job, job.retold, seats, plan.experiment, events.append)
    return await rehearsed(job.retold.play(episode), episode, events, charges, steps)
