"""What is about to be played, in words: the notice before a run, and all of a dry run."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from arena.cli.money import HOW
from arena.cli.money import told as bill
from arena.cli.words import columns, count, width
from arena.estimate import Estimate
from arena.models.base import Model
from arena.plan import Arm, Plan

SIMULATED = "simulated models: no real model is called, and no number here is about one"

PAID = "not all models are simulated: calls may cost money. --dry-run estimates them, --budget USD bounds what is spent"


def playing(plan: Plan, folder: Path) -> str:
    """A few lines on what is played, by whom, and where it is written."""
    experiment = plan.experiment
    arms, models = ", ".join(arm.name for arm in plan.arms), ", ".join(_models(plan))
    n = count(len(plan.known), "question") + " and more, which are still being read," * (not plan.whole)
    begun = (folder / "run.json").exists()
    lines = [
        f"{'going on: ' * begun}playing {arms} on {n} of {experiment.dataset}, seed {experiment.seed}",
        f"models: {models}",
    ]
    lines += [SIMULATED] if plan.simulated else [] if all(map(_free, plan.models.values())) else [PAID]
    return "\n".join([*lines, f"writing to {folder}"])


def _free(model: Model) -> bool:
    """Whether it is known that a model costs nothing: it is a program, a record or a person."""
    return model.simulated or getattr(model, "recorded", False) or getattr(model, "person", False)


def told(plan: Plan, estimate: Estimate) -> str:
    """The whole of a dry run."""
    experiment = plan.experiment
    groups = len({item.question.group for item in plan.test})
    train = f", {len(plan.train)} more for training" if plan.train else ""
    lines = [
        "Dry run: nothing is written, and no real model is called.",
        "",
        f"Questions: {len(plan.test):,} of {experiment.dataset}, in {count(groups, 'passage')}{train}",
        f"Seed: {experiment.seed}",
        f"Models: {SIMULATED if plan.simulated else ', '.join(_models(plan))}",
        "",
        *(line for arm in plan.arms for line in _arm(arm)),
        columns(_rows(estimate)),
        "",
        *((bill(estimate.bills), HOW, "") if estimate.bills else ()),
        _how(estimate),
    ]
    return "\n".join([*lines, *(f"! {arm.name}: {arm.failure}" for arm in estimate.arms if arm.failure)])


def _models(plan: Plan) -> list[str]:
    return list(dict.fromkeys(spec for arm in plan.arms for spec in arm.seats.values()))


def _arm(arm: Arm) -> Iterator[str]:
    settings = ", ".join(f"{name}={value}" for name, value in arm.rules.model_dump(mode="json").items())
    yield f"{arm.name}" + (f": {settings}" if settings else "")
    seats: dict[str, list[str]] = {}
    for seat, spec in arm.seats.items():
        seats.setdefault(spec, []).append(seat)
    yield from (f"  {', '.join(names)}: {spec}" for spec, names in seats.items())
    if arm.teacher:
        yield f"  learns from {arm.teacher}"
    yield ""


def _rows(estimate: Estimate) -> Iterator[tuple[str, ...]]:
    yield "arm", "episodes", "calls", "tokens in", "tokens out"
    parts = [*((arm.name, arm.total) for arm in estimate.arms), ("all", estimate.total)]
    for name, total in parts:
        yield name, f"{total.episodes:,}", f"{total.calls:,.0f}", f"{total.input:,.0f}", f"{total.output:,.0f}"


def _how(estimate: Estimate) -> str:
    sampled = max((arm.sampled for arm in estimate.arms), default=0)
    who = "the simulated models that are seated" if estimate.faithful else "simulated models in every seat"
    text = (
        f"Calls and tokens are estimated, at four characters a token: up to {count(sampled, 'question')} of each arm "
    )
    text += f"were played in memory with {who}."
    if not estimate.faithful:
        text += " A real model may write more or less, and is asked again where its reply cannot be read."
    return textwrap.fill(text, width())
