"""Who has judged or seen the answer of which question: nobody judges a question twice, nor one whose answer they know.

One file a person, `judges/<name>.jsonl` below the folder of the runs, one question a line.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Literal

How = Literal["judged", "answer"]


class Exposure:
    """What one person knows, kept in a file that is only added to."""

    def __init__(self, home: Path, name: str) -> None:
        self._path = home / "judges" / f"{name}.jsonl"
        self._known = {(str(one["dataset"]), str(one["question"])) for one in self._lines()}

    def knows(self, dataset: str, question: str) -> bool:
        """Whether the person has judged this question, or seen its answer."""
        return (dataset, question) in self._known

    def note(self, dataset: str, question: str, how: How, run: str) -> None:
        """Keep that the person has judged a question, or seen its answer."""
        self._known.add((dataset, question))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = {"dataset": dataset, "question": question, "how": how, "run": run}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _lines(self) -> list[dict[str, object]]:
        """The lines that can be read; one that was cut is none."""
        found = []
        with suppress(OSError):
            for line in self._path.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):
                    one = json.loads(line)
                    if isinstance(one, dict) and {"dataset", "question"} <= one.keys():
                        found.append(one)
        return found
