"""What is asked of the writer and of the filter, and how their replies are read."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from string import Template
from typing import TypeVar

from arena.beliefs import Belief
from arena.calls import Place, logged
from arena.errors import TurnFailed
from arena.events import AnyEvent
from arena.models.base import Message, Model, Reply, Request
from arena.question import same
from arena.readers import belief, public, verdict_form
from arena.text import neutral
from arena.writing.questions import Judged, Source, Written

T = TypeVar("T")

_TAG = r"<{0}>(.*?)</{0}>"


class Desk:
    """Where questions are written, by models that are told apart by their specs; `record` is told every call."""

    def __init__(self, models: Mapping[str, Model], record: Callable[[AnyEvent], None]) -> None:
        self._models, self._record = models, record

    async def all(self, sources: Sequence[Source], count: int, writer: str, judge: str) -> list[Judged]:
        """Every question, written and judged."""
        wanted = [(source, i) for source in sources for i in range(count)]
        made = await _together(self._written(source, i, count, writer) for source, i in wanted)
        return await _together([self._judged(one, judge) for one in _once(made)])

    async def _written(self, source: Source, i: int, count: int, writer: str) -> Written:
        name = f"{source.name}-{i + 1}"
        about = "the passage" if source.passage else f"this topic: {neutral(source.topic)}"
        rule = "Who has not read the passage must not be able to tell." if source.passage else ""
        cue = words("write", number=str(i + 1), count=str(count), what=about, rule=rule)
        request = Request(words("writer"), (Message("user", cue),), preface=fenced(source.passage), sample=i)
        try:
            return parsed(name, source, await self._ask(name, "writer", writer, request))
        except TurnFailed as why:
            return Written(name, source, fault=f"not written: {why.outcome}")

    async def _judged(self, one: Written, judge: str) -> Judged:
        if one.fault:
            return Judged(one, (), ())
        passages = [one.source.passage, None] if one.source.passage else [None]
        asked = [(passage, order) for passage in passages for order in ((0, 1), (1, 0))]
        found = await _together(self._belief(one, judge, passage, order) for passage, order in asked)
        return Judged(one, tuple(found[:-2]), tuple(found[-2:]))

    async def _belief(self, one: Written, judge: str, passage: str | None, order: tuple[int, int]) -> float | None:
        options = (one.right, one.wrong)
        shown = "\n".join(f"({letter}) {neutral(options[i])}" for letter, i in zip("AB", order, strict=True))
        cue = words("answer", question=neutral(one.question), options=shown, verdict=verdict_form(2))
        request = Request(words("filter"), (Message("user", cue),), preface=fenced(passage))
        with suppress(TurnFailed, ValueError):
            found: Belief = belief(order)(await self._ask(one.id, "filter", judge, request))
            return found.probabilities[0]
        return None

    async def _ask(self, name: str, seat: str, spec: str, request: Request) -> Reply:
        return await logged(self._models[spec], request, Place(name, "", seat), time.time, self._record)


async def _together(works: Iterable[Awaitable[T]]) -> list[T]:
    """What all of these give. One that fails fails them all, once every call under way has come back and is logged."""
    found = await asyncio.gather(*works, return_exceptions=True)
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return [one for one in found if not isinstance(one, BaseException)]


def words(name: str, **slots: str) -> str:
    """A text of this module's, its slots filled."""
    text = (files("arena.writing") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    return Template(text.strip()).substitute(slots)


def fenced(passage: str | None) -> str:
    """A passage as a model is handed it; nothing where there is none."""
    return f"<passage>\n{neutral(passage)}\n</passage>" if passage else ""


def parsed(name: str, source: Source, reply: Reply) -> Written:
    """Read what the writer wrote; a question that cannot be played is a fault with its reason."""
    found = [re.findall(_TAG.format(tag), public(reply.text), re.DOTALL) for tag in ("question", "right", "wrong")]
    parts = [" ".join(one[-1].split()) if one else "" for one in found]
    if not all(parts):
        return Written(name, source, fault="not in the form that was asked for")
    if same(parts[1]) == same(parts[2]):
        return Written(name, source, fault="its two answers are one")
    return Written(name, source, *parts)


def _once(made: Sequence[Written]) -> Iterator[Written]:
    """Mark what stands twice on one source."""
    seen: set[tuple[str, str]] = set()
    for one in made:
        key = one.source.name, one.question.casefold()
        yield one._replace(fault="written before") if not one.fault and key in seen else one
        seen.add(key)
