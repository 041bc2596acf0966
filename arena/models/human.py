"""People: `human/<name>` sits at a table like any model, and is given the very words that a model would be given.

Who asks a person is somebody else's business: a screen sets `ask`. Nothing here knows of a screen.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from arena.errors import UsageError, unknown
from arena.models.base import Feature, Reply, Request

Ask = Callable[[Request], Awaitable[str]]
"""Puts a request to the person, and gives what they say."""

NAME = re.compile(r"[\w.-]{1,40}")


class Human:
    """A person; a `Model`. Nobody sends a bill for what they say. `person`: they are asked in one order only."""

    simulated = False
    person = True

    def __init__(self, name: str) -> None:
        self.spec = f"human/{name}"
        self.ask: Ask | None = None

    def supports(self, feature: Feature) -> bool:  # noqa: ARG002  # people write text
        """Nothing but text."""
        return False

    async def __call__(self, request: Request) -> Reply:
        """What the person says; raises `UsageError` where nobody can be asked."""
        if self.ask is None:
            raise UsageError(f"{self.spec} can be asked on a terminal only. Run it there, or seat a model.")
        return Reply(await self.ask(request), model=self.spec, cost=0.0)


def open_model(name: str, params: Mapping[str, str]) -> Human:
    """Open `human/<name>`; the name is that under which verdicts are logged and exposure is kept."""
    for param in params:
        raise unknown("setting of human", param, [])
    if not NAME.fullmatch(name):
        raise UsageError(f"human/{name} has no name that can be used; write human/ada, say: letters, digits, . _ -")
    return Human(name)
