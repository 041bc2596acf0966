"""The only loop over questions: many episodes at once, each logged as it happens, any of them resumable.

Arms play the same questions, dealings and seeds. Questions come in one seeded order and all arms play a question before
the next, so that a prefix of the run is a fair comparison. The one place where everything is caught is the boundary of
an episode: whatever escapes from a protocol becomes its `Failed` event.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from arena import batching, log
from arena.broadcast import Broadcast
from arena.crew import Crew
from arena.datasets.questions import Questions, read_on
from arena.episode import Episode
from arena.errors import ArenaError, Stopped, TurnFailed
from arena.events import AnyEvent, Called, Ended, Failed, Lost, Opened, Scored
from arena.forms import Forms
from arena.garbage import seldom
from arena.helm import Helm
from arena.interrupts import interrupts
from arena.lessons import export, filename, taught
from arena.manifest import header
from arena.models import idle
from arena.models.base import paid
from arena.models.book import Book
from arena.models.courier import Courier
from arena.models.gate import Ceilings
from arena.models.ledger import Ledger
from arena.models.pacing import Pacing
from arena.models.retry import Health
from arena.models.slots import Slots
from arena.models.stack import wrapped
from arena.models.waves import Waves
from arena.opening import begin, keep, settle
from arena.plan import JUDGES, Arm, Plan
from arena.progress import Finished, Progress
from arena.resume import recall
from arena.reuse import Shelf, reused
from arena.schedule import Job, Staged, Wave, episode_id, lessons, waves
from arena.score import scored
from arena.streaks import Streaks, paid_for
from arena.table import Table
from arena.turns import Lesson

SYNC_EVERY = 1.0
"""Seconds between two times that the log is forced to the disk."""

ALL = 1_000_000
"""Episodes that are open at once where calls go in batches: the more, the fewer waves."""

INTERRUPTED = "interrupted"
"""Why a run stopped that was asked to by a signal."""


def play(
    plan: Plan,
    run: Path,
    tell: Callable[[Progress], None] = lambda _: None,
    *,
    stream: bool = False,
    staged: Staged | None = None,
) -> Finished:
    """Play a run into a new or empty folder, or go on with an unfinished one of the same plan.

    With `stream`, words are told on its live side as they arrive.

    Raises `UsageError` where the folder is another run's, cannot be written, or is being written by another process.
    """
    shelf = Shelf(plan.experiment.reuse)
    if (run / "run.json").exists():
        plan.read()
    staged = staged or Staged(header(plan, run.name, time.time()), list(waves(plan)))
    if plan.experiment.batch:
        batching.check(plan.models.values())
    made = begin(plan, run, staged.header | reused(shelf))
    with log.Writer(run) as writer, seldom():
        settle(plan, run, made)
        runner = _Runner(plan, run, writer, tell, shelf)
        return idle.run(runner.play(staged.waves, made, stream=stream), runner.idle)


class _Runner:
    """A run while it is played."""

    def __init__(
        self, plan: Plan, run: Path, writer: log.Writer, tell: Callable[[Progress], None], shelf: Shelf
    ) -> None:
        self._plan, self._run, self._writer, self._tell, self._shelf = plan, run, writer, tell, shelf
        self._past = recall(run)
        self._ledger = Ledger(
            read=lambda place: log.event_at(run, place),
            places=self._past.calls,
            budget=plan.experiment.budget,
            elsewhere=shelf.find,
        )
        self._clock = _ticks(len(self._past.done)) if plan.experiment.reproducible else time.time
        asked = plan.experiment
        self._forms = Forms(asked.belief, self._past.refusing)
        self._pacing = Pacing(Ceilings(asked.rpm, asked.tpm, asked.connections))
        self._health = Health()
        self._streaks = Streaks(() if asked.batch else paid_for(plan), self._past.barren)
        self.idle = idle.Idle()
        self._waves = Waves(self._ledger, Courier(self._ledger, Book(run), self._wave)) if asked.batch else None
        self._lessons: dict[str, tuple[Lesson, ...]] = {}
        self._progress = Progress(total=0, waves=0 if self._past.calls else plan.waves)
        width = plan.width
        self._helm = Helm(
            self._ledger,
            self._pacing,
            self._health,
            Slots(width),
            stop=lambda: self.stop(INTERRUPTED),
            slotted=not all(map(paid, plan.models.values())),
            concurrency=ALL if self._waves else width,
            waves=self._progress.waves,
        )
        if self._waves:
            self.idle.ask = self._waves.idle

    async def play(self, planned: list[Wave], made: dict[str, Any], *, stream: bool = False) -> Finished:
        """Play wave after wave: an arm that learns waits until its teacher has played the training questions."""
        self._made = made
        models, slots = self._plan.models, self._helm.slots
        self._models = wrapped(models, self._ledger, slots, self._pacing, self._health, waves=self._waves)
        self._live = Broadcast(self._run, self._helm, streaming=stream)
        if not self._plan.experiment.reproducible:
            self._live.begin()
        tasks = [asyncio.create_task(self._sync()), *self._reading()]
        stopped: str | None = None
        try:
            await self._play_waves(planned)
        except Stopped as why:
            stopped = str(why)
        finally:
            for task in tasks:
                task.cancel()
            for model in self._plan.models.values():
                if close := getattr(model, "close", None):
                    await close()
            self._live.end(stopped)
        if isinstance(self._plan.test, Questions) and self._plan.test.fault:
            raise self._plan.test.fault
        return self._finished(stopped)

    def _reading(self) -> Iterator[asyncio.Task[None]]:
        if isinstance(self._plan.test, Questions) and not self._plan.test.whole:
            self._plan.test.grown = self._grown
            yield asyncio.create_task(read_on(self._plan.test, self._helm.halt))

    def _grown(self) -> None:
        self._made = keep(self._plan, self._run, self._made)
        self._count_planned()

    def _count_planned(self) -> None:
        self._progress.total = self._helm.total = sum(self._made["planned"].values()) + lessons(self._plan)

    def _finished(self, stopped: str | None) -> Finished:
        return Finished(self._run, self._progress, stopped, tuple(self._forms.notices.values()))

    def stop(self, reason: str) -> None:
        """Let the calls that are under way come back, make no further one, and end."""
        self._helm.halt(reason)
        if self._waves:
            self._waves.courier.halt()
        self._progress.stopping = True
        self._tell(self._progress)

    def _wave(self) -> None:
        if self._waves:
            courier = self._waves.courier
            self._progress.wave = self._helm.wave = self._waves.wave
            self._progress.batches, self._progress.batched = courier.batches, courier.calls
        self._tell(self._progress)

    async def _play_waves(self, planned: list[Wave]) -> None:
        self._count_planned()
        for wave in planned:
            self._lessons |= {arm.name: await self._taught(arm) for arm in wave.arms if arm.teacher}
            await self._play_all(self._left(wave))

    def _left(self, wave: Wave) -> Iterator[Job]:
        """What is to be played of a wave; the fault that keeps the rest from being read is raised in the end."""
        with suppress(ArenaError):
            yield from (job for job in wave.jobs if job.id not in self._past.done)

    async def _play_all(self, jobs: Iterator[Job]) -> None:
        first = list(itertools.islice(jobs, 1))
        self._note_resumed(first)
        crew = self._helm.episodes = Crew(itertools.chain(first, jobs), self._work, self._helm.concurrency)
        with interrupts(lambda: self.stop(INTERRUPTED)):
            failures = await crew.work()
        for failure in sorted(failures, key=lambda failure: isinstance(failure, Stopped)):
            raise failure

    def _note_resumed(self, jobs: list[Job]) -> None:
        self._progress.resumed = len(self._past.done)
        self._progress.done = self._helm.done = max(self._progress.done, len(self._past.done))
        if jobs:
            self._tell(self._progress)

    async def _work(self, job: Job) -> None:
        await self._ledger.unpaused()
        if self._ledger.stop:
            raise Stopped(self._ledger.stop)
        try:
            await self._episode(job)
        except ArenaError as why:
            self._helm.halt(str(why))
            raise
        self._tell(self._progress)
        await asyncio.sleep(0)

    async def _episode(self, job: Job) -> None:
        """Play one episode up to its `Scored` event; whatever escapes from the protocol is its failure."""
        events: list[AnyEvent] = []
        logged = self._past.places.get(job.id, frozenset())

        def record(event: AnyEvent) -> None:
            events.append(event)
            if isinstance(event, Lost) or (event.type, event.at, getattr(event, "attempt", 0)) not in logged:
                place = self._writer.append(event)
                if isinstance(event, Called):
                    self._ledger.enter(event, place)
                self._live.logged(event)

        opened = self._opened(job)
        record(opened)
        end = await self._ended(job, record)
        record(end)
        played = self._past.billed(job.id, events)
        score = scored(opened, played, job.item.question, job.item.key, self._now())
        record(score)
        self._count(score)
        self._streaks.note(score, end)

    async def _ended(self, job: Job, record: Callable[[AnyEvent], None]) -> Ended | Failed:
        question, arm = job.item.question, job.arm
        episode = Episode(
            id=job.id,
            question=question,
            seats=job.retold.seats if job.retold else arm.rules.seats,
            models={seat: self._models[spec] for seat, spec in arm.seats.items()},
            prompts=arm.prompts,
            record=record,
            clock=self._clock,
            seed=self._plan.experiment.seed,
            turn=job.turn,
            repeat=job.repeat,
            lessons=self._lessons.get(arm.name, ()),
            forms=self._forms,
            hear=partial(self._live.hear, job.id),
            presented=self._plan.presented(arm),
            shadow=frozenset(JUDGES if self._plan.experiment.shadow_judge else ()),
        )
        try:
            belief = await (job.retold.play(episode) if job.retold else arm.rules.run(question, Table(episode)))
            return episode.ended(belief)
        except TurnFailed as why:
            return Failed(episode=job.id, at=why.at, t=self._now(), outcome=why.outcome, reason=str(why), seat=why.seat)
        except ArenaError:
            raise
        except Exception as why:  # noqa: BLE001  # the boundary of an episode: a protocol's error is a failure, not a crash
            return Failed(episode=job.id, t=self._now(), outcome="error", reason=f"{type(why).__name__}: {why}")

    def _opened(self, job: Job) -> Opened:
        return Opened.model_validate(
            {
                "episode": job.id,
                "t": self._now(),
                "arm": job.arm.name,
                "question": job.item.question.id,
                "dealing": job.dealing,
                "repeat": job.repeat,
                "split": job.split,
            }
        )

    def _count(self, score: Scored) -> None:
        progress = self._progress
        progress.done = self._helm.done = progress.done + 1
        progress.calls += score.calls
        progress.spent, progress.unpriced = self._ledger.spent, self._ledger.unpriced
        progress.reused, progress.saved = self._shelf.taken, self._shelf.saved
        missing = {verdict.outcome for verdict in score.scores} - {"ok"}
        if score.split == "test" and missing:
            worst = score.outcome if score.outcome != "ok" else min(missing)
            progress.failed[worst] = progress.failed.get(worst, 0) + 1

    async def _taught(self, arm: Arm) -> tuple[Lesson, ...]:
        """What the teacher of an arm left on the training questions; exported for fine-tuning, too."""
        teacher = next(other for other in self._plan.arms if other.name == arm.teacher)
        ids = {episode_id(teacher.name, item.question): item.question for item in self._plan.train}
        found = taught(self._run, ids)
        await export(self._run / filename(teacher), teacher, found)
        return tuple(Lesson(question.text, answer) for question, answer in found)

    async def _sync(self) -> None:
        while True:
            await asyncio.sleep(SYNC_EVERY)
            with suppress(OSError):
                await asyncio.to_thread(self._writer.sync)

    def _now(self) -> float:
        return round(self._clock(), 3)


def _ticks(start: int) -> Callable[[], float]:
    """A clock that counts how often it was asked: the same run then writes the same bytes."""
    count = itertools.count(start)
    return lambda: next(count) / 1000
