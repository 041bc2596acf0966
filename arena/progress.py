"""How far a run is, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple


@dataclass
class Progress:
    """How far a run is. `failed` counts the test episodes with a missing verdict, by outcome.

    `spent` is in US dollars; what `unpriced` replies cost comes on top, and nobody knows how much.

    `reused` counts the replies that were taken from other runs in this sitting, `saved` is what they had cost (US
    dollars). `stopping` is set when the run was asked to end and waits for the calls that are under way. `wave` is the
    one that was begun last of `waves` (0 where nobody knows how many there will be); `batches` are under way, with
    `batched` calls.
    """

    total: int
    done: int = 0
    resumed: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    calls: int = 0
    spent: float = 0.0
    unpriced: int = 0
    reused: int = 0
    saved: float = 0.0
    stopping: bool = False
    wave: int = 0
    waves: int = 0
    batches: int = 0
    batched: int = 0


class Finished(NamedTuple):
    """What became of a run; `stopped` says why it ended early, and is `None` where it is complete.

    `notices` say what was learned on the way that a reader of the results should know.
    """

    run: Path
    progress: Progress
    stopped: str | None
    notices: tuple[str, ...] = ()
