"""Our providers beside a bare loop over the SDKs, in one run on loopback: calls a second, and processor time a call.

    python -m benchmarks.providers [--calls N] [--runs N] [--latency SECONDS]

A server in a process of its own answers every request with the same small reply, after `latency` seconds. Each client
is a process of its own with 100 calls under way at once, and sends a passage of 4,000 words with each. `bare` is the
SDK as its users call it, with its default transport or over aiohttp; `ours` is the model that `open_model` gives, which
returns the text, the tokens and the price, on either transport. Imports are not timed. The median of the runs is shown,
all clients taking turns.
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
import time

AIM_RATIO, AIM_CPU = 0.8, 0.3
CONNECTIONS = 100
PASSAGE = "the harbour log says that it left " * 571
SYSTEM, ASKED = "You argue for a side.", "Argue that the ship left before dawn."
CLIENTS = [
    (vendor, who, wire)
    for vendor in ("openai", "anthropic")
    for who in ("bare", "ours")
    for wire in ("default", "aiohttp")
]

CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "m",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "It left. " * 60}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 6000, "completion_tokens": 120, "total_tokens": 6120},
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "model": "m",
    "content": [{"type": "text", "text": "It left. " * 60}],
    "stop_reason": "end_turn",
    "stop_sequence": None,
    "usage": {"input_tokens": 6000, "output_tokens": 120},
}


class Answering(asyncio.Protocol):
    """One connection of the server: each whole request is answered after the latency."""

    def __init__(self, latency):
        self._latency, self._seen, self._due = latency, bytearray(), None

    def connection_made(self, transport):
        self._transport = transport

    def data_received(self, data):
        self._seen += data
        while True:
            if self._due is None:
                end = self._seen.find(b"\r\n\r\n")
                if end < 0:
                    return
                head = bytes(self._seen[:end]).lower()
                size = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
                self._head, self._begun, self._due = head.split(b"\r\n")[0], end + 4, end + 4 + size
            if len(self._seen) < self._due:
                return
            reply = self.chosen(self._head, self._seen[self._begun : self._due])
            del self._seen[: self._due]
            self._due = None
            if self._latency:
                asyncio.get_running_loop().call_later(self._latency, self._transport.write, reply)
            else:
                self._transport.write(reply)

    def chosen(self, head, body):  # noqa: ARG002  # another server looks at it
        """The answer to a request."""
        return REPLIES[b"/messages" in head]


def reply(value):
    """An answer as bytes."""
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)


REPLIES = (reply(CHAT), reply(MESSAGE))


async def serve(latency):
    """Say the port, then answer for ever."""
    server = await asyncio.get_running_loop().create_server(lambda: Answering(latency), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def bare(vendor, wire, port):
    """One call as the SDK's users make it."""
    if vendor == "openai":
        import openai  # noqa: PLC0415  # each client imports what it needs

        http = openai.DefaultAioHttpClient() if wire == "aiohttp" else None
        client = openai.AsyncOpenAI(api_key="none", base_url=f"http://127.0.0.1:{port}/v1", http_client=http)
        messages = [{"role": "system", "content": PASSAGE + SYSTEM}, {"role": "user", "content": ASKED}]
        return client, lambda: client.chat.completions.create(model="m", messages=messages, max_tokens=2048)
    import anthropic  # noqa: PLC0415  # each client imports what it needs

    http = anthropic.DefaultAioHttpClient() if wire == "aiohttp" else None
    client = anthropic.AsyncAnthropic(api_key="none", base_url=f"http://127.0.0.1:{port}", http_client=http)
    messages = [{"role": "user", "content": ASKED}]
    return client, lambda: client.messages.create(
        model="m", system=PASSAGE + SYSTEM, messages=messages, max_tokens=2048
    )


def ours(vendor, wire, port):
    """One call as the arena makes it."""
    import importlib  # noqa: PLC0415  # each client imports what it needs

    from arena.models.base import Message, Request  # noqa: PLC0415  # each client imports what it needs
    from arena.plan import open_model  # noqa: PLC0415  # each client imports what it needs

    sdk = importlib.import_module(vendor)
    if wire == "default":
        sdk.DefaultAioHttpClient = sdk.DefaultAsyncHttpxClient
    model = open_model(f"{vendor}/m@http://127.0.0.1:{port}/v1")
    request = Request(SYSTEM, (Message("user", ASKED),), preface=PASSAGE)
    return model, lambda: model(request)


async def measure(vendor, who, wire, port, calls):
    """Seconds of wall and of processor for so many calls."""
    client, call = (bare if who == "bare" else ours)(vendor, wire, port)
    await asyncio.gather(*(call() for _ in range(CONNECTIONS)))
    left = iter(range(calls))

    async def work():
        for _ in left:
            await call()

    busy, start = time.process_time(), time.perf_counter()
    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
    took, used = time.perf_counter() - start, time.process_time() - busy
    await client.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([took, used, peak]))


def once(client, port, calls):
    """One measurement in a process of its own: wall, processor, megabytes at the peak."""
    command = [sys.executable, "-m", "benchmarks.providers", "--client", "/".join(client)]
    command += ["--port", str(port), "--calls", str(calls)]
    env = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "ANTHROPIC_"))}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env)
    return json.loads(done.stdout)


def compare(port, asked):
    """Measure every client in turn, and print the figures."""
    taken = {client: [] for client in CLIENTS}
    for _ in range(asked.runs):
        for client in CLIENTS:
            taken[client].append(once(client, port, asked.calls))
    middle = {
        client: [statistics.median(column) for column in zip(*runs, strict=True)] for client, runs in taken.items()
    }
    print(f"{asked.calls:,} calls, {CONNECTIONS} at once, latency {asked.latency:g} s, median of {asked.runs} runs")
    print(f"  {'client':26}{'calls/s':>9}{'CPU ms/call':>13}{'peak MB':>9}")
    for (vendor, who, wire), (took, used, peak) in middle.items():
        print(f"  {f'{vendor} {who}, {wire}':26}{asked.calls / took:9.0f}{1000 * used / asked.calls:13.3f}{peak:9.0f}")
    for vendor in ("openai", "anthropic"):
        for wire in ("default", "aiohttp"):
            (took, used, _), (base, most, _) = middle[vendor, "ours", "aiohttp"], middle[vendor, "bare", wire]
            extra = 1000 * (used - most) / asked.calls
            print(
                f"  {vendor}: ours/bare over {wire}: {base / took:.2f} of its calls a second (aim {AIM_RATIO}), "
                f"{extra:+.3f} ms of CPU a call (aim {AIM_CPU:+})"
            )


def main():
    """Print the figures beside the aims."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        asyncio.run(serve(asked.latency))
    if asked.client:
        asyncio.run(measure(*asked.client.split("/"), asked.port, asked.calls))
        return
    command = [sys.executable, "-m", "benchmarks.providers", "--serve", "--latency", str(asked.latency)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            compare(int(server.stdout.readline()), asked)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
