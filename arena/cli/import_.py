"""`arena import`: published debates as a run of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from arena.published.record import Source
    from arena.published.rooms import Room

FORMATS = ("michael2023", "khan")


@click.command("import", short_help="Make a run of published debates, to replay, report and rejudge.")
@click.argument("form", metavar="FORMAT", required=False)
@click.argument("path", metavar="PATH", required=False, type=click.Path(path_type=Path))
@click.option("--out", metavar="DIR", help="The folder of the run.  [transcripts/<date>-<format>]")
def import_(form: str | None, path: Path | None, out: str | None) -> int:
    """Read debates that others published, and write them as an ordinary run.

    `michael2023` takes a folder with debates-metadata.jsonl and the files of its rooms (Michael et al. 2023). `khan`
    takes transcripts of llm_debate: a CSV or JSON file, or a folder of them (Khan et al. 2024).

    The run says where it is from. Nothing is called, and nothing of PATH is changed.
    """
    from arena.cli import runs
    from arena.cli.words import command, count, say
    from arena.errors import UsageError, unknown
    from arena.published.record import record

    if form is None or path is None:
        raise UsageError("say what to import: arena import michael2023 PATH, or arena import khan PATH")
    if form not in FORMATS:
        raise unknown("format", form, FORMATS)
    rooms, source = _read(form, path)
    run = runs.named(out) if out else runs.new(form)
    record(rooms, source, run)
    arms = list(dict.fromkeys(room.arm for room in rooms))
    say(f"{count(len(rooms), 'episode')} in {count(len(arms), 'arm')}: {', '.join(arms)}")
    if untold := sum(not room.told for room in rooms):
        say(f"of {untold:,} only the outcome is there, and not what was said")
    click.echo(run)
    say(f"read them: {command('replay', runs.short(run))}; the numbers: {command('report', runs.short(run))}")
    return 0


def _read(form: str, path: Path) -> tuple[list[Room], Source]:
    from importlib import import_module

    from arena.errors import DataError

    if not path.exists():
        raise DataError(f"there is no {path} to import")
    found: tuple[list[Room], Source] = import_module(f"arena.published.{form}").read(path)
    return found
