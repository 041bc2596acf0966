"""PrOntoQA: chains of deduction on made-up animals."""

import re
from collections.abc import Iterator

from arena.datasets.base import shorten
from arena.datasets.published import Draft, Published, lettered, strings, true
from arena.datasets.rows import Row


class ProntoQa(Published):
    """PrOntoQA: whether a statement follows by a chain of deductions, told in made-up words.

    Source: github.com/asaparov/prontoqa, in the layout of github.com/teacherpeterpan/Logic-LLM or as the generator
    writes it (its JSON; examples that ask for a proof have no wrong answer, and are refused). Licence: Apache-2.0
    (generator), MIT (this layout). Cite: Saparov and He 2023, "Language Models Are Greedy Reasoners"; Pan et al. 2023.
    Passage: the rules and facts. Group: the passage. Options: True and False, without the letters that the source puts
    before them. The proof is never shown.
    """

    name = "prontoqa"
    patterns = ("*.json", "**/*.json")

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record: of the layout, or the one to be answered of an example of the generator."""
        if "test_example" in row.fields:
            yield generated(row)
            return
        labels, options = [], []
        for option in strings(row, "options"):
            if not (shown := re.fullmatch(r"\s*\(?([A-Z])[).]\s*(.+?)\s*", option)):
                row.refuse("an option has not the form A) True")
            labels.append(shown[1])
            options.append(shown[2])
        key = lettered(row, row.get("answer"), labels, "answer")
        yield Draft(row, row.text("question"), options, key, row.text("id"), row.text("context"))


def generated(row: Row) -> Draft:
    """Read an example of the generator: rules, and `True or false:` with what is to be judged."""
    asked = row.text("test_example.query")
    if not asked.casefold().startswith("true or false:"):
        row.refuse(f"the query is {shorten(asked)}; one that begins with True or false: is needed there")
    key = 0 if true(row, "test_example.answer") else 1
    return Draft(row, asked, ["True", "False"], key, passage=row.text("test_example.question"))
