"""How figures look. The colours are those of Okabe and Ito 2008; shapes and labels say the same without colour."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Without the yellow of that palette, which is hardly seen on white."""

MARKS = ("o", "s", "^", "D", "v", "P", "X", "h")
FAINT, SOFT = "#8c8c8c", "#595959"

WIDTH = 5.5
"""Inches: the text width of a common one-column paper."""

ROW = 0.36
"""Inches for each row of a figure whose rows are arms."""

SETTINGS: dict[str, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9,
    "legend.frameon": False,
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


class Drawing(NamedTuple):
    """A figure, and what a reader has to be told to read it: how many, which interval, what the lines are."""

    figure: Any
    caption: str


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


def canvas(height: float) -> tuple[Any, Any]:
    """A figure with one pair of axes, as wide as a column of text; no window knows of it."""
    figure = _figure(height)
    return figure, figure.add_subplot()


def panels(count: int, across: int, height: float) -> tuple[Any, list[Any]]:
    """A figure with so many panels on common scales, at most `across` beside each other, each of this height."""
    columns = min(count, across)
    lines = -(-count // columns)
    figure = _figure(0.9 + height * lines)
    made = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for spare in made[count:]:
        spare.set_axis_off()
    return figure, list(made[:count])


def _figure(height: float) -> Any:
    from matplotlib.figure import Figure  # noqa: PLC0415

    return Figure(figsize=(WIDTH, height), layout="constrained")


def beside(axes: Any) -> None:
    """Put the legend to the right of the axes, where it covers nothing."""
    axes.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), borderaxespad=0)


def tall(rows: int) -> float:
    """The height of a figure of so many rows, in inches."""
    return 1.1 + ROW * max(rows, 1)


def look(place: int) -> dict[str, Any]:
    """The colour and shape of the arm at this place."""
    return {"color": COLOURS[place % len(COLOURS)], "marker": MARKS[place % len(MARKS)]}
