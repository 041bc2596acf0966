"""ARC: science questions for schools."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, lettered
from arena.datasets.readers import labelled
from arena.datasets.rows import Row


class Arc(Published):
    """ARC: science questions for schools, the Challenge set and the Easy one.

    Source: allenai.org/data/arc, or lines of JSON in the form of the hub's allenai/ai2_arc. Licence: CC BY-SA 4.0.
    Cite: Clark et al. 2018, "Think you have Solved Question Answering? Try ARC". Passage: none. Group: the question's
    words. Wrong options: drawn by the seed. Options are called A to E or 1 to 4 by the source; there are three to five.
    """

    name = "arc"
    patterns = ("ARC-{s.level}-{s.split}*.jsonl", "**/ARC-{s.level}-{s.split}*.jsonl")

    split: Literal["Train", "Dev", "Test"] = "Test"
    level: Literal["Challenge", "Easy"] = "Challenge"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record; the right option is found by its label, not by its text."""
        text, options, labels = labelled(row)
        key = lettered(row, row.get("answerKey"), labels, "answerKey")
        yield Draft(row, text, options, key, row.text("id"))
