"""`arena data`: look at question sets, check them, and make some."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from arena.cli import data_check, data_fetch, data_write
from arena.cli.exits import DONE
from arena.cli.group import Group
from arena.cli.sets import FILTER, SEED, opened

if TYPE_CHECKING:
    from arena.question import Item

SHOWN = 3
"""How many questions `show` prints where none is named."""


@click.group(cls=Group, short_help="Look at question sets, check them for leaks, and make some.")
def data() -> None:
    """Look at question sets, check them, and make some."""


@data.command("list", short_help="The sets that are installed, and whether their files are at hand.")
def list_() -> int:
    """Name the sets that are installed, what each is, and whether its files are at hand."""
    from arena import plugins
    from arena.cli.words import columns
    from arena.text import terminal

    rows = [(name, _at_hand(name), terminal(_about(name))) for name in plugins.installed("datasets")]
    click.echo(columns([("set", "files", "what it is"), *rows]))
    return DONE


def _about(name: str) -> str:
    from arena import plugins

    return (plugins.load("datasets", name).__doc__ or "").strip().partition("\n")[0]


def _at_hand(name: str) -> str:
    """Where the files of a set lie, in a word."""
    from arena.errors import UsageError
    from arena.plan import open_dataset

    try:
        next(iter(open_dataset(name).items(limit=1, seed=0)))
    except UsageError as why:
        return "give a path" if "path" in str(why) and "required" in str(why) else "not here"
    return "here"


@data.command(short_help="Print questions of a set, with their keys.")
@click.argument("name", metavar="NAME|PATH")
@click.argument("id", required=False)
@FILTER
@SEED
def show(name: str, id: str | None, filter: str | None, seed: int) -> int:  # noqa: A002 - named as they are typed
    """Print what a set says of itself and its first questions, or one question whole, passage and all."""
    from arena.errors import UsageError

    dataset, found = opened(name, filter, seed, None)
    if id is None:
        click.echo(" ".join((type(dataset).__doc__ or "").split()) + "\n")
        for one, _ in zip(found, range(SHOWN), strict=False):
            click.echo(_told(one, whole=False))
        return DONE
    for one in found:
        if one.question.id == id:
            click.echo(_told(one, whole=True))
            return DONE
    raise UsageError(
        f"{name} has no question with the id {id!r}. `arena data show {name}` prints the first of its ids."
    )


def _told(item: Item, *, whole: bool) -> str:
    from arena.text import terminal

    question, key = item
    marks = ["→" if i == key.option else " " for i in range(len(question.options))]
    lines = [f"{question.id}  (group {question.group})", question.text]
    lines += [
        f"{mark} {chr(65 + i)}. {text}" for i, (mark, text) in enumerate(zip(marks, question.options, strict=True))
    ]
    if whole and question.passage:
        lines += ["", question.passage]
    return terminal("\n".join(lines) + "\n")


@data.command(short_help="Make a set: casefiles, with their dials, as a file.")
@click.argument("what", type=click.Choice(["casefiles"]))
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A JSONL file, not there yet."
)
@click.option("--limit", default=100, type=click.IntRange(min=1), metavar="N", help="How many.  [100]")
@SEED
@click.option("--set", "dials", metavar="KEY=VALUE", multiple=True, help="A dial, such as exhibits=12; repeatable.")
def make(what: str, out: Path, limit: int, seed: int, dials: tuple[str, ...]) -> int:
    """Write casefiles to a file that `arena run --dataset FILE` takes. The dials: `arena list datasets --long`."""
    from arena.cli import asked
    from arena.cli.words import command, count, say
    from arena.datasets.records import record, write
    from arena.plan import open_dataset

    settings = "&".join(f"{key}={value}" for key, value in asked.pairs("set", dials).items())
    found = open_dataset(f"{what}?{settings}" if settings else what).items(limit=limit, seed=seed)
    number = write(out, map(record, found))
    say(f"wrote {count(number, 'question')}. Play them with: {command('run', '--dataset', str(out))}")
    return DONE


for verb in (data_check.check, data_fetch.fetch, data_write.write):
    data.add_command(verb)
