"""The tables of a full report: what its insights and overviews say."""

from __future__ import annotations

from collections.abc import Iterator

from arena.analysis.logscore import Gain
from arena.report.grid import Grid, Link
from arena.report.insight import Forecaster, Insight, Overview
from arena.report.model import Report
from arena.report.tables import labelled, shown_at
from arena.report.words import NONE, STATUS, amount, dollars, estimate, number, p_value, percent


def deep_grids(report: Report) -> dict[str, list[Grid]]:
    """The tables by section; none unless the report is a full one."""
    every = {
        "ratings": (_ratings,),
        "skill": (_skill,),
        "calibration": (_calibration,),
        "biases": (_biases,),
        "wins": (_wins, _soft),
        "scores": (_scores, _rounds),
        "frontier": (_per_question, _frontier),
        "simultaneous": (_simultaneous,),
        "bootstrap": (_bootstrap,),
        "matching": (_matching,),
    }
    found = {name: [grid for make in makers for grid in [make(report)] if grid.rows] for name, makers in every.items()}
    return {name: tables for name, tables in found.items() if tables}


def _each(report: Report) -> Iterator[tuple[str, Insight, int]]:
    """The name, the insight and the number of passages of each arm that has results."""
    for arm, found in zip(report.arms, report.insights or (), strict=False):
        if arm.episodes:
            yield labelled(found.arm, found.dataset, report), found, arm.headline.n_groups


def _forecasters(report: Report) -> Iterator[tuple[str, Forecaster, int]]:
    """The judge of each arm as a forecaster, in words and by token probabilities, where it stated anything."""
    for name, found, groups in _each(report):
        for form, each in (("", found.beliefs), (" (tokens)", found.tokens)):
            if each.calibration.status != "no_belief":
                yield f"{name}{form}", each, groups


def _over(report: Report) -> Iterator[Overview]:
    yield from report.overviews or ()


def _said(status: str) -> str:
    return "" if status == "ok" else STATUS.get(status, status)


def _ratings(report: Report) -> Grid:
    grid = Grid("Ratings of models that met (Elo, mean 1500)", ("model", "rating", "rank", "won", "lost"))
    for over in _over(report):
        for judge, found in over.ratings.items():
            told = "; ".join(part for part in (f"judged by {judge}", _said(found.status)) if part)
            if found.unidentified:
                told += f" ({', '.join(found.unidentified)})"
            for each in found.table:
                rank = "–".join(str(place) for place in dict.fromkeys(each.rank)) if each.rank else NONE
                counts = (f"{each.won:.1f}", f"{each.lost:.1f}")
                name, elo = labelled(each.player, over.dataset, report), _elo(each.elo, each.ci)
                grid.add(name, elo, rank, *counts, note=told, link=_played(report, over.dataset, judge, each.player))
            for name, worth in (("first place", found.position), ("honest side", found.honesty)):
                if worth is not None and found.table:
                    shown, link = _elo(worth.elo, worth.ci, sign=True), _played(report, over.dataset, judge)
                    grid.add(f"{name} is worth", shown, NONE, NONE, NONE, link=link)
            if found.n_matches and not found.table:
                grid.add(f"judged by {judge}", NONE, NONE, NONE, NONE, note=told)
    return grid


def _played(report: Report, dataset: str, judge: str, player: str | None = None) -> Link:
    """The arms of a judge, those in which a model sat where one is named."""
    here = (arm.arm for arm in report.arms if arm.dataset == dataset and (arm.arm.judge or "") == judge)
    return Link(
        tuple(arm.name for arm in here if player is None or player in {seat.model for seat in arm.seats.values()}),
        dataset,
    )


def _elo(value: float, ci: tuple[float, float] | None, *, sign: bool = False) -> str:
    whole = [round(each) for each in (value, *(ci or ()))]
    shown = [f"{each:+d}" if sign else f"{each:d}" for each in whole]
    return f"{shown[0]} [{shown[1]}, {shown[2]}]" if ci else shown[0]


