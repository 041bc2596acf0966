"""`arena plan`: how large a run has to be for an effect and a power, and what it would take."""

from __future__ import annotations

from typing import Any

import click


@click.command(short_help="How many questions an effect needs, and what they would cost.")
@click.option("--effect", metavar="SHARE", type=float, default=0.05, help="The difference to detect.  [0.05]")
@click.option("--power", metavar="SHARE", type=float, default=0.8, help="In what share of runs.  [0.8]")
@click.option("--alpha", metavar="SHARE", type=float, default=0.05, help="The level of the test, two-sided.  [0.05]")
@click.option("--a", "first", metavar="ARM", default="debate", help="The arm to be compared …  [debate]")
@click.option("--b", "second", metavar="ARM", default="naive", help="… with this one.  [naive]")
@click.option("--preset", metavar="NAME", help="The model of judges that the variance is taken from.  [khan_llm]")
@click.option("--pilot", metavar="RUN", help="A run that the variance is taken from instead.")
@click.option("--per-passage", metavar="N", type=int, help="Questions in a passage.  [the pilot's, else 5]")
@click.option("--limit", metavar="N", type=int, help="Also: what this many questions detect.")
@click.option("--debater", metavar="SPEC", help="The model of debaters and consultants, for the price.  [simulated]")
@click.option("--judge", metavar="SPEC", help="The model of the judge, for the price.  [simulated]")
@click.option("--dataset", metavar="NAME|PATH", help="Questions, for their length.  [casefiles]")
@click.option("--seconds", metavar="N", type=float, help="What a call takes.  [the pilot's, else 5]")
@click.option("--concurrency", metavar="N", type=int, default=32, help="Episodes at the same time.  [32]")
@click.option("--trials", metavar="N", type=int, default=200, help="Runs to simulate a design; 0 for none.  [200]")
@click.option("--seed", metavar="N", type=int, default=0, help="What chance draws from.  [0]")
@click.option("--json", "as_json", is_flag=True, help="For programs: an object, as docs/report.md has it.")
def plan(*, as_json: bool, **given: Any) -> int:
    """Say how many questions and passages a difference needs, by formula and by simulation, in money and time.

    The variance of differences comes from a published model of judges (--preset), or better from a small run of your
    own (--pilot RUN); of a pilot with --repeats 2 it can be told what further repeats would help.
    """
    from arena.cli.planning import Asked, planned, told
    from arena.cli.words import width

    found = planned(Asked(**given))
    if as_json:
        import json

        click.echo(json.dumps(found, indent=1, ensure_ascii=False, allow_nan=False))
        return 0
    click.echo(told(found, width()))
    return 0
