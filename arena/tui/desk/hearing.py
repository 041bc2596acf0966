"""A request as a person reads it: what they were told, who said what, and what they are to do now.

It is read from the words that would go to a model, and from nothing else: so a person at the desk is as blind as one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from arena.forms import SHADOW
from arena.models.base import Request

_SPEECH = re.compile(r'<speech by="([^"\n]*)">\n(.*?)\n</speech>', re.DOTALL)
_FORM = re.compile(r"<belief>\n((?:[A-Z]: <percent>\n)+)</belief>")
_ENDING = "End with your belief in each answer"
_OPTION = re.compile(r"^\(([A-Z])\) (.+)$", re.MULTILINE)
_SIDE = re.compile(r"^(.+) argues for: (.+)$", re.MULTILINE)
_STANDS = re.compile(r"^\(It stands at the very beginning, marked as .+\)$", re.MULTILINE)
_LIMIT = re.compile(r"at most ([0-9]{1,6}) words")


class Part(NamedTuple):
    """Something to read. `by` is who said it: empty for what the table told, `You` for the person's own words."""

    by: str
    text: str


class Hearing(NamedTuple):
    """A request, laid out: what there is to read, and what the person in `seat` is asked now.

    `letters` are those of the options where a belief is asked for, empty where something is to be said; `options` are
    their texts, and `sides` says which of them a speaker argues for, as far as the table told. `final` is false where
    more may follow. `limit` is how many words count of what is to be said, `None` where nobody said. The first
    `standing` parts are what was handed and the standing instructions.
    """

    parts: tuple[Part, ...]
    task: str
    letters: str
    options: tuple[str, ...]
    sides: Mapping[str, int]
    seat: str
    final: bool
    limit: int | None
    standing: int

    @property
    def heard(self) -> int:
        """How many rounds there are to read: the speeches of whoever spoke most often."""
        return max(Counter(part.by for part in self.parts if part.by not in ("", "You")).values(), default=0)

    def same(self, before: Sequence[Part]) -> int:
        """How many parts at the beginning are those of another talk: who has read them knows them."""
        pairs = zip(self.parts, before, strict=False)
        return next((place for place, (one, other) in enumerate(pairs) if one != other), 0)

    def new(self, before: Sequence[Part]) -> int:
        """Which part is the first that is new to someone who has `before` in front of them; 0 in another talk.

        What was asked then has become the end of what was told then.
        """
        if not before or len(self.parts) < len(before):
            return 0
        *same, last = before
        now = self.parts[len(same)]
        grown = now.by == last.by and now.text.startswith(last.text)
        return len(before) if grown and list(self.parts[: len(same)]) == same else 0

    @property
    def latest(self) -> int:
        """Where the last round begins: its speakers have not spoken since."""
        spoken: set[str] = set()
        for place in range(len(self.parts) - 1, -1, -1):
            by = self.parts[place].by
            if by in spoken or (not by and spoken):
                return place + 1
            spoken |= {by} if by else set()
        return 0


def hearing(request: Request) -> Hearing:
    """Lay a request out."""
    parts = list(_parts(request))
    task = parts.pop().text if parts and not parts[-1].by else ""
    told, task = _apart(task)
    parts += [Part("", told)] if told else []
    form = _FORM.search(task)
    letters = "".join(line[0] for line in form[1].splitlines()) if form else ""
    told = "\n".join(part.text for part in parts if not part.by)
    named = dict(_OPTION.findall(told))
    options = tuple(named.get(letter, "") for letter in letters)
    limit = _LIMIT.search(task)
    return Hearing(
        tuple(parts),
        task.partition(_ENDING)[0].strip() if form else task,
        letters,
        options,
        {by: options.index(side) for by, side in _SIDE.findall(told) if side in options},
        request.seat,
        request.cue != SHADOW,
        int(limit[1]) if limit and not form else None,
        1 + bool(request.preface),
    )


def _apart(text: str) -> tuple[str, str]:
    """What the table told, and what it asks: that comes after the options, the sides, and what was handed."""
    end = max((found.end() for pattern in (_OPTION, _SIDE, _STANDS) for found in pattern.finditer(text)), default=0)
    return text[:end].strip(), text[end:].strip()


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
