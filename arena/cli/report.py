"""`arena report`: what came out of one or more runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from arena.report import Report


@click.command(short_help="What came out of a run: accuracy, differences, cost.")
@click.argument("runs", nargs=-1, metavar="[RUN]...")
@click.option("--json", "as_json", is_flag=True, help="For programs: one object, as docs/report.md has it.")
@click.option("--csv", metavar="FILE", help="One row a verdict, for a spreadsheet; - for stdout.")
@click.option("--html", metavar="FILE", help="One page with every episode behind the numbers.")
@click.option("--private", is_flag=True, help="Make that page though the questions are not for publication.")
@click.option("--figures", metavar="DIR", help="Figures for a paper, as SVG, PDF and PNG.")
@click.option("--factor", "factors", metavar="NAME", multiple=True, help="What several runs may differ in; repeatable.")
@click.option("--full", is_flag=True, help="All sections: calibration, biases, win rates, the cost frontier, …")
@click.option("--section", "only", metavar="NAME", multiple=True, help="Only this section; repeatable.")
def report(
    runs: tuple[str, ...],
    only: tuple[str, ...],
    factors: tuple[str, ...],
    *,
    as_json: bool,
    full: bool,
    private: bool,
    **files: str | None,
) -> int:
    """Print how often the judge was right under each arm of a run, the last run if none is named.

    RUN is a folder, the name of a run under transcripts/, or a beginning of its name. Several runs are joined on their
    questions, and refused with the reason where they can't be compared.
    """
    from arena.cli import runs as folders
    from arena.cli.words import say
    from arena.errors import UsageError
    from arena.report import build_joined

    csv, html, figures = files["csv"], files["html"], files["figures"]
    if as_json and csv == "-":
        raise UsageError("--json and --csv - would both go to stdout. Give --csv a file, or one of them at a time.")
    _check_sections(only)
    chosen = [folders.find(name) for name in runs] or [folders.last()]
    if html is not None and not private:
        _check_shared(chosen)
    drawn = html is not None or figures is not None
    found = build_joined(chosen, factors, full=full or as_json or drawn or _is_deep(only))
    if drawn:
        _drawn(found, html, figures)
    if csv is None and not as_json and not drawn:
        _text(found, only, full=full)
        return 0
    for notice in found.notices if not drawn else ():
        say(f"{found.run}: {notice}")
    if csv is not None:
        _csv(chosen, csv)
    if as_json:
        _json(found)
    return 0


def _check_sections(only: tuple[str, ...]) -> None:
    from arena.errors import unknown
    from arena.report.text import SECTIONS

    for name in only:
        if name not in SECTIONS:
            raise unknown("section of a report", name, SECTIONS)


def _is_deep(only: tuple[str, ...]) -> bool:
    from arena.report.text import DEEP

    return any(name in DEEP or name == "ratings" for name in only)


def _text(found: Report, only: tuple[str, ...], *, full: bool) -> None:
    from arena.cli.words import colour, width
    from arena.report import to_text

    click.echo(to_text(found, width(), colour=colour(), full=full, only=only), nl=False)


def _json(found: Report) -> None:
    import json

    from arena.report import to_json

    click.echo(json.dumps(to_json(found), indent=1, ensure_ascii=False, allow_nan=False))


def _check_shared(chosen: list[Path]) -> None:
    from arena import log
    from arena.errors import UsageError

    for run in chosen:
        about = log.header(run).get("dataset")
        if isinstance(about, dict) and about.get("private"):
            raise UsageError(
                f"{run} is of questions that are not for publication, and the page would hold them. Give --private to "
                "make it all the same, and share it with nobody."
            )


def _drawn(found: Report, html: str | None, figures: str | None) -> None:
    from arena.cli.words import count, say
    from arena.report.figures import save

    for notice in found.notices if html is None else ():
        say(f"{found.run}: {notice}")
    if figures is not None:
        saved = save(found, Path(figures))
        said = f"written: {count(len(saved), 'file')} in {figures}"
        say(said if saved else "no figure was drawn: there is nothing yet that one could show")
    if html is not None:
        _html(found, html)


def _html(found: Report, file: str) -> None:
    from arena.cli.words import say
    from arena.errors import UsageError
    from arena.report.figures import figures
    from arena.report.page import write_page

    part = Path(f"{file}.part")
    try:
        with part.open("w", encoding="utf-8") as out:
            notices = write_page(found, out, figures(found))
        part.replace(file)
    except OSError as why:
        raise UsageError(f"cannot write {file}: {why.strerror}. Choose another file.") from why
    for notice in notices:
        say(notice)
    say(f"written: {file}; it opens in any browser, offline too")


def _csv(chosen: list[Path], file: str) -> None:
    from arena.errors import UsageError
    from arena.report import load, to_csv

    text = to_csv(load(*chosen))
    if file == "-":
        click.echo(text, nl=False)
        return
    try:
        Path(file).write_text(text, encoding="utf-8", newline="")
    except OSError as why:
        raise UsageError(f"cannot write {file}: {why.strerror}. Choose another file, or - for stdout.") from why
