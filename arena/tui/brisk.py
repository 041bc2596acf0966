"""What keeps a screen brisk: threads that take turns often, and no look at all of memory between two keys.

A thread that computes gives way after 5 ms where nobody says otherwise, and one key may need ten turns of the loop. And
a full collection of garbage goes through each of the hundred thousands of objects that modules are made of.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN = 0.0005
"""Seconds after which a thread gives way to another."""

THRESHOLDS = (10_000, 10, 10)
"""New objects until the young ones are looked at, and how often until those of the middle and the old ones are."""


@contextmanager
def brisk() -> Iterator[None]:
    """While a screen is open: threads take turns often, and what is there already is never looked at for garbage."""
    turn, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(TURN)
    gc.set_threshold(*THRESHOLDS)
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*thresholds)
        sys.setswitchinterval(turn)


def settle() -> None:
    """While a screen is open, take for what stays what was loaded since, too."""
    if gc.get_freeze_count():
        gc.freeze()
