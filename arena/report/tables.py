"""The tables of a report, each from the results that it shows."""

from __future__ import annotations

from collections.abc import Iterator

from arena.analysis.accuracy import TOO_FEW_PASSAGES
from arena.analysis.orders import FIRST, SECOND, TWO
from arena.report.grid import Grid, Link
from arena.report.model import ArmResult, Beliefs, Comparison, Report
from arena.report.words import NONE, STATUS, amount, dollars, estimate, notes, number, p_value, percent, points
from arena.views import SHADOWED

Interval = tuple[float, float]

WAYS = ("as wrong", "dropped", "as a guess")

NO_EFFECT = 1.005
"""A design effect that rounds to 1.00 is not worth a word."""

FAMILIES = {
    "confirmatory": ("Differences from naive, A minus B", "Holm p"),
    "exploratory": ("Other differences, A minus B (exploratory)", "BH p"),
}


def grids(report: Report) -> dict[str, list[Grid]]:
    """The tables by section, in the order in which they are read; those that have nothing to show are left out."""
    every = {
        "accuracy": (_accuracy, _stages),
        "missing": (_missing,),
        "differences": (_differences, _more_differences, _treated),
        "gap": (_gap,),
        "orders": (_orders,),
        "beliefs": (_beliefs, _tokens, _rounds),
        "sides": (_sides,),
        "cost": (_cost, _bought, _people),
    }
    found = {name: [grid for make in makers for grid in [make(report)] if grid.rows] for name, makers in every.items()}
    return {name: tables for name, tables in found.items() if tables}


def _accuracy(report: Report) -> Grid:
    grid = Grid("Accuracy", ("arm", "models", "accuracy", "n", "G", "rows", "missing"))
    for name, arm in named(report):
        found = arm.headline
        shown = estimate(found.accuracy, shown_at(found.ci, found.n_groups))
        counts = (amount(found.n), amount(found.n_groups), amount(found.n_rows), percent(arm.missing.rate))
        effect = f"design effect {found.deff:.2f}, ICC {number(found.icc)}" if (found.deff or 0) > NO_EFFECT else ""
        said = (notes(found.status, arm.flags), effect)
        grid.add(name, _models(arm), shown, *counts, note="; ".join(part for part in said if part))
    return grid


def _stages(report: Report) -> Grid:
    grid = Grid("Accuracy per iteration", ("protocol", "iteration", "accuracy", "n", "G"))
    for stage in sorted(report.stages, key=lambda each: (each.family, each.result.dataset, each.iteration)):
        found = stage.result.headline
        shown = estimate(found.accuracy, shown_at(found.ci, found.n_groups))
        name = labelled(stage.family, stage.result.dataset, report)
        link = Link((stage.result.arm.name,), stage.result.dataset)
        grid.add(name, str(stage.iteration), shown, amount(found.n), amount(found.n_groups), link=link)
    return grid


def _missing(report: Report) -> Grid:
    grid = Grid("Missing verdicts", ("arm", "missing", *WAYS, "bounds"))
    for name, arm in named(report):
        gone, bounds = arm.missing, arm.missing.bounds
        if gone.n:
            why = ", ".join(f"{n} {outcome}" for outcome, n in gone.by_outcome.items())
            places = ", ".join(percent(gone.by_slot.get(slot)) for slot in (FIRST, SECOND))
            note = f"{why}; right option first, second: {places}" if report.options == TWO else why
            ways = (number(way.accuracy) for way in (gone.wrong, gone.drop, gone.chance))
            grid.add(name, amount(gone.n), *ways, _span(bounds), note=note)
    return grid


def _treated(report: Report) -> Grid:
    grid = Grid("Differences under each treatment of missing verdicts", ("A − B", *WAYS, "bounds"))
    lacking = {(arm.arm.name, arm.dataset) for arm in report.arms if arm.missing.n}
    for each in report.comparisons:
        if {(each.a, each.dataset), (each.b, each.dataset)} & lacking:
            found = each.treated
            ways = (number(way.difference, sign=True) for way in (found.wrong, found.drop, found.chance))
            name = labelled(f"{each.a} − {each.b}", each.dataset, report)
            note = f"A and B miss verdicts at the same rate: p {p_value(found.p_rates)}"
            grid.add(name, *ways, _span(found.bounds, sign=True), note=note)
    return grid


