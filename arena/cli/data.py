"""`arena data`: look at question sets, check them, and make some."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arena.cli.exits import DONE, SOME_FAILED

if TYPE_CHECKING:
    from arena.analysis.leakage import Leak
    from arena.datasets.audit import Audit
    from arena.question import Item

SHOWN = 3
"""How many questions `show` prints where none is named, and how many twins `check` names."""


@click.group(short_help="Look at question sets, check them for leaks, and make some.")
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


_FILTER = click.option("--filter", metavar="CONDITIONS", help="Only records such as words<=30,Category=Law|Health.")
_SEED = click.option("--seed", default=0, metavar="N", help="What chance draws from.  [0]")


@data.command(short_help="Print questions of a set, with their keys.")
@click.argument("name", metavar="NAME|PATH")
@click.argument("id", required=False)
@_FILTER
@_SEED
def show(name: str, id: str | None, filter: str | None, seed: int) -> int:  # noqa: A002 - named as they are typed
    """Print what a set says of itself and its first questions, or one question whole, passage and all."""
    from arena.errors import UsageError

    dataset, found = _items(name, filter, seed, None)
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


def _items(name: str, filter_: str | None, seed: int, limit: int | None) -> tuple[Any, Iterator[Item]]:
    from arena.datasets.base import checked
    from arena.plan import filtered, open_dataset

    dataset = open_dataset(filtered(name, filter_))
    return dataset, checked(dataset.items(limit=limit, seed=seed), name)


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


@data.command(short_help="Check a set: its form, what stands twice, and what tells the key.")
@click.argument("name", metavar="NAME|PATH")
@_FILTER
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Check so many questions, whole passages.  [all]"
)
@_SEED
@click.option("--level", default=0.05, type=click.FloatRange(0, 1, min_open=True, max_open=True), metavar="P",
              help="The share of clean sets in which anything may be flagged.  [0.05]")  # fmt: skip
@click.option("--judge", metavar="SPEC", help="Also ask this model without passage or debate, and name what it knows.")
@click.option("--budget", metavar="USD", help="Stop the judge when this much is spent.")
@click.option("--out", metavar="DIR", help="The folder of the judge's run.  [transcripts/<date>-naive]")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(name: str, **given: Any) -> int:
    """Check the form of a set, what stands in it twice, and whether anything tells the key without being understood.

    Reads every record; the first broken one ends it, with its file and line. Exit code 1 where something tells the key.
    """
    import json
    from dataclasses import asdict

    from arena.datasets.audit import audit

    _, found = _items(name, given["filter"], given["seed"], given["limit"])
    done = audit(found, given["level"])
    known = _known(name, given) if given["judge"] else None
    if given["as_json"]:
        click.echo(json.dumps({**asdict(done), "flagged": [leak.feature for leak in done.flagged], "known": known}))
    else:
        click.echo("\n".join(_checked(done)))
        if known is not None:
            click.echo("\n".join(_needless(given["judge"], known, done.n)))
    return SOME_FAILED if done.flagged else DONE


def _checked(done: Audit) -> Iterator[str]:
    from arena.cli.words import columns, count
    from arena.text import terminal

    sizes = ", ".join(f"{n:,} with {size}" for size, n in done.options.items())
    passages = count(done.passages, "passage") if done.passages else "no passages"
    yield f"{count(done.n, 'question')} in {count(done.groups, 'group')}, {passages}; options: {sizes}"
    for what, found in (("words and options", done.twins), ("words, with other options", done.restated)):
        if found:
            names = "; ".join(" = ".join(names) for names in found[:SHOWN])
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
    order = "The arena shuffles options, so the source's order is no leak in a run. "
    named = order if any("listed" in leak.feature for leak in done.flagged) else ""
    return f"{len(done.flagged)} of {len(done.leaks)} features tell the key; {how}. {named}"


def _known(name: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Play the baseline without a passage, and give each question with what the judge believed of the key."""
    from arena.cli import runs
    from arena.cli.words import say
    from arena.errors import Stopped
    from arena.plan import BASELINES, Experiment, filtered, resolve
    from arena.runner import play

    alone = BASELINES[0]
    experiment = Experiment.model_validate(
        {"protocol": (alone,), "dataset": filtered(name, given["filter"]), "limit": given["limit"],
         "seed": given["seed"], "judge": given["judge"], "baselines": False, "budget": given["budget"]}
    )  # fmt: skip
    folder = runs.named(given["out"]) if given["out"] else runs.new(alone)
    finished = play(resolve(experiment), folder)
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


