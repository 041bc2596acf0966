"""The prompts of a run, rendered again from its log and held against the keys that its calls left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from arena.errors import ArenaError
from arena.events import AnyEvent, Called, How, Said, Shown
from arena.forms import sampling
from arena.models.base import Message, Request
from arena.plan import open_model
from arena.prompts import Order, Prompts
from arena.views import act, at_table, knows

SAMPLES = 8
"""How many samples of one request are tried when its key is compared."""

REPEAT = 1_000_000
"""The samples that lie between two repeats of an episode."""


@dataclass(frozen=True)
class Sent:
    """One prompt as the log tells it: the place, the turn that came of it, what the seat knew, and the request."""

    said: Said
    known: tuple[Shown | Said, ...]
    request: Request

    @property
    def text(self) -> str:
        """All of it that the seat did not say itself."""
        heard = [message.text for message in self.request.messages if message.role == "user"]
        return "\n\n".join([self.request.preface, self.request.system, *heard])


class Renderer:
    """Renders the prompts of one arm from the words and settings in a run's header; `DataError` where it lacks them."""

    def __init__(self, arm: dict[str, Any]) -> None:
        self.roles = {seat: str(value.get("role")) for seat, value in arm["seats"].items()}
        self._models = {seat: str(value.get("model")) for seat, value in arm["seats"].items()}
        self._prompts = Prompts(arm["prompts"], arm.get("settings") or {}, str(arm["protocol"]))

    def sent(self, events: Sequence[AnyEvent], options: tuple[str, ...]) -> Iterator[Sent]:
        """Every prompt to which a reply was heard, in the order of the log."""
        for said in events:
            if isinstance(said, Said):
                yield self.turn(said, events, options)

    def turn(self, said: Said, events: Sequence[AnyEvent], options: tuple[str, ...]) -> Sent:
        """The prompt of one turn of an episode; `ArenaError` or `KeyError` where the header does not tell it."""
        known = tuple(knows(_seen(events, said), said.seat))
        return Sent(said, known, self.request(said, known, options))

    def request(self, said: Said, known: Sequence[Shown | Said], options: tuple[str, ...]) -> Request:
        """What a seat that knows this was sent the first time that it was asked for what it said."""
        order = Order(options, said.order or tuple(range(len(options))))
        talk = self._prompts.conversation(known, said.seat, order)
        asked = self._prompts.cue(said.cue, said.fields, said.seat, order)
        form = said.fields.get("verdict") if said.order is not None else None
        how: How = form.get("in", "tagged") if isinstance(form, dict) else "tagged"
        return Request(
            system=self._prompts.system(self.roles[said.seat], said.seat),
            messages=(*talk.messages, Message("user", "\n\n".join([*talk.pending, asked]))),
            preface=talk.preface,
            sampling=sampling(how, len(options)) if form else {},
        )

    def proves(self, request: Request, call: Called, repeat: int) -> bool | None:
        """Whether the key of a call is that of this request; `None` where its model cannot be named here."""
        samples = [request.sampled(n + REPEAT * repeat) for n in range(SAMPLES)]
        named = {call.model, self._models[call.seat]}
        if any(sample.key(spec) == call.key for spec in named for sample in samples):
            return True
        spelt = self._spelt.get(call.seat)
        if spelt is not None and any(sample.key(spelt) == call.key for sample in samples):
            return True
        return False if spelt is not None or call.model == self._models[call.seat] else None

    @cached_property
    def _spelt(self) -> dict[str, str]:
        """The spec of each seat's model in full, where it can be opened."""
        found = {}
        for seat, spec in self._models.items():
            try:
                found[seat] = open_model(spec).spec
            except ArenaError:
                continue
        return found


def _seen(events: Sequence[AnyEvent], said: Said) -> list[AnyEvent]:
    """The events at the table of a turn before the moment at which it was asked."""
    table, here = said.at[: said.at.rfind("/") + 1], act(said.at)
    held = at_table(events, table)
    return [event for event in held if not event.at.startswith(table) or act(event.at) < here]
