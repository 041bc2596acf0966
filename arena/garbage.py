"""The collector of garbage, held still where many objects are made that hold no cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
