"""People who sit at a table: the run plays on a thread, and the screen puts to them what is theirs to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from arena.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from arena.events import Opened, Scored
    from arena.exposure import Exposure, How
    from arena.models.base import Model, Request
    from arena.models.human import Ask, Human
    from arena.plan import Arm, Plan
    from arena.progress import Progress

MANY = 2


def people(models: Iterable[Model]) -> list[Human]:
    """The people among some models; raises `UsageError` where there are any and no terminal to ask them on."""
    from arena.cli.watch import on_a_terminal
    from arena.models.human import Human

    found = [model for model in models if isinstance(model, Human)]
    if found and not on_a_terminal():
        raise UsageError(f"{found[0].spec} has to be asked on a terminal, and this is none. Seat a model instead.")
    return found


def name(person: Model) -> str:
    """Under which name a person's verdicts are kept."""
    return person.spec.partition("/")[2]


class Notes:
    """What people come to know while a run is played, kept for each; and what is to be told them.

    `thing` is what the run has many of. With `feedback` the right answer is told after each verdict.
    """

    def __init__(self, plan: Plan, run: Path, *, thing: str = "episode", feedback: bool = False) -> None:
        from arena.lines import Tail

        known = {spec: _exposure(model) for spec, model in plan.models.items() if getattr(model, "person", False)}
        self._sitting = {arm.name: [known[spec] for spec in {*arm.seats.values()} & {*known}] for arm in plan.arms}
        self._items = {item.question.id: item for item in (*plan.test, *plan.train)}
        self._run, self._tail, self._thing, self._feedback = run, Tail(run), thing, feedback
        self._progress: Progress | None = None
        self._told: str | None = None
        self._read()
        self._told = None

    def tell(self, progress: Progress) -> None:
        """The run has come further: an episode may have ended."""
        self._progress = progress
        self._read()

    def asked(self) -> None:
        """A person is about to be asked: an episode may have begun."""
        self._read()

    @property
    def place(self) -> str:
        """How far the run is."""
        made = self._progress
        return f"{self._thing} {min(made.done + 1, made.total)} of {made.total}" if made else ""

    def news(self) -> str | None:
        """The truth about the last question, once."""
        said, self._told = self._told, None
        return said

    def _read(self) -> None:
        from arena.events import Opened, Scored, parse

        for line in self._tail.read():
            if line.startswith((b'{"type":"Opened"', b'{"type":"Scored"')):
                event = parse(line)
                if isinstance(event, Opened):
                    self._note(event, "begun")
                elif isinstance(event, Scored):
                    self._note(event, "answer" if self._feedback else "judged")
                    self._told = self._truth(event) if self._feedback else None

    def _note(self, event: Opened | Scored, how: How) -> None:
        question = self._items[event.question].question
        for person in self._sitting.get(event.arm, ()):
            person.note(question.dataset, question.id, how, self._run.name)

    def _truth(self, event: Scored) -> str:
        """What the right answer was, and what the verdict made of it."""
        given = next((score.p_correct for score in event.scores if score.p_correct is not None), None)
        said = "" if given is None else f" You gave it {given:.0%}."
        return f"The right answer was: {self._items[event.question].question.options[event.key]}.{said}"


def _exposure(person: Model) -> Exposure:
    from arena.cli.runs import HOME
    from arena.exposure import Exposure

    return Exposure(HOME, name(person))


def seated(found: list[Human], play: Callable[[], Any], notes: Notes, leave: Callable[[], object]) -> Any:
    """Play with people at the screen; what `play` gave back, or raises what it raised.

    `leave` asks the run to stop, where no person is being waited for.
    """
    from arena.tui.desk.app import DeskApp

    def engine(ask: Ask) -> Any:
        async def asked(request: Request) -> str:
            notes.asked()
            return await ask(request)

        for person in found:
            person.ask = asked
        return play()

    names = ", ".join(map(name, found))
    app = DeskApp(engine, person=names, place=lambda: notes.place, news=notes.news, leave=leave)
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.return_code:
        raise SystemExit(app.return_code)
    return app.outcome


def unwatched(plan: Plan) -> None:
    """Raise `UsageError` where a person sits in a run that is to be watched: the screen is theirs."""
    mine = [spec for spec, model in plan.models.items() if getattr(model, "person", False)]
    if mine:
        raise UsageError(
            f"--watch needs the screen, and {mine[0]} sits at it. Leave --watch out; `arena watch` in another terminal "
            "shows the run."
        )


def beside_people(plan: Plan) -> Plan:
    """The plan as it is played with people: one episode at a time, and a person who judges is asked round by round."""
    from arena.plan import JUDGES

    judging = {arm.seats[seat] for arm in plan.arms for seat, role in arm.rules.seats.items() if role in JUDGES}
    stepwise = any(getattr(plan.models[spec], "person", False) for spec in judging)
    asked = plan.experiment
    changed = {"concurrency": 1, "shadow_judge": asked.shadow_judge or stepwise}
    return replace(plan, experiment=asked.model_copy(update=changed))


def often(plan: Plan) -> Iterator[str]:
    """What has to be said where a person would judge a question more than once, or sit against themselves."""
    mine = {arm.name: _seats(plan, arm) for arm in plan.arms if _seats(plan, arm)}
    if len(mine) >= MANY:
        arms = ", ".join(mine)
        yield f"one person sits in {arms}: every question comes up {len(mine)} times. --no-baselines leaves two out"
    for arm, found in mine.items():
        for spec, seats in found.items():
            if len(seats) >= MANY:
                both = " and ".join(seats)
                yield f"{spec} sits as {both} of {arm}; --seat {seats[0]}={spec} takes one of these seats"


def _seats(plan: Plan, arm: Arm) -> dict[str, list[str]]:
    """The seats of the people in an arm, by their spec."""
    found: dict[str, list[str]] = {}
    for seat, spec in arm.seats.items():
        if getattr(plan.models[spec], "person", False):
            found.setdefault(spec, []).append(seat)
    return found
