"""Debates against a provider at which one call in ten fails, with a `kill -9` in the middle and a resume.

    python -m benchmarks.soak [--debates 2000] [--faults mixed=0.1] [--concurrency 64]

The run and the provider are processes of their own. Afterwards the log is held against the provider's own record: every
episode was scored or failed for a reason that the log names, and no reply that was logged was bought again. The memory
of the run is looked at twice a second.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from arena import log
from arena.events import Called, Failed, Scored
from benchmarks.pacing import bill, provider

AIM_GROWTH = 1.1
SETTINGS = "deadline=3"
"""What hangs is given up after so many seconds."""

HEADERS = ("--rpm", "1000000")
"""A limit that nobody meets, whose headers tell that the answers of 429 are accidents."""


class Found(NamedTuple):
    """What a log holds. `bought` has the key of every reply that was paid for, as often as it was."""

    scored: set[str]
    outcomes: Counter[str]
    reasons: dict[str, str]
    bought: Counter[str]
    tries: Counter[str]


def found(run: Path) -> Found:
    """Read a log."""
    scored, outcomes, reasons, bought, tries = set(), Counter(), {}, Counter(), Counter()
    for event in log.read(run):
        if isinstance(event, Scored):
            scored.add(event.episode)
            outcomes.update(score.outcome for score in event.scores)
        elif isinstance(event, Failed):
            reasons[event.episode] = f"{event.outcome}: {event.reason}"
        elif isinstance(event, Called) and not event.reused:
            bought[event.key] += 1
            tries.update(attempt.kind for attempt in event.failed)
    return Found(scored, outcomes, reasons, bought, tries)


def wrong(planned: int, before: Found, after: Found, sold_after: int) -> list[str]:
    """What is wrong with a run that was killed and resumed; `sold_after` counts the replies sold since it was killed.

    A reply is counted as sold where all of it was sent and the run was there to take it.
    """
    complaints = []
    if len(after.scored) != planned:
        complaints.append(f"{len(after.scored)} of {planned} episodes were scored")
    if unnamed := [name for name, reason in after.reasons.items() if not reason.partition(": ")[2]]:
        complaints.append(f"{len(unnamed)} episodes failed without a reason, such as {unnamed[0]}")
    if twice := [key for key, times in after.bought.items() if times > 1]:
        complaints.append(f"{len(twice)} replies stand in the log twice, such as {twice[0]}")
    if lost := before.bought.keys() - after.bought.keys():
        complaints.append(f"{len(lost)} replies that were logged before are gone")
    new = after.bought.total() - before.bought.total()
    if sold_after != new:
        complaints.append(f"{sold_after} replies were sold after the resume, and {new} are new in the log")
    return complaints


def memory(pid: int) -> float:
    """Megabytes that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def events(run: Path) -> int:
    """Bytes of a log."""
    return sum(path.stat().st_size for path in run.glob("events-*.jsonl"))


def played(words: list[str], run: Path, until: int | None) -> tuple[list[tuple[int, float]], int]:
    """Play, to the end or until so many episodes are scored and then `kill -9`; the memory by the bytes of the log."""
    samples: list[tuple[int, float]] = []
    with subprocess.Popen([sys.executable, "-m", "arena", *words], stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            time.sleep(0.5)
            try:
                samples.append((events(run), memory(process.pid)))
            except (OSError, IndexError):
                continue
            if until is not None and sum(1 for _ in log.scan(run, "Scored")) >= until:
                process.send_signal(signal.SIGKILL)
                until = None
    return samples, process.returncode


def growth(samples: list[tuple[int, float]]) -> float:
    """The memory of the last tenth of a log by that of its second tenth."""
    least, most = samples[0][0], samples[-1][0]
    tenth = (most - least) / 10
    early = [megabytes for size, megabytes in samples if least + tenth <= size < least + 3 * tenth]
    late = [megabytes for size, megabytes in samples if size >= most - tenth]
    return statistics.median(late) / statistics.median(early) if early else float("nan")


def main() -> None:
    """Print the figures beside the aims."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--debates", type=int, default=2000)
    parser.add_argument("--faults", nargs="+", default=["mixed=0.1"])
    parser.add_argument("--latency", default="0.02~0.5")
    parser.add_argument("--concurrency", type=int, default=64)
    asked = parser.parse_args()
    faults = [word for fault in asked.faults for word in ("--fault", fault)]
    with (
        tempfile.TemporaryDirectory() as folder,
        provider(*faults, *HEADERS, "--latency", asked.latency, say="sim") as url,
    ):
        run = Path(folder) / "run"
        debater, judge = f"openai/fake-m@{url}/v1?{SETTINGS}", f"anthropic/fake-m@{url}?{SETTINGS}"
        words = ["run", "--debater", debater, "--judge", judge, "--limit", str(asked.debates), "--no-baselines"]
        words += ["--concurrency", str(asked.concurrency), "--yes", "--out", str(run)]
        start = time.perf_counter()
        first, code = played(words, run, asked.debates // 2)
        before, sold = found(run), bill(url)["sold"]["replies"]
        print(f"killed ({code}) after {len(before.scored)} episodes and {before.bought.total():,} replies", flush=True)
        second, code = played(["run", "--resume", str(run), "--yes"], run, None)
        took, after, told = time.perf_counter() - start, found(run), bill(url)
        print(f"resumed and ended ({code}): {took:.0f} s in all, {told['calls'] / took:.0f} calls a second")
        print(f"  {told['calls']:,} calls, {after.bought.total():,} replies; failed attempts {dict(after.tries)}")
        print(f"  verdicts {dict(after.outcomes)}; {len(after.reasons)} episodes failed")
        print(f"  sold before the kill and not logged: {sold - before.bought.total()}")
        for name, samples in (("before the kill", first), ("after it", second)):
            most = max(megabytes for _, megabytes in samples)
            print(f"  memory {name}: {growth(samples):.3f} of the early one (aim {AIM_GROWTH}), {most:.0f} MB at most")
        print(json.dumps({"faults": told["faults"], "statuses": told["statuses"], "lost": told["lost"]["replies"]}))
        complaints = wrong(asked.debates, before, after, told["sold"]["replies"] - sold)
        print("\n".join(f"WRONG: {one}" for one in complaints) or "nothing is wrong")
        sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
