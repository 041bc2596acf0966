"""GSM8K: grade-school mathematics in words."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from arena.datasets.near import number, plain
from arena.datasets.published import Draft, Published
from arena.datasets.rows import Row, rows

RECORDED = "example_model_solutions.jsonl"
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


class Gsm8k(Published):
    """GSM8K: grade-school mathematics in words, with a number for an answer.

    Source: github.com/openai/grade-school-math. Licence: MIT. Cite: Cobbe et al. 2021, "Training Verifiers to Solve
    Math Word Problems". Passage: none. Group: the question. Wrong options: the numbers that recorded wrong solutions
    of four models end in, the most frequent first, and whole ones before others where the right one is whole, where
    `example_model_solutions.jsonl` lies beside the questions; after them, or where `wrong=near`, numbers drawn by the
    seed by the rule of `near.near_misses`. All numbers are written alike, without commas. The worked solution is not
    shown.
    """

    name = "gsm8k"
    patterns = ("{s.split}.jsonl", "**/{s.split}.jsonl")

    split: Literal["train", "test"] = "test"
    wrong: Literal["recorded", "near"] = "recorded"

    def read(self) -> Iterator[Draft]:
        """Yield the questions, with what the recorded solutions answered to each."""
        for file in self.files():
            beside = file.with_name(RECORDED)
            said = dict(map(_answers, rows(beside))) if self.wrong == "recorded" and beside.is_file() else {}
            for draft in self.drafted(file):
                wrong = [plain(value) for value, _ in said.get(draft.text, Counter()).most_common()]
                alike = [value for value in wrong if ("." in value) == ("." in draft.options[0])]
                others = [value for value in dict.fromkeys([*alike, *wrong]) if value != draft.options[0]]
                options = [*draft.options, *others]
                yield replace(draft, options=options, best=range(1, len(options)))

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question with its right answer, which stands behind the last `####`."""
        _, mark, last = row.text("answer").rpartition("####")
        if not mark or (value := number(last)) is None:
            row.refuse("the answer has no last line of the form #### 18")
        yield Draft(row, row.text("question"), [plain(value)], made=True)


def _answers(row: Row) -> tuple[str, Counter[Decimal]]:
    wrong = [row.text(f"{model}.solution") for model in MODELS if not row.get(f"{model}.is_correct")]
    ends = [re.findall(r"^A:(.*)$", solution, re.MULTILINE) for solution in wrong]
    found = [number(end[-1]) for end in ends if end]
    return row.text("question"), Counter(value for value in found if value is not None)