def _skill(report: Report) -> Grid:
    grid = Grid("Accuracy against skill", ("protocol", "skill", "slope per 100", "arms"))
    for over in _over(report):
        for each in over.skills:
            name = labelled(each.protocol, over.dataset, report)
            told = [f"judged by {each.judge}", _said(each.slope.status)]
            told += ["both axes come from the same questions: noise in them may fake a slope"]
            shown = estimate(each.slope.slope, each.slope.ci, sign=True)
            note, link = "; ".join(part for part in told if part), Link(each.arms, over.dataset)
            grid.add(name, each.measure, shown, amount(len(each.arms)), note=note, link=link)
    return grid


def _calibration(report: Report) -> Grid:
    head = ("arm", "log score", "ECE", "of a perfect judge", "over-confidence", "slope")
    grid = Grid("Calibration (nats; the 95 % point of what a perfect judge shows)", head)
    for name, found, groups in _forecasters(report):
        each = found.calibration
        if each.log is None or each.reliability is None or each.confidence is None or each.recalibration is None:
            grid.add(name, *[NONE] * 5, note=_said(each.status))
            continue
        null = each.reliability.null
        grid.add(
            name,
            number(each.log.nats),
            number(each.reliability.ece),
            number(null.point95 if null else None),
            estimate(each.confidence.excess, shown_at(each.confidence.ci, groups), sign=True),
            number(each.recalibration.slope),
            note=_said(each.log.status),
        )
    return grid


def _biases(report: Report) -> Grid:
    grid = Grid("What moves the judge (log odds)", ("arm: term", "a unit adds", "p", "Holm p", "at even terms"))
    for name, found, groups in _each(report):
        for model, each in found.biases.items():
            if each.status == "not_applicable" or (model == "joint" and len(each.terms or {}) == 1):
                continue
            if not each.terms:
                told = _said(each.status) + (f": {', '.join(each.unidentified)}" if each.unidentified else "")
                told += f". {each.suggestion}" if each.suggestion else ""
                grid.add(f"{name}: {model}", *[NONE] * 4, note=told)
            for term, worth in (each.terms or {}).items():
                label = f"{name}: {term}" + (" (joint)" if model == "joint" else "")
                shown = estimate(worth.estimate, shown_at(worth.ci, groups), sign=True)
                ps = (p_value(worth.p), p_value(worth.p_holm))
                grid.add(label, shown, *ps, number(each.neutral_accuracy), note=_said(each.status))
    return grid


def _wins(report: Report) -> Grid:
    grid = Grid("Win rates of a single advocate", ("arm", "honest", "dishonest", "advocate wins"))
    for name, found, groups in _each(report):
        if (wins := found.wins) is not None:
            sides = (number(wins.honest.accuracy), number(wins.dishonest.accuracy))
            grid.add(name, *sides, estimate(wins.rate, shown_at(wins.ci, groups)), note=_said(wins.status))
    return grid


def _soft(report: Report) -> Grid:
    grid = Grid("Soft win rate of the truth", ("arm", "mean p of the right option", "n"))
    for name, found, groups in _forecasters(report):
        grid.add(name, estimate(found.soft.rate, shown_at(found.soft.ci, groups)), amount(found.soft.n))
    return grid


def _scores(report: Report) -> Grid:
    title = "Agent score difference: what arguing the truth earns more (β = 1)"
    grid = Grid(title, ("arm", "Brier", "log", "judge's score", "truth argued"))
    for name, found, groups in _forecasters(report):
        one, log = found.score_differences["brier"], found.score_differences["log"]
        shown = estimate(one.difference.value, shown_at(one.difference.ci, groups), sign=True)
        rest = (number(log.difference.value, sign=True), number(one.judge.value), number(one.propensity.value))
        grid.add(name, shown, *rest, note=_said(one.status))
    return grid


def _rounds(report: Report) -> Grid:
    grid = Grid("Bits", ("arm", "a round tells the judge", "judge score"))
    for name, found, groups in _forecasters(report):
        shown = (_bits(gain, groups) for gain in (found.bits, found.judge_score))
        grid.add(name, *shown, note=_said(found.bits.status) if found.bits.status == "infinite" else "")
    return grid


