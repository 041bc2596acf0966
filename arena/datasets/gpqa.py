"""GPQA: graduate-level questions, from a copy of your own."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published
from arena.datasets.rows import Row

WRONG = ("Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3")


class Gpqa(Published):
    """GPQA: questions by experts in biology, physics and chemistry that others cannot look up.

    Source: a copy of your own from github.com/idavidrein/gpqa, unpacked; it is never shipped. Its authors ask that no
    example be put online in plain text: share no log of a run. A message about a broken file shows none of its words.
    Licence: CC BY 4.0. Cite: Rein et al. 2023, "GPQA: A Graduate-Level Google-Proof Q&A Benchmark". Passage: none.
    Group: the question's words. Wrong options: three by the author, one drawn by the seed.
    """

    name = "gpqa"
    patterns = ("gpqa_{s.subset}.csv", "**/gpqa_{s.subset}.csv")
    private = True

    subset: Literal["main", "diamond", "extended"] = "diamond"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record."""
        options = [row.text(name) for name in ("Correct Answer", *WRONG)]
        yield Draft(row, row.text("Question"), options, id=row.text("Record ID"), apart=True)
