"""`arena data write`: questions that one model writes and another filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arena.cli.exits import DONE, INTERRUPTED, SOME_FAILED
from arena.cli.spending import bounded, spending

if TYPE_CHECKING:
    from arena.progress import Progress
    from arena.writing import Source


@click.command(short_help="Have one model write questions, and another filter them.")
@click.option("--from", "passages", metavar="FILE|NAME", multiple=True, help="A text, or a set whose passages to use.")
@click.option("--topic", metavar="WORDS", multiple=True, help="Write about this, without a passage; repeatable.")
@click.option("--count", default=5, type=click.IntRange(min=1), metavar="N", help="Questions on each.  [5]")
@click.option("--limit", default=10, type=click.IntRange(min=1), metavar="N", help="Passages of each set.  [10]")
@click.option("--writer", default="sim/writer", metavar="SPEC", help="The model that writes.  [sim/writer]")
@click.option("--filter", "judge", default="sim/writer", metavar="SPEC", help="The one that filters.  [sim/writer]")
@spending
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A new JSONL file.")
@click.option("--log", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The log of calls.  [FILE.log]")
def write(passages: tuple[str, ...], topic: tuple[str, ...], out: Path, **given: Any) -> int:
    """Have a model write questions with a right and a tempting wrong answer, and another filter them.

    Kept is what the filter answers as the writer does with the passage, in both orders, and is not sure of without it
    (after Perez et al. 2022). The same command goes on where it was stopped; no call is bought twice.
    """
    from arena import writing
    from arena.cli.money import UNCALLED, agreed
    from arena.cli.words import say
    from arena.datasets.records import write as put
    from arena.errors import Stopped, UsageError
    from arena.models.ledger import check_budget
    from arena.plan import open_model
    from arena.reaching import reach

    sources = [one for spec in passages for one in _passages(spec, given["limit"])]
    sources += [writing.Source(f"topic-{i + 1}", None, words) for i, words in enumerate(topic)]
    sources = list(_apart(sources))
    if not sources:
        raise UsageError("there is nothing to write about: give a text or a set with --from, or a --topic")
    if out.exists():
        raise UsageError(f"{out} is there already; give another name, or move it away")
    writer, judge = open_model(given["writer"]), open_model(given["judge"])
    if topic and writer.spec.startswith("sim/"):
        raise UsageError(f"{writer.spec} takes sentences of a passage and knows no topic; name a --writer that does")
    folder = given["folder"] or out.with_suffix(".log")
    asked = bounded(given, "arena data write", folder)
    check_budget({one.spec: one for one in (writer, judge)}, asked.budget, batch=asked.batch)
    reach((writer, judge))
    bills, waves = writing.cost(sources, given["count"], writer, judge, folder, asked)
    if not agreed((writer, judge), bills, asked.budget, yes=given["yes"]):
        say(UNCALLED)
        return DONE
    try:
        judged = writing.write(sources, given["count"], writer, judge, folder, asked, _told(waves))
    except Stopped as why:
        if str(why) != writing.INTERRUPTED:
            raise
        say(f"stopped: {why}")
        return INTERRUPTED
    kept = put(out, writing.records(judged, writer, judge))
    click.echo("\n".join(_written(judged, kept, out)))
    return DONE if kept else SOME_FAILED


def _told(waves: int) -> Callable[[Progress], None]:
    """What tells how far the batches are."""
    from arena.cli.progress import waving
    from arena.cli.words import say

    return lambda progress: say(waving(replace(progress, waves=waves)))


def _passages(spec: str, limit: int) -> Iterator[Source]:
    """The passages of a text file, or of a set, each once."""
    from arena.errors import DataError
    from arena.plan import open_dataset
    from arena.writing import Source

    path = Path(spec)
    if path.suffix in (".txt", ".md"):
        try:
            yield Source(path.stem, path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise DataError(f"there is no file {path}; give --from a text of yours, or a set with passages") from None
        except (OSError, UnicodeDecodeError) as why:
            raise DataError(f"{path} cannot be read as a text: {why}") from None
        return
    seen: dict[str, str] = {}
    found = open_dataset(spec).items(limit=None, seed=0)
    while len(seen) < limit and (one := next(found, None)):
        if one.question.passage:
            seen.setdefault(one.question.group, one.question.passage)
    if not seen:
        raise DataError(f"{spec} has no passages; write about words of your own with --topic")
    yield from (Source(group, passage) for group, passage in seen.items())


def _apart(sources: Sequence[Source]) -> Iterator[Source]:
    """The same, each under a name of its own: texts in two folders, or groups of two sets, may be called alike."""
    taken: set[str] = set()
    for one in sources:
        names = (one.name, *(f"{one.name}-{n}" for n in range(2, len(sources) + 1)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        yield replace(one, name=name)


def _written(judged: Sequence[Any], kept: int, out: Path) -> Iterator[str]:
    from collections import Counter

    from arena.cli.words import count, tally
    from arena.writing import agreement

    faults = Counter(one.fault for one in judged if one.fault)
    yield f"kept {count(kept, 'question')} of {len(judged):,} in {out}" + (
        f"; left out: {tally(faults)}" if faults else ""
    )
    for what, found in (
        ("with the passage", agreement(judged, lambda one: one.with_passage)),
        ("without a passage", agreement(judged, lambda one: one.without)),
    ):
        share = "-" if found.share is None else f"{found.share:.1%}"
        yield f"filter and writer agree {what}: {share} of {count(found.n, 'question')} (both orders)"
