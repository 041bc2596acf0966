"""BIG-Bench Hard: tasks of several steps."""

import re
from collections.abc import Iterator

from arena.datasets.published import Draft, Published, beneath, lettered
from arena.datasets.rows import Row
from arena.question import same

PAIRS = (("Yes", "No"), ("yes", "no"), ("True", "False"), ("valid", "invalid"))


class Bbh(Published):
    """BIG-Bench Hard: tasks of several steps that early language models failed.

    Source: github.com/suzgunmirac/BIG-Bench-Hard. Licence: MIT. Cite: Suzgun et al. 2022, "Challenging BIG-Bench Tasks
    and Whether Chain-of-Thought Can Solve Them"; BIG-bench's canary stays in the files. Passage: none. Group: the
    question's words, as a few stand twice. Wrong options: those in the input, drawn by the seed, or the other one of
    yes and no, true and false, valid and invalid. A target that is none of these (a number, a list of words, brackets)
    gets wrong ones by the rule of `near.near_misses`. `task` is the beginning of a file's name.
    """

    name = "bbh"
    patterns = ("{s.task}*.json", "**/{s.task}*.json")

    task: str = ""

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one example; the options are taken out of its text."""
        target, (text, _, below) = row.text("target").strip(), row.text("input").partition("\nOptions:")
        letters = beneath(below)
        dashes = re.findall(r"^\s*-\s*(\S.*?)\s*$", below, re.MULTILINE)
        pair = next((pair for pair in PAIRS if target in pair), ())
        options = [*letters.values()] or dashes or [*pair] or [target]
        labels = [*letters] if target in letters else [same(option) for option in options]
        key = lettered(row, target if target in letters else same(target), labels, "target")
        yield Draft(row, text, options, key, made=len(options) == 1, tags={"task": row.stem})
