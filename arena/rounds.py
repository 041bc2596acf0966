"""What a round is, where nobody knows the protocol: told from who is heard, by whom.

A judge's round is over when a seat that it has heard in it is about to be heard again, or when the judge is about to
speak itself. So a round of a debate is one speech of each debater, at the same moment or one after the other; one of a
consultancy is a speech of the consultant; and what a judge does not hear, as drafts, makes no round.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from arena.turns import Seat, Turn


class Rounds:
    """The rounds that one judge has heard at a table."""

    def __init__(self, judge: Seat) -> None:
        self._judge = judge
        self._over = 0
        self._begun = False
        self._now: set[Seat] = set()

    @property
    def heard(self) -> int:
        """How many rounds it has heard, the one under way too."""
        return self._over + bool(self._now)

    def over(self, turns: Sequence[Turn[Any]]) -> int | None:
        """Take note that these turns begin. How many rounds the judge has heard, where one is over with that.

        That is 0 before the first round, and `None` within a round.
        """
        speakers = {turn.seat for turn in turns if self._hears(turn)}
        first = bool(speakers) and not self._begun
        done = bool(self._now) and (bool(speakers & self._now) or any(turn.seat == self._judge for turn in turns))
        if done:
            self._over, self._now = self._over + 1, set()
        self._begun = self._begun or first
        self._now |= speakers
        return self._over if first or done else None

    def _hears(self, turn: Turn[Any]) -> bool:
        return turn.seat != self._judge and (turn.audience is None or self._judge in turn.audience)
