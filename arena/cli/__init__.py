"""The command line: one file a verb. Reading arguments and giving help import nothing but click.

A verb's body imports what it needs when it is called, and returns its exit code; `exits` is the one place that turns
errors into messages and codes.
"""

from __future__ import annotations

from typing import Any

import click

from arena import __version__
from arena.cli import (
    ablate,
    audit,
    data,
    fake_provider,
    import_,
    judge,
    models,
    plan,
    rejudge,
    replay,
    report,
    reproduce,
    run,
    watch,
)
from arena.cli import list as list_
from arena.cli.exits import guarded, until_unread
from arena.cli.group import Group


class Verbs(Group):
    """The verbs, under which every error becomes one message and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run one command and leave the process with its exit code."""
        wanted = {**extra, "prog_name": "arena", "standalone_mode": False}
        guarded(lambda: super(Verbs, self).main(*args, **wanted))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb; a reader that has had enough of its output ends it quietly."""
        return until_unread(lambda: super(Verbs, self).invoke(ctx))


@click.group(cls=Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def verbs(ctx: click.Context) -> int:
    """Play debates and other oversight protocols between models, and measure what the judge gets right.

    Start with `arena run`: it needs no key and no network. Then `arena report` and `arena replay`.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
    return 0


VERBS = (
    run.run,
    watch.watch,
    replay.replay,
    report.report,
    rejudge.rejudge,
    ablate.ablate,
    audit.audit,
    plan.plan,
    data.data,
    list_.list_,
    import_.import_,
    judge.judge,
    reproduce.reproduce,
    models.models,
    fake_provider.fake_provider,
)
for verb in VERBS:
    verbs.add_command(verb)
