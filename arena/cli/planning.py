"""What `arena plan` finds, as an object for programs, and in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic_core import from_json

from arena.analysis.design import (
    Design,
    Sized,
    Trials,
    Variance,
    of_model,
    of_pilot,
    own_repeats,
    power_in_model,
    power_in_pilot,
    reach,
    sized,
)
from arena.analysis.generative import ARMS, Judging
from arena.analysis.power import Simulated
from arena.analysis.presets import preset
from arena.analysis.reading import read
from arena.analysis.rows import Table
from arena.bill import Charge, together
from arena.cli.money import dollars
from arena.cli.words import columns
from arena.errors import UsageError, unknown
from arena.estimate import Estimate, estimate
from arena.plan import Experiment, resolve

PRESET = "khan_llm"
PER_PASSAGE, SECONDS = 5, 5.0
DESIGNS = (Design(both_orders=False), Design(), Design(repeats=2), Design(repeats=3))
SAMPLE = 5
"""Questions that are played in memory to see what one takes."""

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What was asked, as the command line has it."""

    effect: float
    power: float
    alpha: float
    first: str
    second: str
    preset: str | None
    pilot: str | None
    per_passage: int | None
    limit: int | None
    debater: str | None
    judge: str | None
    dataset: str | None
    seconds: float | None
    concurrency: int
    trials: int
    seed: int


@dataclass(frozen=True)
class Source:
    """Where the variance comes from: a model, or the table of a pilot and the dataset in it."""

    name: str
    variances: tuple[Variance, ...]
    per_passage: int
    seconds: float | None = None
    model: Judging | None = None
    table: Table | None = None
    dataset: str = ""
    repeats: int = 1


def planned(asked: Asked) -> Json:
    """The plan. Raises `UsageError` for what cannot be."""
    _check(asked)
    source = _pilot(asked) if asked.pilot else _preset(asked)
    each, estimated = _question(asked)
    seconds = asked.seconds if asked.seconds is not None else source.seconds or SECONDS
    designs = [_design(asked, source, one, each, seconds) for one in source.variances]
    return {
        "a": asked.first,
        "b": asked.second,
        "effect": asked.effect,
        "power": asked.power,
        "alpha": asked.alpha,
        "per_passage": source.per_passage,
        "source": source.name,
        "own_difference": _own(asked, source),
        "designs": designs,
        "limit": asked.limit,
        "seconds_per_call": None if estimated.faithful else seconds,
        "concurrency": asked.concurrency,
        "simulated": estimated.faithful,
        "seed": asked.seed,
        "failures": [arm.failure for arm in estimated.arms if arm.failure],
    }


def _check(asked: Asked) -> None:
    for name, share in (("effect", abs(asked.effect)), ("power", asked.power), ("alpha", asked.alpha)):
        if not 0 < share < 1:
            raise UsageError(f"--{name} {getattr(asked, name):g} is no share between 0 and 1; five points are 0.05")
    for name, least in (("per_passage", 1), ("limit", 2), ("concurrency", 1), ("seconds", 0), ("trials", 0)):
        value = getattr(asked, name)
        if value is not None and value < least:
            raise UsageError(f"--{name.replace('_', '-')} {value:g} is too small; it is at least {least}")
    if asked.power <= asked.alpha:
        raise UsageError("--power has to be larger than --alpha: a test that does nothing has a power of --alpha")
    if asked.preset and asked.pilot:
        raise UsageError("--preset and --pilot both say where the variance comes from. Give one of them.")
    if asked.first == asked.second:
        raise UsageError(f"{asked.first!r} is no different from itself. Give two arms with --a and --b.")


def _preset(asked: Asked) -> Source:
    name = asked.preset or PRESET
    model = preset(name)
    for arm in (asked.first, asked.second):
        if arm not in ARMS:
            raise unknown("arm of the generative model (a --pilot may have any)", arm, ARMS)
    m = asked.per_passage or PER_PASSAGE
    found = tuple(of_model(model, one, asked.first, asked.second, per_passage=m, seed=asked.seed) for one in DESIGNS)
    return Source(f"preset {name}", found, m, model=model)


