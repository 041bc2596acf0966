"""A forest plot of paired differences: each with its CR2 interval, those against the baseline on top."""

from __future__ import annotations

from arena.report.figures.accuracy import Bar, questions, rows
from arena.report.figures.style import COLOURS, FAINT, SOFT, Drawing
from arena.report.model import Report
from arena.report.tables import labelled, shown_at

LOOKS = {
    "confirmatory": {"color": COLOURS[0], "marker": "o"},
    "exploratory": {"color": SOFT, "marker": "s", "markerfacecolor": "white"},
}


def differences(report: Report) -> Drawing | None:
    """Differences of accuracy, A minus B, on the questions that both arms have."""
    ranked = sorted(report.comparisons, key=lambda each: (each.family != "confirmatory", not each.primary))
    known = [each for each in ranked if each.headline.difference is not None]
    bars = [
        Bar(
            labelled(f"{each.a} − {each.b}", each.dataset, report),
            each.headline.difference or 0.0,
            shown_at(each.headline.ci or each.headline.ci_bonett_price, each.headline.n_groups),
            LOOKS[each.family],
        )
        for each in known
    ]
    if not bars:
        return None
    figure, axes = rows(bars, "difference of accuracy, A − B")
    axes.axvline(0, color=FAINT, linewidth=1, zorder=0)
    said = [questions([each.headline.n_pairs for each in known], "shared questions"), "95 % intervals, CR2 and t"]
    if any(each.headline.ci_method != "cr2_t" for each in known):
        said.append("Bonett-Price where the error is 0")
    families = {each.family for each in known}
    if len(families) > 1:
        said.append("filled: against naive (confirmatory); hollow: exploratory")
    return Drawing(figure, "; ".join(said))
