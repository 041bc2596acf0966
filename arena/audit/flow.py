"""Who could know what: the prompts of an episode, searched and rendered again with something changed.

passage    what was handed to some seats stands in the prompt of another, all speeches taken out
thinking   another seat's thinking stands in a prompt
unspoken   what another seat says at this moment stands in a prompt already
order      the prompt is another one where the options stand in another order
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from arena.audit.prompts import Renderer, Sent
from arena.events import AnyEvent, Called, Said, Shown
from arena.text import neutral

PROBE = 60
"""The characters of a probe: a stretch of a secret that is searched for."""
PROBES = 10
_THOUGHT = re.compile(r"<\s?think(?:ing)?\b[^<>]{0,200}>(.*?)<\s?/\s?think(?:ing)?\s?>", re.IGNORECASE | re.DOTALL)


class Found(NamedTuple):
    """A secret in a prompt: which kind, whose prompt, where, and the first words of it."""

    what: str
    seat: str
    at: str
    words: str


class Reads(NamedTuple):
    """What one prompt holds that was meant for its reader: the passage, the options in their order."""

    passage: bool
    order: bool


def reads(sent: Sent, renderer: Renderer, options: tuple[str, ...]) -> Reads:
    """What a seat reads by right."""
    handed = any(isinstance(event, Shown) and event.handed for event in sent.known)
    turned = [_turned(event) for event in sent.known]
    return Reads(handed, renderer.request(sent.said, turned, options).content != sent.request.content)


def leaked(sent: Sent, events: Sequence[AnyEvent], renderer: Renderer, options: tuple[str, ...]) -> Iterator[Found]:
    """The secrets of others in one prompt."""
    said = sent.said
    silent = renderer.request(said, [e for e in sent.known if isinstance(e, Shown)], options)
    told = "\n\n".join([silent.preface, silent.system, *(message.text for message in silent.messages)])
    public = _public(events)
    for event in events:
        if isinstance(event, Shown) and event.handed and said.seat not in event.to:
            yield from _passage(event, said, told)
        elif isinstance(event, Called) and event.seat != said.seat:
            yield from _thinking(event, said, sent.text, public[event.seat])
        elif isinstance(event, Said) and _same_moment(event, said):
            yield from _unspoken(event, sent)


def _passage(event: Shown, said: Said, told: str) -> Iterator[Found]:
    for text in event.fields.values():
        if isinstance(text, str) and len(text) > PROBE:
            probes = _probes(text)
            if sum(probe in told for probe in probes) * 2 >= len(probes):
                yield Found("passage", said.seat, said.at, probes[0])


def _public(events: Sequence[AnyEvent]) -> dict[str, str]:
    """All that each seat wrote outside of its thinking: what it says itself is no secret."""
    wrote: dict[str, str] = {}
    for event in events:
        if isinstance(event, Called):
            wrote[event.seat] = wrote.get(event.seat, "") + neutral(_THOUGHT.sub("", event.text))
    return wrote


def _thinking(call: Called, said: Said, text: str, public: str) -> Iterator[Found]:
    for thought in (call.thinking or "", *(match[1] for match in _THOUGHT.finditer(call.text))):
        probe = neutral(thought.strip())[:PROBE]
        if len(probe) * 3 > PROBE and probe in text and probe not in public:
            yield Found("thinking", said.seat, said.at, probe)


def _unspoken(other: Said, sent: Sent) -> Iterator[Found]:
    probe = neutral(other.text)[:PROBE]
    before = any(isinstance(event, Said) and probe in neutral(event.text) for event in sent.known)
    if len(probe) * 3 > PROBE and not before and probe in sent.text:
        yield Found("unspoken", sent.said.seat, sent.said.at, probe)


def _same_moment(other: Said, said: Said) -> bool:
    return ":" in said.at and other.at.partition(":")[0] == said.at.partition(":")[0] and other.seat != said.seat


def _probes(text: str) -> list[str]:
    """Stretches of a text, evenly spread over it, as another reader would see them."""
    text = neutral(text)
    step = max((len(text) - PROBE) // PROBES, 1)
    return [text[at : at + PROBE] for at in range(0, max(len(text) - PROBE, 1), step)][:PROBES]


def _turned(event: Shown | Said) -> Shown | Said:
    """The event with every list of options in reverse."""
    if not isinstance(event, Shown):
        return event
    fields = {
        name: {"$options": value["$options"][::-1]} if isinstance(value, dict) and "$options" in value else value
        for name, value in event.fields.items()
    }
    return event.model_copy(update={"fields": fields})
