"""`arena data fetch`: a published set from its authors' address, after a look at what it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from arena.cli.exits import DONE

if TYPE_CHECKING:
    from arena.datasets.fetch import File


@click.command(short_help="Get a published set from its authors' address.")
@click.argument("name")
@click.option("--from", "mirror", metavar="URL", help="A mirror that holds the files under their names.")
@click.option("--dry-run", is_flag=True, help="Show what would be fetched; fetch nothing.")
@click.option("--yes", is_flag=True, help="Fetch without being asked.")
def fetch(name: str, mirror: str | None, *, dry_run: bool, yes: bool) -> int:
    """Show licence, sizes and checksums of a published set, then fetch it into the cache, where runs find it.

    On a terminal it asks first. Where nobody here knows a checksum, that of the first fetch is noted, and whatever is
    fetched or lies there later is held against it.
    """
    from arena.cli.words import columns, say
    from arena.datasets import fetch as fetching
    from arena.datasets.places import cache

    wanted = fetching.noted(fetching.source(name, mirror))
    rows = [(file.path, _size(file), _sum(file), file.url) for file in wanted.files]
    say(f"{name}, licence: {wanted.licence}\n{columns(rows, '  ')}\nto {cache() / name}")
    if dry_run or not (yes or agreed()):
        return DONE
    for file, told in fetching.fetch(wanted):
        click.echo(f"{cache() / name / file.path}  {told}")
        if file.sha256 is None and told != fetching.THERE:
            say(f"nobody here knew the checksum of {file.path}; this one is noted, and holds from now on")
    return DONE


def agreed() -> bool:
    """Whether whoever sits at the terminal wants it; nobody does in a pipe, where the command itself is the wish."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    return click.confirm("Fetch it?", default=True, err=True)


def _size(file: File) -> str:
    return "size unknown" if file.size is None else f"{file.size:,} bytes"


def _sum(file: File) -> str:
    if file.sha256 is None:
        return "checksum unknown until first fetched"
    return f"sha256 {file.sha256[:16]}…" + (f" (since {file.since})" if file.since else "")
