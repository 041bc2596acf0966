"""The verdicts of runs as rows: for CSV, pandas and polars.

One verdict is one row, a missing one too. What an episode cost is shared evenly among its rows, so that a sum over rows
is the cost of the episodes; what training took is in no row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from math import isnan
from pathlib import Path
from typing import Any, overload

import numpy as np

from arena.analysis.reading import read
from arena.analysis.rows import SIDES, UNKNOWN_SLOT, Floats, Ints, Rows, Table
from arena.errors import OUTCOMES, UsageError
from arena.report.header import Header, header

COLUMNS = (
    "run", "question_id", "passage_id", "dataset", "arm", "protocol", "judge", "simulated", "episode", "swap", "side",
    "dealing", "repeat", "transcript_id", "outcome", "verdict", "judge_correct", "p_correct", "stated", "turns",
    "len_honest", "len_dishonest", "last_speaker", "cost_usd", "cost_calls", "cost_tokens_in", "cost_tokens_out",
)  # fmt: skip

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TIE, TWO = 0.5, 2
STATED = ("verbalised", "tokens")

Cell = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class Verdicts(Sequence[dict[str, Cell]]):
    """Rows, each a dict by the names of `COLUMNS`; `columns` holds the same by column. Unknown values are `None`.

    | column | holds |
    |---|---|
    | `swap` | 0 where the right option was shown first (A), 1 second, …; as in Khan et al. 2024 |
    | `side` | `honest` or `dishonest` where a single advocate argued, else none |
    | `verdict` | the letter of the option chosen as it was shown; `tie`; none where the verdict is missing |
    | `outcome` | `ok`, or why the verdict is missing |
    | `judge_correct` | 1, 0, or ½ for a tie; none where missing: never 0 for that |
    | `transcript_id` | equal for verdicts on the same words; the episode's name where the log has no hash of them |
    | `stated` | how the belief was stated: `verbalised` or `tokens`; two kinds of forecast, so never pool `p_correct` |
    | `turns` | rounds of speeches that the judge heard |
    | `len_honest`, `len_dishonest` | words that it heard for the right option, and against it |
    | `last_speaker` | the side with the last word, none where nobody had it alone |
    | `cost_…` | the row's even share of what its episode took |
    """

    columns: dict[str, list[Cell]]

    def __len__(self) -> int:
        return len(self.columns["run"])

    @overload
    def __getitem__(self, at: int) -> dict[str, Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> Verdicts: ...
    def __getitem__(self, at: int | slice) -> dict[str, Cell] | Verdicts:
        """One row, or some of them."""
        if isinstance(at, slice):
            return Verdicts({name: column[at] for name, column in self.columns.items()})
        return {name: column[at] for name, column in self.columns.items()}

    def __iter__(self) -> Iterator[dict[str, Cell]]:
        return (dict(zip(self.columns, row, strict=True)) for row in zip(*self.columns.values(), strict=True))

    def pandas(self) -> Any:
        """A `pandas.DataFrame`; raises `UsageError` where pandas is not installed."""
        return library("pandas").DataFrame(self.columns)

    def polars(self) -> Any:
        """A `polars.DataFrame`; raises `UsageError` where polars is not installed."""
        return library("polars").DataFrame(self.columns, infer_schema_length=None, strict=False)


def load(run: str | Path, *more: str | Path) -> Verdicts:
    """The verdicts of one or more run folders, unfinished ones too.

    Raises `DataError` where a folder is not a run. A damaged line of a log is left out; `arena report` names it.
    """
    parts = [verdicts(header(folder), read(folder).table) for folder in map(Path, (run, *more))]
    return Verdicts({name: [cell for part in parts for cell in part.columns[name]] for name in COLUMNS})


def verdicts(head: Header, table: Table) -> Verdicts:
    """The verdicts of one run."""
    rows, episodes, names = table.rows, table.episodes, table.names
    of = rows.episode
    arms = {arm.name: arm for arm in head.arms}
    known = [arms.get(name) for name in table.arms]
    share = 1 / np.bincount(of, minlength=len(episodes))[of] if len(rows) else np.zeros(0)
    heard = episodes.honest_words + episodes.dishonest_words > 0
    found: dict[str, list[Cell]] = {
        "run": [head.run] * len(rows),
        "question_id": _named(rows.question, names.questions),
        "passage_id": _named(rows.group, names.groups),
        "dataset": _named(rows.dataset, table.datasets),
        "arm": _named(rows.arm, table.arms),
        "protocol": _named(rows.arm, [arm.protocol if arm else None for arm in known]),
        "judge": _named(rows.arm, [arm.judge if arm else None for arm in known]),
        "simulated": _named(rows.arm, [arm.simulated if arm and arm.seats else head.simulated for arm in known]),
        "episode": _named(of, names.episodes),
        "swap": [None if slot == UNKNOWN_SLOT else slot for slot in rows.slot.tolist()],
        "side": _named(rows.side, SIDES),
        "dealing": rows.dealing.tolist(),
        "repeat": rows.repeat.tolist(),
        "transcript_id": _transcripts(table)[of].tolist(),
        "outcome": _named(rows.outcome, OUTCOMES),
        "verdict": _chosen(rows, np.where(episodes.options > 0, episodes.options, head.options)[of]),
        "judge_correct": _numbers(rows.correct),
        "p_correct": _numbers(rows.p_correct),
        "stated": _named(rows.tokens, STATED),
        "turns": episodes.rounds[of].tolist(),
        "len_honest": _where(episodes.honest_words[of], heard[of]),
        "len_dishonest": _where(episodes.dishonest_words[of], heard[of]),
        "last_speaker": _named(episodes.last[of], SIDES),
        "cost_usd": _numbers(episodes.cost[of] * share),
        "cost_calls": (episodes.calls[of] * share).tolist(),
        "cost_tokens_in": (episodes.input[of] * share).tolist(),
        "cost_tokens_out": (episodes.output[of] * share).tolist(),
    }
    return Verdicts({name: found[name] for name in COLUMNS})


def _named(codes: Ints, names: Sequence[Cell]) -> list[Cell]:
    """What codes stand for; nothing for -1."""
    return [None if code < 0 else names[code] for code in codes.tolist()]


def _numbers(values: Floats) -> list[Cell]:
    return [None if isnan(value) else value for value in values.tolist()]


def _where(values: Ints, there: Any) -> list[Cell]:
    return [value if known else None for value, known in zip(values.tolist(), there.tolist(), strict=True)]


def _transcripts(table: Table) -> Any:
    codes = table.episodes.transcript.tolist()
    names = zip(codes, table.names.episodes, strict=True)
    return np.array([f"{code & (2**64 - 1):016x}" if code else name for code, name in names], object)


def _chosen(rows: Rows, options: Ints) -> list[Cell]:
    """The letters chosen. Logs that do not say what was chosen tell it of two options: the right one or the other."""
    found: list[Cell] = []
    columns = (rows.chosen.tolist(), rows.correct.tolist(), rows.slot.tolist(), options.tolist())
    for chosen, correct, slot, count in zip(*columns, strict=True):
        if chosen < 0 and count == TWO and correct in (0, 1):
            chosen = slot if correct else 1 - slot  # noqa: PLW2901 - what the log left out
        letter = LETTERS[chosen] if 0 <= chosen < len(LETTERS) else None
        found.append("tie" if correct == TIE and letter is None else letter)
    return found


def library(name: str) -> Any:
    """A library of data frames; raises `UsageError` with the way to install it."""
    try:
        return import_module(name)
    except ImportError:
        raise UsageError(
            f"frames of {name} need the package {name}, and it is not installed; get it with "
            f'pip install "oversight-arena[{name}]"'
        ) from None
