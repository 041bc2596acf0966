"""How long 100,000 questions take to load, how much memory they need, and how soon the first can be played.

    python benchmarks/data.py [--questions N]

The file is one JSON object a line, ten questions to a passage of 200 words, as a researcher's own file may be. Each
figure is of a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arena.datasets.base import checked
from arena.plan import open_dataset, questions

AIM_S, AIM_MB = 5.0, 500
WAYS = {"all": "all, in the file's order", "sample": "half, drawn by passages", "first": "the first of all"}


def write(path: Path, count: int) -> None:
    """Make up the file."""
    with path.open("w", encoding="utf-8") as file:
        for i in range(count):
            passage = " ".join(f"word{(i // 10 * 7 + k) % 9973}" for k in range(200))
            record = {"id": f"q{i}", "question": f"What happened on day {i}, and why did nobody say so before?"}
            record |= {"options": [f"it rained on {i}", f"it snowed on {i}", "nothing"], "answer": i % 3}
            file.write(json.dumps({**record, "passage": passage}) + "\n")


def measure(path: str, way: str, count: int) -> dict[str, float]:
    """Load in this process: seconds, and megabytes at the most."""
    start = time.perf_counter()
    if way == "first":
        next(checked(open_dataset(path).items(limit=None, seed=0)))
        found = 1
    else:
        found = len(questions(path, None if way == "all" else count // 2, 0)[0])
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "found": found}


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
            print(f"  {what:26}{out['seconds']:8.3f} s {out['mb']:8.0f} MB   ({out['found']:,.0f} questions)")


if __name__ == "__main__":
    main()
