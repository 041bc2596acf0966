"""`arena ablate`: change one thing in the transcripts of a run, and ask again where that changes a request."""

from __future__ import annotations

from typing import Any

import click

from arena.cli.again import ask_again, telling


@click.command(short_help="Change one factor of a run's transcripts, and see what it does to the verdicts.")
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--factor", "factors", metavar="NAME=LEVEL", multiple=True, required=True, help="What to change.")
@click.option("--seed", default=0, show_default=True, help="What a shuffled attribution is drawn from.")
@telling
def ablate(run: str | None, factors: tuple[str, ...], seed: int, **given: Any) -> int:
    """Change a factor and have the judges of a run, the last that was played if none is named, decide again.

    \b
    judge.model=SPEC                another judge
    order=swap|both|forward|reversed
    rounds=K                        the transcript after K rounds
    quotes=masked|only|unmarked     arguments alone, evidence alone, no marks
    speeches=attribution-shuffled   who said what is drawn anew
    side=hidden                     nobody is told who argues for what
    prompts=DIR                     other words

    Only calls whose request changed are made, and none with --offline. A change that changes nothing makes no call.
    """  # noqa: D301  # click reads the backslash
    from arena.counterfactual import parsed

    return ask_again("ablate", run, [parsed(factors, seed)], given)
