"""Opening one episode among 100,000: seconds in a fresh process, through the index of the log and without it.

    python benchmarks/episode.py [--episodes N]

Writes the run with the arena's own writer, 32 episodes open at a time, so that the lines of one lie apart.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from arena import log
from arena.events import AnyEvent
from benchmarks.report import ARMS, play

AIM = 0.5
OPEN = 32

CHILD = """
import sys, time
from pathlib import Path
start = time.perf_counter()
from arena import log
print(len(log.episode(Path(sys.argv[1]), sys.argv[2])), time.perf_counter() - start)
"""


def interleaved(episodes: int) -> Iterator[AnyEvent]:
    """The events of all episodes, in turn from each of those that are open."""
    chance = random.Random(0)
    waiting = (iter(play(list(ARMS)[i % len(ARMS)], i // len(ARMS), chance)) for i in range(episodes))
    games = [game for _, game in zip(range(OPEN), waiting, strict=False)]
    while games:
        for game in games.copy():
            event = next(game, None)
            if event is not None:
                yield event
                continue
            games.remove(game)
            games += [following for _, following in zip(range(1), waiting, strict=False)]


def opened(run: Path, name: str) -> str:
    """How long a fresh process takes to read one episode, with the interpreter's own start."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", CHILD, str(run), name], check=True, capture_output=True, text=True)
    lines, inside = done.stdout.split()
    return f"{time.perf_counter() - start:.2f} s, {float(inside):.2f} s of it in the process, {lines} events"


def main() -> None:
    """Print the figures beside the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=100_000)
    episodes = parser.parse_args().episodes
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder)
        (run / "run.json").write_text(json.dumps({"schema": 1, "run": "benchmark"}))
        start = time.perf_counter()
        with log.Writer(run) as writer:
            events = sum(1 for event in interleaved(episodes) if writer.append(event))
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in run.iterdir() if path.is_file())
        each = took / events * 1e6
        print(f"{episodes:,} episodes, {events:,} events, {size / 1e6:.0f} MB, written at {each:.0f} µs each")
        name = f"debate~case-{episodes // len(ARMS) // 2}~0"
        print(f"  one episode, by the index    {opened(run, name)} (aim {AIM} s)")
        for index in run.glob("index-*"):
            index.unlink()
        print(f"  one episode, by a scan       {opened(run, name)} (the index was lost)")


if __name__ == "__main__":
    main()
