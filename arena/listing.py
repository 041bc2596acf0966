"""The episodes of a run as a list shows them: one row each, of some kind, in some order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sys import intern
from typing import Any, Literal, NamedTuple, get_args

from pydantic_core import from_json

from arena.errors import OUTCOMES

Kind = Literal["all", "wrong", "right", "failed", "flipped", "playing"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Order = Literal["begun", "arm", "question", "result", "belief", "calls", "tokens", "cost", "seconds"]
ORDERS: tuple[Order, ...] = get_args(Order)


class Row(NamedTuple):
    """One episode of a run as a list shows it. `outcome` is `playing` until it is scored.

    `correct` is the mean over the verdicts, a missing one counted as wrong; `flipped` says that the two orders of the
    options came out differently; `missing` counts verdicts that are not there; `belief` is the mean probability that
    the verdicts gave the right option. `began` and `t` are the times of its first and its last event.
    """

    episode: str
    arm: str
    question: str
    group: str = ""
    train: bool = False
    outcome: str = "playing"
    correct: float | None = None
    flipped: bool = False
    missing: int = 0
    verdicts: int = 0
    side: str | None = None
    cost: float | None = 0.0
    calls: int = 0
    tokens: int = 0
    t: float = 0.0
    dataset: str = ""
    belief: float | None = None
    began: float | None = None


def opened(line: bytes) -> Row:
    """An `Opened` line as a row; raises `ValueError`, `KeyError` or `TypeError` where it is damaged."""
    found = from_json(line)
    arm, question, t = intern(found["arm"]), intern(found["question"]), float(found.get("t", 0))
    return Row(_text(found["episode"]), arm, question, train=found.get("split") == "train", t=t, began=t)


def scored(line: bytes) -> Row:
    """A `Scored` line as a row; raises `ValueError`, `KeyError` or `TypeError` where it is damaged."""
    found = from_json(line)
    scores = found["scores"]
    known = [score["correct"] for score in scores if score.get("correct") is not None]
    beliefs = [score["p_correct"] for score in scores if score.get("p_correct") is not None]
    usage, cost, outcome = found.get("usage", _NOTHING), found.get("cost"), found.get("outcome", "ok")
    if (known and not 0 <= min(known) <= max(known) <= 1) or outcome not in OUTCOMES:
        raise ValueError("a score is out of range")
    return Row(
        _text(found["episode"]),
        intern(found["arm"]),
        intern(found["question"]),
        intern(found["group"]),
        found.get("split") == "train",
        intern(outcome),
        sum(known) / len(scores) if scores else 0.0,
        len(set(known)) > 1,
        len(scores) - len(known),
        len(scores),
        found.get("side"),
        None if cost is None else float(cost),
        int(found.get("calls", 0)),
        int(usage.get("input", 0)) + int(usage.get("output", 0)),
        float(found.get("t", 0)),
        intern(found.get("dataset", "")),
        float(sum(beliefs)) / len(beliefs) if beliefs else None,
    )


_NOTHING: dict[str, int] = {}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a name is no text")
    return value


def is_kind(row: Row, kind: Kind) -> bool:
    """Whether a row is of this kind."""
    ended = row.outcome != "playing"
    match kind:
        case "wrong":
            return ended and not row.missing and row.correct is not None and row.correct < 1
        case "right":
            return ended and not row.missing and row.correct == 1
        case "failed":
            return ended and (row.outcome != "ok" or row.missing > 0)
        case "flipped":
            return row.flipped
        case "playing":
            return not ended
        case _:
            return True


@dataclass(frozen=True)
class Wanted:
    """What a list is to show: episodes of this kind, arm and data set, with these words in their name or among `also`.

    In this order, the largest first where it is `turned`; equal ones, and those of which the value is not known, stay
    in the order in which they began, the latter behind all others.
    """

    kind: Kind = "all"
    arm: str | None = None
    dataset: str | None = None
    words: str = ""
    also: frozenset[str] = frozenset()
    order: Order = "begun"
    turned: bool = False

    @property
    def everything(self) -> bool:
        """Whether that is every episode."""
        return self.kind == "all" and self.arm is None and self.dataset is None and not self.words

    def fits(self, row: Row) -> bool:
        """Whether a row is wanted."""
        return (
            is_kind(row, self.kind)
            and self.arm in (None, row.arm)
            and self.dataset in (None, row.dataset)
            and (not self.words or self.words in row.episode.casefold() or row.episode in self.also)
        )


def listed(rows: Sequence[Row], wanted: Wanted) -> Sequence[int]:
    """The numbers of the rows that are wanted, in the order that is wanted."""
    size = len(rows)
    shown: Sequence[int] = range(size)
    if not wanted.everything:
        fits = wanted.fits
        shown = [number for number in range(size) if fits(rows[number])]
    if wanted.order == "begun":
        return shown[::-1] if wanted.turned else shown
    value = _VALUES[wanted.order]
    known = [number for number in shown if value(rows[number]) is not None]
    unknown = [number for number in shown if value(rows[number]) is None]
    return sorted(known, key=lambda number: value(rows[number]), reverse=wanted.turned) + unknown


def seconds(row: Row) -> float | None:
    """How long an episode took, from its first event to its last."""
    return None if row.began is None or row.outcome == "playing" else max(row.t - row.began, 0.0)


def _rank(row: Row) -> int:
    """Failures first, then from wrong to right; what is still being played last."""
    if row.outcome == "playing":
        return 1000
    return -1 if is_kind(row, "failed") else round(100 * (row.correct or 0.0))


_VALUES: dict[Order, Callable[[Row], Any]] = {
    "arm": lambda row: row.arm,
    "question": lambda row: row.question,
    "result": _rank,
    "belief": lambda row: row.belief,
    "calls": lambda row: row.calls,
    "tokens": lambda row: row.tokens,
    "cost": lambda row: row.cost,
    "seconds": seconds,
}
