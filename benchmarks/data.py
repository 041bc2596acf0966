"""How long 100,000 questions take to load, how much memory they need, and how soon a run makes its first call.

    python benchmarks/data.py [--questions N]

The file is one JSON object a line, ten questions to a passage of 200 words, as a researcher's own file may be. Each
figure is of a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arena.errors import Stopped
from arena.models.base import Reply, Request
from arena.plan import Experiment, Plan, questions, resolve
from arena.runner import play

AIM_S, AIM_MB = 5.0, 500
WAYS = {
    "all": "all are read",
    "sample": "half, drawn by passages, are read",
    "first": "a run over all makes its first call",
    "rest": "that run has read the rest",
}


def write(path: Path, count: int) -> None:
    """Make up the file."""
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            passage = " ".join(f"word{(i // 10 * 7 + k) % 9973}" for k in range(200))
            record = {"id": f"q{i}", "question": f"What happened on day {i}, and why did nobody say so before?"}
            record |= {"options": [f"it rained on {i}", f"it snowed on {i}", "nothing"], "answer": i % 3}
            file.write(json.dumps({**record, "passage": passage}) + "\n")


class Judge:
    """A model that ends the run at its first call, or when all questions are read."""

    spec = "sim/clock"
    simulated = True

    def __init__(self, *, first: bool) -> None:
        self.plan: Plan | None = None
        self._first = first

    def supports(self, _: str) -> bool:
        """Nothing but text."""
        return False

    async def __call__(self, _: Request) -> Reply:
        """Never a reply."""
        while not self._first and self.plan and not self.plan.whole:
            await asyncio.sleep(0)
        raise Stopped("measured")


def begun(path: str, *, first: bool) -> int:
    """Begin a run over all questions; gives how many are read when its first call is made, or in the end."""
    judge = Judge(first=first)
    asked = Experiment(protocol=("naive",), dataset=path, limit=None, baselines=False)
    plan = resolve(asked)
    judge.plan = plan = Plan(plan.experiment, plan.arms, plan.test, (), dict.fromkeys(plan.models, judge))
    with tempfile.TemporaryDirectory() as folder:
        play(plan, Path(folder) / "run")
    return len(plan.known)


def measure(path: str, way: str, count: int) -> dict[str, float]:
    """Load in this process: seconds, of them of the processor, and megabytes at the most."""
    start, cpu = time.perf_counter(), time.process_time()
    if way in ("first", "rest"):
        found = begun(path, first=way == "first")
    else:
        found = len(questions(path, None if way == "all" else count // 2, 0)[0])
    took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    return {**took, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "found": found}


def main() -> None:
    """Measure and print, each figure beside its aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--child", nargs=2)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(measure(*args.child, args.questions)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.jsonl"
        write(path, args.questions)
        print(f"{args.questions:,} questions, {path.stat().st_size / 1e6:.0f} MB   (aim {AIM_S:.0f} s, {AIM_MB} MB)")
        for way, what in WAYS.items():
            command = [sys.executable, __file__, f"--questions={args.questions}", "--child", str(path), way]
            out = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            took = f"{out['seconds']:8.3f} s (CPU {out['cpu']:.3f} s) {out['mb']:6.0f} MB"
            print(f"  {what:38}{took}   ({out['found']:,.0f} questions known)")


if __name__ == "__main__":
    main()
