"""An episode as a file: Markdown to be read and pasted, or SVG, a picture of a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from rich.console import Console

from arena import quotes
from arena.outline import Page
from arena.readers import LETTERS
from arena.text import neutral
from arena.tui import paint
from arena.tui.widgets.head import ending, head
from arena.tui.widgets.turn import heading

WIDTH = 100


def refused(header: Mapping[str, object]) -> str | None:
    """Why no episode of a run may be written to a file; `None` where it may."""
    about = header.get("dataset")
    if not isinstance(about, dict) or not about.get("private"):
        return None
    return f"not saved: the questions of {paint.line(str(about.get('name'))).plain} are not for publication"


def save(page: Page, form: str, *, revealed: bool, folder: Path | None = None) -> Path:
    """Write an episode as `md` or `svg` under its own name, in the current folder unless one is given.

    Never writes over a file. Raises `OSError` where nothing can be written.
    """
    name = re.sub(r"[^\w~.-]+", "-", page.episode)[:120].strip("-.") or "episode"
    text = markdown(page, revealed=revealed) if form == "md" else svg(page, revealed=revealed)
    for number in count(1):
        path = (folder or Path()) / (f"{name}.{form}" if number == 1 else f"{name}-{number}.{form}")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise AssertionError


def markdown(page: Page, *, revealed: bool) -> str:
    """The episode in Markdown; whatever anybody wrote stands in it as a block of quotation, escaped."""
    return "\n".join(_lines(page, revealed=revealed)) + "\n"


def svg(page: Page, *, revealed: bool) -> str:
    """The episode as a picture."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    parts = [head(page, page, revealed=revealed)]
    for said in page.steps:
        parts += [heading(page, said), paint.speech(said.text, said.quotes)]
    for part in [*parts, ending(page, len(page.steps), revealed=revealed)]:
        console.print(part, markup=False, highlight=False)
        console.print()
    return console.export_svg(title=paint.line(page.episode).plain)


def _lines(page: Page, *, revealed: bool) -> Iterator[str]:
    yield f"# {_escaped(page.question or page.episode)}"
    yield ""
    for letter, option in zip(LETTERS, page.options, strict=False):
        by = ", ".join(paint.name(seat) for seat, side in page.sides.items() if side == option)
        yield f"- ({letter}) {_escaped(option)}" + (f" (argued for by {_escaped(by)})" if by else "")
    for said in page.steps:
        yield ""
        yield f"**{_escaped(heading(page, said).plain)}**"
        yield ""
        marked = quotes.marked(said.text, said.quotes)
        shown = re.sub(r'<quote status="(\w+)">(.*?)</quote>', r"“\2” (\1)", marked, flags=re.DOTALL)
        yield from (f"> {_escaped(each)}".rstrip() for each in shown.split("\n"))
    yield ""
    yield from (f"{_escaped(each)}  " for each in ending(page, len(page.steps), revealed=revealed).plain.split("\n"))
    yield ""
    yield f"Episode `{_escaped(page.episode).replace('`', '')}` of arm {_escaped(page.arm)}."


def _escaped(text: str) -> str:
    """A text of one line that Markdown does not take for its own."""
    return re.sub(r"([\\`*_{}\[\]<>#|!~$])", r"\\\1", " ".join(neutral(text).split()))
