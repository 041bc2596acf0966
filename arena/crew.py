"""Workers that take jobs from one queue, as many at once as is wished at the moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class Crew(Generic[T]):
    """Does every job of a queue, in its order, at most `width` at once; no job is `None`.

    A job that raises ends its worker and no other: what the rest does is for the jobs to decide.
    """

    def __init__(self, jobs: Iterable[T], do: Callable[[T], Awaitable[None]], width: int) -> None:
        self.width = width
        self._jobs, self._do = iter(jobs), do
        self._workers: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []
        self._over = asyncio.Event()

    async def work(self) -> list[BaseException]:
        """Do all; returns what the jobs raised. Cancelled, it cancels what is under way and waits for it."""
        self.resize(self.width)
        try:
            await self._over.wait()
        except asyncio.CancelledError:
            workers = list(self._workers)
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            raise
        return self._failures

    def resize(self, width: int) -> None:
        """Be so many from now on: more at once, or fewer as soon as their jobs are done."""
        self.width = width
        while len(self._workers) < width and (job := next(self._jobs, None)) is not None:
            self._workers.add(asyncio.create_task(self._worker(job)))
        self._look()

    async def _worker(self, first: T) -> None:
        job: T | None = first
        try:
            while job is not None:
                await self._do(job)
                job = next(self._jobs, None) if len(self._workers) <= self.width else None
        except Exception as why:  # noqa: BLE001  # handed on to whoever waits for the crew
            self._failures.append(why)
        finally:
            me = asyncio.current_task()
            if me is not None:
                self._workers.discard(me)
            self._look()

    def _look(self) -> None:
        if not self._workers:
            self._over.set()
