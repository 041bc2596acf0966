"""Several runs in one report: whether they may be compared, and their results on shared question codes.

Runs are joined that are finished and played the same questions (one data hash) from the same seed. Arms of different
runs are compared where they differ in nothing but the declared factor; where none is declared, in one thing only. Of a
run that was told from the transcripts of another, each arm is compared with the arm that it was told from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from arena.analysis.collector import Collector
from arena.analysis.reading import Reading, read_into
from arena.errors import UsageError
from arena.lines import fingerprint
from arena.programs import person
from arena.report.compare import BASELINES
from arena.report.header import Arm, Header, Source, header

PROTOCOL = "protocol"


@dataclass(frozen=True)
class Joined:
    """Runs that may be compared: one header for all, with arms of one name told apart, and all their results."""

    head: Header
    reading: Reading
    sources: tuple[Source, ...]


def join(folders: Sequence[Path], factors: Sequence[str] = ()) -> Joined:
    """Join run folders; `factors` declares what arms of different runs may differ in.

    Raises `DataError` where a folder is not a run, and `UsageError` with the reason where they can't be compared.
    """
    if len({folder.resolve() for folder in folders}) < len(folders):
        raise UsageError("a run can't be compared with itself, and one is named twice. Name each run once.")
    heads = [header(folder) for folder in folders]
    if len({head.run for head in heads}) < len(heads):
        heads = [replace(head, run=str(folder)) for head, folder in zip(heads, folders, strict=True)]
    parents = [_parent(head, folders) for head in heads]
    _check_data(heads, told=any(parent is not None for parent in parents))
    heads = _told_apart(heads)
    cross, differing = _cross(heads, parents, factors)
    collector, notices = Collector(), []
    sources = tuple(_source(folder, head) for folder, head in zip(folders, heads, strict=True))
    for source, head in zip(sources, heads, strict=True):
        collector.begin(source.arms, source.mark)
        notices += [f"{head.run}: {notice}" for notice in read_into(collector, source.folder)]
    reading = Reading(collector.table(), tuple(notices))
    _check_finished(heads, reading)
    if reading.table.regrouped:
        raise UsageError(
            f"these runs can't be compared: they put {reading.table.regrouped} of their questions into different "
            "passages, so that no difference of them has an error. Report each run alone."
        )
    said = f"{len(heads)} runs joined ({', '.join(head.run for head in heads)})"
    said += f"; between them differs: {', '.join(differing)}" if differing else ""
    said += ". What is compared between runs was not declared before the first call, and is exploratory"
    return Joined(_one(heads, cross), replace(reading, notices=(said, *reading.notices)), sources)


def _source(folder: Path, head: Header) -> Source:
    return Source(folder, {own(arm, head): arm.name for arm in head.arms}, f"{head.run}:")


def _parent(head: Header, folders: Sequence[Path]) -> int | None:
    """Which of the folders holds the run that this one was told from, as it was then."""
    if head.parent is None:
        return None
    return next((n for n, folder in enumerate(folders) if fingerprint(folder) == head.parent), None)


def _check_data(heads: Sequence[Header], *, told: bool) -> None:
    """Refuse runs of other questions or seeds; transcripts that were `told` again need no seed."""
    for what, values, hint in (
        ("data", [head.data_hash for head in heads], "play them with the same --dataset, --limit and --seed"),
        ("seed", [head.seed for head in heads], "play them with the same --seed"),
    ):
        each = ", ".join(f"{head.run}: {value or 'not told'}" for head, value in zip(heads, values, strict=True))
        if (None in values and not told) or len(set(values)) > 1:
            raise UsageError(
                f"these runs can't be compared: they have not the same {what} ({each}). To compare them, {hint}; or "
                "report each alone."
            )


def _check_finished(heads: Sequence[Header], reading: Reading) -> None:
    table = reading.table
    tested = table.episodes.where(table.episodes.test)
    done = Counter(table.arms[code] for code in tested.arm.tolist())
    for head in heads:
        if all(person(arm.judge or "") for arm in head.arms):
            continue  # people are asked one transcript at a time, in an order that was drawn
        planned = {arm.name: arm.planned for arm in head.arms if arm.planned is not None}
        behind = sum(max(0, n - done[name]) for name, n in planned.items())
        if behind or not planned:
            what = f"{behind} planned episodes are not there" if behind else "its header plans no number of episodes"
            raise UsageError(
                f"these runs can't be compared: {head.run} is unfinished ({what}), and what finished first need not be "
                f"like the rest. Finish it with `arena run --resume {head.run}`, or report it alone."
            )


def _told_apart(heads: Sequence[Header]) -> list[Header]:
    """The headers with their arms bound to their runs, and called after them where another run has such an arm."""
    count = Counter(arm.name for head in heads for arm in head.arms)
    found = []
    for head in heads:
        names = [f"{arm.name} · {head.run}" if count[arm.name] > 1 else arm.name for arm in head.arms]
        arms = (replace(arm, run=head.run, name=name) for arm, name in zip(head.arms, names, strict=True))
        found.append(replace(head, arms=tuple(arms)))
    return found


def own(arm: Arm, head: Header) -> str:
    """The name that an arm has in its own run, of which this is the header as it was joined."""
    return arm.name.removesuffix(f" · {head.run}")


def _kin(parent: Header, child: Header) -> Iterator[tuple[str, str]]:
    """Each arm of a run that was told from another, with the arm that it was told from."""
    names = {own(arm, parent): arm.name for arm in parent.arms}
    yield from ((arm.name, names[arm.parent]) for arm in child.arms if arm.parent in names)


def _cross(
    heads: Sequence[Header], parents: Sequence[int | None], factors: Sequence[str]
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """The pairs of arms of different runs to compare, the later run's first; and what they differ in."""
    declared = {*factors, *(factor for head in heads for factor in head.factors)}
    pairs: list[tuple[str, str]] = []
    differing: list[str] = []
    alike: list[str] = []
    for (i, one), (j, other) in combinations(enumerate(heads), 2):
        if parents[j] == i or parents[i] == j:
            child, parent = (other, one) if parents[j] == i else (one, other)
            pairs += list(_kin(parent, child))
            differing += child.factors or ("nothing",)
            continue
        for b, a in ((x, y) for x in one.arms for y in other.arms if _may_meet(x, y)):
            keys = differences(a, b)
            if not keys:
                alike.append(a.name)
                continue
            if keys - declared and (declared or len(keys) > 1):
                raise UsageError(_too_different(a, b, keys, declared))
            pairs.append((a.name, b.name))
            differing += sorted(keys)
    if not pairs:
        same = "their arms differ in nothing" if alike else "no arm of one is like an arm of another"
        raise UsageError(
            f"these runs have nothing to compare: {same}. Compare runs that differ in one thing; or report each alone."
        )
    return tuple(pairs), tuple(dict.fromkeys(differing))