def _differences(report: Report) -> Grid:
    return _family(report, "confirmatory")


def _more_differences(report: Report) -> Grid:
    return _family(report, "exploratory")


def _family(report: Report, family: str) -> Grid:
    title, adjusted = FAMILIES[family]
    grid = Grid(title, ("A − B", "difference", "p", adjusted, "rho", "n"))
    for each in report.comparisons:
        if each.family == family:
            found = each.headline
            ci = found.ci if found.status != "identical" else found.ci_bonett_price
            shown = estimate(found.difference, shown_at(ci, found.n_groups), sign=True)
            ps = [found.p, each.p_holm if family == "confirmatory" else each.p_bh]
            said = [p_value(p if found.n_groups >= TOO_FEW_PASSAGES else None) for p in ps]
            name = labelled(f"{each.a} − {each.b}", each.dataset, report)
            grid.add(name, shown, *said, number(found.rho), amount(found.n_pairs), note=_pair_note(each))
    return grid


def _pair_note(each: Comparison) -> str:
    found = each.headline
    said = ["declared as primary"] if each.primary else []
    if found.status in {"identical", "no_variance"} and found.n_groups >= TOO_FEW_PASSAGES:
        said += ["interval by Bonett-Price"]
    said += (
        [f"{found.n_only_a} questions of A only, {found.n_only_b} of B only"] if found.n_only_a + found.n_only_b else []
    )
    said += [notes(found.status, each.flags)]
    if each.significant is False and each.detectable is not None and found.n_groups >= TOO_FEW_PASSAGES:
        said += [f"not significant; this design could have detected {points(each.detectable)}"]
    return "; ".join(part for part in said if part)


def _gap(report: Report) -> Grid:
    grid = Grid("Performance gap recovered", ("arm", "share of the gap from naive to expert", "n"))
    for each in report.pgr:
        found = each.recovered
        few = ("too_few_passages",) if 0 < found.n_groups < TOO_FEW_PASSAGES else ()
        shown = estimate(found.pgr, shown_at(found.ci, found.n_groups))
        name = labelled(each.arm, each.dataset, report)
        grid.add(name, shown, amount(found.n_questions), note=notes(found.status, few))
    return grid


def _orders(report: Report) -> Grid:
    grid = Grid("Both orders", ("arm", "standardised", "position bias", "same answer"))
    for name, arm in named(report):
        level, bias, same = arm.orders.standardised, arm.orders.bias, arm.orders.consistency
        refused = arm.headline.accuracy is None
        leaning = estimate(bias.bias, shown_at(bias.ci, arm.headline.n_groups), sign=True)
        told = "position bias is between questions" if bias.method == "between_questions" else ""
        if level.status in {"one_level", "more_than_two_options"}:
            told = STATUS[level.status]
        standardised = number(None if refused else level.value)
        grid.add(name, standardised, leaning, percent(same.share), note=told)
    return grid


def _beliefs(report: Report) -> Grid:
    grid = Grid("Beliefs", ("arm", "Brier", "MCB", "DSC", "beliefs"))
    for name, arm in named(report):
        if arm.beliefs.brier.n_rows:
            _add_beliefs(grid, name, arm, arm.beliefs)
    return grid


def _tokens(report: Report) -> Grid:
    grid = Grid("Beliefs from token probabilities", ("arm", "Brier", "MCB", "DSC", "beliefs", "mass outside"))
    for name, arm in named(report):
        if arm.tokens.brier.n_rows:
            _add_beliefs(grid, name, arm, arm.tokens, percent(arm.tokens.outside))
    return grid


def _rounds(report: Report) -> Grid:
    """The mean belief in the right option after each round, beliefs in words and token probabilities on lines apart."""
    last = max((one.round for each in report.shadow for one in each.rounds), default=-1)
    grid = Grid("Belief in the right option by round", ("arm", *map(str, range(last + 1)), "bits a round", "beliefs"))
    for each in report.shadow:
        by_round = {one.round: number(one.p) for one in each.rounds}
        cells = (by_round.get(n, NONE) for n in range(last + 1))
        name = labelled(each.arm, each.dataset, report) + " (tokens)" * (each.stated == "tokens")
        n = sum(one.n for one in each.rounds)
        grid.add(name, *cells, number(each.gain.bits, sign=True), amount(n))
    return grid


