"""What data cannot tell: columns that are one, groups that never met, outcomes that send an estimate to infinity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from arena.analysis.logistic import sigmoid
from arena.analysis.rows import Floats, Ints

_SMALL = 1e-8
_GAIN = 1e-6
_STEPS, _MODERATE, _REST = 25, 12.0, 1e-9
_ROWS, _TOLERANCE = 500, 1e-7
"""Rows of the programme that are added at a time, and by how much its solver may break one."""


def unidentified(x: Floats, names: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns of `x`, shape (n, k), that the others make up: removing any one keeps the rank."""
    scale = np.abs(x).max(axis=0, initial=0)
    _, singular, right = np.linalg.svd(np.linalg.qr(x / np.where(scale > 0, scale, 1), mode="r"))
    rank = int((singular > _SMALL * max(1.0, singular.max(initial=0))).sum())
    involved = (np.abs(right[rank:]) > _SMALL).any(axis=0)
    return tuple(name for name, there in zip(names, involved, strict=True) if there)


def components(a: Ints, b: Ints, count: int) -> Ints:
    """The connected component of each of `count` players, shape (count,), numbered from 0; a[i] met b[i]."""
    label = np.arange(count)
    while True:
        low = np.minimum(label[a], label[b])
        new = label.copy()
        np.minimum.at(new, a, low)
        np.minimum.at(new, b, low)
        new = new[new]
        if (new == label).all():
            return np.unique(label, return_inverse=True)[1].astype(np.int64)
        label = new


def separated(x: Floats, y: Floats) -> bool:
    """Whether maximum likelihood runs to infinity: some beta that is never wrong, and somewhere strictly right.

    `x`, shape (n, k), has full rank; `y`, shape (n,), holds shares, and one strictly between 0 and 1 counts as both a
    win and a loss. A maximum that is found proves that there is one; else a linear programme decides (Konis 2007).
    """
    scale = np.abs(x).max(axis=0, initial=0)
    x = x / np.where(scale > 0, scale, 1)
    return not _has_maximum(x, y) and _is_separable(x, y)


def _has_maximum(x: Floats, y: Floats) -> bool:
    """Whether Newton's method soon comes to rest with all log odds moderate.

    Then the residuals are positive weights under which the signed rows sum to 0, and no beta can be on the right side
    of all of them (Stiemke's lemma). `False` says nothing.
    """
    beta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        logit = x @ beta
        p = sigmoid(logit)
        slope = x.T @ (y - p)
        if np.abs(logit).max() > _MODERATE:
            return False
        if np.abs(slope).max() < _REST:
            return True
        beta = beta + np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]), slope)
    return False


def _is_separable(x: Floats, y: Floats) -> bool:
    """Solve the programme on some of its rows, and add those that the solution breaks until it breaks none.

    What the rows so far do not permit, all of them do not permit either.
    """
    split = (y > 0) & (y < 1)
    signed = np.unique(x[~split] * np.where(y[~split] > 0, 1.0, -1.0)[:, None], axis=0)
    level = np.unique(x[split], axis=0)
    if not len(signed):
        return False
    chosen = np.linspace(0, len(signed) - 1, min(len(signed), _ROWS)).astype(np.int64)
    while True:
        beta = _best(signed.sum(axis=0), signed[chosen], level)
        margins = signed @ beta
        broken = np.flatnonzero(margins < -_TOLERANCE)
        broken = np.setdiff1d(broken[np.argsort(margins[broken])][:_ROWS], chosen)
        if float(signed.sum(axis=0) @ beta) <= _GAIN:
            return False
        if not len(broken):
            return True
        chosen = np.append(chosen, broken)


def _best(total: Floats, signed: Floats, level: Floats) -> Floats:
    """The beta within a box that is right by the most, never wrong on `signed`, and even on `level`."""
    found = linprog(
        -total,
        A_ub=-signed,
        b_ub=np.zeros(len(signed)),
        A_eq=level if len(level) else None,
        b_eq=np.zeros(len(level)) if len(level) else None,
        bounds=(-1, 1),
        method="highs",
    )
    return np.asarray(found.x, np.float64)
