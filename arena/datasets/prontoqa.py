"""PrOntoQA: chains of deduction on made-up animals."""

import re
from collections.abc import Iterator

from arena.datasets.published import Draft, Published, lettered, strings
from arena.datasets.rows import Row


class ProntoQa(Published):
    """PrOntoQA: whether a statement follows by a chain of deductions, told in made-up words.

    Source: github.com/asaparov/prontoqa, in the layout of github.com/teacherpeterpan/Logic-LLM. Licence: Apache-2.0
    (generator), MIT (this layout). Cite: Saparov and He 2023, "Language Models Are Greedy Reasoners"; Pan et al. 2023.
    Passage: the rules and facts. Group: the passage. Options: True and False, without the letters that the source puts
    before them. The proof is never shown.
    """

    name = "prontoqa"
    patterns = ("*.json", "**/*.json")

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record."""
        labels, options = [], []
        for option in strings(row, "options"):
            if not (shown := re.fullmatch(r"\s*\(?([A-Z])[).]\s*(.+?)\s*", option)):
                row.refuse("an option has not the form A) True")
            labels.append(shown[1])
            options.append(shown[2])
        key = lettered(row, row.get("answer"), labels, "answer")
        yield Draft(row, row.text("question"), options, key, row.text("id"), row.text("context"))
