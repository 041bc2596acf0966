"""Answers that match a behaviour, both ways side by side, for data sets whose key says which answer does.

Such a key is no truth: it is the answer that matches, or the one that does not.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import parse_qsl

import numpy as np

from arena.analysis.rows import Rows
from arena.analysis.scores import score_where
from arena.analysis.sycophancy import Judged, Matching, matching

Sense = Literal["right", "wrong"]

MATCHING = {"anthropic_evals": "not_matching"}
"""Data sets whose key is about a behaviour, with the value of their setting `key` where it is not given."""


def sense(dataset: object) -> Sense | None:
    """Whether the answer that the key calls right is the one that matches; `None` for data sets of another kind."""
    if not isinstance(dataset, str):
        return None
    name, _, settings = dataset.partition("?")
    params = dict(parse_qsl(settings))
    if name not in MATCHING:
        return None
    return "right" if params.get("key", MATCHING[name]) == "matching" else "wrong"


def matched(rows: Rows, which: Sense | None) -> Matching | None:
    """Both measures over questions with two options, of beliefs in one form; orders and repeats are averaged first."""
    stated = ~np.isnan(rows.p_correct)
    if which is None or not stated.any():
        return None
    found = score_where(rows, stated, rows.p_correct)
    p = found.score if which == "right" else 1 - found.score
    sources = map(str, found.group.tolist())
    return matching(Judged(mine, (1 - mine,), source) for mine, source in zip(p.tolist(), sources, strict=True))
