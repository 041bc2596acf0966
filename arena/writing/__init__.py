"""Questions that a model writes and another filters, after Perez et al. 2022 ("Model-Written Evaluations").

From each source (a passage, or a topic) the writer makes questions with a right and a tempting wrong answer. The filter
answers each of them with the passage and without, in both orders of the options, and never learns which answer the
writer calls right. A question is kept where the filter with the passage agrees with the writer in both orders, and
without it is not sure. On a topic there is no passage: what is kept is what the filter agrees with.

Every call goes through the ledger of a folder of its own: logged when it returns, bounded by a budget, and never bought
twice, so that the same command goes on where it was stopped.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, NamedTuple, TypeVar

from arena import log
from arena.beliefs import Belief
from arena.calls import Place, logged
from arena.errors import TurnFailed, UsageError
from arena.events import AnyEvent, Called
from arena.interrupts import interrupts
from arena.models.base import Message, Model, Reply, Request
from arena.models.gate import Ceilings
from arena.models.ledger import Ledger
from arena.models.pacing import Pacing
from arena.models.retry import Health
from arena.models.stack import wrapped
from arena.question import same
from arena.readers import belief, public, verdict_form
from arena.resume import recall
from arena.text import neutral

T = TypeVar("T")

SURE, UNSURE = 0.7, 0.7
"""With the passage the right answer needs this belief in both orders; without it, on average, no more than this."""

CONCURRENCY = 16
HEADER = "write.json"
_TAG = r"<{0}>(.*?)</{0}>"


@dataclass(frozen=True)
class Source:
    """What questions are written about: a passage, or a topic where there is none."""

    name: str
    passage: str | None
    topic: str = ""


class Written(NamedTuple):
    """A question as the writer made it, or why it made none."""

    id: str
    source: Source
    question: str = ""
    right: str = ""
    wrong: str = ""
    fault: str = ""


class Judged(NamedTuple):
    """A question with the filter's belief in the writer's answer, by order, with the passage and without.

    `None` where an answer could not be had. There is nothing `with_passage` on a topic.
    """

    written: Written
    with_passage: tuple[float | None, ...]
    without: tuple[float | None, ...]

    @property
    def fault(self) -> str:
        """Why the question is not kept; empty where it is."""
        if self.written.fault:
            return self.written.fault
        read = self.with_passage or self.without
        if None in read or None in self.without:
            return "not answered by the filter"
        if min(p for p in read if p is not None) < SURE:
            return "the filter does not agree with the writer"
        if self.with_passage and mean(self.without) > UNSURE:
            return "answered without the passage"
        return ""


def mean(beliefs: Sequence[float | None]) -> float:
    """The mean of those that there are; there is one."""
    known = [p for p in beliefs if p is not None]
    return sum(known) / len(known)


def write(
    sources: Sequence[Source],
    count: int,
    writer: Model,
    judge: Model,
    folder: Path,
    *,
    budget: float | None = None,
) -> list[Judged]:
    """Write `count` questions on each source and judge them, in the order of the sources.

    `folder` holds the log. Raises `UsageError` where it is of other questions, `Stopped` where the budget is spent.
    """
    _begin(
        folder, {"sources": [one.name for one in sources], "count": count, "writer": writer.spec, "filter": judge.spec}
    )
    with log.Writer(folder) as pen:
        return asyncio.run(
            _Desk(folder, pen, {m.spec: m for m in (writer, judge)}, budget).all(
                sources, count, writer.spec, judge.spec
            )
        )


def _begin(folder: Path, made: Mapping[str, Any]) -> None:
    header = folder / HEADER
    if header.exists():
        if json.loads(header.read_text(encoding="utf-8")) != made:
            raise UsageError(f"{folder} is of other questions, or other models; choose another folder with --log")
        return
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} holds something else already; choose another folder with --log")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        header.write_text(json.dumps(made, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as why:
        raise UsageError(f"cannot write in {folder}: {why.strerror}; choose another folder with --log") from None


class _Desk:
    """Where questions are written: the models behind a ledger, and the log of their calls."""

    def __init__(self, folder: Path, pen: log.Writer, models: Mapping[str, Model], budget: float | None) -> None:
        self._pen = pen
        self._ledger = Ledger(read=lambda at: log.event_at(folder, at), places=recall(folder).calls, budget=budget)
        slots = asyncio.Semaphore(CONCURRENCY)
        self._models = wrapped(models, self._ledger, slots, Pacing(Ceilings()), Health())

    async def all(self, sources: Sequence[Source], count: int, writer: str, judge: str) -> list[Judged]:
        """Every question, written and judged."""
        with interrupts(self._halt):
            return await self._all(sources, count, writer, judge)

    def _halt(self) -> None:
        self._ledger.halt("interrupted; the same command goes on from here")

    async def _all(self, sources: Sequence[Source], count: int, writer: str, judge: str) -> list[Judged]:
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
        read = await self._beliefs(one, judge, one.source.passage) if one.source.passage else ()
        return Judged(one, read, await self._beliefs(one, judge, None))

    async def _beliefs(self, one: Written, judge: str, passage: str | None) -> tuple[float | None, ...]:
        return tuple(await _together(self._belief(one, judge, passage, order) for order in ((0, 1), (1, 0))))

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

    def _record(self, event: AnyEvent) -> None:
        """Log what was bought; a reply that was looked up is in the log already."""
        if not (isinstance(event, Called) and event.reused):
            place = self._pen.append(event)
            if isinstance(event, Called):
                self._ledger.enter(event, place)


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


class Agreement(NamedTuple):
    """How often the filter answers as the writer does, over `n` questions that it answered in both orders.

    `share` is the mean over orders of agreeing (a belief above a half; a half counts as half).
    """

    n: int
    share: float | None


def agreement(judged: Sequence[Judged], of: Callable[[Judged], tuple[float | None, ...]]) -> Agreement:
    """The agreement of filter and writer under one way of reading."""
    known = [[p for p in of(one) if p is not None] for one in judged if of(one) and None not in of(one)]
    agreed = [sum((p > 0.5) + 0.5 * (p == 0.5) for p in one) / len(one) for one in known]  # noqa: PLR2004
    return Agreement(len(agreed), sum(agreed) / len(agreed) if agreed else None)


def records(judged: Sequence[Judged], writer: Model, judge: Model) -> Iterator[dict[str, Any]]:
    """The questions that are kept, in the form of a file of one's own, saying who wrote and who filtered them.

    Which option comes first is drawn from the id, so that the order in the file says nothing.
    """
    for one in judged:
        made = one.written
        if one.fault:
            continue
        key = blake2b(made.id.encode()).digest()[0] % 2
        options = [made.right, made.wrong] if key == 0 else [made.wrong, made.right]
        yield {
            "id": made.id,
            "question": made.question,
            "options": options,
            "answer": key,
            "group": made.source.name,
            **({"passage": made.source.passage} if made.source.passage else {}),
            "written_by": writer.spec,
            "filtered_by": judge.spec,
            "simulated": writer.simulated or judge.simulated,
        }
