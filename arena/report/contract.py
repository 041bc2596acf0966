"""`arena report RUN --json`: a contract, described key by key in docs/report.md. Keys are only ever added.

Fractions are fractions, intervals are `[low, high]` at 95 %, and what is undefined is `null` with a `status` that says
why. Every result names its `dataset`; several in one run are never pooled.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from arena.analysis.accuracy import Accuracy
from arena.analysis.ceiling import Ceiling
from arena.analysis.orders import Orders
from arena.analysis.paired import Paired
from arena.analysis.sides import Sides
from arena.report.jsonable import jsonable
from arena.report.model import ArmResult, Beliefs, Comparison, Pgr, Report, Stage
from arena.report.shadow import to_json as by_round

Json = dict[str, Any]


def to_json(report: Report) -> Json:
    """The report as the contract has it: dicts, lists, strings, finite numbers and `None`."""
    ceilings = {dataset: _ceiling(found) for dataset, found in report.ceilings.items()}
    only = next(iter(ceilings.values())) if len(ceilings) == 1 else _ceiling(Ceiling(0, None, "mixed_datasets"))
    return {
        "run": report.run,
        "created": report.created,
        "seed": report.seed,
        "simulated": report.simulated,
        "options": report.options,
        "datasets": list(report.datasets),
        "notices": list(report.notices),
        "declared": report.declared,
        "departures": list(report.departures),
        "stopping": {**asdict(report.stopping), "status": report.stopping.status},
        "arms": [_arm(arm) for arm in report.arms],
        "comparisons": [_comparison(each) for each in report.comparisons],
        "pgr": [_pgr(each) for each in report.pgr],
        "stages": [_stage(stage) for stage in report.stages],
        "rounds": [by_round(each) for each in report.shadow],
        "people": [asdict(each) for each in report.people],
        "audits": [asdict(each) for each in report.audits],
        "ceiling": only,
        "insights": None if report.insights is None else [jsonable(each) for each in report.insights],
        "overviews": None if report.overviews is None else [jsonable(each) for each in report.overviews],
        "ceilings": [{"dataset": dataset, **found} for dataset, found in ceilings.items()],
    }


def _arm(result: ArmResult) -> Json:
    found = result.headline
    return {
        "arm": result.arm.name,
        "protocol": result.arm.protocol,
        "dataset": result.dataset,
        "n_questions": found.n,
        "n_groups": found.n_groups,
        "n_rows": found.n_rows,
        "accuracy": found.accuracy,
        "ci": _pair(found.ci),
        "status": found.status,
        "flags": list(result.flags),
        "se": found.se,
        "df": found.df,
        "ci_t": _pair(found.ci_t),
        "deff": found.deff,
        "icc": found.icc,
        "n_eff": found.n_eff,
        "ci_if_independent": _pair(found.ci_if_independent),
        "missing": _missing(result),
        "order": _order(result.orders),
        "sides": _sides(result.sides) if result.sides else None,
        **_beliefs(result.beliefs),
        "tokens": {**_beliefs(result.tokens), "outside": result.tokens.outside},
        "cost": {
            **asdict(result.cost),
            "seats": {seat: asdict(found) for seat, found in result.bought.items()},
        },
        "episodes": result.episodes,
        "planned": result.arm.planned,
        "failed_episodes": result.failed,
        "simulated": result.arm.simulated,
        "seats": {
            name: {**asdict(seat), "served": [one._asdict() for one in result.served.get(name, ())]}
            for name, seat in result.arm.seats.items()
        },
    }


def _beliefs(found: Beliefs) -> Json:
    return {
        "brier": found.brier.brier,
        "brier_ci": _pair(found.brier.ci),
        "brier_status": found.brier.status,
        "n_beliefs": found.brier.n_rows,
        "mean_p_correct": found.brier.mean_p,
        "mcb": found.corp.mcb,
        "dsc": found.corp.dsc,
        "unc": found.corp.unc,
        "corp_status": found.corp.status,
    }


def _missing(result: ArmResult) -> Json:
    found = result.missing
    ways: dict[str, Accuracy] = {"wrong": found.wrong, "drop": found.drop, "chance": found.chance}
    return {
        "n": found.n,
        "rate": found.rate,
        "by_outcome": found.by_outcome,
        "by_slot": {str(slot): rate for slot, rate in found.by_slot.items()},
        **{name: way.accuracy for name, way in ways.items()},
        **{f"{name}_ci": _pair(way.ci) for name, way in ways.items()},
        "bounds": _pair(found.bounds),
        "flag": found.flag,
    }


def _order(orders: Orders) -> Json:
    level, bias, same = orders.standardised, orders.bias, orders.consistency
    return {
        "n_both": level.n_both,
        "n_only_first": level.n_only[0],
        "n_only_second": level.n_only[1],
        "accuracy_first": level.levels[0],
        "accuracy_second": level.levels[1],
        "standardised": level.value,
        "standardised_se": level.se,
        "standardised_ci": _pair(level.ci),
        "matters": level.matters,
        "status": level.status,
        "position_bias": bias.bias,
        "position_bias_ci": _pair(bias.ci),
        "position_bias_p": bias.p,
        "position_bias_n": bias.n,
        "position_bias_method": bias.method,
        "position_bias_signs": asdict(bias.signs) if bias.signs else None,
        "position_bias_status": bias.status,
        "consistency": same.share,
        "n_pairs": same.n_pairs,
        "both_right": same.both_right,
        "both_wrong": same.both_wrong,
        "always_first": same.always_first,
        "always_second": same.always_second,
        "tied": same.tied,
        "consistency_status": same.status,
    }


def _sides(sides: Sides) -> Json:
    found = sides.standardised
    return {
        "honest": found.levels[0],
        "dishonest": found.levels[1],
        "n_both": found.n_both,
        "n_only_honest": found.n_only[0],
        "n_only_dishonest": found.n_only[1],
        "standardised": found.value,
        "standardised_ci": _pair(found.ci),
        "win_rate": sides.win_rate,
        "matters": found.matters,
        "status": found.status,
    }


def _comparison(each: Comparison) -> Json:
    found = each.headline
    return {
        "a": each.a,
        "b": each.b,
        "dataset": each.dataset,
        "primary": each.primary,
        "difference": found.difference,
        "ci": _pair(found.ci),
        "ci_method": found.ci_method,
        "p": found.p,
        "test": found.test,
        "family": each.family,
        "p_holm": each.p_holm,
        "p_bh": each.p_bh,
        "mde": each.detectable,
        "p_t": found.p_t,
        "p_sign_flip": found.p_flip,
        "z_null": found.z_null,
        "signs": asdict(found.signs) if found.signs else None,
        "ci_bonett_price": _pair(found.ci_bonett_price),
        "se": found.se,
        "df": found.df,
        "rho": found.rho,
        "se_unpaired": found.se_unpaired,
        "n_pairs": found.n_pairs,
        "n_only_a": found.n_only_a,
        "n_only_b": found.n_only_b,
        "n_groups": found.n_groups,
        "accuracy_a": found.accuracy_a,
        "accuracy_b": found.accuracy_b,
        "missing": _treated(each),
        "status": found.status,
        "flags": list(each.flags),
    }


def _treated(each: Comparison) -> Json:
    found = each.treated
    ways: dict[str, Paired] = {"wrong": found.wrong, "drop": found.drop, "chance": found.chance}
    return {
        **{name: way.difference for name, way in ways.items()},
        **{f"{name}_p": way.p for name, way in ways.items()},
        "bounds": _pair(found.bounds),
        "p_rates": found.p_rates,
        "flag": found.flag,
    }


def _pgr(each: Pgr) -> Json:
    named = {"arm": each.arm, "floor": each.floor, "ceiling": each.ceiling, "dataset": each.dataset}
    return {**named, **asdict(each.recovered), "ci": _pair(each.recovered.ci)}


def _stage(stage: Stage) -> Json:
    found = stage.result.headline
    return {
        "family": stage.family,
        "iteration": stage.iteration,
        "arm": stage.result.arm.name,
        "dataset": stage.result.dataset,
        "accuracy": found.accuracy,
        "ci": _pair(found.ci),
        "n_questions": found.n,
        "n_groups": found.n_groups,
        "status": found.status,
    }


def _ceiling(found: Ceiling) -> Json:
    return {"accuracy": found.value, "n_questions": found.n_questions, "status": found.status}


def _pair(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else list(interval)
