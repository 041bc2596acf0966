"""The prompt of a turn as it was sent: rendered again from the log, and held against the hash that the call left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from arena.errors import ArenaError
from arena.events import Called, Said
from arena.models.base import Message, Request
from arena.outline import Page, table_of
from arena.prompts import Order, Prompts
from arena.views import act, at_table, knows

SAMPLES = 4
"""How many sample numbers are tried when a hash is compared."""


def request(page: Page, said: Said, header: Mapping[str, Any]) -> Request | None:
    """What the seat of a turn was sent the first time that it was asked; `None` where the header does not tell."""
    arm = _arm(header, page.arm)
    if arm is None or not page.options:
        return None
    order = Order(page.options, said.order or tuple(range(len(page.options))))
    here = act(said.at)
    table = table_of(said.at)
    seen = [event for event in at_table(page.events, table) if not event.at.startswith(table) or act(event.at) < here]
    try:
        prompts = Prompts(arm["prompts"], arm["settings"], str(arm["protocol"]))
        talk = prompts.conversation(knows(seen, said.seat), said.seat, order)
        asked = prompts.cue(said.cue, said.fields, said.seat, order)
        system = prompts.system(arm["seats"][said.seat]["role"], said.seat)
    except (ArenaError, KeyError, TypeError, AttributeError, ValueError):
        return None
    return Request(
        system=system,
        messages=(*talk.messages, Message("user", "\n\n".join([*talk.pending, asked]))),
        preface=talk.preface,
    )


def proven(made: Request, call: Called, header: Mapping[str, Any], arm: str) -> bool:
    """Whether the hash that the call left is that of this request."""
    found = _arm(header, arm) or {}
    seat = found.get("seats", {}).get(call.seat, {})
    specs = {call.model, str(seat.get("model"))}
    return any(made.sampled(i).key(spec) == call.key for spec in specs for i in range(SAMPLES))


def models(header: Mapping[str, Any], arm: str) -> dict[str, str]:
    """Who sat where, as far as the header says."""
    seats = (_arm(header, arm) or {}).get("seats")
    if not isinstance(seats, dict):
        return {}
    return {str(seat): str(sitter.get("model")) for seat, sitter in seats.items() if isinstance(sitter, dict)}


def _arm(header: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    arms = header.get("arms")
    found = (arm for arm in arms if isinstance(arm, dict)) if isinstance(arms, list) else ()
    return next((arm for arm in found if arm.get("name") == name), None)
