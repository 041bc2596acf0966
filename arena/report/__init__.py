"""From a run folder to what people and programs read of it.

report = build(Path("transcripts/…"))
to_text(report, width=100)      for a terminal
to_json(report)                 the contract that `arena.report.contract` describes
to_csv(report)                  one row an arm
"""

from __future__ import annotations

from arena.report.build import build
from arena.report.contract import to_json
from arena.report.model import Report
from arena.report.sheet import to_csv
from arena.report.text import to_text

__all__ = ["Report", "build", "to_csv", "to_json", "to_text"]
