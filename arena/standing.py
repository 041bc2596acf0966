"""How a run stands: a fold over the episodes that began and those that were scored, for whoever looks while it goes on.

Estimates rest on the contiguous prefix of the schedule: the questions, in the order in which they were begun, up to
the first one that an arm has not finished. Counting whatever has finished would lean toward short and easy episodes.
A missing verdict counts as wrong, and is counted under its own name as well.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from arena.listing import KINDS, Kind, Row, is_kind

RECENT = 200
"""The episodes from whose times the speed of a run is taken."""


@dataclass
class Standing:
    """What one arm has done. `scores` are those of the contiguous prefix, question by question.

    `single` says that no question has more than one verdict, so that every score is right or wrong.
    """

    done: int = 0
    train: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    cost: float = 0.0
    unpriced: int = 0
    calls: int = 0
    tokens: int = 0
    single: bool = True
    scores: list[float] = field(default_factory=list)
    _begun: Counter[str] = field(default_factory=Counter)
    _ended: dict[str, list[float]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Take in an episode that was scored."""
        self.calls, self.tokens = self.calls + row.calls, self.tokens + row.tokens
        self.cost, self.unpriced = self.cost + (row.cost or 0.0), self.unpriced + (row.cost is None)
        if row.train:
            self.train += 1
            return
        self.done += 1
        if row.missing or row.outcome != "ok":
            self.failed[row.outcome if row.outcome != "ok" else "verdict missing"] += 1
        ended = self._ended.setdefault(row.question, [])
        ended.append(row.correct or 0.0)
        self.single = self.single and row.verdicts == 1 and len(ended) == 1

    def begin(self, row: Row) -> None:
        """Take note of an episode that began."""
        self._begun[row.question] += not row.train

    def advance(self, order: Sequence[str], each: int) -> None:
        """Lengthen the prefix as far as questions are done; `each` is how many episodes a question has at least."""
        while len(self.scores) < len(order):
            question = order[len(self.scores)]
            ended = self._ended.get(question, ())
            if len(ended) < max(each, self._begun[question], 1):
                return
            self.scores.append(sum(ended) / len(ended))
            del self._ended[question]


class Board:
    """All arms of a run, fed with rows. `order` lists the test questions as they were scheduled."""

    def __init__(self, header: Mapping[str, Any]) -> None:
        self.planned = {str(arm): _number(n) for arm, n in _mapping(header.get("planned")).items()}
        dataset = _mapping(header.get("dataset"))
        self.n, self.groups = _number(dataset.get("n")), _number(dataset.get("groups"))
        self.declared = _number(dataset.get("largest")) or None
        self.arms: dict[str, Standing] = {arm: Standing() for arm in self.planned}
        self.order: list[str] = []
        self.group_of: dict[str, str] = {}
        self.times: deque[float] = deque(maxlen=RECENT)
        self.kinds: Counter[Kind] = Counter()
        self.datasets: dict[str, None] = {}
        self._ranked: set[str] = set()
        self._seen: set[str] = set()

    @property
    def total(self) -> int:
        """The test episodes that are planned."""
        return sum(self.planned.values())

    @property
    def done(self) -> int:
        """The test episodes that were scored."""
        return sum(arm.done for arm in self.arms.values())

    def begin(self, row: Row) -> None:
        """Take note of an episode that began."""
        if not self.times:
            self.times.append(row.t)
        self.kinds.update(("all", "playing"))
        self._arm(row).begin(row)
        self._rank(row)

    def add(self, row: Row) -> None:
        """Take in an episode that was scored; one that is scored again changes nothing."""
        if row.episode in self._seen:
            return
        self._seen.add(row.episode)
        self.kinds.update(kind for kind in KINDS if kind != "all" and is_kind(row, kind))
        self.kinds["playing"] -= 1
        self._rank(row)
        self.group_of[row.question] = row.group
        self.datasets.setdefault(row.dataset)
        self._arm(row).add(row)
        self.times.append(row.t)

    def advance(self) -> None:
        """Bring every prefix up to date."""
        for name, arm in self.arms.items():
            arm.advance(self.order, self.planned.get(name, 0) // self.n if self.n else 1)

    def units(self, scores: Sequence[float]) -> tuple[list[float], list[int]]:
        """The scores of a prefix by whole passages: sums and sizes. A passage is whole once the next has begun."""
        totals: list[float] = []
        sizes: list[int] = []
        last = None
        for question, score in zip(self.order, scores, strict=False):
            group = self.group_of.get(question, question)
            if group != last:
                totals.append(0.0)
                sizes.append(0)
            totals[-1], sizes[-1], last = totals[-1] + score, sizes[-1] + 1, group
        if sizes and len(scores) < self.n and self.groups < self.n:
            return totals[:-1], sizes[:-1]
        return totals, sizes

    @property
    def largest(self) -> int:
        """The most questions that a passage may have, known before any is seen; all that can be where undeclared."""
        return self.declared or max(1, self.n - self.groups + 1)

    def eta(self) -> float | None:
        """Seconds that the rest may take at the recent speed; `None` where that is not known."""
        recent = self.times
        left, took = self.total - self.done, (recent[-1] - recent[0]) if recent else 0.0
        return left * took / (len(recent) - 1) if left > 0 and len(recent) > 1 and took > 0 else None

    def baseline(self) -> str | None:
        """The arm that the others are compared with."""
        return "naive" if "naive" in self.arms and len(self.arms) > 1 else None

    def _arm(self, row: Row) -> Standing:
        found = self.arms.get(row.arm)
        if found is None:
            found = self.arms[row.arm] = Standing()
        return found

    def _rank(self, row: Row) -> None:
        if not row.train and row.question not in self._ranked:
            self._ranked.add(row.question)
            self.order.append(row.question)


def _number(value: Any) -> int:
    """A count as a header gives it; 0 for what is none."""
    return value if isinstance(value, int) and value > 0 else 0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
