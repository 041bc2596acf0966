"""`arena fake-provider`: a server that speaks as Anthropic and OpenAI do, to try a run before it is paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from arena.fake.options import Options
    from arena.fake.server import Fake

PORT = 8899


@click.command("fake-provider", short_help="A fake Anthropic and OpenAI on this machine: try a run without paying.")
@click.option(
    "--port", metavar="N", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="0: any free."
)
@click.option(
    "--say", metavar="sim|plain", default="sim", show_default=True, help="What simulated models say, or a word."
)
@click.option("--latency", metavar="SECONDS", default="0", help="0.5, or 0.2..1, or 0.8~0.5 (log-normal).  [0]")
@click.option(
    "--speed", metavar="N", type=click.FloatRange(0, min_open=True), help="Pieces of a reply a second, streamed."
)
@click.option("--rpm", metavar="N[/SECONDS]", help="Requests to each model, a minute or in so many seconds.")
@click.option("--tpm", metavar="N[/SECONDS]", help="Tokens of each model, a minute or in so many seconds.")
@click.option(
    "--limits", metavar="bucket|window|sliding", default="bucket", show_default=True, help="How limits refill."
)
@click.option(
    "--tells", metavar="all|wait|none", default="all", show_default=True, help="What answers tell of the limits."
)
@click.option(
    "--fault", metavar="NAME=RATE", multiple=True, help="A fault and the share of calls; repeatable; mixed=0.1."
)
@click.option("--drip", metavar="SECONDS", default=1.0, type=click.FloatRange(0), help="Between pieces of a drip.  [1]")
@click.option("--context", metavar="N", default=1_000_000, type=click.IntRange(1), help="Longest request, in tokens.")
@click.option("--batch-seconds", metavar="SECONDS", default=5.0, type=click.FloatRange(0), help="A batch takes.  [5]")
@click.option("--batch-errors", metavar="RATE", default="0", help="The share of a batch that comes out in error.  [0]")
@click.option("--batch-expiry", metavar="RATE", default="0", help="The share of a batch that is never done.  [0]")
@click.option("--batch-missing", metavar="RATE", default="0", help="The share of which no result comes.  [0]")
@click.option("--batch-lost", metavar="RATE", default="0", help="The share of batches made without an answer.  [0]")
@click.option("--refuse", metavar="FIELD", multiple=True, help="Refuse requests with this field; repeatable.")
@click.option("--seed", metavar="N", default=0, help="What chance draws from.  [0]")
@click.option("--record", metavar="FILE", type=click.Path(dir_okay=False), help="Write a JSON line for every call.")
def fake_provider(port: int, **given: Any) -> int:
    r"""Serve Anthropic's and OpenAI's interfaces on this machine, free of charge, until Ctrl-C.

    Its models are called fake-<id> and are programs: they say what the arena's simulated models would. Limits, faults,
    prompt caches, batches and prices are those of the model behind the prefix. GET / tells the bill as JSON; so does
    the end.

    \b
    faults: 429 429-bare 408 409 500 502 503 529 hang drop cut short drip broken error-event empty html refusal
            filter too-long 401 403 404 quota billing; mixed is those that pass, and refusals, in equal parts
    """
    import asyncio

    options = _options(given)
    return asyncio.run(_serve(options, port))


def _options(given: dict[str, Any]) -> Options:
    from pathlib import Path

    from arena.errors import unknown
    from arena.fake import faults
    from arena.fake.limits import KINDS, TELLS, Rate
    from arena.fake.options import Latency, Options

    for name, known in (("say", ("sim", "plain")), ("limits", KINDS), ("tells", TELLS)):
        if given[name] not in known:
            raise unknown(f"choice of --{name}", given[name], known)
    return Options(
        seed=given["seed"],
        say=given["say"],
        latency=Latency.parse(given["latency"]),
        speed=given["speed"],
        faults=faults.parse(given["fault"]),
        requests=Rate.parse(given["rpm"]) if given["rpm"] else None,
        tokens=Rate.parse(given["tpm"]) if given["tpm"] else None,
        kind=given["limits"],
        tells=given["tells"],
        context=given["context"],
        batch_seconds=given["batch_seconds"],
        batch_errors=faults.share(given["batch_errors"], "--batch-errors"),
        batch_expiry=faults.share(given["batch_expiry"], "--batch-expiry"),
        batch_missing=faults.share(given["batch_missing"], "--batch-missing"),
        batch_lost=faults.share(given["batch_lost"], "--batch-lost"),
        refuses=frozenset(given["refuse"]),
        drip=given["drip"],
        record=Path(given["record"]) if given["record"] else None,
    )


async def _serve(options: Options, port: int) -> int:
    import asyncio
    import errno
    import signal

    from arena.errors import UsageError
    from arena.fake.server import Fake

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        async with Fake(options, port) as fake:
            click.echo(_greeting(fake))
            await stop.wait()
            click.echo(_bill(fake))
    except OSError as why:
        if why.errno != errno.EADDRINUSE:
            raise
        raise UsageError(f"port {port} is in use; --port 0 takes a free one") from None
    return 0


def _greeting(fake: Fake) -> str:
    from arena.cli.words import command

    cheap = (
        "--debater",
        f"openai/fake-gpt-6-luna@{fake.url}",
        "--judge",
        f"anthropic/fake-claude-haiku-5-5@{fake.root}",
    )
    return "\n".join(
        (
            f"fake provider: Anthropic at {fake.root}, OpenAI at {fake.url}; no key needed, nothing is real",
            f"the bill so far: {fake.root}/    Ctrl-C ends it",
            "",
            "Try a run against it:",
            f"  {command('run', *cheap, '--limit', '10')}",
        )
    )


def _bill(fake: Fake) -> str:
    """What was asked and sold, as a table and a sentence."""
    from arena.cli.words import columns, count, tally

    told = fake.desk.bill.told()
    head = ("model", "replies", "tokens in", "cache reads", "writes", "tokens out", "USD, were it real")
    lines = [*told["models"].items(), ("all", told["sold"])]
    rows = [
        (name, *(f"{line[key]:,}" for key in ("replies", "input", "cache_read", "cache_write", "output")), _cost(line))
        for name, line in lines
    ]
    statuses = tally({f"of {status}": number for status, number in told["statuses"].items() if status != "200"})
    faults = tally(told["faults"])
    text = f"{count(told['calls'], 'call')}, {told['batched']:,} more in batches"
    text += f"; answers {statuses}" * bool(statuses) + f"; faults: {faults}" * bool(faults)
    return "\n".join(["", columns([head, *rows]), text])


def _cost(line: dict[str, Any]) -> str:
    return f"{line['cost']:.4f}" + (f" and {line['unpriced']:,} replies of unknown price" if line["unpriced"] else "")
