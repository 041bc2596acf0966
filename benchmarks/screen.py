"""The screen: key to picture, a long run opened and searched, what watching costs an engine, following what grows.

    python benchmarks/screen.py [--episodes N] [--pairs N]

The screens are drawn to a terminal of 120 × 40 that throws the picture away. A key counts from the moment that the
terminal hands it over to the first picture that shows what it did. While keys are pressed, an engine plays at full
speed in a process of its own, and another process appends to the log that is watched.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from textual.events import Key

import arena.tui.app
from arena import log
from arena.tui.app import ArenaApp
from arena.tui.brisk import brisk
from arena.tui.widgets.episodes import EpisodeList
from benchmarks.episode import interleaved

SIZE = (120, 40)
AIM_KEY, AIM_OPEN, AIM_MEGABYTES, AIM_LOSS, RATE = 0.05, 1.0, 300, 0.05, 2_000
KEYS = 200
CHANGES = {
    "by belief": {"order": "belief"},
    "turned around": {"turned": True},
    "by question": {"order": "question", "turned": False},
    "only the wrong ones": {"kind": "wrong"},
    "with a word in the name": {"words": "case-12", "kind": "all", "order": "begun"},
}
"""What is done to a long list, one after the other."""

OPENER = """
import asyncio, resource, sys, time
start = time.perf_counter()
from pathlib import Path
from benchmarks.screen import opening
print(*asyncio.run(opening(Path(sys.argv[1]), start)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
WATCHER = """
import asyncio, sys
from pathlib import Path
from benchmarks.screen import watching
asyncio.run(watching(Path(sys.argv[1])))
"""
WRITER = """
import sys
from pathlib import Path
from benchmarks.screen import growing
growing(Path(sys.argv[1]), float(sys.argv[2]))
"""


class Pictured(ArenaApp):
    """The app, and when it last drew a picture."""

    CSS_PATH = Path(arena.tui.app.__file__).with_name("arena.tcss")
    drawn = 0.0

    def _display(self, screen, renderable):
        super()._display(screen, renderable)
        self.drawn = time.perf_counter()

    async def next_picture(self) -> float:
        """When the next picture is drawn."""
        now = time.perf_counter()
        while self.drawn < now:
            await asyncio.sleep(0)
        return self.drawn


async def opening(run: Path, start: float) -> tuple[float, float]:
    """Seconds until episodes are on the screen, and until the log was read as far as it goes."""
    app, first = Pictured(run), 0.0
    async with app.run_test(size=SIZE):
        while not app.follower.complete:
            await asyncio.sleep(0.01)
            listed = app.screen.query_one(EpisodeList)
            if not first and listed.current is not None and app.drawn:
                first = time.perf_counter() - start
        return first, time.perf_counter() - start


async def watching(run: Path) -> None:
    """Look at a run until it is done."""
    while not (run / "run.json").exists():
        await asyncio.sleep(0.05)
    app = ArenaApp(run)
    async with app.run_test(size=SIZE):
        while not app.follower.complete:
            await asyncio.sleep(0.2)


async def keys(run: Path) -> list[float]:
    """Seconds from each of many keys to the picture that shows what it did."""
    app = Pictured(run)
    async with app.run_test(size=SIZE):
        while len(app.follower.rows) < 50:
            await asyncio.sleep(0.1)
        return await pressed(app, KEYS)


async def searching(run: Path) -> tuple[list[tuple[str, float]], list[float]]:
    """Seconds until a long list is sorted or filtered; and from key to picture while speeches are searched."""
    app, took = Pictured(run), []
    async with app.run_test(size=SIZE):
        while not app.follower.complete:
            await asyncio.sleep(0.01)
        await asyncio.sleep(1)
        listed = app.screen.query_one(EpisodeList)
        for name, change in CHANGES.items():
            before, start = listed.shown, time.perf_counter()
            app.screen.want(**change)
            while listed.shown is before:
                await asyncio.sleep(0)
            took.append((name, await app.next_picture() - start))
            await asyncio.sleep(0.5)
        app.search("nobody says this")
        return took, await pressed(app, KEYS // 2)


async def pressed(app: Pictured, times: int) -> list[float]:
    """Seconds from each of many keys to the picture that shows what it did."""
    took, listed = [], app.screen.query_one(EpisodeList)
    app.post_message(Key("home", None))
    await asyncio.sleep(0.5)
    for n in range(times):
        name = "down" if n // 20 % 2 == 0 else "up"
        before, start = listed.cursor, time.perf_counter()
        app.post_message(Key(name, None))
        while listed.cursor == before:
            await asyncio.sleep(0)
        took.append(await app.next_picture() - start)
        await asyncio.sleep(0.05)
    return sorted(took)


def growing(run: Path, seconds: float) -> None:
    """Append events at the rate that is to be borne; each carries the time at which it was written."""
    events, start, written = interleaved(10**9), time.time(), 0
    with log.Writer(run) as writer:
        while time.time() < start + seconds:
            while written < (time.time() - start) * RATE:
                writer.append(next(events).model_copy(update={"t": time.time()}))
                written += 1
            time.sleep(0.002)


async def following(run: Path, seconds: float) -> tuple[list[float], float, int]:
    """How far the list lags behind the log while that grows, the share of a core it takes, and the rows at the end."""
    app, lags = ArenaApp(run), []
    async with app.run_test(size=SIZE):
        start, cpu = time.perf_counter(), time.process_time()
        while time.perf_counter() < start + seconds:
            await asyncio.sleep(0.1)
            rows = app.follower.rows
            if rows and time.perf_counter() > start + 2:
                lags.append(time.time() - max(row.t for row in rows[-64:]))
        share = (time.process_time() - cpu) / (time.perf_counter() - start)
        return sorted(lags), share, len(app.follower.rows)


def child(source: str, *arguments: object) -> list[str]:
    """The command of a process that runs some source."""
    return [sys.executable, "-c", source, *map(str, arguments)]


def engine(run: Path, limit: int) -> list[str]:
    """The command of an engine at full speed."""
    asked = ["--protocol", "debate", "--limit", str(limit), "--out", str(run)]
    return [sys.executable, "-m", "arena", "run", *asked]


def played(run: Path, limit: int, *, watched: bool) -> tuple[float, float]:
    """Seconds and seconds of CPU that an engine takes for a run, with somebody watching or without."""
    watcher = subprocess.Popen(child(WATCHER, run)) if watched else None
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(engine(run, limit), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    took = time.perf_counter() - start
    if watcher is not None:
        watcher.wait()
    assert before is not None
    return took, used.ru_utime + used.ru_stime


def measure_opening(folder: Path, episodes: int) -> None:
    """Open a run of many episodes in a fresh process."""
    planned = dict.fromkeys(("debate", "consultancy", "naive", "expert"), episodes // 4)
    head = {
        "schema": 1,
        "run": "long",
        "planned": planned,
        "dataset": {"name": "x", "n": episodes // 4, "groups": episodes // 16},
    }
    run = folder / "long"
    run.mkdir()
    (run / "run.json").write_text(json.dumps(head))
    with log.Writer(run) as writer:
        for event in interleaved(episodes):
            writer.append(event)
    size = sum(path.stat().st_size for path in run.iterdir()) / 1e6
    done = subprocess.run(child(OPENER, run), check=True, capture_output=True, text=True)
    first, whole, peak = map(float, done.stdout.split())
    print(f"open {episodes:,} episodes ({size:,.0f} MB), imports and all")
    print(f"  episodes on the screen       {first:.2f} s (aim {AIM_OPEN:.0f} s)")
    print(f"  read to the end              {whole:.2f} s, peak {peak:.0f} MB (aim {AIM_MEGABYTES} MB)")
    with brisk():
        changes, took = asyncio.run(searching(run))
    print(f"  listed anew: {', '.join(f'{name} {seconds:.2f} s' for name, seconds in changes)}")
    print(f"  key to picture while speeches are searched: {_told(took)}")


def measure_keys(folder: Path) -> None:
    """Press keys while an engine plays."""
    run = folder / "keys"
    with subprocess.Popen(engine(run, 100_000), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not (run / "run.json").exists():
            time.sleep(0.1)
        with brisk():
            took = asyncio.run(keys(run))
        process.terminate()
    print(f"key to picture, an engine at full speed beside it: {_told(took)}")


def _told(took: list[float]) -> str:
    p99 = took[int(0.99 * len(took))]
    return (
        f"median {statistics.median(took) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms, most {took[-1] * 1000:.1f} ms "
        f"(aim {AIM_KEY * 1000:.0f} ms at p99)"
    )


def measure_loss(folder: Path, pairs: int, limit: int = 400) -> None:
    """Play the same run with somebody watching and without, in turn."""
    clock, cpu = [], []
    for n in range(pairs):
        alone = played(folder / f"alone-{n}", limit, watched=False)
        watched = played(folder / f"watched-{n}", limit, watched=True)
        clock.append(watched[0] / alone[0] - 1)
        cpu.append(watched[1] / alone[1] - 1)
    print(
        f"a watched run against one that nobody watches, {pairs} pairs: {statistics.median(clock):+.1%} seconds, "
        f"{statistics.median(cpu):+.1%} CPU of the engine (aim under {AIM_LOSS:.0%})"
    )


def measure_following(folder: Path, seconds: float = 15) -> None:
    """Follow a log that grows."""
    run = folder / "growing"
    run.mkdir()
    (run / "run.json").write_text(json.dumps({"schema": 1, "run": "growing"}))
    with subprocess.Popen(child(WRITER, run, seconds + 3)) as process:
        lags, share, rows = asyncio.run(following(run, seconds))
        process.wait()
    print(
        f"follow {RATE:,} events/s for {seconds:.0f} s: {rows:,} episodes listed, "
        f"{lags[len(lags) // 2]:.2f} s behind at the median, {lags[-1]:.2f} s at most, {share:.0%} of a core"
    )


def main() -> None:
    """Print the figures beside the aims."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure_following(folder)
        measure_keys(folder)
        measure_opening(folder, asked.episodes)
        measure_loss(folder, asked.pairs)


if __name__ == "__main__":
    main()