def _bits(gain: Gain, groups: int) -> str:
    return estimate(gain.bits, shown_at(gain.ci, groups), sign=True)


def _per_question(report: Report) -> Grid:
    grid = Grid("Cost of a question (USD)", ("arm", "mean", "tokens", "gain over naive per extra USD"))
    for name, found, groups in _each(report):
        each, tokens = found.spending, sum((found.spending.tokens or {}).get(kind, 0) for kind in ("input", "output"))
        gain = estimate(found.gain.pgr, shown_at(found.gain.ci, groups))
        told = _said(each.status) or _said(found.gain.status if found.gain.pgr is not None else "ok")
        grid.add(name, _usd(each.usd, shown_at(each.ci, groups)), amount(tokens), gain, note=told)
    return grid


def _usd(value: float | None, ci: tuple[float, float] | None) -> str:
    if value is None:
        return dollars(None, 0)
    return f"{value:.4g}" + (f" [{ci[0]:.4g}, {ci[1]:.4g}]" if ci and ci[0] < ci[1] else "")


def _frontier(report: Report) -> Grid:
    grid = Grid(
        "Accuracy against cost", ("arm", "USD", "accuracy", "on the hull", "USD per point more", "dominated by")
    )
    for over in _over(report):
        for each in over.frontier:
            share = percent(over.shares.on_hull.get(each.name))
            price = NONE if each.icer is None else f"{each.icer / 100:.4g}"
            cells = (f"{each.cost:.4g}", number(each.accuracy), share, price, each.dominated_by or NONE)
            grid.add(labelled(each.name, over.dataset, report), *cells)
    return grid


def _simultaneous(report: Report) -> Grid:
    grid = Grid("Intervals that hold for all differences at once", ("A − B", "difference"))
    for over in _over(report):
        found = [each for each in report.comparisons if each.dataset == over.dataset]
        for each, ci in zip(found, over.simultaneous.intervals, strict=True):
            shown = estimate(each.headline.difference, shown_at(ci, each.headline.n_groups), sign=True)
            grid.add(labelled(f"{each.a} − {each.b}", each.dataset, report), shown)
    return grid


def _bootstrap(report: Report) -> Grid:
    head = ("arm", "accuracy", "draws", "gap recovered", "draws without a gap")
    grid = Grid("Second opinion: passages drawn again (percentile bootstrap)", head)
    for arm, (name, found, groups) in zip((arm for arm in report.arms if arm.episodes), _each(report), strict=True):
        gap, pgr = found.gap_bootstrap, _recovered(report, found)
        cells = [estimate(arm.headline.accuracy, shown_at(found.bootstrap.ci, groups)), amount(found.bootstrap.draws)]
        without = percent(gap.undefined if gap is not None and gap.draws else None)
        cells += [estimate(pgr, shown_at(gap.ci, groups) if gap else None), without]
        statuses = dict.fromkeys(each.status for each in (found.bootstrap, gap) if each is not None)
        grid.add(name, *cells, note="; ".join(part for part in map(_said, statuses) if part))
    return grid


def _recovered(report: Report, found: Insight) -> float | None:
    here = (each for each in report.pgr if (each.arm, each.dataset) == (found.arm, found.dataset))
    return next((each.recovered.pgr for each in here), None)


def _matching(report: Report) -> Grid:
    head = ("arm", "it is the more probable one", "its mean probability", "without a preference", "n")
    grid = Grid("Answers that match the behaviour (two measures; neither bounds the other)", head)
    for name, each, groups in _forecasters(report):
        if (found := each.matching) is not None:
            share, mean = found.share_more_probable, found.mean_probability
            ways = (
                estimate(share.accuracy, shown_at(share.ci, groups)),
                estimate(mean.mean, shown_at(mean.ci_t, groups)),
            )
            told = f"{found.skipped} without any mass left out" if found.skipped else ""
            grid.add(name, *ways, number(found.chance), amount(found.n), note=told)
    return grid
