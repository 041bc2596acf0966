"""CommonsenseQA: questions on everyday knowledge."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, lettered, listed, strings
from arena.datasets.rows import Row


class CommonsenseQa(Published):
    """CommonsenseQA: questions on everyday knowledge with five options.

    Source: tau-nlp.org/commonsenseqa. Licence: MIT. Cite: Talmor et al. 2019, "CommonsenseQA: A Question Answering
    Challenge Targeting Commonsense Knowledge". Passage: none. Group: the question's words. Wrong options: drawn by the
    seed; where two options have one text, the twin of the right one is none. The answers of the test file are not
    released. `concept` may be filtered by: what the question was made from.
    """

    name = "commonsenseqa"
    patterns = ("{s.split}_rand_split*.jsonl", "**/{s.split}_rand_split*.jsonl")

    split: Literal["train", "dev"] = "dev"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record; the right option is found by its label, not by its text."""
        options, labels = strings(row, "question.choices.text"), listed(row, "question.choices.label")
        key = lettered(row, row.get("answerKey"), labels, "answerKey")
        tags = {"concept": row.text("question.question_concept")}
        yield Draft(row, row.text("question.stem"), options, key, row.text("id"), tags=tags)
