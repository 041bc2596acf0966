"""From a run folder to what people and programs read of it.

report = build(Path("transcripts/…"))      build_joined([…]) for several runs
to_text(report, width=100)      for a terminal
to_json(report)                 the contract that `arena.report.contract` describes
to_csv(load(run))               one row a verdict
"""

from __future__ import annotations

from arena.report.build import build, build_joined
from arena.report.contract import to_json
from arena.report.model import Report
from arena.report.rows import Verdicts, load
from arena.report.sheet import to_csv
from arena.report.text import to_text

__all__ = ["Report", "Verdicts", "build", "build_joined", "load", "to_csv", "to_json", "to_text"]
