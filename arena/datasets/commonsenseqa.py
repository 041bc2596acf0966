"""CommonsenseQA: questions on everyday knowledge."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, lettered
from arena.datasets.readers import labelled
from arena.datasets.rows import Row


class CommonsenseQa(Published):
    """CommonsenseQA: questions on everyday knowledge with five options.

    Source: tau-nlp.org/commonsenseqa, or lines of JSON in the form of the hub's tau/commonsense_qa. Licence: MIT. Cite:
    Talmor et al. 2019, "CommonsenseQA: A Question Answering Challenge Targeting Commonsense Knowledge". Passage: none.
    Group: the question's words. Wrong options: drawn by the seed; where two options have one text, the twin of the
    right one is none. The answers of the test file are not released. `concept` may be filtered by: what the question
    was made from.
    """

    name = "commonsenseqa"
    patterns = ("{s.split}_rand_split*.jsonl", "**/{s.split}_rand_split*.jsonl")

    split: Literal["train", "dev"] = "dev"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record; the right option is found by its label, not by its text."""
        text, options, labels = labelled(row)
        if row.fields.get("answerKey", "") == "":
            row.refuse("answerKey is not there; the authors do not release the answers of the test file")
        key = lettered(row, row.get("answerKey"), labels, "answerKey")
        of = "question_concept" if "question_concept" in row.fields else "question.question_concept"
        yield Draft(row, text, options, key, row.text("id"), tags={"concept": row.text(of)})