def _pilot(asked: Asked) -> Source:
    from arena.cli import runs

    folder = runs.find(asked.pilot or "")
    table = read(folder).table
    arms = (asked.first, asked.second)
    for arm in arms:
        if arm not in table.arms:
            raise unknown(f"arm of {folder.name}", arm, table.arms)
    together_in = [name for name in table.datasets if all(len(table.rows_of(arm, name)) for arm in arms)]
    found = of_pilot(table, together_in[0], *arms) if len(together_in) == 1 else ()
    if not found:
        why = "on several data sets" if len(together_in) > 1 else "on too few questions in common"
        raise UsageError(f"{folder.name} has {' and '.join(arms)} {why}: there is no variance to plan with.")
    if all(one.sd == 0 for one in found):
        raise UsageError(
            f"in {folder.name} {' and '.join(arms)} differ alike on every question: no variance to plan with."
        )
    rows = table.rows_of(asked.first, together_in[0])
    own = round(len(np.unique(rows.question)) / len(np.unique(rows.group)))
    each = asked.per_passage or max(1, own)
    repeats = own_repeats(table, together_in[0], arms)
    return Source(f"pilot {folder.name}", found, each, _latency(folder), None, table, together_in[0], repeats)


def _latency(folder: Path) -> float | None:
    """The median seconds of a call of a run that was made, and not looked up."""
    from arena import log

    calls = (from_json(line) for line in log.scan(folder, "Called"))
    found = [call.get("seconds", 0) for call in calls if not call.get("reused")]
    found = [seconds for seconds in found if seconds > 0]
    return float(np.median(found)) if found else None


def _question(asked: Asked) -> tuple[dict[str, Any], Estimate]:
    """What one question takes in both arms together: calls, tokens, dollars; from a few played in memory."""
    names = tuple(dict.fromkeys(name.partition("[")[0].partition("(")[0] for name in (asked.first, asked.second)))
    experiment = Experiment(
        protocol=names, dataset=asked.dataset, limit=SAMPLE, seed=asked.seed, debater=asked.debater, judge=asked.judge,
        baselines=False, train=1,
    )  # fmt: skip
    plan = resolve(experiment)
    found = estimate(plan, SAMPLE)
    n = len(plan.test)
    bill = together({"": charge} for charge in found.bills.values()).get("", Charge(low=None, high=None))
    total = found.total
    low, high = (0.0, 0.0) if found.faithful else (bill.low, bill.high)
    per: dict[str, float | None] = {
        "episodes": total.episodes,
        "calls": total.calls,
        "tokens_in": total.input,
        "tokens_out": total.output,
        "usd_low": low,
        "usd_high": high,
    }
    return {name: None if value is None else value / n for name, value in per.items()}, found


def _design(asked: Asked, source: Source, variance: Variance, each: dict[str, Any], seconds: float) -> Json:
    size = sized(variance, asked.effect, per_passage=source.per_passage, power=asked.power, alpha=asked.alpha)
    design = variance.design
    played = design.both_orders
    taken = {name: _times(value, (size.n or 0) * design.repeats) if played else None for name, value in each.items()}
    hours = None if taken["calls"] is None else taken["calls"] * seconds / asked.concurrency / 3600
    return {
        "orders": 2 if design.both_orders else 1,
        "repeats": design.repeats,
        "sd": variance.sd,
        "icc": variance.icc,
        "deff": size.deff,
        "n": size.n,
        "passages": size.passages,
        "simulated_power": _simulated(asked, source, size),
        "detectable_at_limit": _detectable(asked, source, variance),
        **taken,
        "hours": hours,
    }


def _times(value: float | None, factor: int) -> float | None:
    return None if value is None else value * factor


