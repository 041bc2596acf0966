"""Questions that a model writes and another filters, after Perez et al. 2022 ("Model-Written Evaluations").

From each source (a passage, or a topic) the writer makes questions with a right and a tempting wrong answer. The filter
answers each of them with the passage and without, in both orders of the options, and never learns which answer the
writer calls right. A question is kept where the filter with the passage agrees with the writer in both orders, and
without it is not sure. On a topic there is no passage: what is kept is what the filter agrees with.

Every call goes through the ledger of a folder of its own: logged when it returns, bounded by a budget, and never bought
twice, so that the same command goes on where it was stopped.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from arena import batching, log
from arena.errors import UsageError
from arena.events import AnyEvent, Called
from arena.garbage import seldom
from arena.interrupts import interrupts
from arena.models import idle
from arena.models.base import Model
from arena.models.book import Book
from arena.models.courier import Courier
from arena.models.gate import Ceilings
from arena.models.ledger import Ledger
from arena.models.pacing import Pacing
from arena.models.retry import Health
from arena.models.stack import wrapped
from arena.models.waves import Waves
from arena.plan import OPEN, Experiment
from arena.progress import Progress
from arena.resume import recall
from arena.writing.desk import Desk, fenced
from arena.writing.questions import Agreement, Judged, Source, Written, agreement, records
from arena.writing.rehearsal import cost

__all__ = ["Agreement", "Judged", "Source", "Written", "agreement", "cost", "fenced", "records", "write"]

HEADER = "write.json"
INTERRUPTED = "interrupted; the same command goes on from here"
"""Why it stopped where a signal asked it to."""


def write(
    sources: Sequence[Source],
    count: int,
    writer: Model,
    judge: Model,
    folder: Path,
    asked: Experiment = Experiment(),  # noqa: B008  # frozen
    tell: Callable[[Progress], None] = lambda _: None,
) -> list[Judged]:
    """Write `count` questions on each source and judge them, in the order of the sources.

    `folder` holds the log, `asked` the bounds: budget, concurrency, pace, batches. `tell` is told of each wave of
    batches. Raises `UsageError` where the folder is of other questions, `Stopped` where the budget is spent.
    """
    models = {model.spec: model for model in (writer, judge)}
    if asked.batch:
        batching.check(models.values())
    _begin(
        folder, {"sources": [one.name for one in sources], "count": count, "writer": writer.spec, "filter": judge.spec}
    )
    with log.Writer(folder) as pen, seldom():
        desk = _Logged(folder, pen, models, asked, tell)
        quiet = idle.Idle()
        if desk.waves:
            quiet.ask = desk.waves.idle
        return idle.run(desk.all(sources, count, writer.spec, judge.spec), quiet)


def _begin(folder: Path, made: Mapping[str, Any]) -> None:
    header = folder / HEADER
    if header.exists():
        try:
            known = json.loads(header.read_text(encoding="utf-8"))
        except (OSError, ValueError) as why:
            raise UsageError(f"{header} cannot be read: {why}; choose another folder with --log") from None
        if known != made:
            raise UsageError(f"{folder} is of other questions, or other models; choose another folder with --log")
        return
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds something else already; choose another folder with --log")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        header.write_text(json.dumps(made, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as why:
        raise UsageError(f"cannot write in {folder}: {why.strerror}; choose another folder with --log") from None


class _Logged(Desk):
    """Where questions are written for good: the models behind a ledger, and the log of their calls."""

    def __init__(
        self,
        folder: Path,
        pen: log.Writer,
        models: Mapping[str, Model],
        asked: Experiment,
        tell: Callable[[Progress], None],
    ) -> None:
        self._pen, self._tell = pen, tell
        ledger = Ledger(read=lambda at: log.event_at(folder, at), places=recall(folder).calls, budget=asked.budget)
        self._ledger = ledger
        self.waves = Waves(ledger, Courier(ledger, Book(folder), self._wave)) if asked.batch else None
        slots = asyncio.Semaphore(asked.concurrency or OPEN)
        pacing = Pacing(Ceilings(asked.rpm, asked.tpm, asked.connections))
        super().__init__(wrapped(models, ledger, slots, pacing, Health(), waves=self.waves), self._log)

    async def all(self, sources: Sequence[Source], count: int, writer: str, judge: str) -> list[Judged]:
        """Every question, written and judged; a signal ends it when the calls under way are back."""
        with interrupts(self._halt):
            return await super().all(sources, count, writer, judge)

    def _halt(self) -> None:
        self._ledger.halt(INTERRUPTED)
        if self.waves:
            self.waves.courier.halt()

    def _log(self, event: AnyEvent) -> None:
        """Log what was bought; a reply that was looked up is in the log already."""
        if not (isinstance(event, Called) and event.reused):
            place = self._pen.append(event)
            if isinstance(event, Called):
                self._ledger.enter(event, place)

    def _wave(self) -> None:
        if self.waves:
            courier = self.waves.courier
            self._tell(Progress(0, wave=self.waves.wave, batches=courier.batches, batched=courier.calls))
