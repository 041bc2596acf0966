"""What judges believed by round, where a shadow judge was asked (`--shadow-judge`), and what a round told them.

An entry is one presentation of one episode after one round: round 0 is before anything was heard, the last one is the
verdict itself. Shadow beliefs count nowhere else. Beliefs in words and token probabilities are kept apart, as ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import nan
from pathlib import Path

import numpy as np

from arena import log
from arena.analysis.accuracy import Interval
from arena.analysis.cluster import mean_of
from arena.analysis.logscore import Gain, bits_per_round
from arena.analysis.rows import Columns, Flags, Floats, Ints
from arena.events import AnyEvent, Ended, Scored, Shadowed, Stated, Verdict

Place = tuple[tuple[int, ...], int]


@dataclass(frozen=True, eq=False)
class Entries(Columns):
    """Beliefs by round, shape (n,) each. `p` is that in the right option, NaN where it is missing.

    Codes are places in the names of `Traces`; `slot` is where the right option was shown (0 = first). `last` marks the
    entries of the verdict.
    """

    arm: Ints
    dataset: Ints
    group: Ints
    episode: Ints
    slot: Ints
    round: Ints
    last: Flags
    tokens: Ints
    p: Floats


@dataclass(frozen=True, eq=False)
class Traces:
    """All that a run says of beliefs by round."""

    arms: tuple[str, ...]
    datasets: tuple[str, ...]
    entries: Entries

    def of(self, arm: str, dataset: str, stated: Stated = "verbalised") -> Entries:
        """The entries of one arm on one dataset in one form of belief."""
        if arm not in self.arms or dataset not in self.datasets:
            return self.entries.where(np.zeros(len(self.entries), bool))
        mine = (self.entries.arm == self.arms.index(arm)) & (self.entries.dataset == self.datasets.index(dataset))
        return self.entries.where(mine & (self.entries.tokens == (stated == "tokens")))


@dataclass(frozen=True)
class AfterRound:
    """The mean belief in the right option after a round, with its CR2 error and t interval; `n` counts beliefs.

    `status` is `ok`, `single_cluster` or `no_data`.
    """

    round: int
    n: int
    n_groups: int
    p: float | None
    se: float | None = None
    ci: Interval | None = None
    status: str = "ok"


def read_traces(run: Path) -> Traces:
    """The beliefs by round of a run folder; none where no shadow judge was asked."""
    kinds = ("Shadowed", "Ended", "Scored")
    if next(log.scan(run, "Shadowed"), None) is None:
        return traces(())
    return traces(event for kind in kinds for event in log.of_kind(run, kind))


def traces(events: Iterable[AnyEvent]) -> Traces:
    """Fold the events of a run. Test episodes that were scored count, each as it was logged last."""
    beliefs: dict[str, dict[Place, tuple[bool, Verdict]]] = {}
    scored: dict[str, Scored] = {}
    for event in events:
        if isinstance(event, Shadowed) and event.verdict.round is not None:
            _note(beliefs.setdefault(event.episode, {}), event.verdict, last=False)
        elif isinstance(event, Ended):
            for verdict in event.verdicts:
                if verdict.round is not None:
                    _note(beliefs.setdefault(event.episode, {}), verdict, last=True)
        elif isinstance(event, Scored) and event.split == "test":
            scored[event.episode] = event
    arms = {name: code for code, name in enumerate(dict.fromkeys(event.arm for event in scored.values()))}
    datasets = {name: code for code, name in enumerate(dict.fromkeys(event.dataset for event in scored.values()))}
    groups = {name: code for code, name in enumerate(dict.fromkeys(_group(event) for event in scored.values()))}
    lines = [
        (arms[event.arm], datasets[event.dataset], groups[_group(event)], number, *line)
        for number, (name, event) in enumerate(scored.items())
        for line in _lines(event, beliefs.get(name, {}))
    ]
    return Traces(tuple(arms), tuple(datasets), _entries(lines))


def belief_by_round(entries: Entries) -> tuple[AfterRound, ...]:
    """The mean belief in the right option after each round, over all presentations, clustered by passage."""
    return tuple(_after(entries.where(entries.round == n), int(n)) for n in np.unique(entries.round))


def round_gain(entries: Entries) -> Gain:
    """What a round told the judge, in bits: from its belief before the first round to its verdict."""
    known = entries.where(entries.last | (entries.round == 0))
    keys, at = np.unique(np.stack([known.episode, known.slot]), axis=1, return_inverse=True)
    first, last, rounds = np.full(keys.shape[1], nan), np.full(keys.shape[1], nan), np.zeros(keys.shape[1])
    groups = np.zeros(keys.shape[1], np.int64)
    groups[at] = known.group
    final, prior = known.last, ~known.last
    last[at[final]], rounds[at[final]] = known.p[final], known.round[final]
    first[at[prior]] = known.p[prior]
    return bits_per_round(first, last, rounds, groups)


def _after(entries: Entries, number: int) -> AfterRound:
    stated = entries.where(~np.isnan(entries.p))
    mean = mean_of(stated.p, stated.group)
    return AfterRound(number, mean.n, mean.n_groups, mean.mean, mean.se, mean.ci_t, mean.status)


def _note(beliefs: dict[Place, tuple[bool, Verdict]], verdict: Verdict, *, last: bool) -> None:
    """Keep a belief under its presentation and round; the verdict goes before what was asked after the same round."""
    place = (verdict.order, verdict.round or 0)
    if last or not beliefs.get(place, (False,))[0]:
        beliefs[place] = (last, verdict)


def _group(event: Scored) -> tuple[str, str]:
    return event.dataset, event.group


def _lines(event: Scored, beliefs: dict[Place, tuple[bool, Verdict]]) -> Iterator[tuple[int, int, bool, bool, float]]:
    for (order, number), (last, verdict) in sorted(beliefs.items()):
        if event.key in order:
            p = nan if verdict.belief is None else verdict.belief[event.key]
            yield order.index(event.key), number, last, verdict.stated == "tokens", p


def _entries(lines: list[tuple[int, int, int, int, int, int, bool, bool, float]]) -> Entries:
    table = np.array(lines, np.float64).reshape(-1, 9)
    arm, dataset, group, episode, slot, number, last, tokens = table[:, :8].astype(np.int64).T
    return Entries(arm, dataset, group, episode, slot, number, last.astype(bool), tokens, table[:, 8])
