"""`arena replay`: one episode of a run, to be read."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from arena.events import AnyEvent


@click.command(short_help="Read one episode: who said what, and how it came out.")
@click.argument("run", required=False, metavar="[RUN]")
@click.argument("episode", required=False, metavar="[EPISODE]")
@click.option("--plain", is_flag=True, help="As text without a screen, for pipes and files too.")
@click.option("--thinking", is_flag=True, help="Show what seats thought in private.")
@click.option("--passage", is_flag=True, help="Show in full what was handed to some seats only.")
@click.option("--reveal", is_flag=True, help="Show the right answer.")
def replay(run: str | None, episode: str | None, *, plain: bool, **shown: bool) -> int:
    """Show an episode as its log has it: the first of the last run if nothing is named.

    On a terminal it opens in the screen of `arena watch`, before its first turn: → steps, space plays, ? shows the
    keys. With --plain, or one of the options below it, or in a pipe, it is printed.

    RUN is a folder, the name of a run under transcripts/, or a beginning of its name. EPISODE is a number, counted
    from 1 in the order of the log, or a name or a part of one, such as consultancy~case-7.
    """
    from arena import log
    from arena.cli import runs
    from arena.cli.transcript import View, transcript
    from arena.cli.watch import on_a_terminal, open_screen
    from arena.cli.words import say, width

    folder = runs.find(run) if run is not None else runs.last()
    header = log.header(folder)
    notices: list[str] = []
    events = _events(folder, episode, notices)
    if on_a_terminal() and not (plain or any(shown.values())):
        open_screen(folder, episode=events[0].episode)
        return 0
    for notice in notices:
        say(notice)
    for line in transcript(events, _models(header, events[0].episode), View(width=width(), **shown)):
        click.echo(line)
    if episode is None:
        say(_hint(folder, header))
    return 0


def _events(run: Path, wanted: str | None, notices: list[str]) -> list[AnyEvent]:
    """The episode that is meant; raises `UsageError` where that is none or several."""
    from arena import log

    if wanted is None or (wanted.isascii() and wanted.isdigit()):
        return log.episode(run, _at(run, int(wanted or 1)), notices)
    return log.episode(run, wanted, notices) or log.episode(run, _like(run, wanted), notices)


def _at(run: Path, number: int) -> str:
    from arena.cli.runs import episodes
    from arena.errors import UsageError

    name = next(islice(episodes(run), number - 1, None), None) if number else None
    if name is None:
        total = sum(1 for _ in episodes(run))
        known = f"they are counted from 1 to {total:,}" if total else "none has begun yet"
        raise UsageError(f"{run} has no episode {number}: {known}.")
    return name


def _like(run: Path, part: str) -> str:
    from arena.cli.runs import episodes, some
    from arena.errors import UsageError

    names = list(episodes(run))
    fitting = [name for name in names if part in name]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise UsageError(f"{part!r} may mean {some(fitting)}. Give more of the name, or a number.")
    known = f"Its {len(names):,} episodes have names such as {names[0]}" if names else "None has begun yet"
    raise UsageError(f"{run} has no episode whose name holds {part!r}. {known}.")


def _models(header: dict[str, Any], episode: str) -> dict[str, str]:
    """Who sat where, as far as the header says."""
    arms = [arm for arm in header.get("arms", []) if isinstance(arm, dict)]
    seats = next((arm.get("seats") for arm in arms if episode.startswith(f"{arm.get('name')}~")), None) or {}
    return {str(seat): str(sitter.get("model")) for seat, sitter in seats.items() if isinstance(sitter, dict)}


def _hint(run: Path, header: dict[str, Any]) -> str:
    from arena.cli.runs import short
    from arena.cli.words import command

    planned = header.get("planned")
    of = f" of {sum(planned.values()):,} planned" if isinstance(planned, dict) else ""
    return (
        f"\nthis was episode 1{of}. For another, a number or a part of its name: {command('replay', short(run), '2')}"
    )
