"""The page, put together: its own style and script, the tables of the report, and the episodes as data."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from arena.report.figures import Picture
from arena.report.grid import Grid, Link, plain
from arena.report.model import Report
from arena.report.page.episodes import MOST, Passages, episodes
from arena.report.page.links import behind, named
from arena.report.text import FOOT, closing, sections, title

HERE = Path(__file__).parent

NAMES = {"gap": "gap recovered", "missing": "missing verdicts", "orders": "both orders", "sides": "single advocate",
         "wins": "win rates", "frontier": "cost frontier", "simultaneous": "all differences at once",
         "scores": "agent scores"}  # fmt: skip
"""What the contents call a section, where not by its own name."""


def write_page(report: Report, out: TextIO, figures: Sequence[Picture] = (), most: int = MOST) -> list[str]:
    """Write the page of a report to `out`, with its figures; returns notices of damaged logs.

    At most `most` episodes are held by it; where there are more it says so.
    """
    style, script = _asset("page.css"), _asset("page.js")
    passages, notices = Passages(), [*report.notices]
    index: list[dict[str, Any]] = []
    out.write(_head(report, style, script))
    out.writelines(_sections(report, figures))
    for source in report.sources:
        for entry, opened in episodes(source, passages, notices, most - len(index)):
            index.append(entry)
            out.write(_data(f"e{len(index) - 1}", opened))
    out.writelines(_data(f"t{number}", text) for number, text in enumerate(passages))
    out.write(_data("index", {"episodes": index, "all": len(report.table.episodes), "arms": _arms(report)}))
    out.write(f"<script>{script}</script>\n</body>\n</html>\n")
    return notices


def _arms(report: Report) -> list[str]:
    return list(dict.fromkeys(arm.arm.name for arm in report.arms))


def _asset(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def _head(report: Report, style: str, script: str) -> str:
    """The beginning of the page, with a policy under which nothing runs but the page's own script."""
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    made = _asset("page.html")
    values = {"policy": policy, "title": html.escape(title(report)), "style": style}
    for name, value in values.items():
        made = made.replace(f"{{{{{name}}}}}", value)
    return made


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _sections(report: Report, figures: Sequence[Picture]) -> Iterator[str]:
    found, known = sections(report), named(report)
    yield _contents(found, figures=bool(figures))
    yield '<main>\n<section aria-labelledby="results-head"><h2 id="results-head">Results</h2>\n'
    yield "".join(f'<p class="notice">{_escaped(notice)}</p>\n' for notice in report.notices)
    for name, grids in found.items():
        yield f'<div class="group" id="of-{name}" tabindex="-1">\n'
        yield from (_table(grid, name, known) for grid in grids)
        yield "</div>\n"
    yield "".join(f"<p>{_escaped(line)}</p>\n" for line in closing(report))
    yield f'<p class="foot">{_escaped(FOOT)}</p>\n</section>\n'
    if figures:
        yield '<section id="figures" aria-labelledby="figures-head" tabindex="-1"><h2 id="figures-head">Figures</h2>\n'
        yield '<div class="figures">\n'
        yield from map(_figure, figures)
        yield "</div>\n</section>\n"
    yield _asset("browse.html")
    yield "</main>\n"


def _contents(found: Mapping[str, object], *, figures: bool) -> str:
    """What is on the page, to go to."""
    parts = [(f"of-{name}", NAMES.get(name, name)) for name in found]
    parts += [("figures", "figures")] if figures else []
    items = "".join(f'<li><a href="#{at}">{name}</a></li>' for at, name in [*parts, ("episodes", "episodes")])
    return f'<nav class="contents" aria-label="Contents"><ul>{items}</ul></nav>\n'


def _figure(figure: Picture) -> str:
    data = base64.b64encode(figure.svg).decode()
    alt = f"{_escaped(figure.title)}: a chart of numbers that stand in the tables"
    words = f"<strong>{_escaped(figure.title)}.</strong> {_escaped(figure.caption)}"
    image = f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}">'
    return f"<figure>{image}<figcaption>{words}</figcaption></figure>\n"


def _table(grid: Grid, section: str, known: Mapping[str, Link]) -> str:
    """A table of the report; every row opens the episodes behind it. It can be scrolled with the keyboard too."""
    head = "".join(f'<th scope="col">{_escaped(cell)}</th>' for cell in grid.head)
    links = behind(grid, section, known)
    rows = "".join(_row(row, link) for row, link in zip(grid.rows, links, strict=True))
    notes = "".join(f"<li>{_escaped(names)}: {_escaped(words)}</li>" for names, words in grid.gathered())
    about = _escaped(grid.title)
    return (
        f'<div class="scroll" role="region" aria-label="{about}" tabindex="0"><table><caption>{about}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>\n"
        + (f'<ul class="notes">{notes}</ul>\n' if notes else "")
    )


def _row(cells: Sequence[str], link: Mapping[str, Any] | None) -> str:
    first, *rest = cells
    opens = f' data-behind="{html.escape(json.dumps(link, ensure_ascii=False))}"' if link else ""
    numbers = "".join(f"<td>{_cell(cell, opens)}</td>" for cell in rest)
    return f'<tr><th scope="row">{_cell(first, opens)}</th>{numbers}</tr>'


def _cell(text: str, opens: str) -> str:
    """A cell that opens the episodes behind it."""
    shown = _escaped(text)
    return f'<a href="#episodes"{opens}>{shown}</a>' if opens and shown else shown


def _escaped(text: str) -> str:
    return html.escape(plain(text))


def _data(name: str, value: Any) -> str:
    """A value as data that the browser never runs, whatever is in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/json" id="{name}">{text.replace("<", chr(92) + "u003c")}</script>\n'