def _may_meet(a: Arm, b: Arm) -> bool:
    """Whether two arms are versions of one protocol, or protocols before one judge; a baseline meets its like only."""
    if a.protocol == b.protocol:
        return True
    return not {a.protocol, b.protocol} & {*BASELINES} and a.judge is not None and a.judge == b.judge


def differences(a: Arm, b: Arm) -> set[str]:
    """What two arms differ in: `protocol` alone, or settings, models by role, prompts, repeats."""
    if a.protocol != b.protocol:
        return {PROTOCOL}
    keys = a.config.keys() | b.config.keys()
    return {key for key in keys if a.config.get(key) != b.config.get(key)}


def _too_different(a: Arm, b: Arm, keys: Iterable[str], declared: Iterable[str]) -> str:
    found = ", ".join(f"{key} ({b.config.get(key, 'none')} / {a.config.get(key, 'none')})" for key in sorted(keys))
    what = f"only {', '.join(sorted(declared))} may" if declared else "only one thing may, unless --factor declares it"
    hint = " ".join(f"--factor {key}" for key in sorted({*keys, *declared}))
    return (
        f"these runs can't be compared: {b.name} and {a.name} differ in {found}; {what}. What the difference is due to "
        f"could not be told. To compare them all the same, declare it: {hint}"
    )


def _one(heads: Sequence[Header], cross: tuple[tuple[str, str], ...]) -> Header:
    return replace(
        heads[0],
        run=" + ".join(head.run for head in heads),
        created=None,
        arms=tuple(_arms(heads)),
        declared=None,
        simulated=all(head.simulated for head in heads),
        cross=cross,
    )


def _arms(heads: Sequence[Header]) -> Iterator[Arm]:
    for head in heads:
        yield from head.arms
