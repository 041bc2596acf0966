"""The helm of a run: how it stands, and what can be changed while it is played."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from arena.broadcast import Standing
from arena.live import Command, Concurrency, Connections, Pause, Resume, Stop
from arena.models.gate import Waiting
from arena.models.ledger import Ledger
from arena.models.pacing import Pacing
from arena.models.retry import Health
from arena.models.slots import Slots


class Sized(Protocol):
    """What can be as large as is wished."""

    def resize(self, width: int) -> None:
        """Be so large from now on."""
        ...


@dataclass
class Helm:
    """What a run is steered by. `paced` says whether it has models that are paced, `slotted` whether it has others.

    `episodes` is what plays them at this moment, `concurrency` how many at once; `stop` ends the run. `wave` of `waves`
    is for runs whose calls go out in waves.
    """

    ledger: Ledger
    pacing: Pacing
    health: Health
    slots: Slots
    stop: Callable[[], None]
    slotted: bool = True
    concurrency: int = 1
    done: int = 0
    total: int = 0
    wave: int = 0
    waves: int = 0
    episodes: Sized | None = None

    def standing(self) -> Standing:
        """How the run stands, in the fields of `arena.live.Status`."""
        ledger = self.ledger
        fields: dict[str, Any] = {
            "state": "stopping" if ledger.stop else "paused" if ledger.paused else "playing",
            "reason": ledger.stop,
            "done": self.done,
            "total": self.total,
            "spent": ledger.spent,
            "budget": ledger.budget,
            "concurrency": self.concurrency,
            "in_flight": ledger.buyers,
            "limit": self.pacing.width + (self.slots.width if self.slotted else 0),
            "refused": ledger.refused,
            "waits": [_told(waiting) for waiting in self.waiting()],
            "wave": self.wave,
            "waves": self.waves,
        }
        return Standing(fields, ledger.calls, ledger.tokens)

    def obey(self, command: Command) -> None:
        """Do what a watcher asks for."""
        if isinstance(command, Pause | Resume):
            held = isinstance(command, Pause) and not self.ledger.stop
            self.pacing.hold(held=held)
            self.ledger.pause(paused=held)
        elif isinstance(command, Stop):
            self.stop()
        elif isinstance(command, Concurrency):
            self.concurrency = command.value
            self.slots.resize(command.value)
            if self.episodes is not None:
                self.episodes.resize(command.value)
        elif isinstance(command, Connections):
            self.pacing.resize(command.value)

    def halt(self, reason: str) -> None:
        """Let nothing begin any more, and nobody wait for it."""
        self.ledger.halt(reason)
        self.ledger.pause(paused=False)
        self.pacing.hold(held=False)

    def waiting(self) -> list[Waiting]:
        """What the calls of the run wait for at this moment, and until when (`until` is of `time.monotonic`)."""
        return [*self.pacing.waiting(), *self.health.waiting()]


def _told(waiting: Waiting) -> dict[str, object]:
    until = waiting.until
    return {
        "account": waiting.account,
        "model": waiting.model,
        "calls": waiting.calls,
        "why": waiting.why,
        "until": None if until is None else round(until - time.monotonic() + time.time(), 1),
    }
