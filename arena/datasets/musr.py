"""MuSR: stories that have to be thought through."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, counted, listed, strings
from arena.datasets.readers import written
from arena.datasets.rows import Row


class MuSr(Published):
    """MuSR: murder mysteries, lost objects and teams to be put together, in stories of some 1,000 words.

    Source: github.com/Zayne-sprague/MuSR, or the tables of the hub's TAUR-Lab/MuSR. Licence: MIT. Cite: Sprague et al.
    2023, "MuSR: Testing the Limits of Chain-of-thought with Multistep Soft Reasoning". Passage: the story. Group: the
    story. Wrong options: drawn by the seed. The trees and data that the stories were made from hold the solution, and
    are never shown.
    """

    name = "musr"
    patterns = ("*{s.task}.json", "**/*{s.task}.json", "{s.plural}*.csv", "**/{s.plural}*.csv")

    task: Literal["", "murder_mystery", "object_placements", "team_allocation"] = ""

    @property
    def plural(self) -> str:
        """How the names of the hub's tables begin."""
        return self.task.removesuffix("y") or "[mot]"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the questions on one story, or the one of a line of the hub's tables."""
        if "narrative" in row.fields:
            options = written(row, "choices")
            key = counted(row, "answer_index", len(options))
            yield Draft(row, row.text("question"), options, key, passage=row.text("narrative").strip())
            return
        for i in range(len(listed(row, "questions"))):
            at = f"questions.{i}"
            options = strings(row, f"{at}.choices")
            key = counted(row, f"{at}.answer", len(options))
            yield Draft(row, row.text(f"{at}.question"), options, key, passage=row.text("context").strip())
