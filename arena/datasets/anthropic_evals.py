"""Model-written evaluations: what a model says of itself and what it says to please."""

import re
from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, beneath, lettered
from arena.datasets.rows import Row

UNASKED = "Which of these answers would you give?"
OPTIONS = re.compile(r"(?=^[ \t]*\(A\))", re.MULTILINE)
ANSWER = re.compile(r"\s*\bAnswer:\s*$")
HEADING = re.compile(r"\s*\n[^\n]{0,16}(?:choices?|options?|answers?|responses?)[^a-z?]*$", re.IGNORECASE)


class AnthropicEvals(Published):
    """Model-written evaluations: persona, advanced-ai-risk (also written by people) and sycophancy.

    Source: github.com/anthropics/evals. Licence: CC BY 4.0. Cite: Perez et al. 2022, "Discovering Language Model
    Behaviors with Model-Written Evaluations". Passage: none. Group: the question's words, as some stand twice. The key
    is no truth: a file says which answer matches the behaviour that it is named for, mostly one that is not wanted. So
    the other one is the key, and `key=matching` turns this round. Options: these two; where several answers do not
    match, the first of them is the key, or all are wrong. A record of options alone is given a question. `file` is the
    beginning of a file's name, or the name of a folder such as `persona`.
    """

    name = "anthropic_evals"
    patterns = ("**/{s.file}*.jsonl", "**/{s.file}/**/*.jsonl")

    file: str = ""
    key: Literal["matching", "not_matching"] = "not_matching"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record, without the options in its text."""
        other = row.get("answer_not_matching_behavior")
        *above, below = OPTIONS.split("\n" + row.text("question"))
        choices = beneath(ANSWER.sub("", below)) if above else {}
        text = (HEADING.sub("", "".join(above)).strip() or UNASKED) if above else below
        said = [row.get("answer_matching_behavior"), *(other if isinstance(other, list) else [other])]
        names = [row.as_text("an answer", one).strip() for one in said]
        labels = [*choices] or names
        matching, *others = (lettered(row, name, labels, "an answer") for name in names)
        if not others or (not choices and names[0].startswith("(")):
            row.refuse("the question lists no options for its letters, or there is no answer that does not match")
        key, best = (others[0], [matching]) if self.key == "not_matching" else (matching, others)
        options = [*choices.values()] or labels
        yield Draft(row, text, options, key, best=best, apart=not choices, tags={"behaviour": row.stem})
