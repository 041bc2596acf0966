"""Numbers and statuses as a reader sees them."""

from __future__ import annotations

from arena.dollars import money

STATUS = {
    "no_data": "no results",
    "single_cluster": "one passage: no inference beyond it",
    "too_many_missing": "undefined: more than 20 % of the verdicts are missing",
    "identical": "identical on every question",
    "no_variance": "no variance between passages",
    "one_level": "undefined: one order only",
    "no_pair_of_orders": "undefined: no transcript was judged in both orders",
    "more_than_two_options": "undefined: more than two options",
    "undefined_gap_not_positive": "undefined: the expert is no better than the naive judge",
    "unbounded": "unbounded: the gap cannot be told from 0",
    "no_baseline_of_this_judge": "undefined: no baseline with this judge",
    "no_posterior": "unknown",
    "mixed_datasets": "undefined: several data sets",
    "no_belief": "no belief was stated",
    "not_applicable": "not applicable: it never varies",
    "not_identifiable": "not estimable: terms that are one and the same",
    "rank_deficient": "not estimable: terms that are one and the same",
    "separated": "separated: Firth's estimates, which the data bound from one side only",
    "disconnected": "undefined: players that never met, even through others",
    "infinite": "infinite: probability 0 was given to what was right",
    "unknown_price": "unknown: a price is not known",
    "nothing_spent": "undefined: nothing was spent",
    "nothing_extra_spent": "undefined: nothing extra was spent",
    "two_points": "a slope through two points, without an interval",
    "no_variation": "undefined: the skill never varies",
    "one_side": "undefined: one side only",
    "exact": "every point lies on the line",
}

FLAG = {
    "few_passages": "few passages",
    "too_few_passages": "too few passages for inference",
    "amber": "AMBER: over 5 % missing",
    "no_headline": "RED: over 20 % missing",
    "order_imbalance": "the imbalance of orders matters",
    "side_imbalance": "the imbalance of sides matters",
    "red": "RED: depends on how missing verdicts are treated",
}

NONE = "–"

Interval = tuple[float, float]


def number(value: float | None, *, sign: bool = False) -> str:
    """A fraction with three decimals, or a dash; never minus zero."""
    if value is None:
        return NONE
    rounded = round(value, 3) + 0.0
    return f"{rounded:+.3f}" if sign else f"{rounded:.3f}"


def estimate(value: float | None, ci: Interval | None, *, sign: bool = False) -> str:
    """A number and its interval: `0.842 [0.790, 0.890]`."""
    if value is None or ci is None:
        return number(value, sign=sign)
    return f"{number(value, sign=sign)} [{number(ci[0], sign=sign)}, {number(ci[1], sign=sign)}]"


def p_value(p: float | None) -> str:
    """A p with three decimals, or that it is smaller than that."""
    if p is None:
        return NONE
    return "<0.001" if p < 0.0005 else f"{p:.3f}"  # noqa: PLR2004 - what rounds to 0.000


def percent(share: float | None) -> str:
    """A share in percent with one decimal."""
    return NONE if share is None else f"{100 * share:.1f} %"


def points(difference: float) -> str:
    """A difference of accuracies in percentage points."""
    return f"{100 * difference:.1f} points"


def amount(count: float) -> str:
    """A count with thousands set apart."""
    return f"{count:,.0f}"


def dollars(usd: float | None, known: float) -> str:
    """An amount of money; where a price is unknown, that it is, and what is known."""
    if usd is None:
        return "unknown" if known == 0 else f"≥ {money(known)}"
    return money(usd)


def notes(status: str, flags: tuple[str, ...]) -> str:
    """The status in words, where it is not `ok`, and what a reader has to be warned of."""
    said = [STATUS.get(status, status)] if status != "ok" else []
    said += [FLAG[flag] for flag in flags if not (flag == "no_headline" and status == "too_many_missing")]
    return "; ".join(dict.fromkeys(said))
