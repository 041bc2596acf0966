"""TruthfulQA: questions that people answer with common falsehoods."""

from collections.abc import Iterator
from typing import Any, Literal

from arena.datasets.published import Draft, Published, strings
from arena.datasets.rows import Row, kind
from arena.question import same

TABLE = ("Question", "Best Answer", "Correct Answers", "Incorrect Answers")
GENERATION = ("question", "best_answer", "correct_answers", "incorrect_answers")
FILES = {"2025": "TruthfulQA.csv", "v1": "v1/TruthfulQA.csv", "mc0": "mc_task.json", "mc1": "mc_task.json"}


class TruthfulQa(Published):
    """TruthfulQA: questions that many people answer with a common falsehood.

    Source: github.com/sylinrl/TruthfulQA. Licence: Apache-2.0. Cite: Lin, Hilton and Evans 2022, "TruthfulQA: Measuring
    How Models Mimic Human Falsehoods". Passage: none. Group: the question. Wrong option: in `version=2025` (790
    questions) the authors' Best Incorrect Answer, which makes their recommended binary form, and for more the other
    incorrect answers; in `v1` (817 questions) one of these drawn by the seed; `mc0` is the binary form and `mc1` the
    one with several wrong options of `mc_task.json`. Lines of JSON in the forms of the hub's truthful_qa are read from
    a path. What is listed as right and as wrong is no wrong option.
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
        if any(name.endswith("_targets") for name in row.fields):
            yield multiple(row, row.get(f"{'mc0' if self.version == 'mc0' else 'mc1'}_targets"))
            return
        q, best, right, wrong = GENERATION if "best_answer" in row.fields else TABLE
        known = {same(one) for one in cell(row, right)}
        first = [row.text("Best Incorrect Answer")] if "Best Incorrect Answer" in row.fields else []
        others = [*first, *(one for one in cell(row, wrong) if same(one) not in known)]
        order = range(1, 1 + len(others)) if first else ()
        yield Draft(row, row.text(q), [row.text(best), *others], best=order, apart=True)


def multiple(row: Row, targets: Any) -> Draft:
    """Read answers with a 1 or a 0 each: as names with values, or as the hub's list of choices and list of labels."""
    if isinstance(targets, dict) and set(targets) == {"choices", "labels"}:
        choices, labels = targets["choices"], targets["labels"]
        targets = (
            dict(zip(choices, labels, strict=False)) if isinstance(choices, list) == isinstance(labels, list) else 0
        )
    if not isinstance(targets, dict) or list(targets.values()).count(1) != 1:
        row.refuse(f"the targets are {kind(targets)}; one answer with a 1 and others with a 0 are needed there")
    return Draft(row, row.text("question"), list(targets), list(targets.values()).index(1))


def cell(row: Row, name: str) -> list[str]:
    """Read the answers in one cell, with semicolons between them and sometimes behind the last, or in a list."""
    if isinstance(row.get(name), list):
        return strings(row, name)
    return [one.strip() for one in row.text(name).split(";") if one.strip()]
