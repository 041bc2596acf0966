"""From rows to estimates: pure functions with frozen results, one idea a file.

    scan, reading      a run folder → `Table`
    rows               verdicts and episodes as columns
    scores             one score a question
    cluster            the clustered mean: CR2, Bell-McCaffrey
    accuracy           the accuracy of an arm, cluster-adjusted Wilson
    missing            missing verdicts three ways       treatments   the same for a difference
    orders, sides      both orders, both sides
    paired, exact      two arms on the same questions
    pgr                performance gap recovered, Fieller
    brier, cost, ceiling
    multiplicity       Holm, Benjamini-Hochberg
    bootstrap          a second opinion

Questions are the unit, passages the clusters. Intervals are two-sided at 95 %. What is undefined is `None`, and a
`status` says why; it is never 0. Fractions are fractions, not percent.

    table = read(Path("transcripts/…")).table
    debate = table.rows_of("debate", "casefiles")
    accuracy(question_scores(debate))
"""

from __future__ import annotations

from arena.analysis.accuracy import Accuracy, accuracy
from arena.analysis.brier import Brier, brier
from arena.analysis.ceiling import Ceiling, ceiling
from arena.analysis.cost import Cost, cost
from arena.analysis.missing import Missing, missing
from arena.analysis.multiplicity import benjamini_hochberg, holm
from arena.analysis.orders import Orders, orders
from arena.analysis.paired import Paired, paired
from arena.analysis.pgr import Recovered, recovered
from arena.analysis.reading import Reading, read
from arena.analysis.rows import Episodes, Rows, Table, collect
from arena.analysis.scores import Scores, Ways, every_way, question_scores
from arena.analysis.sides import Sides, sides
from arena.analysis.treatments import Treated, treated

__all__ = [
    "Accuracy",
    "Brier",
    "Ceiling",
    "Cost",
    "Episodes",
    "Missing",
    "Orders",
    "Paired",
    "Reading",
    "Recovered",
    "Rows",
    "Scores",
    "Sides",
    "Table",
    "Treated",
    "Ways",
    "accuracy",
    "benjamini_hochberg",
    "brier",
    "ceiling",
    "collect",
    "cost",
    "every_way",
    "holm",
    "missing",
    "orders",
    "paired",
    "question_scores",
    "read",
    "recovered",
    "sides",
    "treated",
]
