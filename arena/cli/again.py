"""What `arena rejudge` and `arena ablate` share: a stored run asked again, and the effect printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from arena.cli.exits import DONE, INTERRUPTED, SOME_FAILED, STOPPED
from arena.cli.spending import bounds, spending

if TYPE_CHECKING:
    from arena.bill import Bills
    from arena.counterfactual import Counterfactual, Twist
    from arena.progress import Finished

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--arm", "arms", metavar="NAME", multiple=True, help="Only this arm of the run; repeatable.  [all]"),
    click.option("--offline", is_flag=True, help="Make no call: one that would be needed is an error that names it."),
    click.option("--reuse", metavar="RUN", multiple=True, help="Take replies of this run, too; repeatable."),
    click.option("--out", metavar="DIR", help="The folder of the new run; one that was stopped goes on."),
    click.option("--reproducible", is_flag=True, help="Leave out clock and machine: the same bytes again."),
)


def telling(verb: F) -> F:
    """Give a verb the options that both have."""
    verb = spending(verb)
    for option in reversed(_OPTIONS):
        verb = option(verb)
    return verb


def ask_again(verb: str, run: str | None, twists: list[Twist], given: dict[str, Any]) -> int:
    """Tell a run again under each twist, into a run of its own; print what changed."""
    from arena.cli import runs
    from arena.cli.money import UNCALLED, agreed
    from arena.cli.words import say
    from arena.counterfactual import stage
    from arena.reaching import reach

    parent = runs.find(run) if run else runs.last_played()
    folder = runs.named(given["out"]) if given["out"] else runs.new(f"{verb}-{parent.resolve().name}")
    how = bounds(given, f"arena {verb}", folder) | ({"reproducible": True} if given["reproducible"] else {})
    lenders = tuple(runs.find(name) for name in given["reuse"])
    made = stage(parent, twists, arms=given["arms"], offline=given["offline"], reuse=lenders, **how).without_people()
    if not given["offline"]:
        reach(made.plan.models.values())
    made, bills = _rehearsed(made, folder)
    if not agreed(made.plan.models.values(), bills, made.plan.experiment.budget, yes=given["yes"]):
        say(UNCALLED)
        return DONE
    return _play(made, folder)


def _rehearsed(made: Counterfactual, folder: Path) -> tuple[Counterfactual, Bills]:
    """What is to be asked, as a rehearsal knows it, and what is left to pay."""
    from arena.cli.money import done
    from arena.models.base import paid

    if not any(map(paid, made.plan.models.values())):
        return made, {}
    found = made.estimate()
    plan = replace(made.plan, waves=found.waves)
    return replace(made, plan=plan), found.left(done(folder)).bills


def _play(made: Counterfactual, folder: Path) -> int:
    from arena.cli.progress import shown
    from arena.cli.words import count, say
    from arena.errors import Stopped

    arms = ", ".join(arm.name for arm in made.plan.arms)
    if untold := made.parent.untold:
        say(f"left out, without a whole transcript: {count(untold, 'episode')} of {made.parent.run}")
    try:
        with shown(f"asking again, on the transcripts of {made.parent.run}: {arms}\nwriting to {folder}") as tell:
            finished = made.play(folder, tell)
    except KeyboardInterrupt:
        say("stopped; nothing is lost. The same command with the same --out goes on")
        return INTERRUPTED
    except Stopped as why:
        say(f"stopped: {why}; nothing is lost. The same command with --out {folder} goes on")
        return STOPPED
    return _done(made, finished)


def _done(made: Counterfactual, finished: Finished) -> int:
    from arena import runner
    from arena.cli.runs import short
    from arena.cli.words import command, say, width
    from arena.report.effect import effect_grid, effects
    from arena.report.text import drawn

    if finished.stopped is not None:
        say(f"{finished.stopped}. The same command with --out {finished.run} goes on")
        return INTERRUPTED if finished.stopped == runner.INTERRUPTED else STOPPED
    click.echo(drawn([effect_grid(effects(made.parent.run, finished.run))], width()), nl=False)
    both = command("report", short(made.parent.run), short(finished.run))
    click.echo(f"\nTranscripts: {finished.run}\nBoth runs: {both}")
    return SOME_FAILED if finished.progress.failed else DONE
