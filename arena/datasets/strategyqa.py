"""StrategyQA: yes/no questions that need several facts."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, strings, true
from arena.datasets.rows import Row


class StrategyQa(Published):
    """StrategyQA: yes/no questions whose answer needs several facts that the question does not name.

    Source: github.com/eladsegal/strategyqa. Licence: MIT. Cite: Geva et al. 2021, "Did Aristotle Use a Laptop? A
    Question Answering Benchmark with Implicit Reasoning Strategies". Passage: none, or with `facts=true` the facts that
    people wrote down for an answer, one a line. Group: the term that the question was written about. Options: Yes and
    No. The decomposition and the evidence are never shown.
    """

    name = "strategyqa"
    patterns = ("{s.split}.json", "**/{s.split}.json", "*_{s.split}.json", "**/*_{s.split}.json")

    split: Literal["train", "dev"] = "dev"
    facts: bool = False

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record."""
        given = row.get("facts") if self.facts else None
        passage = given if given is None or isinstance(given, str) else "\n".join(strings(row, "facts"))
        if "answer" not in row.fields:
            row.refuse("there is no answer; the authors do not release those of the test file")
        key = 0 if true(row, "answer") else 1
        yield Draft(row, row.text("question"), ["Yes", "No"], key, row.text("qid"), passage, row.text("term"))
