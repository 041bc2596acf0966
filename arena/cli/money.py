"""What a run with paid models may cost, said before it begins, and the question whether it is to be spent."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from arena.cli.words import columns, say
from arena.dollars import money
from arena.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from arena.bill import Bills, Charge
    from arena.models.base import Model
    from arena.plan import Plan

HOW = (
    "Low: what an earlier request of the episode holds is read from a cache, and replies are as long as simulated\n"
    "ones. High: nothing is, and every reply is as long as it may be. Retries come on top."
)

UNREAL = "Nothing of it is spent: a fake provider answers, and these are the prices of the models that it plays."


def told(bills: Bills) -> str:
    """The calls to each paid model, their tokens, and the range in US dollars; empty where no model is paid."""
    return columns(_rows(bills)) if bills else ""


def _rows(bills: Bills) -> Iterator[tuple[str, ...]]:
    from arena.bill import together

    yield "model", "calls", "tokens in", "cacheable", "tokens out", "USD"
    for spec, charge in bills.items():
        yield spec, *_amounts(charge), dollars(charge)
    if len(bills) > 1:
        (whole,) = together({"": charge} for charge in bills.values()).values()
        yield "all", *_amounts(whole), dollars(whole)


def _amounts(charge: Charge) -> Iterator[str]:
    yield from (f"{n:,.0f}" for n in (charge.calls, charge.input, charge.cached, charge.output))


def dollars(charge: Charge) -> str:
    """The range, or that it is unknown."""
    if charge.low is None or charge.high is None:
        return "unknown"
    return f"{money(charge.low)} to {money(charge.high)}"


def free(bills: Bills) -> bool:
    """Whether nothing can cost anything; what is unknown can."""
    return all(charge.high == 0 or not charge.calls for charge in bills.values())


def agreed(models: Iterable[Model], bills: Bills, budget: float | None, *, yes: bool) -> bool:
    """Say what calls to these models may cost, and ask whether to spend it; true where nothing is spent.

    `--yes` is an answer beforehand, and so is `--budget` where nobody can be asked. Raises `UsageError` where there is
    neither, and where the budget has no room for a single call.
    """
    from arena.bill import check_room

    if free(bills):
        return True
    check_room(bills, budget)
    unreal = all(model.simulated for model in models)
    say(f"{told(bills)}\n{HOW}" + f"\n{UNREAL}" * unreal)
    if yes or unreal:
        return True
    if sys.stdin.isatty() and sys.stderr.isatty():
        return click.confirm("Spend it?", default=False, err=True)
    if budget is None:
        raise UsageError(
            "this may cost money (above), and there is no terminal to ask on. Add --yes to spend it, or "
            "--budget USD to bound what is spent."
        )
    return True


UNCALLED = "nothing was called, and nothing is written"


def rehearsed(plan: Plan, folder: Path) -> tuple[Plan, Bills]:
    """The plan as a rehearsal knows it, and what is left to pay; of a new run, it finds what cannot be played."""
    from arena.estimate import MOST, estimate
    from arena.models.base import paid

    priced = any(map(paid, plan.models.values()))
    if priced:
        plan.read()
    elif (folder / "run.json").exists():
        return plan, {}
    found = estimate(plan, MOST if priced else 1)
    return replace(plan, waves=0 if plan.experiment.reuse else found.waves), found.left(done(folder)).bills


def done(folder: Path) -> dict[str, int]:
    """How many episodes of each arm an unfinished run has scored; none where it has not begun."""
    from collections import Counter

    from arena import log
    from arena.events import Scored

    return Counter(event.arm for event in log.of_kind(folder, "Scored") if isinstance(event, Scored))
