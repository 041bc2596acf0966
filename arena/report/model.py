"""What a report holds: plain frozen data, from which each output is made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from arena.analysis.accuracy import FEW_PASSAGES, TOO_FEW_PASSAGES, Accuracy
from arena.analysis.brier import Brier
from arena.analysis.ceiling import Ceiling
from arena.analysis.corp import Corp
from arena.analysis.cost import Bought, Cost
from arena.analysis.missing import Missing
from arena.analysis.orders import Orders
from arena.analysis.paired import Paired
from arena.analysis.pgr import Recovered
from arena.analysis.power import ALPHA, detectable_by
from arena.analysis.rows import Table
from arena.analysis.served import Seats
from arena.analysis.sides import Sides
from arena.analysis.treatments import Treated
from arena.report.certified import Audit
from arena.report.header import Arm, Source
from arena.report.people import Sitting
from arena.report.shadow import ByRound

if TYPE_CHECKING:
    from arena.report.insight import Insight, Overview

TOO_MANY_MISSING = "too_many_missing"


@dataclass(frozen=True)
class Beliefs:
    """What beliefs of one form are worth. `outside` is the mean probability mass that fell on no option."""

    brier: Brier
    corp: Corp
    outside: float | None = None


@dataclass(frozen=True)
class ArmResult:
    """One arm on one dataset. `episodes` and `failed` count test episodes, the failed ones by outcome.

    `beliefs` are those that were put in words, `tokens` those that were read off token probabilities. `bought` says by
    seat what was bought, `served` under which names its models answered; they are empty where the log does not tell.
    """

    arm: Arm
    dataset: str
    missing: Missing
    orders: Orders
    sides: Sides | None
    beliefs: Beliefs
    tokens: Beliefs
    cost: Cost
    episodes: int
    failed: dict[str, int]
    bought: dict[str, Bought]
    served: Seats

    @property
    def headline(self) -> Accuracy:
        """The accuracy with missing verdicts as wrong; without a value where too many are missing."""
        found = self.missing.wrong
        if self.missing.flag == "no_headline":
            return Accuracy(found.n, found.n_groups, found.n_rows, None, status=TOO_MANY_MISSING)
        return found

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader has to be warned of, as words of the contract."""
        found = [passages_flag(self.headline.n_groups), self.missing.flag]
        found += ["order_imbalance"] if self.orders.standardised.matters else []
        found += ["side_imbalance"] if self.sides is not None and self.sides.standardised.matters else []
        return tuple(flag for flag in found if flag)


@dataclass(frozen=True)
class Comparison:
    """Arm A minus arm B on one dataset. `family` is `confirmatory` or `exploratory`; p is adjusted within it."""

    a: str
    b: str
    dataset: str
    family: str
    primary: bool
    treated: Treated
    refused: bool
    p_holm: float | None = None
    p_bh: float | None = None

    @property
    def headline(self) -> Paired:
        """The difference with missing verdicts as wrong; without a value where too many are missing in an arm."""
        found = self.treated.wrong
        if self.refused:
            return Paired(found.n_pairs, found.n_only_a, found.n_only_b, found.n_groups, status=TOO_MANY_MISSING)
        return found

    @property
    def significant(self) -> bool | None:
        """Whether the headline p is below the level; `None` without a p."""
        return None if self.headline.p is None else self.headline.p < ALPHA

    @property
    def detectable(self) -> float | None:
        """The smallest difference that this design detects in 80 % of runs; `None` without an error."""
        return detectable_by(self.headline)

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader has to be warned of."""
        found = (passages_flag(self.headline.n_groups), self.treated.flag)
        return tuple(flag for flag in found if flag)

    def adjusted(self, p_holm: float | None, p_bh: float | None) -> Comparison:
        """The same with its adjusted p values."""
        return replace(self, p_holm=p_holm, p_bh=p_bh)


@dataclass(frozen=True)
class Pgr:
    """The gap that an arm recovers between two baselines with its own judge."""

    arm: str
    floor: str | None
    ceiling: str | None
    dataset: str
    recovered: Recovered


@dataclass(frozen=True)
class Stage:
    """One iteration of an iterated protocol, whose arms are called `family[iteration]`."""

    family: str
    iteration: int
    result: ArmResult


@dataclass(frozen=True)
class Stopping:
    """How the run came to its end: the rule it declared, and its test episodes, scored and planned.

    `status` is `as_planned` where all planned episodes are there, so that no look at results can have ended the run;
    `unfinished` where some lack; `unknown` where the header plans none.
    """

    declared: str | None
    done: int
    planned: int | None

    @property
    def status(self) -> str:
        """Whether a look can have stopped the run."""
        if self.planned is None:
            return "unknown"
        return "as_planned" if self.done >= self.planned else "unfinished"


@dataclass(frozen=True)
class Report:
    """A run's results. `notices` says in words what is unfinished, damaged or mixed, the gravest first.

    `table` has the verdicts and episodes behind every number (see `arena.report.evidence`). `insights`, one an arm and
    dataset, and `overviews`, one a dataset, are `None` unless the report is a full one. `shadow` has beliefs by round,
    `people` how long people took.
    `audits` has what came of the audits of runs, of those that left one. `sources` are the folders it is made from.
    """

    run: str
    created: str | None
    seed: int | None
    simulated: bool
    options: int
    datasets: tuple[str, ...]
    notices: tuple[str, ...]
    declared: dict[str, Any] | None
    departures: tuple[str, ...]
    stopping: Stopping
    arms: tuple[ArmResult, ...]
    comparisons: tuple[Comparison, ...]
    pgr: tuple[Pgr, ...]
    stages: tuple[Stage, ...]
    ceilings: dict[str, Ceiling]
    table: Table = field(repr=False, compare=False)
    insights: tuple[Insight, ...] | None = None
    overviews: tuple[Overview, ...] | None = None
    shadow: tuple[ByRound, ...] = ()
    people: tuple[Sitting, ...] = ()
    audits: tuple[Audit, ...] = ()
    sources: tuple[Source, ...] = field(default=(), compare=False)


def passages_flag(n_groups: int) -> str | None:
    """Whether so few passages need a word."""
    if n_groups == 0 or n_groups >= FEW_PASSAGES:
        return None
    return "too_few_passages" if n_groups < TOO_FEW_PASSAGES else "few_passages"
