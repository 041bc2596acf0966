"""Who met whom: the models behind the advocates of an episode, their matches, and model families.

A match is one verdict on an episode in which two different models argued for different options, won by the model whose
option was chosen. A question has weight 1 in each arm, whatever its number of verdicts. A missing one has no winner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from arena.analysis.matches import Matches
from arena.analysis.rows import Episodes, Flags, Floats, Ints, Rows, Table
from arena.report.header import Arm

_WORD = re.compile(r"[a-z]+")
_SAME = {"chatgpt": "gpt", "o": "gpt"}


def models_of(arms: Sequence[Arm], table: Table) -> tuple[tuple[str, ...], Ints]:
    """The models at the tables, and which of them sits where: shape (arms of the table, seats), -1 where unknown."""
    by_name = {arm.name: arm for arm in arms}
    names: dict[str, int] = {}
    found = np.full((len(table.arms), len(table.seats)), -1)
    for row, arm in enumerate(table.arms):
        seats = by_name[arm].seats if arm in by_name else {}
        for column, seat in enumerate(table.seats):
            if seat in seats:
                found[row, column] = names.setdefault(seats[seat].model, len(names))
    return tuple(names), found


def advocates(models: Ints, episodes: Episodes) -> tuple[Ints, Ints]:
    """The model that argued for the right option in each episode, and the one that argued for another; -1 for none."""

    def sitting(seats: Ints) -> Ints:
        if not models.size:
            return np.full(len(seats), -1)
        return np.where(seats >= 0, models[episodes.arm, np.maximum(seats, 0)], -1)

    return sitting(episodes.honest_seat), sitting(episodes.dishonest_seat)


def matches_of(arms: Sequence[Arm], table: Table, dataset: str) -> Matches:
    """The matches between different models in the given arms on a dataset, over questions with two options."""
    names, models = models_of(arms, table)
    honest, dishonest = (side[table.rows.episode] for side in advocates(models, table.episodes))
    rows, codes = table.rows, [code for code, name in enumerate(table.arms) if name in {arm.name for arm in arms}]
    here = rows.dataset == (table.datasets.index(dataset) if dataset in table.datasets else -1)
    there: Flags = here & np.isin(rows.arm, codes) & ~rows.missing & np.isin(rows.slot, (0, 1))
    keep = there & (honest >= 0) & (dishonest >= 0) & (honest != dishonest)
    return _matches(names, rows.where(keep), honest[keep], dishonest[keep])


def _matches(names: Sequence[str], rows: Rows, honest: Ints, dishonest: Ints) -> Matches:
    players = sorted({names[code] for code in np.unique(np.concatenate([honest, dishonest]))})
    number = {name: at for at, name in enumerate(players)}
    renumbered = np.array([number.get(name, -1) for name in names] or [0])
    first_honest = rows.slot == 0
    first, second = np.where(first_honest, honest, dishonest), np.where(first_honest, dishonest, honest)
    return Matches(
        tuple(players),
        renumbered[first],
        renumbered[second],
        np.where(first_honest, rows.correct, 1 - rows.correct),
        np.where(first_honest, 1.0, -1.0),
        _weights(rows),
        rows.group,
    )


def _weights(rows: Rows) -> Floats:
    """One over the number of verdicts of the same question in the same arm."""
    if not len(rows):
        return np.zeros(0)
    _, index, counts = np.unique(np.stack([rows.arm, rows.question]), axis=1, return_inverse=True, return_counts=True)
    found: Floats = 1 / counts[index.ravel()]
    return found


def family(spec: str) -> str | None:
    """The family of a model: the first word of its name. A simulated model or a person has none."""
    provider, _, name = spec.partition("/")
    if provider in ("sim", "human", "recorded") or not name:
        return None
    own = name.partition("@")[0].rpartition("/")[2].lower()
    found = _WORD.search(own)
    return None if found is None else _SAME.get(found[0], found[0])
