"""`arena report RUN --csv FILE`: one row a verdict, for a spreadsheet.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula. Texts that do get an apostrophe in
front; numbers are left alone.
"""

from __future__ import annotations

import csv
import io

from arena.report.rows import Cell, Verdicts
from arena.text import terminal

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(verdicts: Verdicts) -> str:
    """The rows as a table with a head, RFC 4180; an unknown value is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(verdicts.columns)
    safe = [_safe_column(column) for column in verdicts.columns.values()]
    writer.writerows(zip(*safe, strict=True))
    return out.getvalue()


def _safe_column(column: list[Cell]) -> list[Cell]:
    """A column in which each text that occurs was looked at once."""
    seen = {cell: _safe(cell) for cell in set(column) if isinstance(cell, str)}
    return [seen[cell] if isinstance(cell, str) else cell for cell in column]


def _safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula; spaces in front do not hide one."""
    shown = terminal(cell)
    return f"'{shown}" if cell.startswith(FORMULA) or shown.lstrip().startswith(FORMULA) else shown
