"""The collector of garbage, held back where many objects are made that hold no cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 20, 100)
"""New objects until the young ones are looked at, and how often until those of the middle and the old ones are."""


@contextmanager
def seldom() -> Iterator[None]:
    """Look for garbage seldom within this: each look at all that modules are made of holds every call up."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage within this: going through all that was read, again and again, is slow.

    As a decorator it ends when the function's own objects are gone, so that they are not looked through either.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
