"""Calls under a provider's limit: how much longer than ideal they take, and how many are turned away.

    python -m benchmarks.pacing [--calls 500] [--limit 60/10] [--latency 0.3] [--limits bucket window sliding]
                                [--tells openai anthropic wait none] [--by requests tokens] [--models 1]
                                [--together 4] [--runs 1]

A fake provider in a process of its own bounds the requests to each model, or their tokens, in each of the ways that
vendors do, and tells of it as OpenAI, as Anthropic, with Retry-After alone, or not at all. All calls are asked for at
once, through all that stands around a model in a run, and nobody sets a limit on this side. The ideal is a client
that knows the limit and the server's clock, and is never turned away. With several models each makes all the calls,
under a limit of its own. `--together` cells are measured at the same time; of several runs the worst is shown.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import math
import re
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

AIM_TIME, AIM_REFUSED = 1.10, 0.02
LIMITS, TELLS, BY = ("bucket", "window", "sliding"), ("openai", "anthropic", "wait", "none"), ("requests", "tokens")
REPLY, TOKENS = 4, 9
"""The tokens that a call allows its reply, all of which are used, and those that it takes of a limit."""


@contextlib.contextmanager
def provider(*options, say="plain"):
    """A fake provider in a process of its own; gives its address."""
    command = [sys.executable, "-m", "arena", "fake-provider", "--port", "0", "--say", say, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield re.search(r"http://[\d.:]+", process.stdout.readline())[0]
        finally:
            process.terminate()


def bill(url):
    """What the server counted."""
    with urllib.request.urlopen(f"{url}/") as answer:  # noqa: S310  # an address on this machine
        return json.load(answer)


async def calls(specs, number):
    """Make so many calls to each model at once; returns the seconds that they took."""
    from arena.models.base import Message, Request  # noqa: PLC0415  # nothing of this is timed
    from arena.models.gate import Ceilings  # noqa: PLC0415
    from arena.models.ledger import Ledger  # noqa: PLC0415
    from arena.models.pacing import Pacing  # noqa: PLC0415
    from arena.models.retry import Health  # noqa: PLC0415
    from arena.models.stack import wrapped  # noqa: PLC0415
    from arena.plan import open_model  # noqa: PLC0415

    models = {spec: open_model(spec) for spec in specs}
    ledger = Ledger(read=lambda _: None)
    careful = wrapped(models, ledger, asyncio.Semaphore(1000), Pacing(Ceilings()), Health())
    for model in models.values():
        await model.client()  # imports the SDK
    start = time.perf_counter()
    asked = [Request("Be brief.", (Message("user", f"Say {i:03}."),), max_tokens=REPLY) for i in range(number)]
    await asyncio.gather(*(model(request) for request in asked for model in careful.values()))
    took = time.perf_counter() - start
    for model in models.values():
        await model.close()
    return took


def ideal(kind, number, amount, period, latency):
    """The seconds that a perfect client takes."""
    if kind == "bucket":
        return max(number - amount, 0) * period / amount + latency
    return (math.ceil(number / amount) - 1) * period + latency


def cell(kind, tells, by, asked):
    """Measure one cell: the share of the ideal time that it takes, and of the answers that are a 429."""
    amount, period = (float(part) for part in asked.limit.split("/"))
    vendor, told = (tells, "all") if tells in ("openai", "anthropic") else ("openai", tells)
    limit = asked.limit if by == "requests" else f"{int(amount) * TOKENS}/{period:g}"
    options = ["--rpm" if by == "requests" else "--tpm", limit, "--limits", kind, "--tells", told]
    with provider(*options, "--latency", str(asked.latency)) as url:
        took = asyncio.run(calls([f"{vendor}/fake-m{i}@{url}/v1" for i in range(asked.models)], asked.calls))
        refused = bill(url)["statuses"].get("429", 0)
    best = ideal(kind, asked.calls, amount, period, asked.latency)
    return took / best, refused / (asked.calls * asked.models + refused)


def child(name, asked):
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pacing", "--cell", *name]
    for option in ("calls", "limit", "latency", "models"):
        command += [f"--{option}", str(getattr(asked, option))]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def table(asked):
    """Measure all cells, so many at once, and print each as soon as it is there; whether all aims are met."""
    cells = list(itertools.product(asked.limits, asked.tells, asked.by))
    missed = 0
    print(f"{asked.calls} calls to each of {asked.models}, {asked.limit} s, replies after {asked.latency:g} s")
    print(f"  {'limit':9}{'told by':11}{'of':10}{'time / ideal':>13}{'429':>8}   aim {AIM_TIME:.2f}, {AIM_REFUSED:.0%}")
    with ThreadPoolExecutor(asked.together) as pool:
        runs = [[pool.submit(child, name, asked) for _ in range(asked.runs)] for name in cells]
        for (kind, tells, by), found in zip(cells, runs, strict=True):
            took, refused = (max(column) for column in zip(*(run.result() for run in found), strict=True))
            met = took <= AIM_TIME and refused < AIM_REFUSED
            missed += not met
            word = "met" if met else "MISSED"
            print(f"  {kind:9}{tells:11}{by:10}{took:13.3f}{refused:8.1%}   {word}", flush=True)
    return not missed


def main():
    """Print the figures beside the aims; the exit code is 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--limit", default="60/10")
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--models", type=int, default=1)
    parser.add_argument("--limits", nargs="+", default=LIMITS, choices=LIMITS)
    parser.add_argument("--tells", nargs="+", default=TELLS, choices=TELLS)
    parser.add_argument("--by", nargs="+", default=BY, choices=BY)
    parser.add_argument("--together", type=int, default=4)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--cell", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.cell:
        print(json.dumps(cell(*asked.cell, asked)))
    else:
        sys.exit(not table(asked))


if __name__ == "__main__":
    main()
