"""How many calls to one model may be under way at once: a number that follows what the server bears.

It begins small and doubles after each clean round, until the server first says that it is too much; from then on it
grows by a twentieth a round. It grows only while most of it is used, since a limit that nobody came near was not
tested. This is the congestion control of Jacobson (1988), with calls in the place of packets.
"""

from __future__ import annotations

START = 50
"""The limit at the beginning of a run."""

LEAST_ROUND = 4
"""A round is as many successes as the limit is wide, and no fewer than these."""

USED = 0.8
"""The part of the limit that a round must have used for the limit to grow."""

CUT = 0.7
"""What an overrun leaves of what was in use."""

STEP = 0.05
"""By how much a limit grows a round that was cut before."""


class Limit:
    """The bound on calls under way: never below 1, never above `ceiling`.

    Every call is told, as it begins, which era it begins in; each cut begins a new one. So of all the calls that one
    overload turns away only the first cuts the limit.
    """

    def __init__(self, ceiling: int, start: int = START) -> None:
        self.ceiling = ceiling
        self.width = min(max(start, 1), ceiling)
        self.busy = 0
        self.era = 0
        self._borne = 0
        self._clean = 0
        self._peak = 0

    def resize(self, ceiling: int) -> None:
        """Take another ceiling from now on."""
        self.ceiling = ceiling
        self.width = min(self.width, ceiling)

    @property
    def proven(self) -> bool:
        """Whether a clean round has used as many as there may ever be, and none was ever turned away."""
        return self._borne >= self.ceiling and self.era == 0

    @property
    def free(self) -> bool:
        """Whether one more call may begin."""
        return self.busy < self.width

    def begin(self) -> int:
        """Count a call in; the era that it begins in."""
        self.busy += 1
        self._peak = max(self._peak, self.busy)
        return self.era

    def end(self) -> None:
        """Count a call out, whatever became of it."""
        self.busy -= 1

    def succeeded(self) -> None:
        """A call came back with a reply."""
        self._clean += 1
        if self._clean >= max(self.width, LEAST_ROUND):
            if self._peak >= USED * self.width:
                self._borne = self.width
                self._grow()
            self._round()

    def disturbed(self) -> None:
        """A call failed for a reason that more room would not have mended: no growth until a round is clean again."""
        self._round()

    def overrun(self, era: int) -> bool:
        """The server turned away a call that began in `era`; whether that is news, and cut the limit."""
        if era != self.era:
            return False
        self.width = max(1, int(min(self.width, self._peak) * CUT))
        self.era += 1
        self._round()
        return True

    def _grow(self) -> None:
        step = self.width if self.era == 0 else max(1, int(self.width * STEP))
        self.width = min(self.width + step, self.ceiling)

    def _round(self) -> None:
        self._clean = 0
        self._peak = self.busy
