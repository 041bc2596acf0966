"""The page, put together: its own style and script, the tables of the report, and the episodes as data."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from arena import log
from arena.report.grid import Grid, plain
from arena.report.model import Report
from arena.report.page.episodes import MOST, Data, Passages, episodes
from arena.report.text import FOOT, closing, sections, title

HERE = Path(__file__).parent


def write_page(
    report: Report, runs: Sequence[Path], out: TextIO, figures: Mapping[str, bytes] | None = None, most: int = MOST
) -> list[str]:
    """Write the page of some runs to `out`, with SVG `figures` by what they show; returns notices of a damaged log.

    `runs` are those that the report is of, in its order.

    At most `most` episodes are held by it; where there are more it says so.
    """
    style, script = _asset("page.css"), _asset("page.js")
    passages, notices, index = Passages(), [*report.notices], []
    out.write(_head(report, style, script))
    out.write(_summary(report, figures or {}))
    for entry, opened in _episodes(report, runs, passages, notices, most):
        index.append(entry)
        out.write(_data(f"e{len(index) - 1}", opened))
    out.writelines(_data(f"t{number}", text) for number, text in enumerate(passages))
    out.write(_data("index", {"episodes": index, "all": sum(map(_scored, runs)), "arms": _arms(report)}))
    out.write(f"<script>{script}</script>\n</body>\n</html>\n")
    return notices


def _episodes(
    report: Report, runs: Sequence[Path], passages: Passages, notices: list[str], most: int
) -> Iterator[tuple[Data, Data]]:
    """The first `most` episodes of the runs; of several runs, under the names that arms and episodes have in all."""
    every = itertools.chain.from_iterable(
        ((place, found) for found in episodes(run, passages, notices, most)) for place, run in enumerate(runs)
    )
    for place, (entry, opened) in itertools.islice(every, most):
        arms = report.names[place] if report.names else {}
        more = {"arm": arms[entry["arm"]], "id": f"{runs[place].name}:{entry['id']}"} if arms else {}
        yield entry | more, opened


def _scored(run: Path) -> int:
    return sum(1 for _ in log.scan(run, "Scored"))


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


def _summary(report: Report, figures: Mapping[str, bytes]) -> str:
    return "".join(_sections(report, figures))


def _sections(report: Report, figures: Mapping[str, bytes]) -> Iterator[str]:
    yield "".join(f'<p class="notice">{_escaped(notice)}</p>\n' for notice in report.notices)
    arms = _arms(report)
    for grid in itertools.chain.from_iterable(sections(report).values()):
        yield _table(grid, arms)
    yield "".join(f"<p>{_escaped(line)}</p>\n" for line in closing(report))
    yield f'<p class="foot">{_escaped(FOOT)}</p>\n</section>\n'
    if figures:
        yield '<section aria-labelledby="figures-head"><h2 id="figures-head">Figures</h2>\n<div class="figures">\n'
        yield from (_figure(name, svg) for name, svg in figures.items())
        yield "</div>\n</section>\n"
    yield _asset("browse.html")


def _figure(name: str, svg: bytes) -> str:
    data = base64.b64encode(svg).decode()
    label = _escaped(name)
    return (
        f'<figure><img alt="{label}" src="data:image/svg+xml;base64,{data}"><figcaption>{label}</figcaption></figure>\n'
    )


def _table(grid: Grid, arms: Iterable[str]) -> str:
    """A table of the report; every row that is about an arm, or two, opens its episodes."""
    head = "".join(f'<th scope="col">{_escaped(cell)}</th>' for cell in grid.head)
    rows = "".join(_row(row, [arm for arm in arms if _about(row[0], arm)]) for row in grid.rows)
    notes = "".join(f"<li>{_escaped(name)}: {_escaped(words)}</li>" for name, words in grid.notes)
    return (
        f'<div class="scroll"><table><caption>{_escaped(grid.title)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>\n" + (f"<ul class='notes'>{notes}</ul>\n" if notes else "")
    )


def _about(name: str, arm: str) -> bool:
    return arm in (part.strip().partition(" (")[0] for part in name.split(" − ")) or name == arm


def _row(cells: Iterable[str], arms: list[str]) -> str:
    first, *rest = cells
    link = f' data-arms="{html.escape(json.dumps(arms))}"' if arms else ""
    numbers = "".join(f"<td>{_cell(cell, link)}</td>" for cell in rest)
    return f'<tr><th scope="row">{_cell(first, link)}</th>{numbers}</tr>'


def _cell(text: str, link: str) -> str:
    shown = _escaped(text)
    return f'<a href="#episodes"{link}>{shown}</a>' if link and shown else shown


def _escaped(text: str) -> str:
    return html.escape(plain(text))


def _data(name: str, value: Any) -> str:
    """A value as data that the browser never runs, whatever is in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f'<script type="application/json" id="{name}">{text.replace("<", chr(92) + "u003c")}</script>\n'
