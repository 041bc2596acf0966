"""What a request asks for and what it is answered, whatever the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from arena.programs import FAKE

Json = Mapping[str, Any]
Role = Literal["system", "user", "assistant"]
Stop = Literal["stop", "length", "refusal", "filter"]

CHARACTERS_A_TOKEN = 4


class Block(NamedTuple):
    """A text of a conversation, and how long its prefix is to be cached where a breakpoint stands behind it."""

    role: Role
    text: str
    ttl: Literal["5m", "1h"] | None = None


class Asked(NamedTuple):
    """A request. `most` bounds the tokens of the reply; `tops` is how many alternatives a token are asked for.

    `tops` is `None` where no token probabilities are wanted. `counted` says whether a stream is to tell its usage.
    """

    model: str
    blocks: tuple[Block, ...]
    most: int
    stream: bool = False
    counted: bool = True
    schema: Json | None = None
    tops: int | None = None

    @property
    def real(self) -> str:
        """The id of the model that this one stands for."""
        return self.model.removeprefix(FAKE)


class Tally(NamedTuple):
    """The tokens of one call. `fresh`, `read` and `written` are apart; `kept_1h` of `written` are kept for an hour."""

    fresh: int
    read: int = 0
    written: int = 0
    kept_1h: int = 0
    output: int = 0

    @property
    def input(self) -> int:
        """All tokens of the request."""
        return self.fresh + self.read + self.written


class Token(NamedTuple):
    """A token of a reply: its text, its log-probability, and the likeliest ones at its place."""

    text: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


class Said(NamedTuple):
    """A reply: `id` is unique on the server."""

    id: str
    asked: Asked
    text: str
    stop: Stop
    tally: Tally
    tokens: tuple[Token, ...] | None = None


class Flow(NamedTuple):
    """A streamed reply, ready to send: what opens it, its pieces one by one, and what ends it."""

    head: bytes
    pieces: list[bytes]
    tail: bytes


class Refusal(Exception):
    """An error that a vendor answers with: a status, the name that the vendor has for it, and a sentence.

    `retry_after` is in seconds, and what is told as a header; `headers` are more of them.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.kind, self.retry_after = status, kind, retry_after
        self.headers = headers or {}


def tokens(text: str) -> int:
    """About how many tokens a text has."""
    return -(-len(text) // CHARACTERS_A_TOKEN)


def size(blocks: tuple[Block, ...]) -> int:
    """About how many tokens a conversation has."""
    return sum(tokens(block.text) for block in blocks)
