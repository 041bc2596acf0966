"""Results that were not made by a run: records, one verdict each, and plain arrays.

A record is a mapping with the names of the columns that `arena.load` gives, so that what it gave, a data frame's
`to_dict("records")` and `csv.DictReader` over `arena report --csv` all come back in.

| column | holds | without it |
|---|---|---|
| `question_id` | what the verdict is about | an error |
| `passage_id` | the passage of the question | each question is a cluster of its own |
| `arm`, or `protocol` | what is compared | `all` |
| `dataset` | its name; questions of two are never one | `data` |
| `swap` | the place where the right option was shown, 0 first | unknown: nothing can be told of orders |
| `side` | `honest` or `dishonest`, where a single advocate argued | both options were argued, or none |
| `repeat`, `dealing` | which of several | 0 |
| `judge_correct` | 1, 0, ½ for a tie | read off `verdict` and `swap`; else the verdict is missing |
| `verdict` | the letter of the chosen place, or `tie` | |
| `p_correct` | the probability given to the right option | no belief |
| `outcome` | why a verdict is missing | `unparsed` where it is |
| `stated` | `verbalised` or `tokens` | `verbalised` |
| `turns`, `len_honest`, `len_dishonest`, `last_speaker` | as `arena.load` has them | 0, nobody |
| `cost_usd`, `cost_calls`, `cost_tokens_in`, `cost_tokens_out` | the row's share | price unknown, 0 |
| `run`, `episode` | rows that share both are verdicts on one transcript | as below |

Without `episode`, rows that agree in everything but the order and the verdict are verdicts on one transcript: give a
`transcript_id` where the debate was held again for the other order. Other columns are left alone. `None`, NaN and the
empty text all say that nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from math import fsum, isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from arena.analysis.arrays import numbers
from arena.analysis.collector import Collector
from arena.analysis.limits import MANY
from arena.analysis.rows import SIDES, UNKNOWN_SLOT, Ints, Table
from arena.analysis.scores import Scores
from arena.errors import OUTCOMES, UsageError
from arena.events import Score, Scored, Usage

Record = Mapping[str, Any]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TIE, HALF = "tie", 0.5
_SHARES, _MOST = ("judge_correct", "p_correct"), float(MANY)


def from_records(records: Iterable[Record]) -> Table:
    """The table of some verdicts; `rows_of(arm, dataset)` selects from it.

    Raises `UsageError`, which names the record (counted from 1) and the column, for what no verdict can be.
    """
    episodes: dict[tuple[Any, ...], list[tuple[int, Record]]] = {}
    for place, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise UsageError(f"record {place} is {record!r}; it has to map columns to values, as `arena.load` does")
        episodes.setdefault(_transcript(record), []).append((place, record))
    collector, slots = Collector(), []
    for name, rows in enumerate(episodes.values()):
        slots.extend(_add(collector, str(name), rows))
    table = collector.table()
    return replace(table, rows=replace(table.rows, slot=np.array(slots, np.int64)))


def scores_of(
    values: Sequence[float] | npt.NDArray[Any],
    passages: Sequence[Any] | None = None,
    questions: Sequence[Any] | None = None,
    *,
    rows: int | None = None,
) -> Scores:
    """Question scores from plain arrays, shape (n,) each, for `accuracy`, `paired` and `recovered`.

    `questions` are labels, by which two sets are matched; without them the place in the array is the label.
    `passages` are labels too; without them each question is its own. `rows` counts the verdicts behind the scores, one
    a question unless told. Raises `UsageError` for lengths that differ, a question that comes twice, and a value that
    is no finite number.
    """
    scores = numbers(values, "values")
    count = len(scores)
    names = list(range(count)) if questions is None else list(questions)
    groups = names if passages is None else list(passages)
    if not count == len(names) == len(groups):
        raise UsageError(
            f"{count} scores have {len(names)} questions and {len(groups)} passages; one of each is needed"
        )
    codes = _codes(names)
    if len(np.unique(codes)) < count:
        raise UsageError("a question comes twice; average its verdicts first, as from_records and question_scores do")
    order = np.argsort(codes, kind="stable")
    return Scores(codes[order], _codes(groups)[order], scores[order], count if rows is None else rows)


def _codes(labels: Sequence[Any]) -> Ints:
    """A number for each label, the same in every call, so that sets made apart can be matched."""
    return np.array([_code(label) for label in labels], np.int64).reshape(-1)


def _code(label: Any) -> int:
    return int.from_bytes(_hash(str(label)), "big", signed=True)


def _hash(label: str) -> bytes:
    return blake2b(label.encode(), digest_size=8).digest()


_SAME = ("run", "dataset", "arm", "protocol", "question_id", "passage_id", "side", "dealing", "repeat", "transcript_id",
         "turns", "len_honest", "len_dishonest", "last_speaker")  # fmt: skip


def _transcript(record: Record) -> tuple[Any, ...]:
    """What the rows of one transcript share: its episode, or all that is said of it but the order and the verdict."""
    if _value(record, "episode") is None:
        return tuple(str(_value(record, column)) for column in _SAME)
    return _text(record, "run", ""), _text(record, "episode", "")


def _add(collector: Collector, name: str, rows: Sequence[tuple[int, Record]]) -> list[int]:
    """Collect the rows of one episode; returns the places where the right option was shown."""
    place, slots, scores = rows[0][0], [], []
    try:
        for place, record in rows:  # noqa: B007 - a message names the place
            swap = _whole(record, "swap")
            slots.append(UNKNOWN_SLOT if swap is None else swap)
            scores.append(_score(record, swap))
        collector.add(_episode(name, [record for _, record in rows], scores))
    except ValueError as error:
        raise UsageError(f"record {place}: {error}") from None
    return slots


def _episode(name: str, rows: Sequence[Record], scores: Sequence[Score]) -> Scored:
    """The event that a log would hold for these rows; the right option is option 0."""
    first = rows[0]
    question = _text(first, "question_id", None)
    costs = [_number(row, "cost_usd") for row in rows]
    return Scored(
        episode=name,
        arm=_text(first, "arm", _text(first, "protocol", "all")),
        question=question,
        group=_text(first, "passage_id", question),
        dataset=_text(first, "dataset", "data"),
        dealing=_whole(first, "dealing") or 0,
        repeat=_whole(first, "repeat") or 0,
        key=0,
        side=_side(first, "side"),
        scores=tuple(scores),
        calls=_sum(rows, "cost_calls"),
        usage=Usage(input=_sum(rows, "cost_tokens_in"), output=_sum(rows, "cost_tokens_out")),
        cost=None if None in costs else fsum(cost for cost in costs if cost is not None),
        words=(_whole(first, "len_honest") or 0, _whole(first, "len_dishonest") or 0),
        last=SIDES.index(last) if (last := _side(first, "last_speaker")) else None,
        rounds=_whole(first, "turns") or 0,
        transcript=_hash(label).hex() if (label := _text(first, "transcript_id", "")) else "",
    )


def _score(record: Record, swap: int | None) -> Score:
    verdict, p = _text(record, "verdict", ""), _number(record, "p_correct")
    chosen = None if verdict in ("", TIE) else _letter(verdict)
    correct = _number(record, "judge_correct")
    outcome = _choice(record, "outcome", OUTCOMES) or "ok"
    if correct is None and outcome == "ok":
        correct = _implied(verdict, chosen, swap, p)
        outcome = "unparsed" if correct is None else "ok"
    stated: Any = _choice(record, "stated", ("verbalised", "tokens")) or "verbalised"
    return Score(slot=swap or 0, outcome=outcome, correct=correct, p_correct=p, chosen=chosen, stated=stated)


def _implied(verdict: str, chosen: int | None, swap: int | None, p: float | None) -> float | None:
    """Whether the judge was right, where it is not said: a belief of one half without a verdict is a tie."""
    if verdict == TIE or (not verdict and p == HALF):
        return HALF
    if chosen is None:
        return None
    if swap is None:
        raise ValueError(f"`verdict` is {verdict!r}; it takes `swap` or `judge_correct` to tell if that is right")
    return float(chosen == swap)


def _letter(verdict: str) -> int:
    if len(verdict) != 1 or verdict not in LETTERS:
        raise ValueError(f"`verdict` is {verdict!r}; it has to be the letter of a place (A is the first), or {TIE!r}")
    return LETTERS.index(verdict)


def _value(record: Record, column: str) -> Any:
    """What a record says, or `None` where it says nothing."""
    value = record.get(column)
    nothing = value is None or value == "" or (isinstance(value, float | np.floating) and isnan(value))
    return None if nothing else value


def _text(record: Record, column: str, otherwise: str | None) -> str:
    value = _value(record, column)
    if value is None and otherwise is None:
        raise ValueError(f"it has no `{column}`; its columns are {', '.join(map(str, record)) or 'none'}")
    return str(otherwise if value is None else value)


def _number(record: Record, column: str) -> float | None:
    value = _value(record, column)
    try:
        number = None if value is None else float(value)
    except (TypeError, ValueError):
        raise ValueError(f"`{column}` is {value!r}; it has to be a number, or nothing") from None
    high = 1.0 if column in _SHARES else _MOST
    if number is not None and not 0 <= number <= high:
        raise ValueError(f"`{column}` is {value!r}; it has to be from 0 to {high:g}, or nothing")
    return number


def _whole(record: Record, column: str) -> int | None:
    number = _number(record, column)
    if number is None:
        return None
    if not number.is_integer():
        raise ValueError(f"`{column}` is {record[column]!r}; it has to be a whole number from 0, or nothing")
    return int(number)


def _sum(rows: Sequence[Record], column: str) -> int:
    """The sum of the shares of an episode's rows: a whole number again, up to rounding."""
    return round(fsum(_number(row, column) or 0.0 for row in rows))


def _choice(record: Record, column: str, names: Sequence[str]) -> Any:
    value = _value(record, column)
    if value is not None and value not in names:
        raise ValueError(f"`{column}` is {value!r}; it has to be {', '.join(names[:-1])} or {names[-1]}, or nothing")
    return value


def _side(record: Record, column: str) -> Any:
    return _choice(record, column, SIDES)
