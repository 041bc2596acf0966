"""Calls under a provider's limit: how much longer than ideal they take, and how many are turned away.

    python -m benchmarks.pacing [--calls 500] [--limit 60/10] [--latency 0.3] [--kinds bucket window sliding silent]

A fake provider in a process of its own bounds requests in each of the ways that vendors do; `silent` is a sliding limit
whose headers nobody reads. All calls are asked for at once, through everything that stands around a model in a run.
The ideal is a client that knows the limit and the server's clock, and is never turned away.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import re
import subprocess
import sys
import time
import urllib.request

AIM_TIME, AIM_REFUSED = 1.10, 0.02


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


async def calls(spec, number, silent):
    """Make so many calls at once; returns the seconds that they took."""
    from arena.models.base import Message, Request  # noqa: PLC0415  # nothing of this is timed
    from arena.models.gate import Ceilings  # noqa: PLC0415
    from arena.models.ledger import Ledger  # noqa: PLC0415
    from arena.models.pacing import Pacing  # noqa: PLC0415
    from arena.models.retry import Health  # noqa: PLC0415
    from arena.models.stack import wrapped  # noqa: PLC0415
    from arena.plan import open_model  # noqa: PLC0415

    model = open_model(spec)
    if silent:
        model._note = lambda _: None  # noqa: SLF001  # the client sees no header
    ledger = Ledger(read=lambda _: None)
    careful = wrapped({spec: model}, ledger, asyncio.Semaphore(1000), Pacing(Ceilings()), Health())[spec]
    start = time.perf_counter()
    asked = [Request("Be brief.", (Message("user", f"Say {i}."),), max_tokens=64) for i in range(number)]
    await asyncio.gather(*map(careful, asked))
    took = time.perf_counter() - start
    await model.close()
    return took


def ideal(kind, number, amount, period, latency):
    """The seconds that a perfect client takes."""
    if kind == "bucket":
        return max(number - amount, 0) * period / amount + latency
    return (math.ceil(number / amount) - 1) * period + latency


def main():
    """Print the figures beside the aims."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=500)
    parser.add_argument("--limit", default="60/10")
    parser.add_argument("--latency", type=float, default=0.3)
    parser.add_argument("--kinds", nargs="+", default=["bucket", "window", "sliding", "silent"])
    parser.add_argument("--vendors", nargs="+", default=["anthropic", "openai"])
    asked = parser.parse_args()
    amount, period = (float(part) for part in asked.limit.split("/"))
    for kind in asked.kinds:
        limits = "sliding" if kind == "silent" else kind
        for vendor in asked.vendors:
            with provider("--rpm", asked.limit, "--limits", limits, "--latency", str(asked.latency)) as url:
                took = asyncio.run(calls(f"{vendor}/fake-m@{url}/v1", asked.calls, kind == "silent"))
                refused = bill(url)["statuses"].get("429", 0)
            best = ideal(limits, asked.calls, amount, period, asked.latency)
            share = refused / (asked.calls + refused)
            print(
                f"{kind:8} {vendor:10} {asked.calls} calls in {took:6.1f} s, {took / best:.3f} of the ideal {best:.1f} "
                f"(aim {AIM_TIME}); {refused} of 429, {share:.1%} (aim {AIM_REFUSED:.0%})",
                flush=True,
            )


if __name__ == "__main__":
    main()