def _detectable(asked: Asked, source: Source, variance: Variance) -> float | None:
    if asked.limit is None:
        return None
    return reach(variance, asked.limit, per_passage=source.per_passage, power=asked.power, alpha=asked.alpha)


def _simulated(asked: Asked, source: Source, size: Sized) -> Json | None:
    """The power that the analysis had in simulated runs; `None` where there was no simulation."""
    trials = Trials(asked.trials, asked.seed, asked.alpha)
    arms = (asked.first, asked.second)
    found: Simulated | None = None
    if asked.trials and source.model is not None:
        each = source.per_passage
        found = power_in_model(source.model, size, asked.effect, arms, per_passage=each, trials=trials)
    elif asked.trials and source.table is not None and size.variance.design == Design(repeats=source.repeats):
        found = power_in_pilot(source.table, source.dataset, size, asked.effect, arms, trials=trials)
    return None if found is None else asdict(found)


def _own(asked: Asked, source: Source) -> float | None:
    """The difference that the model has itself; that of a pilot is no plan."""
    return None if source.model is None else source.model.accuracy(asked.first) - source.model.accuracy(asked.second)


def told(found: Json, width: int) -> str:
    """The plan as a table and a few sentences."""
    between = f"between {found['a']} and {found['b']}"
    test = f"two-sided, alpha {found['alpha']:g}"
    lines = [
        f"To detect {100 * found['effect']:.1f} points {between} in {found['power']:.0%} of runs ({test})",
        f"Variance: {found['source']}; {found['per_passage']} questions a passage",
        "",
        columns(_rows(found)),
        "",
    ]
    return "\n".join(lines) + "\n".join(textwrap.fill(line, width) for line in _notes(found))


def _rows(found: Json) -> Iterator[tuple[str, ...]]:
    limit = found["limit"]
    head = ("design", "SD", "questions", "passages", "simulated", "calls", "USD", "hours")
    yield (*head[:5], *((f"{limit:,} detect",) if limit else ()), *head[5:])
    for each in found["designs"]:
        power, smallest = each["simulated_power"], each["detectable_at_limit"]
        cells = [
            _name(each),
            f"{each['sd']:.2f}",
            f"{each['n']:,}",
            f"{each['passages']:,}",
            "–" if power is None or power["power"] is None else f"{power['power']:.0%}",
        ]
        if limit:
            cells.append("–" if smallest is None else f"{100 * smallest:.1f} points")
        yield (*cells, *_taken(each, free=found["simulated"]))


def _name(each: Json) -> str:
    orders = "both orders" if each["orders"] > 1 else "one random order"
    return orders + (f" × {each['repeats']}" if each["repeats"] > 1 else "")


def _taken(each: Json, *, free: bool) -> Iterator[str]:
    if each["calls"] is None:
        yield from ("–", "–", "–")
        return
    yield f"{each['calls']:,.0f}"
    yield "0" if free else dollars(Charge(low=each["usd_low"], high=each["usd_high"]))
    yield "–" if free else f"{each['hours']:.1f}"


def _notes(found: Json) -> Iterator[str]:
    if found["own_difference"] is not None:
        yield (
            f"The model's own difference is {100 * found['own_difference']:+.1f} points; its spread is taken, and its "
            "difference set to the one asked for. A pilot of your own (--pilot RUN, twenty passages and --repeats 2) "
            "is better than any preset."
        )
    yield (
        "Questions are by formula, in whole passages; simulated is the share of simulated runs of that size in which "
        "the arena's own test found the difference. More passages are worth more than more questions in each, and "
        "those more than repeats. The arena always shows both orders; one order stands for comparison."
    )
    if found["simulated"]:
        yield "Calls are of simulated models, which cost nothing: name models with --debater and --judge for a price."
    else:
        yield (
            f"Calls, money and time are of both arms, without other baselines; a call is taken to last "
            f"{found['seconds_per_call']:g} s, {found['concurrency']} episodes at a time."
        )
    yield from (f"! {failure}" for failure in found["failures"])
