"""How a reader goes through an episode: where they stand, and how long each step is shown when it plays."""

from __future__ import annotations

from dataclasses import dataclass

from arena.outline import Page

SPEEDS = (1, 2, 5, 10, 20, 50)
WORDS_A_SECOND = 4.0
"""How fast a speech is read at speed 1."""
LEAST = 1.0
"""Seconds that a step takes to read at speed 1, at least."""
MOST = 60.0
"""Seconds that one step takes at the pace at which it was recorded, at most: a run may have stood still for a night."""


@dataclass
class Player:
    """A place in an episode. `step` counts the steps that are shown; `None` is all there are, and all that come.

    A step is shown as long as it takes to read it, or, `recorded`, until the next one came when the episode was played.
    """

    page: Page | None = None
    step: int | None = None
    speed: int = 1
    recorded: bool = False

    @property
    def total(self) -> int:
        """How many steps there are."""
        return len(self.page.steps) if self.page else 0

    @property
    def at(self) -> int:
        """How many steps are shown."""
        return self.total if self.step is None else min(self.step, self.total)

    def go(self, step: int) -> None:
        """Show so many steps."""
        self.step = None if step >= self.total else max(step, 0)

    def round(self, by: int) -> None:
        """Go to the end of the next round, or of the one before."""
        marks = self.page.marks() if self.page else []
        beyond = [mark for mark in marks if (mark > self.at if by > 0 else mark < self.at)]
        if beyond:
            self.go(min(beyond) if by > 0 else max(beyond))

    def faster(self, by: int) -> None:
        """Take the next speed, or the one before."""
        self.speed = SPEEDS[max(0, min(SPEEDS.index(self.speed) + by, len(SPEEDS) - 1))]

    def wait(self) -> float:
        """Seconds until the next step is shown."""
        if self.page is None:
            return LEAST
        if self.recorded:
            return self._took() / self.speed
        shown = self.page.steps[self.at - 1].text if self.at else ""
        return max(LEAST, len(shown.split()) / WORDS_A_SECOND) / self.speed

    def _took(self) -> float:
        """Seconds between the step that is shown and the next one when the episode was played."""
        steps, events = self.page.steps if self.page else (), self.page.events if self.page else ()
        if self.at >= len(steps):
            return 0.0
        before = steps[self.at - 1].t if self.at else min((event.t for event in events), default=steps[0].t)
        return max(0.0, min(steps[self.at].t - before, MOST))
