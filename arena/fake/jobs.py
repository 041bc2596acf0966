"""Batches: a list of calls, done together some time after it was handed in.

A share of them comes out as an error, a share is never done, and of a share nothing is said. A batch that is cancelled
has done what there was time for: the first part of its calls, in proportion.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from arena.fake.asked import Json, Refusal
from arena.fake.desk import Desk, Wire
from arena.models.sim.chance import uniform

Outcome = Literal["succeeded", "errored", "canceled", "expired"]
DAY = 86_400.0
"""Seconds after which a batch expires."""


class Done(NamedTuple):
    """What came of one call of a batch: a status and a body where it was done at all."""

    name: str
    outcome: Outcome
    status: int = 0
    body: Json | None = None
    request: str = ""


@dataclass
class Job:
    """A batch: its calls by name as bytes, and when it was made and cancelled, by two clocks.

    `made` and `cancelled` are of the desk's clock, `created` is in seconds since 1970. `done` is filled when it ends.
    """

    id: str
    wire: Wire
    calls: Mapping[str, bytes]
    made: float
    created: float
    about: dict[str, Any] = field(default_factory=dict)
    cancelled: float | None = None
    done: list[Done] | None = None

    def tally(self) -> Counter[str]:
        """How many calls came out in each way."""
        return Counter(one.outcome for one in self.done or ())


class Jobs:
    """The batches of a server, the newest last."""

    def __init__(self, desk: Desk, wall: Callable[[], float]) -> None:
        self._desk, self._wall = desk, wall
        self._jobs: dict[str, Job] = {}

    def make(self, prefix: str, wire: Wire, calls: Mapping[str, bytes], about: dict[str, Any]) -> Job:
        """Take a batch."""
        name = f"{prefix}{len(self._jobs) + 1:012x}"
        job = self._jobs[name] = Job(name, wire, calls, self._desk.clock(), self._wall(), about)
        return job

    def all(self, prefix: str) -> list[Job]:
        """The batches whose ids begin so, the newest first."""
        return [self._settled(job) for name, job in reversed(self._jobs.items()) if name.startswith(prefix)]

    def find(self, name: str) -> Job:
        """A batch as it is now; refused where there is none."""
        if name not in self._jobs:
            raise Refusal(404, "not_found_error", f"No batch is called {name}.")
        return self._settled(self._jobs[name])

    def cancel(self, name: str) -> Job:
        """Cancel a batch that has not ended; it ends at once."""
        job = self.find(name)
        if job.done is None:
            job.cancelled = self._desk.clock()
        return self._settled(job)

    def delete(self, name: str) -> None:
        """Forget a batch that has ended."""
        if self.find(name).done is None:
            raise Refusal(409, "conflict_error", "A batch that has not ended cannot be deleted; cancel it first.")
        del self._jobs[name]

    def _settled(self, job: Job) -> Job:
        """The job, done if its time has come."""
        options, now = self._desk.options, self._desk.clock()
        if job.done is None and (job.cancelled is not None or now >= job.made + options.batch_seconds):
            until = now if job.cancelled is None else job.cancelled
            share = min((until - job.made) / options.batch_seconds, 1.0) if options.batch_seconds else 1.0
            reached = share * len(job.calls)
            calls = [(at, *call) for at, call in enumerate(job.calls.items()) if not self._missing(job, at, call[1])]
            job.done = [self._done(job, *call, reached=call[0] < reached) for call in calls]
            job.done.sort(key=lambda one: uniform(options.seed, "order", job.id, one.name))
        return job

    def _missing(self, job: Job, at: int, raw: bytes) -> bool:
        return self._luck("missing", job, at, raw) < self._desk.options.batch_missing

    def _luck(self, what: str, job: Job, at: int, raw: bytes) -> float:
        """The chance of a call, by its place and its words: whoever sends a batch may name it as they like."""
        return uniform(self._desk.options.seed, what, job.id, at, raw.decode("utf-8", "replace"))

    def lost(self, job: Job) -> bool:
        """Whether the answer that would tell of a batch is lost."""
        return uniform(self._desk.options.seed, "lost", job.id) < self._desk.options.batch_lost

    def _done(self, job: Job, at: int, name: str, raw: bytes, *, reached: bool) -> Done:
        options = self._desk.options
        if not reached:
            return Done(name, "canceled")
        luck = self._luck("batch", job, at, raw)
        if luck < options.batch_expiry:
            return Done(name, "expired")
        request = f"req_{job.id}_{at}"
        try:
            body = self._answered(job.wire, raw, fails=luck < options.batch_expiry + options.batch_errors)
        except Refusal as why:
            return Done(name, "errored", why.status, job.wire.error(why, request), request)
        return Done(name, "succeeded", 200, body, request)

    def _answered(self, wire: Wire, raw: bytes, *, fails: bool) -> dict[str, Any]:
        if fails:
            raise Refusal(500, "api_error", "Internal server error.")
        order = self._desk.take_batched(wire, raw)
        said = self._desk.answer(order, self._desk.look(order))
        self._desk.done(order, said, "batched", whole=True, batch=True)
        return wire.whole(said)
