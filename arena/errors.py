"""What can go wrong, and whose it is.

    ArenaError
    ├── UsageError            what was asked cannot be done; nothing was played or written   (exit 2)
    │   └── DataError         a data file, a run folder or a log says something it may not
    ├── Stopped               the run as a whole must stop, resumable                         (exit 3)
    └── TurnFailed            one turn failed for good; the episode fails with `outcome`
        ├── Refused           the model declined to answer
        ├── Unparsed          no reading of the reply after the last retry
        ├── Truncated         the same, since the reply was cut at its limit on tokens
        ├── TimedOut          the call's deadline passed
        ├── OverBudget        the episode's or the run's allowance is spent
        ├── Unsupported       the server refuses the form in which it was asked
        └── ModelFailed       the provider failed, or broke its contract

A message says what was asked, why it cannot be, and what would work. Protocols raise none of these: whatever else
escapes from a protocol, a reader or a model becomes a `Failed` event with outcome `error`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Literal, get_args

Outcome = Literal["ok", "refused", "unparsed", "timeout", "over_budget", "error", "truncated"]
"""How an episode or a verdict can come out. Only `ok` has a belief; the others are counted, each under its own name."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class ArenaError(Exception):
    """The base of every error that the arena raises on purpose."""


class UsageError(ArenaError):
    """What was asked cannot be done; the message says what would work."""


class DataError(UsageError):
    """A file says something it may not; the message names the file, and the line where there is one."""


class Stopped(ArenaError):
    """The run must stop as a whole; what was done is kept and can be resumed."""


class TurnFailed(ArenaError):
    """A turn failed for good, and its episode with it. The table fills in where and whose turn it was."""

    outcome: Outcome = "error"

    def __init__(self, message: str, at: str = "", seat: str | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.seat = seat


class Refused(TurnFailed):
    """The model declined to answer."""

    outcome = "refused"


class Unparsed(TurnFailed):
    """No reading of the reply succeeded, retries included."""

    outcome = "unparsed"


class Truncated(TurnFailed):
    """No reading succeeded, and the last reply had been cut at its limit on tokens."""

    outcome = "truncated"


class Unsupported(TurnFailed):
    """The server does not do what the form of a request asks for: keep to a schema, or give token probabilities."""


class TimedOut(TurnFailed):
    """The deadline of a call passed."""

    outcome = "timeout"


class OverBudget(TurnFailed):
    """An allowance (calls, tokens, dollars) is spent."""

    outcome = "over_budget"


class ModelFailed(TurnFailed):
    """A provider failed after its retries, or returned what its contract forbids."""


def unknown(what: str, name: str, known: Iterable[str]) -> UsageError:
    """An error for a name that is not known, with the nearest known ones."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return UsageError(f"no {what} is called {name!r}. {hint}Known: {', '.join(names) or 'none'}.")
