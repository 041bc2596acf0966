"""The score of a question: repeats are averaged within (side, slot), then slots within the side, then sides.

Every question counts once in an accuracy, whatever its number of verdicts (Khan et al. 2024, equation after 4; Kenton
et al. 2024, appendix D).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from arena.analysis.grouping import distinct, first_of
from arena.analysis.rows import Flags, Floats, Ints, Rows
from arena.errors import UsageError

Treatment = Literal["wrong", "drop", "chance", "right"]
"""What becomes of a missing verdict: 0, nothing (its row is dropped), 1/options, or 1 (for bounds only)."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Question scores in [0, 1]: `question` (sorted codes), `group` and `score`, shape (questions,) each.

    `rows` is the number of verdicts that went into them.
    """

    question: Ints
    group: Ints
    score: Floats
    rows: int

    def at(self, questions: Ints) -> Floats:
        """The scores of these questions, all of which must be here."""
        if np.array_equal(questions, self.question):
            return self.score
        found: Floats = self.score[np.searchsorted(self.question, questions)]
        return found


def question_scores(rows: Rows, missing: Treatment = "wrong", options: int = 2) -> Scores:
    """One score per question, its missing verdicts treated as told."""
    if missing not in get_args(Treatment) or options < 2:  # noqa: PLR2004 - a choice
        raise UsageError(f"`missing` is {missing!r}, of {options} options; it has to be one of {get_args(Treatment)}")
    keep = ~rows.missing if missing == "drop" else np.ones(len(rows), bool)
    fill = {"wrong": 0.0, "drop": 0.0, "chance": 1 / options, "right": 1.0}[missing]
    values = np.where(rows.missing, fill, rows.correct)
    return score_where(rows, keep, values)


@dataclass(frozen=True, eq=False)
class Ways:
    """The scores of one arm under every treatment, and the `share` of each question's verdicts that is missing."""

    wrong: Scores
    drop: Scores
    chance: Scores
    right: Scores
    share: Scores


def every_way(rows: Rows, options: int = 2) -> Ways:
    """Score the questions under every treatment; `options` sets the odds of a guess."""
    wrong = question_scores(rows)
    if not rows.missing.any():
        return Ways(wrong, wrong, wrong, wrong, Scores(wrong.question, wrong.group, wrong.score * 0, wrong.rows))
    share = score_where(rows, np.ones(len(rows), bool), rows.missing.astype(np.float64))
    chance = question_scores(rows, "chance", options)
    return Ways(wrong, question_scores(rows, "drop"), chance, question_scores(rows, "right"), share)


def score_where(rows: Rows, keep: Flags, values: Floats) -> Scores:
    """Average `values` of the rows in `keep`, in the nesting that this module describes."""
    return scores_where(rows, keep, [values])[0]


def scores_where(rows: Rows, keep: Flags, columns: Sequence[Floats]) -> list[Scores]:
    """The same of several columns, for which the rows are put together once."""
    kept = rows.where(keep)
    slots, sides = int(kept.slot.max(initial=0)) + 2, 3
    cells = distinct((kept.question * sides + kept.side + 1) * slots + kept.slot + 1)
    argued = distinct(cells.codes // slots)
    found = distinct(argued.codes // sides)
    _, first = first_of(kept.question)
    group = kept.group[first]
    means: Iterable[Floats] = (values[keep] for values in columns)
    for level in (cells, argued, found):
        means = map(level.means, means)
    return [Scores(found.codes, group, mean, len(kept)) for mean in means]
