"""What the verbs say beside their results: notices, counts, and commands that can be copied."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import click

NARROWEST = 40


def say(text: str) -> None:
    """A notice: for people, on stderr; silent where nobody reads them."""
    from arena.text import terminal

    try:
        click.echo(terminal(text), err=True)
    except BrokenPipeError:
        unread(sys.stderr)


def unread(stream: TextIO) -> None:
    """Let a stream that nobody reads end in nothing, what it still holds too: else the interpreter fails at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def width() -> int:
    """The columns of the terminal, `COLUMNS` where that is set, else 80."""
    return max(shutil.get_terminal_size((80, 24)).columns, NARROWEST)


def colour() -> bool:
    """Whether results may be coloured: on a terminal that can, unless `NO_COLOR` is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def count(number: int, thing: str) -> str:
    """`1 episode`, `1,200 episodes`."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def tally(counts: Mapping[str, int]) -> str:
    """`3 refused, 1 timeout`, the most frequent first."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{number:,} {name}" for name, number in ranked)


def columns(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Rows as aligned columns, two spaces between them, the last one as long as it is."""
    from rich.cells import cell_len

    table = [list(row) for row in rows]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        padded = (cell + " " * (wide - cell_len(cell)) for cell, wide in zip(row, widths, strict=True))
        lines.append((indent + "  ".join(padded)).rstrip())
    return "\n".join(lines)


def command(*words: str) -> str:
    """A command line of the arena that can be copied: it begins as this process was called."""
    return shlex.join([*called(sys.argv[0], sys.orig_argv), *words])


def called(script: str, typed: Sequence[str]) -> list[str]:
    """How the arena was called: `arena` where the shell finds this one, else as it was typed.

    `script` is the path of the program, `typed` the command line of the interpreter.
    """
    if Path(script).parts[-2:] == ("arena", "__main__.py"):
        return [typed[0], "-m", "arena"]
    found = shutil.which("arena")
    known = Path(script).name == "arena" and Path(script).exists()
    if not known or (found and Path(found).samefile(script)):
        return ["arena"]
    return [script]
