"""Whether the servers of a run are there at all, found out before anything is written or paid for.

The vendors' own are taken to be. Each other is asked for the list of its models, which is free. What it says does not
matter, for many servers have no such list; that it answers as a server of this kind would does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from arena.errors import UsageError
from arena.models.accounts import Vendor
from arena.models.base import Model
from arena.models.failures import CallFailed
from arena.models.provider import Provider
from arena.models.values import parse

if TYPE_CHECKING:
    from arena.models.transport import Client

LISTS: Mapping[Vendor, str] = {"anthropic": "/v1/models", "openai": "/models"}
"""Where each vendor, and whoever speaks like it, lists models."""

PATIENCE = 20.0
"""Seconds after which a server that does not answer is left to the run: it may be busy with something else."""


def reach(models: Iterable[Model], patience: float = PATIENCE) -> None:
    """Ask each server once, and wait so many seconds for its answer.

    Raises `UsageError` where nobody answers, or something else does.
    """
    elsewhere = (model for model in models if isinstance(model, Provider) and not model.vendors_own)
    by_account = {model.account: model for model in elsewhere}
    if by_account:
        asyncio.run(_all(list(by_account.values()), patience))


async def _all(models: list[Provider], patience: float) -> None:
    try:
        for trouble in await asyncio.gather(*(_trouble(model, patience) for model in models)):
            if trouble is not None:
                raise UsageError(f"{trouble} Nothing was called.")
    finally:
        for model in models:
            await model.close()


async def _trouble(model: Provider, patience: float) -> str | None:
    """What is wrong with the server of a model, as a sentence."""
    client = await model.client()
    try:
        async with asyncio.timeout(patience):
            parse(await client.get(LISTS[model.vendor]))
    except TimeoutError:
        return None
    except CallFailed as why:
        told = f"{model.spec}: {model.hide(why).rstrip('. ')}"
        if why.kind == "connection":
            return f"{told}. Is the server up, and its address right?"
        if why.kind == "malformed":
            return f"{told}. Is this the address of a model's server? An `openai` one often ends with /v1."
        if why.kind == "not_found" and await _lists(client, patience):
            return f"{told}. Did you mean the address with /v1 at its end, where models are listed?"
    return None


async def _lists(client: Client, patience: float) -> bool:
    """Whether models are listed a step further down."""
    with suppress(TimeoutError, CallFailed):
        async with asyncio.timeout(patience):
            return isinstance(parse(await client.get("/v1/models")).get("data"), list)
    return False
