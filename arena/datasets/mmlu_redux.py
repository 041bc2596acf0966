"""MMLU-Redux: MMLU with its wrong keys found by people."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.mmlu import group
from arena.datasets.published import Draft, Published, counted
from arena.datasets.readers import written
from arena.datasets.rows import Row


class MmluRedux(Published):
    """MMLU-Redux: questions of MMLU that people checked, the faulty ones dropped or corrected.

    Source: github.com/aryopg/mmlu-redux. Licence: CC BY 4.0. Cite: Gema et al. 2024, "Are We Done with MMLU?". Passage:
    none. Group: as in MMLU. Wrong options: drawn by the seed. The CSV files of the source are read, and lines of JSON
    with the same fields. `errors=drop` leaves out what is marked as anything but ok; `errors=correct` also keeps a
    wrong key where the right option is named; `errors=keep` keeps all, with the keys of MMLU. `error` may be filtered
    by: the mark in small letters with `_`.
    """

    name = "mmlu_redux"
    patterns = ("mmlu_{s.subject}*.csv", "**/mmlu_{s.subject}*.csv", "{s.subject}*.csv")

    subject: str = ""
    errors: Literal["drop", "correct", "keep"] = "drop"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record, if it is kept."""
        options, error = written(row, "choices"), "_".join(row.text("error_type").casefold().split())
        key: int | None = counted(row, "answer", len(options))
        if error != "ok" and self.errors != "keep":
            correct = self.errors == "correct" and error == "wrong_groundtruth"
            key = corrected(row.text("correct_answer").strip(), options) if correct else None
        if key is not None:
            yield Draft(row, row.text("question"), options, key, group=group(row), tags={"error": error})


def corrected(said: str, options: list[str]) -> int | None:
    """Find the option that a correction names by its number from 0, its letter, or its words."""
    names = [*("0123456789"[: len(options)]), *("ABCDEFGHIJ"[: len(options)]), *(one.strip() for one in options)]
    places = {i % len(options) for i, name in enumerate(names) if name == said}
    return places.pop() if len(places) == 1 else None