def _people(report: Report) -> Grid:
    """How long people took: medians in seconds, by answer and for an episode, and all of it in minutes."""
    most = max((len(each.by_answer) for each in report.people), default=0)
    grid = Grid("Time of people (median seconds)", ("arm: seat", *map(str, range(most)), "episode", "episodes", "min"))
    for each in report.people:
        cells = [f"{time:.0f}" for time in each.by_answer] + [NONE] * (most - len(each.by_answer))
        name = f"{each.arm}: {each.seat}"
        grid.add(name, *cells, f"{each.episode:.0f}", amount(each.episodes), f"{each.seconds / MINUTE:.1f}")
    return grid


MINUTE = 60


def _add_beliefs(grid: Grid, name: str, arm: ArmResult, found: Beliefs, *more: str) -> None:
    shown = estimate(found.brier.brier, shown_at(found.brier.ci, arm.headline.n_groups))
    told = STATUS[found.corp.status] if found.corp.status == "more_than_two_options" else ""
    parts = (number(found.corp.mcb), number(found.corp.dsc), amount(found.brier.n_rows), *more)
    grid.add(name, shown, *parts, note=told and f"MCB and DSC {told}")


def _sides(report: Report) -> Grid:
    grid = Grid("Sides of a single advocate", ("arm", "it is honest", "it is dishonest", "the judge sides with it"))
    for name, arm in named(report):
        if arm.sides is not None:
            levels = arm.sides.standardised.levels
            shares = (None, None, None) if arm.headline.accuracy is None else (*levels, arm.sides.win_rate)
            grid.add(name, *(number(share) for share in shares))
    return grid


def _cost(report: Report) -> Grid:
    grid = Grid("Cost", ("arm", "episodes", "failed", "calls", "tokens in", "tokens out", "USD"))
    for name, arm in named(report):
        spent = arm.cost
        said = [f"{n} {outcome}" for outcome, n in arm.failed.items()]
        said += [f"{spent.train_episodes} training episodes included"] if spent.train_episodes else []
        counts = (arm.episodes, sum(arm.failed.values()), spent.calls, spent.tokens["input"], spent.tokens["output"])
        grid.add(name, *(amount(n) for n in counts), dollars(spent.usd, spent.usd_known), note=", ".join(said))
    return grid


def _bought(report: Report) -> Grid:
    """What seats bought; of simulated models there is nothing to say that the table of costs does not.

    A shadow judge is no part of what an episode costs, and so is always told here.
    """
    grid = Grid("Bought, by seat", ("arm: seat", "calls", "reused", "tokens in", "from cache", "tokens out", "USD"))
    for name, arm in named(report):
        told = {seat: found for seat, found in arm.bought.items() if not report.simulated or seat.endswith(SHADOWED)}
        for seat, found in told.items():
            tokens = (found.tokens["input"], found.tokens["cache_read"], found.tokens["output"])
            counts = (amount(n) for n in (found.calls, found.reused, *tokens))
            blind = f"{found.blind:,} failed attempt{'s' * (found.blind != 1)} of unknown cost on top"
            grid.add(f"{name}: {seat}", *counts, dollars(found.usd, found.usd_known), note=blind * bool(found.blind))
    return grid


def named(report: Report) -> Iterator[tuple[str, ArmResult]]:
    """The arms with their names."""
    yield from ((labelled(arm.arm.name, arm.dataset, report), arm) for arm in report.arms)


def labelled(name: str, dataset: str, report: Report) -> str:
    """A name, with its data set where the run has several."""
    return f"{name} · {dataset}" if len(report.datasets) > 1 else name


def _models(arm: ArmResult) -> str:
    """The providers of the models at the table, such as `sim`; a dash where the header does not say."""
    return "+".join(sorted({seat.model.partition("/")[0] for seat in arm.arm.seats.values()})) or NONE


def _span(bounds: Interval | None, *, sign: bool = False) -> str:
    return f"{number(bounds[0], sign=sign)} to {number(bounds[1], sign=sign)}" if bounds else NONE


def shown_at(ci: Interval | None, n_groups: int) -> Interval | None:
    """An interval, unless so few passages are behind it that only the estimate is printed."""
    return ci if n_groups >= TOO_FEW_PASSAGES else None
