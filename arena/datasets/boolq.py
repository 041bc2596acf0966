"""BoolQ: yes/no questions that people asked a search engine."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from arena.datasets.faults import changed
from arena.datasets.published import Draft, Published, true
from arena.datasets.readers import documents, flat
from arena.datasets.rows import Row


class BoolQ(Published):
    """BoolQ: yes/no questions that people asked, each with a paragraph of Wikipedia.

    Source: github.com/google-research-datasets/boolean-questions, or its layout in the ERASER benchmark
    (eraserbenchmark.com); both are read. Licence: CC BY-SA 3.0. Cite: Clark et al. 2019, "BoolQ: Exploring the
    Surprising Difficulty of Natural Yes/No Questions"; DeYoung et al. 2020 for ERASER. Passage: the paragraph; in
    ERASER's own layout the documents in `docs` beside the file, or the evidence where there are none. Group: the
    passage. Options: Yes and No. The questions have small letters and no question mark, as people typed them.
    """

    name = "boolq"
    folders = ("boolq", "boolq_eraser")
    patterns = ("{s.split}*.jsonl", "**/{s.split}*.jsonl")

    split: Literal["train", "dev", "val"] = "dev"

    def read(self) -> Iterator[Draft]:
        """Yield the questions, in ERASER's own layout on the documents that lie in `docs` beside the file."""
        for file in self.files():
            yield from changed(self.drafted(file), partial(on_documents, folder=file.parent / "docs"))

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


def on_documents(draft: Draft, folder: Path) -> Draft:
    """Put the documents that the evidence is from in its place, where they are at hand."""
    evidence = flat(draft.row.fields.get("evidences"))
    named = [one["docid"] for one in evidence if isinstance(one, dict) and "docid" in one]
    return replace(draft, passage=documents(draft.row, folder, named) or draft.passage)
