"""The header of a run: everything that made it, resolved, and how it will be analysed, declared beforehand."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from arena import plugins
from arena.datasets.base import digest
from arena.datasets.questions import Questions
from arena.events import SCHEMA
from arena.models.base import Model, paid
from arena.plan import BASELINES, Arm, Plan, secret

PACKAGES = ("pydantic", "click", "numpy", "scipy", "anthropic", "openai", "aiohttp", "httpx2")


def header(plan: Plan, run: str, created: float) -> dict[str, Any]:
    """The header of a run: everything that made it, resolved. `reproducible` ones leave out clock and machine."""
    experiment = plan.experiment
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "run": run,
        "simulated": plan.simulated,
        "seed": experiment.seed,
        "planned": plan.planned(),
        "arms": [_described(arm) for arm in plan.arms],
        "dataset": _dataset(plan),
        "experiment": experiment.model_dump(
            mode="json", exclude={"concurrency", "budget", "rpm", "tpm", "connections", "batch", "reuse"}
        ),
        "analysis": _analysis(plan),
        "versions": {"oversight-arena": version("oversight-arena")},
    }
    if prices := _prices(plan.models):
        made["prices"] = prices
    if not experiment.reproducible:
        made["versions"] |= {name: version(name) for name in PACKAGES}
        made["created"] = datetime.fromtimestamp(created, UTC).isoformat(timespec="seconds")
        made["python"] = platform.python_version()
        made["platform"] = platform.platform()
    return made


def regrown(made: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The header when more questions are read: what it says of them is said anew, and nothing else."""
    return {**made, "planned": plan.planned(), "dataset": _dataset(plan), "analysis": _analysis(plan)}


def _dataset(plan: Plan) -> dict[str, Any]:
    """What is played on. `reading` says that not all questions are read yet; the rest is of those that are.

    `largest` is the number of questions of the largest group, absent where each question has a group of its own.
    """
    name, known = str(plan.experiment.dataset), plan.known
    sizes = Counter(item.question.group for item in known)
    return {
        "name": plan.experiment.dataset,
        "n": len(known),
        "groups": len(sizes),
        **({"largest": max(sizes.values())} if len(sizes) < len(known) else {}),
        "train": len(plan.train),
        "options": max(len(item.question.options) for item in known),
        "hash": plan.test.digest if isinstance(plan.test, Questions) else digest((*known, *plan.train)),
        "origin": plugins.origin("datasets", plugins.parse_spec(name)[0]),
        **({"private": True} if secret(name) else {}),
        **({} if plan.whole else {"reading": True}),
    }


def _prices(models: Mapping[str, Model]) -> dict[str, Any]:
    """The rates by which the calls of each provider's model are counted, with their date; `None` where unknown."""
    rates = {spec: getattr(model, "rates", None) for spec, model in models.items() if paid(model)}
    return {spec: found and found.model_dump(mode="json", exclude_none=True) for spec, found in rates.items()}


def _described(arm: Arm) -> dict[str, Any]:
    roles = arm.rules.seats
    return {
        "name": arm.name,
        "protocol": arm.protocol,
        "origin": plugins.origin("protocols", arm.protocol),
        "settings": arm.rules.model_dump(mode="json"),
        "seats": {seat: {"role": roles[seat], "model": spec} for seat, spec in arm.seats.items()},
        "teacher": arm.teacher,
        "prompts": arm.prompts.templates,
        "prompt_hashes": arm.prompts.hashes,
    }


def _analysis(plan: Plan) -> dict[str, Any]:
    """What will be compared and how, declared before the first call (statistics follow it or say how they depart).

    The primary comparison is of the first protocol that was asked for, in its last stage, with the naive baseline.
    """
    family = plan.arms[0].name.partition("[")[0]
    first = [arm.name for arm in plan.arms if arm.name.partition("[")[0] == family][-1]
    floor = BASELINES[0] if any(arm.name == BASELINES[0] for arm in plan.arms) and first != BASELINES[0] else None
    return {
        "primary": [first, floor] if floor else None,
        "missing": "wrong",
        "cluster": "group",
        "alpha": 0.05,
        "sided": 2,
        "multiplicity": "holm",
        "n": len(plan.known),
        "stopping": "fixed n",
    }
