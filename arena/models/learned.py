"""The pace of a server that tells nothing but no: as many starts a second as it was seen to take.

It may keep a bucket that fills steadily, a window that is full again at once, or a log that slides, and it does not say
which. Starts that are evenly spaced at the rate of its limit suit all three, so the rate is all there is to learn.

*Until the first refusal* there is no pace. *A refusal* shuts the gate for as long as it asks. One that asks for nothing
shuts it for the time in which the server should take one more; if that is refused, too, until so long after the last
opening as a limit may count over (`PERIODS`). Then one call goes alone, and the others only when its refusal would have
come. *The opening* measures the rate: the calls taken since the opening before, by the time between the two openings,
which is right for a log and a window; or between the two refusals, which is right for a bucket, empty at both. Neither
is ever too high for long, so the higher one counts. A rate that is lower than the one before replaces it; of a higher
one the mean is taken, by the calls that each was measured by. A little less than it is kept to. *While nothing is
refused* the pace is raised, stretch by stretch, by twice as much as the time before: so what was measured too low, and
what another user of the account gave up, is found in a few stretches.
"""

from __future__ import annotations

from typing import NamedTuple

HOLD = 0.99
"""The part of the rate that was measured that is kept to."""

RAISE = 0.01
"""By how much a pace is raised after the first stretch without a refusal."""

DOUBT = 0.125
"""Of the time in which the server may have been open already, before that was found out."""

RAISED_MOST = 0.5
"""By how much a pace is raised after any stretch."""

STRETCH_CALLS, STRETCH_LEAST, STRETCH_MOST = 50, 10.0, 60.0
"""A stretch is as long as so many calls take, and at least and at most so many seconds."""

PERIODS = (1.0, 3.0, 10.0, 15.0, 20.0, 30.0, 60.0)
"""The seconds over which limits count, as people set them."""

BACKOFF = 4.0
"""By how much longer than the time before it is waited where the server refuses again what it should take."""

MARGIN = 0.25
"""By how much sooner than another a request may arrive, in seconds."""

SLACK = 0.05
"""The part of a period by which the first call in it may have come late to be waited for."""

LATE = 0.1
"""By how much a start may be late without those behind it being later, too, in seconds."""

LEAST = 0.001
"""The shortest time that is reckoned with, in seconds."""


class Opening(NamedTuple):
    """When the server took calls again, when it had refused the last one, and how many it had taken until then."""

    at: float
    refused: float | None
    taken: int


class Learned:
    """See the module. Times are of one clock, in seconds; `rate` is in starts a second, and 0 while none is known."""

    def __init__(self) -> None:
        self.rate = 0.0
        self._mean, self._weight = 0.0, 0
        self._taken = 0
        self._last = 0.0
        self._before: Opening | None = None
        self._refused = 0.0
        self._shut: float | None = None
        self._alone: float | None = None
        self._tries, self._tried = 0, 0.0
        self._arrived = 0.0
        self._echo = LEAST
        self._raise, self._raised = RAISE, 0.0

    def ready(self, now: float) -> float:
        """The earliest moment at which a call may start; it may be past."""
        if self._shut is not None:
            return self._shut
        if self._alone is not None:
            if now < self._alone:
                return self._alone
            self._open()
        if not self.rate:
            return now
        if now >= self._raised + min(max(STRETCH_CALLS / self.rate, STRETCH_LEAST), STRETCH_MOST):
            self.rate *= 1 + self._raise
            self._raise, self._raised = min(2 * self._raise, RAISED_MOST), now
        return self._last + 1 / self.rate

    def take(self, now: float) -> None:
        """Count a start."""
        if self._before is None:
            self._before = Opening(now, None, 0)
        if self._shut is not None:
            self._shut, self._alone = None, now + 2 * self._echo
        self._taken += 1
        due = self._last + 1 / self.rate if self.rate else now
        self._last = max(due, now - LATE) if due < now and self._alone is None else now

    def replied(self, now: float, begun: float) -> None:
        """Take in that a reply came to the call that began at `begun`: by now it had come there."""
        if self._before is not None and begun == self._before.at:
            self._arrived = now - begun

    def refuse(self, now: float, begun: float, asked: float | None) -> bool:
        """Take in the refusal of a call that began at `begun`, and asks to wait for `asked` seconds.

        Whether it is news: neither of a call that went alone, nor of one that was under way when the gate was shut.
        """
        self._taken -= 1
        self._echo = max(self._echo, min(now - begun, STRETCH_LEAST))
        alone, news = self._alone is not None, self._alone is None and self._shut is None
        self._alone = None
        if alone:
            self._tries, self._tried = self._tries + 1, begun
        elif news:
            self._refused, self._tries, self._tried = now, 0, begun
        elif asked is None:
            return False
        self._shut = max(self._shut or 0.0, self._retry(now) if asked is None else now + asked)
        if asked is not None:
            self._tried = self._shut
        return news

    def _retry(self, now: float) -> float:
        """When to try again, unasked: one of `PERIODS` after the last opening, or sooner where the rate is known."""
        since, refused, taken = self._before or Opening(now, None, 0)
        until = next((since + self._late(each) for each in PERIODS if since + each > now), now + PERIODS[-1])
        fresh = self._taken - taken
        if refused is None or fresh <= 0:
            return until
        one = (self._refused - refused) / fresh
        return min(now + one * BACKOFF**self._tries, until)

    def _late(self, period: float) -> float:
        """A period, and by how much later than it began the first call may have come there."""
        return period + max(MARGIN, min(self._arrived, SLACK * period))

    def _open(self) -> None:
        """Measure, now that a call was taken again: the one that went alone, which began last."""
        self._alone = None
        since, refused, taken = self._before or Opening(self._last, None, 0)
        fresh = self._taken - 1 - taken
        if fresh > 0:
            rate = fresh / max(self._last - since, LEAST)
            if refused is not None:
                rate = max(rate, fresh / max(self._refused - refused, LEAST))
                if rate > self._mean:
                    rate = self._mean + (rate - self._mean) * fresh / (self._weight + fresh)
                    fresh += self._weight
                self._weight = min(fresh, STRETCH_CALLS)
            self._mean, self.rate = rate, HOLD * rate
        self._before = Opening(self._last, self._refused, self._taken - 1)
        doubt = max(RAISE, 1 / max(fresh, 1), DOUBT * (self._last - self._tried) / max(self._last - since, LEAST))
        self._raise, self._raised = min(doubt, RAISED_MOST), self._last
