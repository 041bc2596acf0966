"""Signals: the first one asks a run to end in good order, the second one ends it the hard way."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interrupts(stop: Callable[[], None]) -> Iterator[None]:
    """Ask a run to stop at the first interrupt; in a thread other than the main one nothing is asked."""
    loop = asyncio.get_running_loop()
    handled = SIGNALS if threading.current_thread() is threading.main_thread() else ()

    def asked() -> None:
        stop()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    for number in handled:
        loop.add_signal_handler(number, asked)
    try:
        yield
    finally:
        for number in handled:
            loop.remove_signal_handler(number)