@data.command(short_help="Get a published set from its authors' address.")
@click.argument("name")
@click.option("--from", "mirror", metavar="URL", help="A mirror that holds the files under their names.")
@click.option("--dry-run", is_flag=True, help="Show what would be fetched; fetch nothing.")
def fetch(name: str, mirror: str | None, *, dry_run: bool) -> int:
    """Show licence, sizes and checksums of a published set, then fetch it into the cache, where runs find it."""
    from arena.cli.words import columns, say
    from arena.datasets import fetch as fetching
    from arena.datasets.places import cache

    wanted = fetching.source(name, mirror)
    sizes = [f"{file.size:,} bytes" if file.size else "size unknown" for file in wanted.files]
    sums = [f"sha256 {file.sha256[:16]}…" if file.sha256 else "no checksum known" for file in wanted.files]
    rows = [(file.path, size, sum_, file.url) for file, size, sum_ in zip(wanted.files, sizes, sums, strict=True)]
    say(f"{name}, licence: {wanted.licence}\n{columns(rows, '  ')}")
    if not dry_run:
        for file, digest in fetching.fetch(wanted):
            click.echo(f"{cache() / name / file.path}  {digest}")
    return DONE


@data.command(short_help="Make a set: casefiles, with their dials, as a file.")
@click.argument("what", type=click.Choice(["casefiles"]))
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A JSONL file, not there yet."
)
@click.option("--limit", default=100, type=click.IntRange(min=1), metavar="N", help="How many.  [100]")
@_SEED
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


@data.command(short_help="Have one model write questions, and another filter them.")
@click.option("--from", "passages", metavar="FILE|NAME", multiple=True, help="A text, or a set whose passages to use.")
@click.option("--topic", metavar="WORDS", multiple=True, help="Write about this, without a passage; repeatable.")
@click.option("--count", default=5, type=click.IntRange(min=1), metavar="N", help="Questions on each.  [5]")
@click.option("--limit", default=10, type=click.IntRange(min=1), metavar="N", help="Passages of each set.  [10]")
@click.option("--writer", default="sim/writer", metavar="SPEC", help="The model that writes.  [sim/writer]")
@click.option("--filter", "judge", default="sim/writer", metavar="SPEC", help="The one that filters.  [sim/writer]")
@click.option("--budget", type=click.FloatRange(min=0, min_open=True), metavar="USD", help="Stop when this is spent.")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="A new JSONL file.")
@click.option("--log", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The log of calls.  [FILE.log]")
def write(passages: tuple[str, ...], topic: tuple[str, ...], out: Path, **given: Any) -> int:
    """Have a model write questions with a right and a tempting wrong answer, and another filter them.

    Kept is what the filter answers as the writer does with the passage, in both orders, and is not sure of without it
    (after Perez et al. 2022). The same command goes on where it was stopped; no call is bought twice.
    """
    from arena import writing
    from arena.datasets.records import write as put
    from arena.errors import UsageError
    from arena.models.ledger import check_budget
    from arena.plan import open_model

    sources = [one for spec in passages for one in _passages(spec, given["limit"])]
    sources += [writing.Source(f"topic-{i + 1}", None, words) for i, words in enumerate(topic)]
    if not sources:
        raise UsageError("there is nothing to write about: give a text or a set with --from, or a --topic")
    if out.exists():
        raise UsageError(f"{out} is there already; give another name, or move it away")
    writer, judge = open_model(given["writer"]), open_model(given["judge"])
    check_budget({one.spec: one for one in (writer, judge)}, given["budget"])
    folder = given["folder"] or out.with_suffix(".log")
    judged = writing.write(sources, given["count"], writer, judge, folder, budget=given["budget"])
    kept = put(out, writing.records(judged, writer, judge))
    click.echo("\n".join(_written(judged, kept, out)))
    return DONE if kept else SOME_FAILED


def _passages(spec: str, limit: int) -> Iterator[Any]:
    """The passages of a text file, or of a set, each once."""
    from arena.errors import DataError
    from arena.plan import open_dataset
    from arena.writing import Source

    path = Path(spec)
    if path.suffix in (".txt", ".md"):
        try:
            yield Source(path.stem, path.read_text(encoding="utf-8"))
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
