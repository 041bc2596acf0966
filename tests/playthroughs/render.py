"""How a playthrough is played and written down."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

from arena import Lesson, Protocol, Request, plugins
from arena.events import AnyEvent, Called, Event
from tests.protocols.play import SPEC, Played, play

FOLDER = Path(__file__).resolve().parent
COMMAND = "python -m tests.playthroughs"
OURS = "oversight-arena"

VARIANTS: dict[str, tuple[dict[str, object], ...]] = {
    "amplification": ({"iteration": 0}, {"iteration": 1}, {"iteration": 1, "distil": True}),
    "consultancy": ({"rounds": 2, "interactive": True},),
    "debate": ({"rounds": 2, "interactive": True}, {"rounds": 1, "turns": "sequential"}),
}
"""The settings under which a protocol is played; one that is not named here is played with its defaults."""

LESSONS = (Lesson("Why did the bell ring?", "The rope was pulled.\nThe answer: a child pulled it"),)


def registered() -> dict[str, EntryPoint]:
    """The protocols that ship with the arena, by name."""
    found = plugins.installed("protocols")
    return {name: point for name, points in found.items() for point in points if point.dist and point.dist.name == OURS}


def path(name: str) -> Path:
    """Where the playthrough of a protocol lies."""
    return FOLDER / f"{name}.txt"


def playthrough(name: str) -> str:
    """Play a protocol in each of its variants, and write down all that happened and all that was sent."""
    cls = plugins.load("protocols", name)
    return "\n".join(_variant(cls(**settings)) for settings in VARIANTS.get(name, ({},)))


def _variant(rules: Protocol) -> str:
    played = play(rules, lessons=LESSONS if rules.learns else ())
    title = f"{type(rules).__name__} {rules.model_dump_json()}"
    lines = [
        title,
        "=" * len(title),
        "",
        *_told(played),
        f"belief: {played.belief}",
        f"lesson: {played.episode.lesson!r}",
    ]
    return "\n".join(lines) + "\n"


def _told(played: Played) -> Iterator[str]:
    """Every event in the order of the log, each call preceded by its request."""
    requests = {(seat, request.key(SPEC)): request for seat, request in played.sent}
    sent: dict[str, list[str]] = {}
    for event in played.events:
        if isinstance(event, Called):
            yield from _request(event, requests[event.seat, event.key], sent)
        yield f"{event.at} {event.type} {_fields(event)}"
        yield ""


def _request(call: Called, request: Request, sent: dict[str, list[str]]) -> Iterator[str]:
    """A request as sent; messages that this seat was sent before, in the same places, are counted instead.

    The preface is always written out.
    """
    messages = [f"system: {request.system}", *(f"{role}: {text}" for role, text in request.messages)]
    before = sent.get(call.seat, [])
    known = len(before) if messages[: len(before)] == before else 0
    sent[call.seat] = messages
    yield f"{call.at} {call.seat} is sent (max_tokens {request.max_tokens}, sample {request.sample})"
    yield from _lines(f"preface: {request.preface}")
    if known:
        yield f"  | its last {known} messages again, and"
    for message in messages[known:]:
        yield from _lines(message)


def _lines(text: str) -> Iterator[str]:
    return (f"  | {line}".rstrip() for line in text.split("\n"))


def _fields(event: AnyEvent) -> str:
    return event.model_dump_json(exclude=set(Event.model_fields) | {"type"}, exclude_defaults=True)
