"""What the arena asks of a model: one async callable, a request in, a reply out.

Providers, simulated models, recorded ones and people at a keyboard all have this shape; pacing, budgets, caches and
recording wrap it and each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal, NamedTuple, Protocol

from arena.events import Attempt, Usage

Hear = Callable[[str | None], None]
"""What is told a reply while it is made: each piece of its text, and `None` where what was told so far is void."""


class Message(NamedTuple):
    """One message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Request:
    """What a seat sends: a system text and a conversation that ends with a user message.

    `preface` holds the long texts that the seat was handed before it first spoke. It stands before everything else, so
    that requests about one passage share their beginning whoever sends them. `max_tokens` bounds the reply; `sample`
    tells apart requests that are otherwise equal (best of n, repeats).

    `hear` is for those who watch: a model that can tells it its reply piece by piece. It is no part of what is sent,
    so requests that differ in nothing else are equal and have one key. `seat` and `cue` say whom the table asks, and
    for what: a person is told so by their screen. They are no part of what is sent either.
    """

    system: str
    messages: Sequence[Message]
    preface: str = ""
    max_tokens: int = 2048
    sample: int = 0
    sampling: Mapping[str, object] = field(default_factory=dict)
    hear: Hear | None = field(default=None, repr=False, compare=False)
    seat: str = field(default="", repr=False, compare=False)
    cue: str = field(default="", repr=False, compare=False)
    _content: str = field(default="", repr=False, compare=False)

    @property
    def content(self) -> str:
        """The hash of all that is sent, the sample index left out; computed once."""
        if not self._content:
            object.__setattr__(self, "_content", _content(self))
        return self._content

    def key(self, model: str) -> str:
        """The content address of this request to `model`: 32 hexadecimal digits."""
        return hashlib.blake2b(f"{self.content}\0{self.sample}\0{model}".encode(), digest_size=16).hexdigest()

    def sampled(self, index: int) -> Request:
        """The same request as the sample number `index`."""
        return replace(self, sample=index, _content=self.content)

    def followed_by(self, *messages: Message) -> Request:
        """The same request with further messages at its end."""
        return replace(self, messages=(*self.messages, *messages), _content="")


def _content(request: Request) -> str:
    settings = sorted((name, repr(value)) for name, value in request.sampling.items())
    digest = _begun(repr((request.max_tokens, settings)), request.preface).copy()
    for role, text in (("system", request.system), *request.messages):
        _add(digest, role, text)
    return digest.hexdigest()


@lru_cache(maxsize=512)
def _begun(settings: str, preface: str) -> hashlib.blake2b:
    """The hash of a request as far as its preface, which is long, and the same in many requests."""
    digest = hashlib.blake2b(settings.encode(), digest_size=16)
    _add(digest, "preface", preface)
    return digest


def _add(digest: hashlib.blake2b, role: str, text: str) -> None:
    body = text.encode()
    digest.update(f"\0{role}\0{len(body)}\0".encode())
    digest.update(body)


SAMPLING = ("temperature", "top_p", "seed")
"""How a seat's requests may be sampled; it goes before the settings in the spec of its model."""

Feature = Literal["logprobs", "schema"]
"""What a model may be able to do beside replying: give token probabilities, keep to a schema."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `finish` is `stop`, `length` or `refusal`; `cost` is in US dollars, `None` when unknown.

    `model` is the id that the provider returned, which may be more exact than the one that was asked for. `reused` is
    true of a reply that was looked up in the log instead of bought. `failed` has the attempts before the last one, and
    `tries` counts them all.
    """

    text: str
    model: str = ""
    thinking: str | None = None
    finish: str = "stop"
    usage: Usage = field(default_factory=Usage)
    cost: float | None = None
    tries: int = 1
    logprobs: object = None
    reused: bool = False
    failed: tuple[Attempt, ...] = ()


class Named(Protocol):
    """What has the name of a model, and says whether it is simulated."""

    @property
    def spec(self) -> str:
        """The spec in full: provider, name, and every setting that differs from its default."""
        ...

    @property
    def simulated(self) -> bool:
        """Whether this is neither a real model nor a person."""
        ...


class Model(Named, Protocol):
    """A model as the table sees it: one async callable with a name."""

    async def __call__(self, request: Request) -> Reply:
        """The reply to a request; a `TurnFailed` where there is none, a `Stopped` where there will be none to any."""
        ...


def paid(model: Named) -> bool:
    """Whether calls to a model may cost money: whether there is an account behind it."""
    return hasattr(model, "account")


def supports(model: Named, feature: Feature) -> bool | None:
    """Whether a model can do this; `None` where only its server knows. A model that does not say cannot."""
    known = getattr(model, "supports", None)
    able: bool | None = known(feature) if known else False
    return able


class Around:
    """What stands around a model, goes by its name and can do what it can."""

    model: Named

    @property
    def spec(self) -> str:
        """The spec of the model behind it."""
        return self.model.spec

    @property
    def simulated(self) -> bool:
        """Whether the model behind it is simulated."""
        return self.model.simulated

    def supports(self, feature: Feature) -> bool | None:
        """Whether the model behind it can do this."""
        return supports(self.model, feature)
