"""ARC: science questions for schools."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, lettered, listed, strings
from arena.datasets.rows import Row


class Arc(Published):
    """ARC: science questions for schools, the Challenge set and the Easy one.

    Source: allenai.org/data/arc. Licence: CC BY-SA 4.0. Cite: Clark et al. 2018, "Think you have Solved Question
    Answering? Try ARC". Passage: none. Group: the question's words. Wrong options: drawn by the seed. Options are
    called A to E or 1 to 4 by the source; there are three to five.
    """

    name = "arc"
    patterns = ("ARC-{s.level}-{s.split}*.jsonl", "**/ARC-{s.level}-{s.split}*.jsonl")

    split: Literal["Train", "Dev", "Test"] = "Test"
    level: Literal["Challenge", "Easy"] = "Challenge"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record; the right option is found by its label, not by its text."""
        options, labels = strings(row, "question.choices.text"), listed(row, "question.choices.label")
        key = lettered(row, row.get("answerKey"), labels, "answerKey")
        yield Draft(row, row.text("question.stem"), options, key, row.text("id"))
