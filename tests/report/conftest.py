"""Made-up run folders."""

from __future__ import annotations

import json
from typing import Any

import pytest

from arena.events import Score, Scored, dump

JUDGE = "sim/judge?skill=0.7"


def episode(arm: str, question: str, *verdicts: Any, n: int = 0, **fields: Any) -> Scored:
    """A scored episode; a verdict is 1, 0, one half, or the name of an outcome that leaves none."""
    scores = tuple(
        Score(slot=slot, outcome=verdict)
        if isinstance(verdict, str)
        else Score(slot=slot, correct=verdict, p_correct=0.5 + (verdict - 0.5) / 2)
        for slot, verdict in enumerate(verdicts)
    )
    values = {"group": question, "dataset": "casefiles", "key": 0, "dealing": n, **fields}
    return Scored(episode=f"{arm}~{question}~{n}", arm=arm, question=question, scores=scores, **values)


def arm(name: str, protocol: str = "", judge: str = JUDGE, **seats: str) -> dict[str, Any]:
    """An arm of a header."""
    filled = {seat: {"role": "debater", "model": model} for seat, model in seats.items()}
    filled["judge"] = {"role": "judge", "model": judge}
    return {"name": name, "protocol": protocol or name, "seats": filled}


class Runs:
    """Writes run folders and makes reports of them."""

    episode = staticmethod(episode)
    arm = staticmethod(arm)

    def __init__(self, folder):
        self.path = folder / "run"
        self.path.mkdir()

    def write(self, *events, **head):
        """A run of these episodes; the header is complete unless told otherwise."""
        names = list(dict.fromkeys(event.arm for event in events if isinstance(event, Scored)))
        made = {"schema": 1, "run": "r1", "seed": 3, "arms": [arm(name) for name in names], **head}
        (self.path / "run.json").write_text(json.dumps(made))
        (self.path / "events-0001.jsonl").write_text("".join(f"{dump(event)}\n" for event in events))
        return self.path

    def report(self, *events, **head):
        from arena.report import build

        return build(self.write(*events, **head))

    def usual(self, n: int = 24, **head):
        """Debate .75, naive .5, expert 1 on `n` questions."""
        shares = {"debate": (1, 1, 1, 0), "naive": (1, 0, 0, 1), "expert": (1, 1, 1, 1)}
        events = [
            episode(name, f"q{i}", right[i % 4], right[i % 4]) for name, right in shares.items() for i in range(n)
        ]
        return self.report(*events, **head)


@pytest.fixture
def runs(tmp_path):
    return Runs(tmp_path)
