"""The whole engine beside a bare loop over the SDK that makes the same calls: calls a second, processor time a call.

    python -m benchmarks.whole [--episodes 300] [--runs 3] [--latency 0 0.2] [--vendors anthropic openai]

`engine` plays debates of three rounds before a judge as `arena run` does, through prompts, gate, provider, quote checks
and log. A server in a process of its own answers each request at once or after the latency, and keeps what was sent
in a first run. `bare` sends the very same bodies through `AsyncAnthropic` or `AsyncOpenAI`, 100 at once, and logs
nothing; over the SDK's default transport and over aiohttp. Every client is a process of its own, all take turns, and
imports are not timed. Ratios are of the two that followed each other in one turn; their median is shown.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.providers import CHAT, CONNECTIONS, MESSAGE, Answering, reply

AIM_RATIO, AIM_CPU, AIM_WALL = 0.8, 0.3, 1.05
WORDS, SPEECH, GROUP = 4000, 150, 4
QUOTE = "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12"
"""With which every passage begins, and which every speech quotes."""

CLIENTS = ("engine", "default", "aiohttp")


def answers(text):
    """A text as both vendors answer it."""
    chat = json.loads(json.dumps(CHAT))
    chat["choices"][0]["message"]["content"] = text
    return reply(chat), reply({**MESSAGE, "content": [{"type": "text", "text": text}]})


SAID = " ".join(f"word{i * 37 % 1000}" for i in range(SPEECH - 14))
ARGUMENT = answers(f"<argument>{SAID} <quote>{QUOTE}</quote></argument>")
VERDICT = answers('{"reasons": "I have weighed both.", "belief": {"A": 60, "B": 40}, "choice": "A"}')


class Debating(Answering):
    """A server that argues, or gives its verdict where a schema is asked for; writes down what it is sent."""

    def __init__(self, latency, record):
        super().__init__(latency)
        self._record = record

    def chosen(self, head, body):
        """The answer to a request."""
        if self._record:
            self._record.write(body + b"\n")
        kind = VERDICT if b"schema" in body[-8000:] or b"schema" in body[:2000] else ARGUMENT
        return kind[b"/messages" in head]


async def serve(latency, record):
    """Say the port, then answer for ever."""
    made = partial(Debating, latency, record)
    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def plan(episodes, spec):
    """Debates of three rounds, four questions a passage."""
    import random  # noqa: PLC0415  # each client imports what it needs

    from arena import AnswerKey, Item, Question  # noqa: PLC0415
    from arena.plan import Arm, Experiment, Plan, open_model  # noqa: PLC0415
    from arena.prompts import Prompts, find  # noqa: PLC0415
    from protocols.debate import Debate  # noqa: PLC0415

    chance, items, passage = random.Random(0), [], ""
    for i in range(episodes):
        if i % GROUP == 0:
            passage = " ".join([QUOTE, *(f"w{chance.randrange(5000)}" for _ in range(WORDS))])
        question = Question(
            id=f"q{i}",
            text=f"What happened on day {i}?",
            options=("it rained all day", "it snowed all day"),
            passage=passage,
            group=f"p{i // GROUP}",
        )
        items.append(Item(question, AnswerKey(question=question.id, option=i % 2)))
    rules = Debate()
    prompts = Prompts(find(Debate, "debate"), rules.model_dump(), "debate")
    arm = Arm("debate", "debate", rules, dict.fromkeys(rules.seats, spec), prompts)
    return Plan(Experiment(limit=episodes), (arm,), tuple(items), (), {spec: open_model(spec)})


def engine(vendor, port, episodes):
    """Play, and log all; the seconds and the calls."""
    from arena.runner import play  # noqa: PLC0415  # each client imports what it needs

    spec = f"{vendor}/m@http://127.0.0.1:{port}/v1"
    made = plan(episodes, spec)
    with tempfile.TemporaryDirectory() as folder:
        play(plan(1, spec), Path(folder) / "first")  # imports what is imported late
        busy, start = time.process_time(), time.perf_counter()
        finished = play(made, Path(folder) / "run")
        took, used = time.perf_counter() - start, time.process_time() - busy
    assert finished.stopped is None, finished.stopped
    assert not finished.progress.failed, finished.progress.failed
    return took, used, finished.progress.calls


async def bare(vendor, wire, port, asked):
    """Send these bodies; the seconds and the calls."""
    sdk = importlib.import_module(vendor)
    http = sdk.DefaultAioHttpClient() if wire == "aiohttp" else None
    make, end = (sdk.AsyncAnthropic, "") if vendor == "anthropic" else (sdk.AsyncOpenAI, "/v1")
    client = make(api_key="none", base_url=f"http://127.0.0.1:{port}{end}", http_client=http)
    create = client.messages.create if vendor == "anthropic" else client.chat.completions.create
    left = iter(asked)

    async def work():
        for body in left:
            await create(**body)

    await create(**asked[0])
    busy, start = time.process_time(), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    took, used = time.perf_counter() - start, time.process_time() - busy
    await client.close()
    return took, used, len(asked)


def once(vendor, client, port, episodes, bodies):
    """One measurement in a process of its own: wall, processor, calls, megabytes at the peak."""
    command = [sys.executable, "-m", "benchmarks.whole", "--client", vendor, client, "--port", str(port)]
    command += ["--episodes", str(episodes), "--bodies", bodies]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "ANTHROPIC_"))}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env)
    return json.loads(done.stdout)


class Server:
    """The server in a process of its own; gives its port."""

    def __init__(self, latency, record=""):
        command = [sys.executable, "-m", "benchmarks.whole", "--serve", "--latency", str(latency), "--bodies", record]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return int(self._process.stdout.readline())

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()


def compare(vendor, latency, asked, bodies):
    """Measure every client in turn, and print the figures."""
    taken = {client: [] for client in CLIENTS}
    with Server(latency) as port:
        for _ in range(asked.runs):
            for client in CLIENTS:
                taken[client].append(once(vendor, client, port, asked.episodes, bodies))
    calls = taken["engine"][0][2]
    print(f"{vendor}, latency {latency:g} s: {calls:,} calls, median of {asked.runs} runs", flush=True)
    for client, runs in taken.items():
        took, used, number, peak = (statistics.median(column) for column in zip(*runs, strict=True))
        name = client if client == "engine" else f"bare, {client}"
        cpu = 1000 * used / number
        print(f"  {name:16}{number / took:9.0f} calls/s{took:8.2f} s{cpu:9.3f} ms CPU a call{peak:7.0f} MB")
    for wire in CLIENTS[1:]:
        pairs = list(zip(taken["engine"], taken[wire], strict=True))
        speed = statistics.median((e[2] / e[0]) / (b[2] / b[0]) for e, b in pairs)
        extra = statistics.median(1000 * (e[1] / e[2] - b[1] / b[2]) for e, b in pairs)
        aim = f"aim {AIM_RATIO:.2f}" if not latency else f"aim {1 / AIM_WALL:.2f}"
        print(f"  beside {wire:9}{speed:6.2f} of its calls/s ({aim}), {extra:+.3f} ms CPU a call (aim {AIM_CPU:+.1f})")


def main():
    """Print the figures beside the aims."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=300)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.2])
    parser.add_argument("--vendors", nargs="+", default=["anthropic", "openai"])
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--bodies", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        with open(asked.bodies or os.devnull, "wb", buffering=0) as file:  # noqa: PTH123  # no path where none is kept
            asyncio.run(serve(asked.latency[0], file if asked.bodies else None))
    elif asked.client:
        vendor, client = asked.client
        if client == "engine":
            found = engine(vendor, asked.port, asked.episodes)
        else:
            bodies = [json.loads(line) for line in Path(asked.bodies).read_bytes().splitlines()]
            found = asyncio.run(bare(vendor, client, asked.port, bodies))
        print(json.dumps([*found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            for vendor in asked.vendors:
                bodies = str(Path(folder) / vendor)
                with Server(0.0, bodies) as port:
                    once(vendor, "engine", port, asked.episodes, "")
                for latency in asked.latency:
                    compare(vendor, latency, asked, bodies)


if __name__ == "__main__":
    main()
