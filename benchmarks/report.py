"""The report over 100,000 episodes of each of four arms, short and full: seconds and peak memory of a fresh process.

The processes that it starts to read the log count too; their peaks are added up, though they need not be at once.

    python benchmarks/report.py [--episodes N] [--runs N]

Makes a run of four arms in a temporary folder: N episodes each, two verdicts an episode, four questions a passage, and
around each `Scored` line nine lines of other events, four of them speeches (3.5 kB an episode in all, 1.4 GB for the
400,000; the passages of a real run lie in its texts files, which a report does not read).
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arena.events import AnyEvent, Called, Ended, Opened, Said, Score, Scored, Shown, Spend, Usage, Verdict, dump

AIMS = {"short": (5, 1000), "full": (20, 1000)}
"""Seconds and megabytes."""

ARMS = {"debate": 0.85, "consultancy": 0.7, "naive": 0.5, "expert": 0.95}
"""The share of right verdicts in each arm."""

SPEECH = "The log of the harbour master says that the ship left before dawn, and nobody retracted it. " * 4
USAGE = Usage(input=900, output=40)

CHILD = """
import resource, sys
from pathlib import Path
from arena.report import build, to_text
full = sys.argv[2] == "full"
to_text(build(Path(sys.argv[1]), full=full), full=full)
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(one.ru_utime + one.ru_stime for one in used), sum(one.ru_maxrss for one in used) / 1024)
"""


def scored(episode: str, arm: str, n: int, chance: random.Random) -> Scored:
    """The result of one episode."""
    right = [float(chance.random() < ARMS[arm]) for _ in range(2)]
    return Scored(
        episode=episode,
        arm=arm,
        question=f"case-{n}",
        group=f"passage-{n // 4}",
        dataset="casefiles",
        key=0,
        scores=tuple(
            Score(slot=i, correct=c, p_correct=0.5 + (c - 0.5) * chance.random()) for i, c in enumerate(right)
        ),
        posterior=(0.9, 0.1),
        calls=6,
        usage=Usage(input=5400, output=700),
        cost=0.01 * (1 + chance.random()) * (1 + len(arm)),
        argued={"alice": n % 2, "bob": 1 - n % 2} if arm == "debate" else {},
        words=(150 + n % 40, 150 + n % 31) if arm == "debate" else (),
        last=n % 2 if arm == "debate" else None,
        rounds=3 if arm in ("debate", "consultancy") else 0,
        transcript=f"{n:016x}",
        spend={seat: Spend(calls=2, usage=USAGE, cost=0.005) for seat in ("alice", "bob", "judge")},
        t=1.7e9,
    )


def play(arm: str, n: int, chance: random.Random) -> list[AnyEvent]:
    """The log of one episode."""
    of = {"episode": f"{arm}~case-{n}~0", "t": 1.7e9}
    turns = [(f"{act}:{i}", seat) for act in (2, 3) for i, seat in enumerate(("alice", "bob"))]
    verdicts = tuple(Verdict(order=order, belief=(0.7, 0.3), choice=0) for order in ((0, 1), (1, 0)))
    return [
        Opened(**of, arm=arm, question=f"case-{n}"),
        Shown(**of, at="1", cue="question", fields={"text": "Did the ship leave before dawn?"}, to=("judge",)),
        *(Said(**of, at=at, seat=seat, cue="argue", text=SPEECH, to=("judge",)) for at, seat in turns),
        *(Called(**of, at="4", seat="judge", model="sim/judge", key=f"{i:032}", text="A", usage=USAGE) for i in (0, 1)),
        Ended(**of, at="5", belief=(0.7, 0.3), choice=0, verdicts=verdicts),
        scored(of["episode"], arm, n, chance),
    ]


def make(run: Path, episodes: int) -> int:
    """Write a run of so many episodes an arm; returns the bytes of its events."""
    chance, each = random.Random(0), episodes
    seats = {"judge": {"role": "judge", "model": "sim/judge"}}
    header = {
        "schema": 1,
        "run": "benchmark",
        "seed": 0,
        "simulated": True,
        "planned": dict.fromkeys(ARMS, each),
        "arms": [{"name": arm, "protocol": arm, "seats": seats} for arm in ARMS],
        "dataset": {"name": "casefiles", "n": each, "options": 2},
    }
    run.mkdir()
    (run / "run.json").write_text(json.dumps(header))
    path = run / "events-0001.jsonl"
    with path.open("w") as file:
        for n in range(each):
            file.writelines(f"{dump(event)}\n" for arm in ARMS for event in play(arm, n, chance))
    return path.stat().st_size


def main() -> None:
    """Print the figures beside the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        size = make(run, asked.episodes)
        count = len(ARMS) * asked.episodes
        print(f"{count:,} episodes, {2 * count:,} verdicts, {size / 1e6:.0f} MB of events")
        for kind, (seconds, megabytes) in AIMS.items():
            for _ in range(asked.runs):
                start = time.perf_counter()
                command = [sys.executable, "-c", CHILD, str(run), kind]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                took, (busy, peak) = time.perf_counter() - start, map(float, done.stdout.split())
                times = f"{kind} report {took:5.2f} s, of CPU {busy:.2f} s (aim {seconds} s)"
                print(f"{times}; {peak:.0f} MB at the peak (aim {megabytes} MB)")


if __name__ == "__main__":
    main()
