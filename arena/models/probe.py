"""A few tiny real requests to one model, and what they show of it."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, NamedTuple

from arena.errors import UsageError
from arena.events import Usage
from arena.models.base import Message, Model, Reply, Request
from arena.models.failures import CallFailed
from arena.models.retry import ADVICE, told_of
from arena.models.unable import keeps, unfenced

SCHEMA: Any = {
    "type": "object",
    "properties": {"word": {"type": "string"}},
    "required": ["word"],
    "additionalProperties": False,
}
TOKENS = 64
"""What a reply may have, beside what the model thinks."""


class Shown(NamedTuple):
    """What one request showed: the name of what was tried, whether it is there, and a sentence."""

    what: str
    there: bool
    told: str


def asked(said: str, **sampling: Any) -> Request:
    """A tiny request."""
    return Request("You are being tested. Be brief.", (Message("user", said),), max_tokens=TOKENS, sampling=sampling)


async def probe(model: Model) -> AsyncIterator[Shown]:
    """Try a provider's model; raises `UsageError` where it gives no reply at all."""
    first, seconds = await _reached(model)
    yield Shown("reachable", True, f"{first.model or 'it'} answered in {seconds:.1f} s")
    spent = [first]
    async for shown in _features(model, spent):
        yield shown
    yield _counted(first)
    yield _priced(model, spent)


async def _reached(model: Model) -> tuple[Reply, float]:
    start = time.monotonic()
    try:
        return await model(asked("Say: ready.")), time.monotonic() - start
    except CallFailed as why:
        advice = ADVICE.get(why.kind, "Is the server up, and does it speak this interface?")
        raise UsageError(f"{told_of(why)}. {advice}") from None


async def _features(model: Model, spent: list[Reply]) -> AsyncIterator[Shown]:
    heard: list[str] = []
    streamed = replace(asked("Count to five."), hear=lambda piece: heard.append(piece or ""))
    for what, request in (
        ("streaming", streamed),
        ("structured", asked('Answer with a JSON object {"word": "ready"}.', schema=SCHEMA)),
        ("logprobs", asked("Answer with one letter, A or B.", logprobs=5)),
    ):
        try:
            reply = await model(request)
        except CallFailed as why:
            yield Shown(what, False, f"no: {why}")
            continue
        spent.append(reply)
        yield _feature(what, reply, heard)


def _feature(what: str, reply: Reply, heard: list[str]) -> Shown:
    if what == "streaming":
        there = "".join(heard) != ""
        return Shown(what, there, f"{len(heard):,} pieces" if there else "no: the reply came in one piece")
    if what == "structured":
        there = _keeps(reply.text)
        if reply.finish == "length" and not there:
            return Shown(what, False, "nobody knows: took the schema, and the reply was cut at its limit")
        return Shown(what, there, "kept to a JSON schema" if there else "no: took the schema, and did not keep to it")
    there = bool(reply.logprobs)
    return Shown(what, there, "token probabilities" if there else "no: took the request, and gave none")


def _keeps(text: str) -> bool:
    try:
        return keeps(json.loads(unfenced(text)), SCHEMA)
    except (ValueError, RecursionError):
        return False


def _counted(reply: Reply) -> Shown:
    if reply.usage == Usage():
        return Shown("usage", False, "no: it counts no tokens, so no cost is ever known")
    return Shown("usage", True, f"{reply.usage.input:,} tokens in, {reply.usage.output:,} out")


def _priced(model: Model, spent: list[Reply]) -> Shown:
    rates = getattr(model, "rates", None)
    if rates is None:
        return Shown("price", False, "unknown: enter it in your prices.toml")
    known = [reply.cost for reply in spent if reply.cost is not None]
    cost = f"{sum(known):.6f} USD" if len(known) == len(spent) else "nobody knows what"
    told = f"{rates.input:g} in, {rates.output:g} out (USD per million tokens, {rates.date or 'no date'})"
    return Shown("price", True, f"{told}; this check cost {cost}")
