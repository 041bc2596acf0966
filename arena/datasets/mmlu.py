"""MMLU: examination questions in 57 subjects."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, counted, digest, lettered
from arena.datasets.readers import written
from arena.datasets.rows import Row

SHARED = "This question refers to the following information"


class Mmlu(Published):
    """MMLU: examination questions with four options, in 57 subjects.

    Source: github.com/hendrycks/test. Licence: MIT. Cite: Hendrycks et al. 2021, "Measuring Massive Multitask Language
    Understanding". Passage: none; a source text stands in the question. Group: the source text that questions of one
    kind share, otherwise the question's words. Wrong options: drawn by the seed. Files without a first line of names
    and with letters are read, those with one and numbers from 0, and lines of JSON in the form of the hub's cais/mmlu,
    which have `choices` and `subject`. `subject` is the beginning of a file's name.
    """

    name = "mmlu"
    patterns = (
        "{s.split}/{s.subject}*_{s.split}.csv",
        "**/{s.split}/{s.subject}*_{s.split}.csv",
        "{s.subject}*_{s.split}.csv",
        "{s.split}/{s.subject}*.csv",
        "**/{s.split}/{s.subject}*.csv",
    )
    columns = ("question", "choice0", "choice1", "choice2", "choice3", "answer")

    split: Literal["dev", "val", "test", "auxiliary_train"] = "test"
    subject: str = ""

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record."""
        hub = "choices" in row.fields
        options = written(row, "choices") if hub else [row.text(f"choice{i}") for i in range(4)]
        answer = row.text("answer").strip()
        key = counted(row, "answer", 4) if answer.isdecimal() else lettered(row, answer, "ABCD", "answer")
        of = row.text("subject") if "subject" in row.fields else subject(row)
        yield Draft(row, row.text("question"), options, key, group=group(row), tags={"subject": of})


def subject(row: Row) -> str:
    """The subject of a file, from its name."""
    return row.stem.removesuffix("_test").removesuffix("_dev").removesuffix("_val")


def group(row: Row) -> str:
    """Name the source text that a question shares with others; empty where there is none."""
    text = row.text("question").strip()
    return f"{row.stem}-{digest(text.rpartition(chr(10))[0])}" if text.startswith(SHARED) else ""
