"""`arena list`: what can be played, on what, by whom; and what was."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

import click

if TYPE_CHECKING:
    from arena.cli.runs import Known
    from arena.plugins import Kind

INSTALLED = ("protocols", "datasets", "models")
KINDS = (*INSTALLED, "runs")


@click.command("list", short_help="What can be played, on what, by whom; and the runs there are.")
@click.argument("kind", required=False, metavar="[protocols|datasets|models|runs]")
@click.option("--long", is_flag=True, help="Say what each is, and its settings.")
def list_(kind: str | None, *, long: bool) -> int:
    """Name the protocols, datasets or models that are installed, or the runs in transcripts/; without a word, all."""
    from arena.errors import unknown

    if kind is not None and kind not in KINDS:
        raise unknown("kind of thing to list", kind, KINDS)
    for each in KINDS if kind is None else (kind,):
        if kind is None:
            click.echo(f"{each}:")
        click.echo(_runs() if each == "runs" else _names(each, long=long))
        if kind is None and each != KINDS[-1]:
            click.echo()
    return 0


def _names(kind: Any, *, long: bool) -> str:
    from arena import plugins
    from arena.cli.words import columns

    if long:
        return "\n".join(line for name in plugins.installed(kind) for line in _described(kind, name))
    return columns((name, plugins.origin(kind, name)) for name in plugins.installed(kind)) or "none is installed"


def _described(kind: Kind, name: str) -> Iterator[str]:
    """A name with the first line of its docstring, and its settings."""
    from arena import plugins
    from arena.cli.words import columns
    from arena.errors import UsageError
    from arena.text import terminal

    yield f"{name}  ({plugins.origin(kind, name)})"
    try:
        found = plugins.load(kind, name)
    except UsageError as why:
        yield f"  ! {why}"
        return
    yield f"  {terminal(_summary(found))}"
    if rows := list(_settings(found)):
        yield columns(rows, "    ")


def _summary(found: Any) -> str:
    """The first line of what a class says of itself; of a function that opens models, what its module says."""
    about = found if isinstance(found, type) else sys.modules[found.__module__]
    return (about.__doc__ or "").strip().partition("\n")[0]


def _settings(found: Any) -> Iterator[tuple[str, str, str]]:
    for name, field in getattr(found, "model_fields", {}).items():
        choices = "|".join(str(value) for value in get_args(field.annotation) if isinstance(value, str))
        default = "required" if field.is_required() else f"{field.default}"
        yield name, default, " ".join(part for part in (field.description, choices and f"({choices})") if part)


def _runs() -> str:
    from arena.cli import runs
    from arena.cli.words import columns, say

    notices: list[str] = []
    known = runs.known(notices)
    for notice in notices:
        say(notice)
    if not known:
        return f"there are no runs in {runs.HOME}/ yet: `arena run` makes one"
    head = ("run", "created", "episodes", "models", "arms")
    return columns([head, *(_run(run) for run in known)])


def _run(run: Known) -> tuple[str, ...]:
    from arena.cli.runs import finished
    from arena.text import terminal

    header = run.header
    planned = header.get("planned")
    total = f"{sum(planned.values()):,}" if isinstance(planned, dict) else "?"
    arms = [str(arm.get("name")) for arm in header.get("arms", []) if isinstance(arm, dict)]
    cells = (
        run.name,
        str(header.get("created", "-"))[:16].replace("T", " "),
        f"{finished(run.folder):,} of {total}",
        "simulated" if header.get("simulated") else "real",
        ", ".join(arms),
    )
    return tuple(terminal(cell) for cell in cells)
