"""How the server behaves: latency, speed, limits, faults, batches. All of its chance follows from one seed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from pathlib import Path
from typing import NamedTuple, Self

from arena.errors import UsageError
from arena.fake.author import Say
from arena.fake.limits import Kind, Rate, Tells
from arena.models.sim.chance import gauss, uniform

_NUMBER = r"(\d+(?:\.\d+)?|\.\d+)"
_LATENCY = re.compile(rf"{_NUMBER}(?:(\.\.|~){_NUMBER})?")


class Latency(NamedTuple):
    """Seconds until an answer begins: `low` to `high` evenly, or with median `low` and log-normal with `sigma`."""

    low: float = 0.0
    high: float = 0.0
    sigma: float = 0.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `0.5`, `0.2..1` (evenly between the two) or `0.8~0.5` (median~sigma, log-normal)."""
        match = _LATENCY.fullmatch(text.strip())
        low, mark, other = match.groups() if match else ("", "", "")
        if match is None or (mark == ".." and float(other) < float(low)):
            raise UsageError(
                f"{text!r} is no latency: write seconds as 0.5, as 0.2..1 (evenly between the two), or as 0.8~0.5 "
                "(log-normal: median and sigma)"
            )
        if mark == "~":
            return cls(float(low), float(low), float(other))
        return cls(float(low), float(other or low))

    def draw(self, *name: object) -> float:
        """The seconds of one call, a function of its name."""
        if self.sigma:
            return self.low * exp(self.sigma * gauss("latency", *name))
        if self.high == self.low:
            return self.low
        return self.low + (self.high - self.low) * uniform("latency", *name)


AT_ONCE = Latency()


@dataclass(frozen=True)
class Options:
    """All that can be set.

    `speed` is in tokens a second, `None` for at once. `requests` and `tokens` bound each model; `tells` is what an
    answer tells of that. `context` is the longest request in tokens, `refuses` are fields that no request may have. A
    batch ends `batch_seconds` after it was made, with shares `batch_errors`, `batch_expiry` and `batch_missing` of its
    requests in error, expired, and in no result; of a share `batch_lost` of all batches nobody is told that they were
    made. `drip` is the time between two pieces of a reply that drips. `record` is a file that gets a JSON line for
    every call.
    """

    seed: int = 0
    say: Say = "sim"
    latency: Latency = AT_ONCE
    speed: float | None = None
    faults: Mapping[str, float] = field(default_factory=dict)
    requests: Rate | None = None
    tokens: Rate | None = None
    kind: Kind = "bucket"
    tells: Tells = "all"
    context: int = 1_000_000
    batch_seconds: float = 5.0
    batch_errors: float = 0.0
    batch_expiry: float = 0.0
    batch_missing: float = 0.0
    batch_lost: float = 0.0
    refuses: frozenset[str] = frozenset()
    drip: float = 1.0
    record: Path | None = None
