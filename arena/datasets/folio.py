"""FOLIO: what follows from premises, written by people and checked by a prover."""

from collections.abc import Iterator
from typing import Literal

from arena.datasets.published import Draft, Published, lettered, strings
from arena.datasets.rows import Row

LABELS = ["True", "False", "Uncertain"]


class Folio(Published):
    """FOLIO: whether a conclusion follows from premises, written by people and checked with first-order logic.

    Source: github.com/Yale-LILY/FOLIO. Licence: CC BY-SA 4.0. Cite: Han et al. 2022, "FOLIO: Natural Language
    Reasoning with First-Order Logic". Passage: the premises, one a line. Group: the premises. Wrong options: the other
    two of True, False and Uncertain ("Unknown" in some files), drawn by the seed. The formulas are never shown.
    """

    name = "folio"
    patterns = ("*folio*{s.split}*.jsonl", "**/*folio*{s.split}*.jsonl")

    split: Literal["train", "validation"] = "validation"

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record."""
        given = row.get("premises")
        premises = given if isinstance(given, str) else "\n".join(strings(row, "premises"))
        label = {"Unknown": "Uncertain"}.get(said := row.text("label").strip(), said)
        text = f"Given the premises, is this conclusion true, false or uncertain?\n{row.text('conclusion').strip()}"
        yield Draft(row, text, LABELS, lettered(row, label, LABELS, "label"), passage=premises)
