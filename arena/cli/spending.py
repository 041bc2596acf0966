"""Options that every verb has which calls models: how many at once, what they may cost, and whether it asks before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from arena.plan import Experiment

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--budget", metavar="USD", help="Stop when this much is spent; resumable."),
    click.option("--concurrency", metavar="N", help="Episodes or questions at once.  [32; real: by --connections]"),
    click.option("--rpm", metavar="N", help="Requests a minute to each real model, at most."),
    click.option("--tpm", metavar="N", help="Tokens a minute to each real model, at most."),
    click.option("--connections", metavar="N", help="Calls to each real model at the same time, at most.  [100]"),
    click.option("--batch", is_flag=True, default=None, help="Send calls in batches: half the price, hours of time."),
    click.option("--yes", is_flag=True, help="Spend what it costs without being asked."),
)

BOUNDS = ("budget", "concurrency", "rpm", "tpm", "connections", "batch")
"""What of it bounds how a run is played; no result depends on it."""


def spending(verb: F) -> F:
    """Give a verb these options."""
    for option in reversed(_OPTIONS):
        verb = option(verb)
    return verb


def bounded(given: Mapping[str, Any], verb: str, folder: Path) -> Experiment:
    """An experiment of which nothing is said but its bounds; raises `UsageError` for one that cannot be.

    What was sent from a folder in batches before is fetched, and so goes on in batches.
    """
    from arena import plugins
    from arena.models.book import NAME
    from arena.plan import Experiment

    asked = {name: given[name] for name in BOUNDS if given.get(name) is not None}
    batch = {"batch": True} if (folder / NAME).exists() else {}
    found: Experiment = plugins.build(Experiment, asked | batch, verb)
    return found


def bounds(given: Mapping[str, Any], verb: str, folder: Path) -> dict[str, Any]:
    """The bounds that were given to a verb, by name."""
    return bounded(given, verb, folder).model_dump(include=set(BOUNDS), exclude_unset=True)
