"""What the commands on question sets share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arena.question import Item

FILTER = click.option("--filter", metavar="CONDITIONS", help="Only records such as words<=30,Category=Law|Health.")
SEED = click.option("--seed", default=0, metavar="N", help="What chance draws from.  [0]")


def opened(name: str, filter_: str | None, seed: int, limit: int | None) -> tuple[Any, Iterator[Item]]:
    """A set and its questions, as they are read."""
    from arena.datasets.base import checked
    from arena.plan import filtered, open_dataset

    dataset = open_dataset(filtered(name, filter_))
    return dataset, checked(dataset.items(limit=limit, seed=seed), name)
