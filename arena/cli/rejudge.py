"""`arena rejudge`: ask the judges of a run again, on the identical transcripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from arena.cli.again import ask_again, telling


@click.command(short_help="Ask the judge again on the identical transcripts of a run.")
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--judge", metavar="SPEC", help="The model that decides.  [as it was]")
@click.option(
    "--orders",
    default="as-judged",
    show_default=True,
    type=click.Choice(["as-judged", "both", "forward", "reversed", "swap"]),
    help="The orders of the options that are judged.",
)
@click.option("--rounds", metavar="1..K", help="After how many rounds: 2, or 1,3, or 1..3; an arm for each.")
@click.option("--prompts", metavar="DIR", type=click.Path(path_type=Path), help="Other words: DIR/<protocol>/<cue>.md.")
@telling
def rejudge(
    run: str | None, judge: str | None, orders: str, rounds: str | None, prompts: Path | None, **given: Any
) -> int:
    """Have the judges of a run, the last that was played if none is named, decide again on the same transcripts.

    The protocol need not be installed: the log is enough, so it works on imported runs too. Calls whose request did not
    change are looked up and not made. The result is a run of its own, and its paired effect is printed.
    """
    from arena import plugins
    from arena.counterfactual import Twist, with_rounds

    asked = {"judge": judge, "orders": orders, "prompts": prompts}
    twist = plugins.build(Twist, asked, "rejudge")
    return ask_again("rejudge", run, with_rounds(twist, _numbers(rounds)), given)


def _numbers(rounds: str | None) -> list[int]:
    """`2`, `1,3` and `1..3` as numbers of rounds."""
    from arena.errors import UsageError

    try:
        ends = [[int(end) for end in part.split("..")] for part in (rounds or "").split(",") if part]
        found = [n for part in ends for n in range(part[0], part[-1] + 1)]
    except ValueError:
        found = []
    if rounds is not None and (not found or min(found) < 1):
        raise UsageError(f"--rounds {rounds!r} is no number of rounds; write 2, or 1,3, or 1..3")
    return found
