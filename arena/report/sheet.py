"""`arena report RUN --csv FILE`: one row an arm and dataset, for a spreadsheet.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Texts that do get an apostrophe in
front; numbers are left alone.
"""

from __future__ import annotations

import csv
import io

from arena.report.model import ArmResult, Report
from arena.text import terminal

COLUMNS = (
    "run", "dataset", "arm", "protocol", "simulated", "n_questions", "n_groups", "n_rows", "accuracy", "ci_low",
    "ci_high", "status", "flags", "missing_n", "missing_rate", "accuracy_drop", "accuracy_chance", "bound_low",
    "bound_high", "order_standardised", "position_bias", "consistency", "brier", "episodes", "planned", "failed",
    "calls", "tokens_in", "tokens_out", "usd",
)  # fmt: skip

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = str | int | float | None


def to_csv(report: Report) -> str:
    """The arms as a table with a head, RFC 4180; an undefined number is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for arm in report.arms:
        writer.writerow([_safe(cell) for cell in _cells(report.run, arm)])
    return out.getvalue()


def _cells(run: str, result: ArmResult) -> list[Cell]:
    found, gone, orders, cost = result.headline, result.missing, result.orders, result.cost
    return [
        run, result.dataset, result.arm.name, result.arm.protocol, "yes" if result.arm.simulated else "no",
        found.n, found.n_groups, found.n_rows, found.accuracy, *(found.ci or (None, None)), found.status,
        " ".join(result.flags), gone.n, gone.rate, gone.drop.accuracy, gone.chance.accuracy,
        *(gone.bounds or (None, None)), orders.standardised.value, orders.bias.bias, orders.consistency.share,
        result.brier.brier, result.episodes, result.arm.planned, sum(result.failed.values()), cost.calls,
        cost.tokens["input"], cost.tokens["output"], cost.usd,
    ]  # fmt: skip


def _safe(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula; spaces in front do not hide one."""
    if not isinstance(cell, str):
        return cell
    shown = terminal(cell)
    return f"'{shown}" if cell.startswith(FORMULA) or shown.lstrip().startswith(FORMULA) else shown
