"""Questions that were written and judged: which are kept, how writer and filter agree, and how they stand in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from arena.models.base import Model

SURE, UNSURE = 0.7, 0.7
"""With the passage the right answer needs this belief in both orders; without it, on average, no more than this."""


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
