"""`arena data check`: the form of a set, what stands in it twice, and what tells the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arena.cli.exits import DONE, SOME_FAILED, USAGE
from arena.cli.sets import FILTER, SEED, opened
from arena.cli.spending import bounded, spending

if TYPE_CHECKING:
    from arena.analysis.leakage import Leak
    from arena.datasets.audit import Audit
    from arena.datasets.faults import Faults

TWINS, FAULTS = 3, 20
"""How many twins, and how many broken records, are named."""


@click.command(short_help="Check a set: its form, what stands twice, and what tells the key.")
@click.argument("name", metavar="NAME|PATH")
@FILTER
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Check so many questions, whole passages.  [all]"
)
@SEED
@click.option("--level", default=0.05, type=click.FloatRange(0, 1, min_open=True, max_open=True), metavar="P",
              help="The share of clean sets in which anything may be flagged.  [0.05]")  # fmt: skip
@click.option("--judge", metavar="SPEC", help="Also ask this model without passage or debate, and name what it knows.")
@spending
@click.option("--out", metavar="DIR", help="The folder of the judge's run.  [transcripts/<date>-naive]")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(name: str, **given: Any) -> int:
    """Check the form of a set, what stands in it twice, and whether anything tells the key without being understood.

    Reads every record, and names those that are broken with their file and line. Exit code 2 where any is, as a run
    would be refused; otherwise 1 where something tells the key.
    """
    import json
    from dataclasses import asdict

    from arena.datasets.audit import audit
    from arena.datasets.faults import gathered
    from arena.errors import DataError

    with gathered() as faults:
        done = audit(opened(name, given["filter"], given["seed"], given["limit"])[1], given["level"])
    if not done.n and faults.count == 1:
        raise DataError(faults.said[0])
    known = _known(name, given) if given["judge"] and not faults.count else None
    if given["as_json"]:
        broken = {"count": faults.count, "said": faults.said}
        told = {"broken": broken, "flagged": [leak.feature for leak in done.flagged], "known": known}
        click.echo(json.dumps({**asdict(done), **told}))
    else:
        click.echo("\n".join((*_broken(faults, done.n), *(_checked(done) if done.n else ()))))
        if known is not None:
            click.echo("\n".join(_needless(given["judge"], known, done.n)))
    return USAGE if faults.count else SOME_FAILED if done.flagged else DONE


def _broken(faults: Faults, good: int) -> Iterator[str]:
    from arena.cli.words import count
    from arena.text import terminal

    if not faults.count:
        return
    yield f"! {count(faults.count, 'fault')}, each of which keeps a run from being played on this set:"
    yield from (f"  {terminal(said)}" for said in faults.said[:FAULTS])
    if faults.count > FAULTS:
        more = f"; --json has the first {len(faults.said):,}" if len(faults.said) > FAULTS else ""
        yield f"  … and {faults.count - FAULTS:,} more{more}"
    yield "" if good else "no question can be read"
    if good:
        yield "What can be read, without these:"


def _checked(done: Audit) -> Iterator[str]:
    from arena.cli.words import columns, count
    from arena.text import terminal

    sizes = ", ".join(f"{n:,} with {size}" for size, n in done.options.items())
    passages = count(done.passages, "passage") if done.passages else "no passages"
    yield f"{count(done.n, 'question')} in {count(done.groups, 'group')}, {passages}; options: {sizes}"
    for what, found in (("words and options", done.twins), ("words, with other options", done.restated)):
        if found:
            names = "; ".join(" = ".join(names) for names in found[:TWINS])
            yield terminal(f"! {count(len(found), 'question')} stand more than once with equal {what}: {names}")
    yield ""
    yield columns([("the right option …", "AUC", "95 % interval", "p", ""), *map(_leak, done.leaks)])
    yield ""
    yield _verdict(done)


def _leak(leak: Leak) -> tuple[str, ...]:
    if leak.auc is None or leak.p is None:
        return leak.feature, "-", "", "", "no question has it"
    interval = f"{leak.ci[0]:.3f} to {leak.ci[1]:.3f}" if leak.ci else f"({leak.status})"
    return leak.feature, f"{leak.auc:.3f}", interval, f"{leak.p:.4f}", "! tells the key" if leak.flagged else ""


def _verdict(done: Audit) -> str:
    how = f"{done.level:.0%} of clean sets would be flagged by any of these at the most (Holm)"
    if not done.flagged:
        return f"nothing that was tested tells the key; {how}. A leak too weak for {done.n:,} questions is not seen."
    order = " The arena shuffles options, so the source's order is no leak in a run."
    named = order if any("listed" in leak.feature for leak in done.flagged) else ""
    return f"{len(done.flagged)} of {len(done.leaks)} features tell the key; {how}.{named}"


def _known(name: str, given: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Play the baseline without a passage, and give each question with what the judge believed of the key.

    Nothing where that costs money which nobody wants to spend.
    """
    from arena.cli import runs
    from arena.cli.dry import playing
    from arena.cli.money import UNCALLED, agreed, rehearsed
    from arena.cli.progress import shown
    from arena.cli.words import say
    from arena.errors import Stopped
    from arena.plan import BASELINES, filtered, resolve
    from arena.reaching import reach
    from arena.runner import play

    alone = BASELINES[0]
    folder = runs.named(given["out"]) if given["out"] else runs.new(alone)
    bounds = bounded(given, "arena data check", folder)
    asked = {"protocol": (alone,), "dataset": filtered(name, given["filter"]), "limit": given["limit"],
             "seed": given["seed"], "judge": given["judge"], "baselines": False}  # fmt: skip
    plan = resolve(bounds.model_copy(update=asked))
    reach(plan.models.values())
    plan, bills = rehearsed(plan, folder)
    if not agreed(plan.models.values(), bills, plan.experiment.budget, yes=given["yes"]):
        say(UNCALLED)
        return None
    with shown(playing(plan, folder)) as tell:
        finished = play(plan, folder, tell)
    say(f"the judge's run: {folder}")
    if finished.stopped is not None:
        raise Stopped(f"{finished.stopped}; go on with arena run --resume {folder}")
    return believed(folder)


def believed(folder: Path) -> list[dict[str, Any]]:
    """What the judge of a run believed of each key, over both orders; the surest first."""
    from arena import log
    from arena.events import Scored

    found = [event for event in log.of_kind(folder, "Scored") if isinstance(event, Scored)]
    rows = []
    for event in found:
        beliefs = [score.p_correct for score in event.scores]
        if None not in beliefs:
            right = all(score.correct == 1 for score in event.scores)
            rows.append({"id": event.question, "p": min(p for p in beliefs if p is not None), "right": right})
    return sorted(rows, key=lambda row: (-float(str(row["p"])), str(row["id"])))


SURE = 0.9
"""A judge that is right in both orders with this much belief needs no debate."""


def _needless(judge: str, known: Sequence[dict[str, Any]], n: int) -> Iterator[str]:
    from arena.cli.words import count
    from arena.text import terminal

    sure = [str(row["id"]) for row in known if row["right"] and row["p"] >= SURE]
    yield ""
    share = f"{len(sure) / len(known):.0%} of those answered" if known else "none was answered"
    many = f"{count(len(sure), 'question')} of {n:,} ({share})"
    yield f"{judge} alone is right and {SURE:.0%} sure in both orders on {many}"
    if sure:
        yield "these need no debate: " + terminal(" ".join(sure))
