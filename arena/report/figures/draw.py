"""Every figure that a run has data for, as bytes or as files."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

from arena.errors import UsageError
from arena.report.figures import accuracy, beliefs, cost, forest, skill
from arena.report.figures.style import SOFT, Drawing, styled
from arena.report.model import Report
from arena.text import terminal

Form = Literal["svg", "pdf", "png"]
FORMS: tuple[Form, ...] = ("svg", "pdf", "png")


class Figure(NamedTuple):
    """A figure that was drawn: the name of its file, what it shows, and what has to be said about it."""

    name: str
    title: str
    caption: str
    drawn: Any


KINDS: tuple[tuple[str, str, Callable[[Report], Drawing | None]], ...] = (
    ("accuracy", "Accuracy by arm", accuracy.by_arm),
    ("differences", "Paired differences", forest.differences),
    ("pgr", "Performance gap recovered", accuracy.recovered),
    ("iterations", "Accuracy by iteration", accuracy.by_iteration),
    ("calibration", "Calibration of the judge", beliefs.calibration),
    ("rounds", "Belief by round", beliefs.by_round),
    ("cost", "Accuracy against cost", cost.cost),
)

SKILLS = {"elo": "Accuracy against debater skill", "win_rate": "Accuracy against the consultant's win rate"}


class Picture(NamedTuple):
    """A figure as SVG, with its title and caption."""

    title: str
    caption: str
    svg: bytes


def figures(report: Report) -> list[Picture]:
    """The figures that the report has data for, to stand above their captions; that of skill where it is a full one."""
    with styled():
        made = drawings(report, captioned=False)
        return [Picture(each.title, each.caption, _bytes(each.drawn, "svg")) for each in made]


def save(report: Report, folder: Path) -> list[Path]:
    """Write each figure as SVG, PDF and PNG; raises `UsageError` where the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with styled():
            return [_written(folder, each, form) for each in drawings(report) for form in FORMS]
    except OSError as why:
        raise UsageError(f"cannot write figures to {folder}: {why.strerror}. Choose another folder.") from why


def _written(folder: Path, figure: Figure, form: Form) -> Path:
    path = folder / f"{figure.name}.{form}"
    path.write_bytes(_bytes(figure.drawn, form))
    return path


def drawings(report: Report, *, captioned: bool = True) -> Iterator[Figure]:
    """The figures that the run has data for, with what they are; the caption is part of the drawing unless told."""
    made = [(name, title, found) for name, title, draw in KINDS if (found := draw(report)) is not None]
    made += [(f"skill-{name.replace('_', '-')}", SKILLS[name], found) for name, found in skill.skills(report)]
    for name, title, found in made:
        caption = f"{found.caption}. {_source(report)}"
        found.figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        if captioned:
            words = "\n".join(textwrap.wrap(caption, CAPTION))
            found.figure.supxlabel(words, x=0.01, ha="left", fontsize=7, color=SOFT)
        yield Figure(name, title, caption, found.figure)


CAPTION = 105
"""Characters of a caption that fit into a line."""


def _source(report: Report) -> str:
    """Where the numbers are from: simulated models are named as such in every figure."""
    models = "Simulated models, run" if report.simulated else "Run"
    return f"{models} {terminal(report.run)}."


def _bytes(figure: Any, form: Form) -> bytes:
    out = io.BytesIO()
    dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[form]
    figure.savefig(out, format=form, metadata=dated)
    return out.getvalue()
