"""People who sit at a table: the run plays on a thread, and the screen puts to them what is theirs to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from arena.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from arena.models.base import Model
    from arena.models.human import Ask, Human
    from arena.plan import Plan

MANY = 2


def people(models: Iterable[Model]) -> list[Human]:
    """The people among some models; raises `UsageError` where there are any and no terminal to ask them on."""
    from arena.cli.watch import on_a_terminal
    from arena.models.human import Human

    found = [model for model in models if isinstance(model, Human)]
    if found and not on_a_terminal():
        raise UsageError(f"{found[0].spec} has to be asked on a terminal, and this is none. Seat a model instead.")
    return found


def seated(
    found: list[Human],
    play: Callable[[], Any],
    *,
    stepwise: bool = True,
    feedback: Callable[[], str | None] = lambda: None,
) -> Any:
    """Play with people at the screen; what `play` gave back, or raises what it raised."""
    from arena.tui.desk.app import DeskApp

    def engine(ask: Ask) -> Any:
        for person in found:
            person.ask = ask
        return play()

    heading = ", ".join(person.spec.partition("/")[2] for person in found)
    app = DeskApp(engine, stepwise=stepwise, feedback=feedback, heading=heading)
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.return_code:
        raise SystemExit(app.return_code)
    return app.outcome


def known(found: Iterable[Human], run: Path) -> None:
    """Keep for each person which questions of a run they have sat over: `arena judge` brings up none of them."""
    from arena import log
    from arena.cli.runs import HOME
    from arena.events import Scored
    from arena.exposure import Exposure

    for person in found:
        seen = Exposure(HOME, person.spec.partition("/")[2])
        for event in log.of_kind(run, "Scored"):
            if isinstance(event, Scored) and not seen.knows(event.dataset, event.question):
                seen.note(event.dataset, event.question, "judged", run.name)


def often(plan: Plan) -> str | None:
    """What has to be said where a person would judge a question more than once."""
    mine = [
        arm.name for arm in plan.arms if any(getattr(plan.models[spec], "person", False) for spec in arm.seats.values())
    ]
    if len(mine) < MANY:
        return None
    arms = ", ".join(mine)
    return f"one person sits in {arms}: every question comes up {len(mine)} times. --no-baselines leaves two out"
