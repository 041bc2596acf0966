"""`arena models`: which real models are known, and whether one can be reached and what it can do."""

from __future__ import annotations

import click

from arena.cli.exits import DONE
from arena.cli.group import Group


@click.group(cls=Group, short_help="Real models: what is known of them, and whether one can be reached.")
def models() -> None:
    """Real models: which have known prices and what they can do, and a tiny real request to try one."""


@models.command("list", short_help="Known models, their prices, what they can do, whether there is a key.")
def list_() -> int:
    """List the models of the price list. Others can be played, too: their prices are then unknown.

    USD are per million tokens: input, output, read from a cache and written to one; batch is a share of them all.
    """
    from arena.cli.words import columns, say
    from arena.models import keys
    from arena.models.known import ABILITIES, known

    found = list(known(keys.environment()))
    head = ("model", "in", "out", "read", "write", "batch", *ABILITIES, "key", "as of")
    rows: list[tuple[str, ...]] = [head]
    for one in found:
        rates = one.rates
        money = (rates.input, rates.output, rates.cache_read, rates.cache_write, rates.batch)
        key = "yes" if one.key else "no"
        rows.append((one.spec, *map(_usd, money), *(one.can[name] for name in ABILITIES), key, rates.date or "-"))
    click.echo(columns(rows))
    for variable in sorted({one.wanted for one in found if not one.key}):
        say(f"{variable} is not set")
    return DONE


def _usd(price: float | None) -> str:
    return "?" if price is None else f"{price:g}"


@models.command(short_help="A few tiny real requests: reachable, streaming, structured, logprobs, usage, price.")
@click.argument("spec")
def check(spec: str) -> int:
    """Try a model with a few tiny real requests, which cost a fraction of a cent, and say what it can do.

    Exit code 2 where it cannot be reached; what it merely cannot do is no error.
    """
    import asyncio

    from arena.models.base import paid
    from arena.plan import open_model

    model = open_model(spec)
    if not paid(model):
        click.echo(f"{model.spec} is asked in this process: there is nothing to reach, and it costs nothing")
        return DONE
    asyncio.run(_check(model))
    return DONE


async def _check(model: object) -> None:
    from typing import Any, cast

    from arena.cli.words import columns
    from arena.models.probe import probe
    from arena.text import terminal

    provider = cast("Any", model)
    click.echo(terminal(provider.spec))
    try:
        async for shown in probe(provider):
            click.echo(columns([("  " + shown.what.ljust(10), "yes" if shown.there else "no ", terminal(shown.told))]))
    finally:
        await provider.close()
