"""What it may cost to write questions, found out with stand-ins that write and judge as much as is usual."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from arena import log
from arena.bill import Bills, Charge, Charged, together
from arena.events import Usage
from arena.models.base import Around, Model, Reply, Request, paid
from arena.models.gate import CHARACTERS
from arena.models.ledger import Ledger
from arena.plan import Experiment
from arena.resume import recall
from arena.steps import Steps
from arena.writing.desk import Desk, words
from arena.writing.questions import Source


class Cost(NamedTuple):
    """What is left to pay, and in how many waves of batches."""

    bills: Bills
    waves: int


def cost(sources: Sequence[Source], count: int, writer: Model, judge: Model, folder: Path, asked: Experiment) -> Cost:
    """What is left to pay: each call is made to a stand-in, unless its reply is in the log."""
    steps, real = Steps(), {model.spec: model for model in (writer, judge)}
    charges: dict[str, list[Charge]] = {spec: [] for spec in real}
    ledger = Ledger(read=lambda at: log.event_at(folder, at), places=recall(folder).calls)
    seats = {spec: _Rehearsing(model, ledger, charges[spec], steps, asked.batch) for spec, model in real.items()}
    steps.run(Desk(seats, lambda _: None).all(sources, count, writer.spec, judge.spec))
    return Cost(together({spec: charge} for spec, noted in charges.items() for charge in noted), steps.taken)


class _Rehearsing(Around):
    """Stands in for a model: what the log holds is said again, all else is made up, and charged where it costs."""

    def __init__(self, model: Model, ledger: Ledger, charges: list[Charge], steps: Steps, batch: bool) -> None:
        self.model, self._ledger = model, ledger
        self._stand_in: Model = Charged(_Made(), model, batch, charges, steps) if paid(model) else _Made()

    async def __call__(self, request: Request) -> Reply:
        """The reply that was bought, or one of the usual length."""
        return self._ledger.find(request.key(self.spec)) or await self._stand_in(request)


class _Made:
    """Writes a question of the usual length, and believes what it is asked to judge."""

    spec, simulated = "sim/made", True

    async def __call__(self, request: Request) -> Reply:
        """A question for the writer's words, a belief for the filter's."""
        said = MADE.format(request.sample) if request.system == words("writer") else BELIEVED
        size = sum(map(len, (request.preface, request.system, *(message.text for message in request.messages))))
        return Reply(said, usage=Usage(input=size // CHARACTERS, output=len(said) // CHARACTERS))


_LONG = "a question of the usual length, or an answer to one "
MADE = f"<question>{_LONG}{{0}}?</question><right>{_LONG}</right><wrong>{_LONG} not</wrong>"
BELIEVED = "<belief>\nA: 50\nB: 50\n</belief>\n<choice>A</choice>"
