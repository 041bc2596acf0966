"""A request as a person reads it: what they were told, who said what, and what they are to do now.

It is read from the words that would go to a model, and from nothing else: so a person at the desk is as blind as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from arena.models.base import Request

_SPEECH = re.compile(r'<speech by="([^"\n]*)">\n(.*?)\n</speech>', re.DOTALL)
_FORM = re.compile(r"<belief>\n((?:[A-Z]: <percent>\n)+)</belief>")
_ENDING = "End with your belief in each answer"


class Part(NamedTuple):
    """Something to read. `by` is who said it: empty for what the table told, `You` for the person's own words."""

    by: str
    text: str


class Hearing(NamedTuple):
    """A request, laid out. `rounds` are shown one after another; `task` is what is asked now.

    `letters` are those of the options where a belief is asked for, empty where something is to be said.
    """

    rounds: tuple[tuple[Part, ...], ...]
    task: str
    letters: str


def hearing(request: Request) -> Hearing:
    """Lay a request out. What was told before the first speech is the first round."""
    parts = list(_parts(request))
    task = parts.pop().text if parts and not parts[-1].by else ""
    form = _FORM.search(task)
    letters = "".join(line[0] for line in form[1].splitlines()) if form else ""
    shown = task.partition(_ENDING)[0].strip() if form else task
    return Hearing(tuple(map(tuple, _rounds(parts))), shown, letters)


def _parts(request: Request) -> Iterator[Part]:
    if request.preface:
        yield Part("", request.preface)
    yield Part("", request.system)
    for role, text in request.messages:
        if role == "assistant":
            yield Part("You", text)
        else:
            yield from _heard(text)


def _heard(text: str) -> Iterator[Part]:
    last = 0
    for speech in _SPEECH.finditer(text):
        if told := text[last : speech.start()].strip():
            yield Part("", told)
        yield Part(speech[1], speech[2])
        last = speech.end()
    if told := text[last:].strip():
        yield Part("", told)


def _rounds(parts: list[Part]) -> Iterator[list[Part]]:
    """A round is over when somebody speaks a second time, or the table tells something after a speech."""
    now: list[Part] = []
    spoken: set[str] = set()
    for part in parts:
        if (part.by and (part.by in spoken or not spoken)) or (not part.by and spoken):
            if now:
                yield now
            now, spoken = [], set()
        spoken |= {part.by} if part.by else set()
        now.append(part)
    if now:
        yield now
