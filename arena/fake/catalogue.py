"""The models of the server: those of the price list, under fake names."""

from __future__ import annotations

from typing import Any

from arena.fake.asked import Json, Refusal
from arena.fake.batches import page
from arena.fake.chat import CREATED
from arena.models.prices import Prices
from arena.programs import FAKE

CONTEXT, REPLY = 1_000_000, 128_000


def all_of(prices: Prices, query: Json, *, anthropic: bool) -> dict[str, Any]:
    """The list, in the form of either vendor."""
    vendor = "anthropic" if anthropic else "openai"
    names = [name for name in prices if (rates := prices.find(name)) and rates.vendor == vendor]
    return page([one(FAKE + name, anthropic=anthropic) for name in names], query, openai=not anthropic)


def one(name: str, *, anthropic: bool) -> dict[str, Any]:
    """What is said of one model; every fake name is one."""
    if not name.startswith(FAKE):
        raise Refusal(404, "not_found_error", f"model: {name}. Models here are fake: {FAKE}{name}")
    if not anthropic:
        return {"id": name, "object": "model", "created": CREATED, "owned_by": "arena fake-provider"}
    return {
        "id": name,
        "type": "model",
        "display_name": f"{name} (simulated)",
        "created_at": "2026-11-21T00:00:00Z",
        "lifecycle": "active",
        "max_input_tokens": CONTEXT,
        "max_tokens": REPLY,
    }
