"""Every figure that a run has data for, as bytes or as files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from arena.analysis.rows import Table
from arena.errors import UsageError
from arena.report.figures import accuracy, beliefs, cost, forest
from arena.report.figures.style import FAINT, styled
from arena.report.model import Report
from arena.text import terminal

Form = Literal["svg", "pdf", "png"]
FORMS: tuple[Form, ...] = ("svg", "pdf", "png")


class Kind(NamedTuple):
    """A figure: the name of its file, what it shows, and who draws it (`None` where the run has no data for it)."""

    name: str
    title: str
    draw: Callable[[Report, Table], Any]


KINDS = (
    Kind("accuracy", "Accuracy by arm", lambda report, _: accuracy.by_arm(report)),
    Kind("differences", "Paired differences", lambda report, _: forest.differences(report)),
    Kind("pgr", "Performance gap recovered", lambda report, _: accuracy.recovered(report)),
    Kind("iterations", "Accuracy by iteration", lambda report, _: accuracy.by_iteration(report)),
    Kind("calibration", "Calibration of the judge", beliefs.calibration),
    Kind("rounds", "Belief by round", lambda report, _: beliefs.by_round(report)),
    Kind("cost", "Accuracy against cost", lambda report, _: cost.cost(report)),
)


def figures(report: Report, table: Table, form: Form = "svg") -> dict[str, bytes]:
    """The figures by what they show."""
    with styled():
        return {kind.title: _bytes(figure, form) for kind, figure in drawings(report, table)}


def save(report: Report, table: Table, folder: Path) -> list[Path]:
    """Write each figure as SVG, PDF and PNG; raises `UsageError` where the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with styled():
            return [_written(folder, kind, figure, form) for kind, figure in drawings(report, table) for form in FORMS]
    except OSError as why:
        raise UsageError(f"cannot write figures to {folder}: {why.strerror}. Choose another folder.") from why


def _written(folder: Path, kind: Kind, figure: Any, form: Form) -> Path:
    path = folder / f"{kind.name}.{form}"
    path.write_bytes(_bytes(figure, form))
    return path


def drawings(report: Report, table: Table) -> Iterator[tuple[Kind, Any]]:
    """The figures that the run has data for, with what they are."""
    for kind in KINDS:
        figure = kind.draw(report, table)
        if figure is not None:
            figure.axes[0].set_title(kind.title)
            figure.axes[0].set_title(_source(report), loc="right", fontsize=6, color=FAINT)
            yield kind, figure


def _source(report: Report) -> str:
    """Where the numbers are from: simulated models are named as such in every figure."""
    models = "simulated models · " if report.simulated else ""
    return f"{models}run {terminal(report.run)}"


def _bytes(figure: Any, form: Form) -> bytes:
    out = io.BytesIO()
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[form]
    figure.savefig(out, format=form, metadata=dated)
    return out.getvalue()
