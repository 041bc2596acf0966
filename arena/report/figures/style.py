"""How figures look. The colours are those of Okabe and Ito 2008; shapes and labels say the same without colour."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000")
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
FAINT = "#8c8c8c"

WIDTH = 5.5
"""Inches: the text width of a common one-column paper."""

ROW = 0.36
"""Inches for each row of a figure whose rows are arms."""

SETTINGS: dict[str, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.unicode_minus": True,
    "figure.dpi": 100,
    "savefig.dpi": 300,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "arena",
    "text.parse_math": False,
    "text.usetex": False,
}


@contextmanager
def styled() -> Iterator[Any]:
    """Draw within these settings, whatever the user's own are, and without a screen."""
    import matplotlib as mpl  # noqa: PLC0415  # half a second, for those who draw

    mpl.use("agg")
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a name in a script that the font lacks
        mpl.rcdefaults()
        mpl.rcParams.update(cast("Any", SETTINGS))
        yield mpl


def canvas(height: float, width: float = WIDTH) -> tuple[Any, Any]:
    """A figure with one pair of axes, in inches; no window knows of it."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def tall(rows: int) -> float:
    """The height of a figure of so many rows, in inches."""
    return 1.1 + ROW * max(rows, 1)


def look(place: int) -> dict[str, Any]:
    """The colour and shape of the arm at this place."""
    return {"color": COLOURS[place % len(COLOURS)], "marker": MARKS[place % len(MARKS)]}
