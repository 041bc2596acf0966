"""Whether a plan can be played in batches, found out before anything is written or paid for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from arena.errors import UsageError
from arena.models.base import Model, paid
from arena.models.batches import DESKS
from arena.models.failures import CallFailed
from arena.models.provider import Provider


def check(models: Iterable[Model]) -> None:
    """Ask each server whether it takes batches; raises `UsageError` where one does not, and where none is paid."""
    served = [model for model in models if paid(model)]
    if not served:
        raise UsageError("--batch: no model of this run is behind a provider, so there is nothing to send in batches.")
    for model in served:
        if not isinstance(model, Provider):
            raise UsageError(f"--batch: {model.spec} takes no batches. Leave --batch out, or choose another model.")
    asyncio.run(_probed([model for model in served if isinstance(model, Provider)]))


async def _probed(models: list[Provider]) -> None:
    by_account = {model.account: model for model in models}
    for model in by_account.values():
        try:
            await DESKS[model.vendor].probe(await model.client())
        except CallFailed as why:
            raise UsageError(
                f"--batch: the server of {model.spec} takes no batches: {model.hide(why)}. "
                "Leave --batch out, or send to the vendor itself."
            ) from None
        finally:
            await model.close()
