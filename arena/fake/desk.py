"""The desk: what the server makes of one request, before and apart from how it is sent.

It keeps what outlives a request: the caches, the limits, the bill, and how often each request was asked and answered.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

from arena.fake import chat, faults, messages, reading, responses
from arena.fake.asked import Asked, Flow, Json, Refusal, Said, Stop, size, tokens
from arena.fake.author import Author
from arena.fake.bill import Bill
from arena.fake.caching import Cache, Found
from arena.fake.limits import Limits
from arena.fake.options import Options
from arena.models.prices import Prices

CHARACTERS = 4


class Wire(Protocol):
    """A way to speak: a module of this package."""

    VENDOR: str

    def read(self, found: Json, /) -> Asked:
        """The request in a body; raises `Refusal`."""
        ...

    def whole(self, said: Said, /) -> dict[str, Any]:
        """A reply in one piece."""
        ...

    def flow(self, said: Said, /) -> Flow:
        """A reply as a stream."""
        ...

    def error(self, why: Refusal, request: str, /) -> dict[str, Any]:
        """An error as a body."""
        ...

    def broken(self, why: Refusal, request: str, /) -> bytes:
        """An error in the middle of a stream."""
        ...


WIRES: dict[str, Wire] = {
    "/v1/messages": messages,
    "/v1/chat/completions": chat,
    "/v1/responses": responses,
}
"""The wires by path."""


class Order(NamedTuple):
    """A request that was taken. `digest` names its text, and `nth` counts the requests of that text from 0.

    `expected` is what it took of the limit on tokens.
    """

    wire: Wire
    asked: Asked
    digest: str
    nth: int
    fault: str | None
    expected: float = 0.0


class Desk:
    """See the module. `clock` is in seconds."""

    def __init__(self, options: Options, prices: Prices, clock: Callable[[], float] = time.monotonic) -> None:
        self.options, self.clock = options, clock
        self.bill = Bill(prices)
        self._author = Author(options.seed, options.say)
        self._cache = Cache()
        self._limits: dict[tuple[str, str], Limits] = {}
        self._asked: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._made = 0
        self._record = options.record.open("a", encoding="utf-8") if options.record else None

    def close(self) -> None:
        """Close the record."""
        if self._record:
            self._record.close()

    def take(self, wire: Wire, raw: bytes) -> Order:
        """Take a request; raises `Refusal` for what is wrong with it, and for a fault that is an error."""
        self.bill.calls += 1
        digest = blake2b(raw, digest_size=12).hexdigest()
        nth = self._asked[digest]
        self._asked[digest] += 1
        fault = faults.drawn(self.options.faults, self.options.seed, digest, nth)
        asked = self._read(wire, raw)
        self._fits(asked, wire.VENDOR)
        expected = float(size(asked.blocks) + min(asked.most, self.options.context))
        self._within_limits(asked.model, wire.VENDOR, expected)
        if fault is not None:
            self.bill.faults[fault] += 1
            if (refused := faults.refusal(fault, wire.VENDOR)) is not None:
                raise refused
        return Order(wire, asked, digest, nth, fault, expected)

    def take_batched(self, wire: Wire, raw: bytes) -> Order:
        """Take a request of a batch, which no limit holds up; raises `Refusal` for what is wrong with it."""
        digest = blake2b(raw, digest_size=12).hexdigest()
        asked = self._read(wire, raw)
        if asked.stream:
            raise reading.bad("stream: a call of a batch cannot be streamed")
        self._fits(asked, wire.VENDOR)
        return Order(wire, asked, digest, 0, None)

    def _read(self, wire: Wire, raw: bytes) -> Asked:
        found = reading.body(raw)
        reading.known(found, found.keys() - self.options.refuses, "Unrecognized request argument supplied: {}")
        return wire.read(found)

    def _fits(self, asked: Asked, vendor: str) -> None:
        given, most = size(asked.blocks), self.options.context
        if given > most:
            if vendor == "anthropic":
                raise reading.bad(f"prompt is too long: {given} tokens > {most} maximum")
            sentence = f"This model's maximum context length is {most} tokens, and your request has {given}."
            raise Refusal(400, "context_length_exceeded", sentence)

    def _within_limits(self, model: str, vendor: str, expected: float) -> None:
        limits, now = self._limit(vendor, model), self.clock()
        if (full := limits.admit(now, expected)) is not None:
            name, wait = full
            if self.options.tells == "none":
                raise Refusal(429, "rate_limit_error", f"Rate limit reached for {model}.")
            sentence = f"Rate limit reached for {model} on {name}. Please try again in {wait:.3f}s."
            headers = limits.headers(vendor, now) if self.options.tells == "all" else None
            raise Refusal(429, "rate_limit_error", sentence, retry_after=wait, headers=headers)

    def _limit(self, vendor: str, model: str) -> Limits:
        found = self._limits.get((vendor, model))
        if found is None:
            options = self.options
            found = Limits(options.requests, options.tokens, options.kind, self.clock())
            self._limits[vendor, model] = found
        return found

    def headers(self, wire: Wire, model: str) -> dict[str, str]:
        """What a response tells of the limits."""
        limits = self._limits.get((wire.VENDOR, model)) if self.options.tells == "all" else None
        return limits.headers(wire.VENDOR, self.clock()) if limits else {}

    def look(self, order: Order) -> Found:
        """What the request finds in the caches, now that it has come."""
        return self._cache.find(order.wire.VENDOR, order.asked, self.clock())

    def answer(self, order: Order, found: Found) -> Said:
        """The reply, which begins now."""
        self._cache.leave(found, self.clock())
        self._made += 1
        text, stop, spoken = self._text(order)
        tally = found.tally._replace(output=tokens(text))
        if order.expected:
            limits = self._limit(order.wire.VENDOR, order.asked.model)
            limits.settle(self.clock(), order.expected, tally.input + tally.output)
        return Said(f"{self.options.seed:02x}{self._made:010x}", order.asked, text, stop, tally, spoken)

    def _text(self, order: Order) -> tuple[str, Stop, Any]:
        if order.fault == "refusal":
            return "I would rather not say anything about this.", "refusal", None
        if order.fault == "filter":
            return "", "filter", None
        asked = order.asked._replace(schema=None) if order.fault == faults.IGNORED else order.asked
        text, spoken = self._author.write(asked, self._answered[order.digest])
        room = order.asked.most
        if tokens(text) <= room:
            return text, "stop", spoken
        cut = text[: room * CHARACTERS]
        return cut, "length", spoken and spoken[:room]

    def done(self, order: Order, said: Said | None, outcome: str, *, whole: bool, batch: bool = False) -> None:
        """Write the end of a call into the bill and the record."""
        if said is not None:
            self.bill.add(said, whole=whole, batch=batch)
            self._answered[order.digest] += whole
        self.note(order.asked.model, outcome, order.digest, said)

    def note(self, model: str, outcome: str, digest: str = "", said: Said | None = None) -> None:
        """Write a line into the record."""
        if self._record is None:
            return
        line = {"t": time.time(), "model": model, "outcome": outcome, "request": digest}
        line |= {"id": said.id, "input": said.tally.input, "output": said.tally.output} if said else {}
        self._record.write(json.dumps(line) + "\n")
        self._record.flush()
