"""One call of a model, logged: the reply as it came back, or the attempts that came to nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from arena.errors import Stopped, TurnFailed
from arena.events import AnyEvent, Called, Lost
from arena.models.base import Model, Reply, Request
from arena.text import utf8


class Place(NamedTuple):
    """Where a call is made: the episode, the address in it, the seat, and which attempt at a reply that can be read."""

    episode: str
    at: str
    seat: str
    attempt: int = 0


async def logged(
    model: Model, request: Request, place: Place, clock: Callable[[], float], record: Callable[[AnyEvent], None]
) -> Reply:
    """The reply of a model, logged before anything depends on it.

    Where there is none, its attempts are logged, if any were made (the error's cause has them), and the error goes on.
    """
    start = clock()
    try:
        reply = await model(request)
    except (TurnFailed, Stopped) as why:
        if failed := getattr(why.__cause__, "attempts", ()):
            record(Lost(**place._asdict(), t=round(clock(), 3), model=model.spec, failed=failed))
        raise
    reply = replace(reply, text=utf8(reply.text), thinking=utf8(reply.thinking) if reply.thinking else None)
    now = clock()
    record(
        Called(
            **place._asdict(),
            t=round(now, 3),
            model=reply.model or model.spec,
            key=request.key(model.spec),
            text=reply.text,
            thinking=reply.thinking,
            finish=reply.finish,
            usage=reply.usage,
            cost=reply.cost,
            seconds=round(now - start, 3),
            tries=reply.tries,
            logprobs=reply.logprobs,
            reused=reply.reused,
            failed=reply.failed,
        )
    )
    return reply
