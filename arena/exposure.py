"""Who has judged or seen the answer of which question: nobody judges a question twice, nor one whose answer they know.

One file a person, `judges/<name>.jsonl` below the folder of the runs, one line for each thing that they came to know.
It knows what the arena showed them: not what they read in a file of a log, in a report, or in the data itself.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Literal

How = Literal["begun", "judged", "answer"]
"""What a person has done with a question: begun to read, judged or argued over, been shown the answer."""


class Exposure:
    """What one person knows, kept in a file that is only added to."""

    def __init__(self, home: Path, name: str) -> None:
        self._path = home / "judges" / f"{name}.jsonl"
        self._known: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for one in self._lines():
            self._add(str(one["dataset"]), str(one["question"]), str(one.get("how")), str(one.get("run")))

    def knows(self, dataset: str, question: str, going_on: str = "") -> bool:
        """Whether the person has read this question, judged it, or seen its answer.

        What was only begun in the run `going_on` can be gone on with there.
        """
        return bool(self._known.get((dataset, question), set()) - {("begun", going_on)})

    def note(self, dataset: str, question: str, how: How, run: str) -> None:
        """Keep what the person has done with a question, once. Raises `OSError` where that can't be written."""
        if (how, run) in self._known.get((dataset, question), ()):
            return
        self._add(dataset, question, how, run)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"dataset": dataset, "question": question, "how": how, "run": run}, ensure_ascii=False)
        with self._path.open("a+b") as file:
            file.write(f"{_whole(file)}{line}\n".encode())

    def _add(self, dataset: str, question: str, how: str, run: str) -> None:
        self._known.setdefault((dataset, question), set()).add((how, run))

    def _lines(self) -> list[dict[str, object]]:
        """The lines that can be read; one that was cut is none."""
        found = []
        with suppress(OSError):
            for line in self._path.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError):
                    one = json.loads(line)
                    if isinstance(one, dict) and {"dataset", "question"} <= one.keys():
                        found.append(one)
        return found


def _whole(file: BinaryIO) -> str:
    """What ends the last line of a file, where it was cut."""
    if not file.seek(0, os.SEEK_END):
        return ""
    file.seek(-1, os.SEEK_END)
    return "" if file.read(1) == b"\n" else "\n"
