"""Made-up results, and the estimates of textbooks computed the long way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest

from arena.analysis import Rows, Scores, Table, collect
from arena.events import Score, Scored


def score(slot: int, correct: float | str | None, p: float | None = None) -> Score:
    """One verdict: right (1), wrong (0), a tie (.5), or the name of an outcome that leaves none."""
    if isinstance(correct, str):
        return Score(slot=slot, outcome=correct)
    return Score(slot=slot, correct=correct, p_correct=p)


def episode(question: str, *verdicts: Any, arm: str = "debate", group: str = "", n: int = 0, **fields: Any) -> Scored:
    """A scored episode, its verdicts in slots 0, 1, …; a verdict may also be a `Score`."""
    scores = tuple(v if isinstance(v, Score) else score(slot, v) for slot, v in enumerate(verdicts))
    name = f"{arm}~{question}~{n}~{fields.get('side', '')}"
    values = {"episode": name, "group": group or question, "dataset": "set", "key": 0, "dealing": n, **fields}
    return Scored(arm=arm, question=question, scores=scores, **values)


class Make(NamedTuple):
    """What tests build results with."""

    episode: Any = staticmethod(episode)
    score: Any = staticmethod(score)

    @staticmethod
    def table(*events: Scored) -> Table:
        return collect(events)

    @staticmethod
    def rows(*events: Scored) -> Rows:
        return collect(events).rows

    @staticmethod
    def scores(values: Any, groups: Any = None, questions: Any = None) -> Scores:
        """Question scores, one passage a question unless told."""
        values = np.asarray(values, float)
        groups = np.arange(len(values)) if groups is None else np.asarray(groups)
        questions = np.arange(len(values)) if questions is None else np.asarray(questions)
        return Scores(questions, groups, values, len(values))


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()
