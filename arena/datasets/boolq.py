"""BoolQ: yes/no questions that people asked a search engine."""

from collections.abc import Iterator
from typing import Any, Literal

from arena.datasets.published import Draft, Published, true
from arena.datasets.rows import Row


class BoolQ(Published):
    """BoolQ: yes/no questions that people asked, each with a paragraph of Wikipedia.

    Source: github.com/google-research-datasets/boolean-questions, or its layout in the ERASER benchmark
    (eraserbenchmark.com); both are read. Licence: CC BY-SA 3.0. Cite: Clark et al. 2019, "BoolQ: Exploring the
    Surprising Difficulty of Natural Yes/No Questions"; DeYoung et al. 2020 for ERASER. Passage: the paragraph. Group:
    the paragraph. Options: Yes and No. The questions have small letters and no question mark, as people typed them.
    """

    name = "boolq"
    folders = ("boolq", "boolq_eraser")
    patterns = ("{s.split}*.jsonl", "**/{s.split}*.jsonl")

    split: Literal["train", "dev", "val"] = "dev"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record, in either layout."""
        if "passage" in row.fields:
            right, text, passage, name = true(row, "answer"), row.text("question"), row.text("passage"), ""
        else:
            found = flat(row.get("evidences.text"))
            if not found:
                row.refuse("evidences holds no text, which is the passage")
            passage = "\n\n".join(dict.fromkeys(row.as_text("evidences.text", one) for one in found))
            right, text = true(row, "classification"), row.text("query")
            name = f"{row.stem}-{row.text('annotation_id')}"
        yield Draft(row, text, ["Yes", "No"], 0 if right else 1, name, passage)


def flat(value: Any) -> list[Any]:
    """The values in lists of lists, in their order."""
    return [leaf for one in value for leaf in flat(one)] if isinstance(value, list) else [value]
