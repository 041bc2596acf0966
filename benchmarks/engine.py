"""What the engine itself costs: CPU a call, memory at many open episodes, and bytes of log a debate.

    python benchmarks/engine.py [--episodes N] [--open N] [--latency SECONDS]

The models answer at once with speeches of a real length (about 150 words with a quote, a passage of 4,000 words in the
debaters' prompts), so that what is measured is everything between a protocol and its models: views, prompts, hashes,
quote checks, the log. Memory is taken in a second game whose models wait, so that `--open` episodes are open at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from arena import AnswerKey, Item, Question, Reply, Request
from arena.plan import Arm, Experiment, Plan
from arena.prompts import Prompts, find
from arena.runner import play
from protocols.debate import Debate

WORDS = 4000
SPEECH = 150
AIM_US, AIM_LOG = 300, 1.5


class Talker:
    """Answers after `latency` seconds with a speech of about 150 words and a true quote, or with a verdict."""

    simulated = True

    def __init__(self, spec: str, sources: dict[str, list[str]], latency: float) -> None:
        self.spec, self._sources, self._latency = spec, sources, latency
        self._chance = random.Random(spec)
        self._said = [" ".join(f"word{self._chance.randrange(10_000)}" for _ in range(SPEECH - 14)) for _ in range(500)]
        self.words = 0

    async def __call__(self, request: Request) -> Reply:
        """The reply; what it says is new in every call."""
        await asyncio.sleep(self._latency)
        if "<belief>" in request.messages[-1].text:
            text = "I have weighed both.\n<belief>\nA: 60\nB: 40\n</belief>\n<choice>A</choice>"
        else:
            name = request.messages[0].text.split("\n", 1)[0]
            start = self._chance.randrange(WORDS - 20)
            quote = " ".join(self._sources[name][start : start + 12])
            said = self._said[self._chance.randrange(500)]
            text = f"<argument>Speech {self.words}. {said} <quote>{quote}</quote></argument>"
        self.words += len(text)
        return Reply(text, cost=0.0)


def plan(episodes: int, latency: float, concurrency: int) -> Plan:
    """Debates of three rounds, four questions a passage."""
    chance = random.Random(0)
    items, sources = [], {}
    for i in range(episodes):
        if i % 4 == 0:
            words = [f"w{chance.randrange(5000)}" for _ in range(WORDS)]
        text = f"What happened on day {i}?"
        sources[f"Question: {text}"] = words
        question = Question(
            id=f"q{i}",
            text=text,
            options=("it rained all day", "it snowed all day"),
            passage=" ".join(words),
            group=f"p{i // 4}",
        )
        items.append(Item(question, AnswerKey(question=question.id, option=i % 2)))
    rules = Debate()
    prompts = Prompts(find(Debate, "debate"), rules.model_dump(), "debate")
    arm = Arm("debate", "debate", rules, dict.fromkeys(rules.seats, "sim/talker"), prompts)
    experiment = Experiment(limit=episodes, concurrency=concurrency)
    return Plan(experiment, (arm,), tuple(items), (), {"sim/talker": Talker("sim/talker", sources, latency)})


def measure(episodes: int, latency: float, concurrency: int) -> dict[str, float]:
    """Play in this process; CPU in seconds, memory in MB, log and new text in bytes."""
    made = plan(episodes, latency, concurrency)
    passages = sum(len(text) for text in {item.question.passage or "" for item in made.test})
    before = resource.getrusage(resource.RUSAGE_SELF)
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        start = time.perf_counter()
        finished = play(made, run)
        wall = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF)
        size = sum(file.stat().st_size for file in run.iterdir() if file.is_file())
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    talker = made.models["sim/talker"]
    fresh = passages + getattr(talker, "words", 0) + sum(len(item.question.text) + 34 for item in made.test)
    return {
        "calls": finished.progress.calls,
        "cpu": cpu,
        "wall": wall,
        "mb": after.ru_maxrss / 1024,
        "mb_before": before.ru_maxrss / 1024,
        "log": size,
        "new": fresh,
        "episodes": episodes,
    }


def child(**settings: float) -> dict[str, float]:
    """The same in a fresh process, so that memory is its own."""
    args = [f"--{name}={value}" for name, value in settings.items()]
    out = subprocess.run(
        [sys.executable, __file__, "--child", *args], check=True, capture_output=True, text=True
    ).stdout
    found: dict[str, float] = json.loads(out)
    return found


def main() -> None:
    """Measure and print, each figure beside its aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=400)
    parser.add_argument("--open", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--concurrency", type=int, default=32)
    parser.add_argument("--child", action="store_true")
    args = parser.parse_args()
    if args.child:
        print(json.dumps(measure(args.episodes, args.latency, args.concurrency)))
        return
    fast = child(episodes=args.episodes)
    print(f"{fast['episodes']} debates, {fast['calls']} calls, models that answer at once")
    print(f"  CPU a call        {fast['cpu'] / fast['calls'] * 1e6:8.0f} µs   (aim {AIM_US})")
    print(f"  log a debate      {fast['log'] / fast['episodes'] / 1000:8.1f} kB")
    print(f"  log / new text    {fast['log'] / fast['new']:8.2f}      (aim {AIM_LOG})")
    wide = child(episodes=args.open, latency=0.5, concurrency=args.open * 2)
    print(f"{args.open} debates open at once, models that take 0.5 s")
    print(
        f"  memory            {wide['mb']:8.0f} MB   ({wide['mb'] - wide['mb_before']:.0f} MB more than before the run)"
    )
    print(f"  wall              {wide['wall']:8.1f} s    (4 calls deep: 2.0 s at the least)")


if __name__ == "__main__":
    main()
