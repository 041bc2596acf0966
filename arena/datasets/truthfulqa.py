"""TruthfulQA: questions that people answer with common falsehoods."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published
from arena.datasets.rows import Row, kind
from arena.question import same

FILES = {"2025": "TruthfulQA.csv", "v1": "v1/TruthfulQA.csv", "mc0": "mc_task.json", "mc1": "mc_task.json"}


class TruthfulQa(Published):
    """TruthfulQA: questions that many people answer with a common falsehood.

    Source: github.com/sylinrl/TruthfulQA. Licence: Apache-2.0. Cite: Lin, Hilton and Evans 2022, "TruthfulQA:
    Measuring How Models Mimic Human Falsehoods". Passage: none. Group: the question. Wrong option: in `version=2025`
    (790 questions) the authors' Best Incorrect Answer, which makes their recommended binary form, and for more the
    other incorrect answers; in `v1` (817 questions) one of these drawn by the seed; `mc0` is the binary form and `mc1`
    the one with several wrong options of `mc_task.json`. What is listed as right and as wrong is no wrong option.
    """

    name = "truthfulqa"
    patterns = ("{s.file}", "**/{s.file}")

    version: Literal["2025", "v1", "mc0", "mc1"] = "2025"

    @property
    def file(self) -> str:
        """The file of the version."""
        return FILES[self.version]

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record."""
        if "question" in row.fields:
            targets = row.get(f"{'mc1' if self.version == 'mc1' else 'mc0'}_targets")
            if not isinstance(targets, dict) or list(targets.values()).count(1) != 1:
                row.refuse(f"the targets are {kind(targets)}; one answer with a 1 and others with a 0 are needed there")
            yield Draft(row, row.text("question"), list(targets), list(targets.values()).index(1))
            return
        right = {same(one) for one in cell(row, "Correct Answers")}
        first = [row.text("Best Incorrect Answer")] if "Best Incorrect Answer" in row.fields else []
        wrong = [*first, *(one for one in cell(row, "Incorrect Answers") if same(one) not in right)]
        best = range(1, 1 + len(wrong)) if first else ()
        yield Draft(row, row.text("Question"), [row.text("Best Answer"), *wrong], best=best, apart=True)


def cell(row: Row, name: str) -> list[str]:
    """Read the answers in one cell, with semicolons between them and sometimes behind the last."""
    return [one.strip() for one in row.text(name).split(";") if one.strip()]
