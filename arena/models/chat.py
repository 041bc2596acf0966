"""OpenAI's Chat Completions, as OpenAI and every compatible server speak it.

Of what a server answers only the text is taken for granted: usage, ids, finish reasons and token probabilities are
read where they are given. Token probabilities come in one form: a list with, for each token of the reply,
`{"token": str, "logprob": float, "top": {token: logprob, ...}}`.
"""

from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import Field

from arena.events import Usage
from arena.models.base import Reply, Request
from arena.models.failures import CallFailed
from arena.models.provider import STREAMED_ABOVE, Body, Read
from arena.models.settings import Settings, sampled
from arena.models.streams import ServerEvent
from arena.models.trouble import from_error
from arena.models.values import Json, count, items, malformed, mapping, parse, text

TOP = 20
"""The most alternatives a token that the interface gives."""


OTHER = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


class OpenAISettings(Settings):
    """What a seat may set. `api` says which of the two interfaces is spoken, where the arena's choice is not right."""

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    seed: int | None = Field(None, ge=0, le=2**31)
    api: Literal["chat", "responses"] | None = None


class Manner:
    """How one server wants its requests: what is known of it beforehand, and what it has taught since."""

    def __init__(self, *, ours: bool) -> None:
        self.limit = "max_completion_tokens" if ours else "max_tokens"
        self.left_out: set[str] = set()
        self._turned = self._older = False

    def turn(self) -> bool:
        """Take the other name for the limit on tokens; once, for a server may refuse both."""
        if self._turned:
            return False
        self.limit, self._turned = OTHER[self.limit], True
        return True

    def form(self, schema: Any) -> Body:
        """What asks for a reply that keeps to a schema; the older way of local servers where that is all they know."""
        if self._older:
            return {"type": "json_object", "schema": schema}
        return {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema, "strict": True}}

    def age(self, body: Body) -> bool:
        """Ask for schemas in the older way; whether the body that was refused did not do so already."""
        newer = mapping(body.get("response_format")).get("type") == "json_schema"
        self._older = self._older or newer
        return newer

    def shaped(self, body: Body) -> Body:
        """A body without what this server does not take."""
        return {name: value for name, value in body.items() if name not in self.left_out}


class Chat:
    """The wire: one request to `/chat/completions`."""

    path = "/chat/completions"

    def __init__(self, model: str, settings: OpenAISettings, manner: Manner, *, room: int, ours: bool) -> None:
        self._model, self._settings, self._manner, self._room, self._ours = model, settings, manner, room, ours

    def body(self, request: Request, stream: bool) -> Body:
        """The request as it is sent."""
        settings = self._settings
        most = self.most(request)
        made: Body = {"model": self._model, "messages": _messages(request), self._manner.limit: most}
        made |= sampled(request, settings)
        if settings.effort:
            made["reasoning_effort"] = settings.effort
        if wanted := top_logprobs(request):
            made |= {"logprobs": True, "top_logprobs": wanted}
        if schema := request.sampling.get("schema"):
            made["response_format"] = self._manner.form(schema)
        if request.preface:
            made["prompt_cache_key"] = cache_key(request)
        if stream or (self._ours and most > STREAMED_ABOVE and settings.stream is not False):
            made |= {"stream": True, "stream_options": {"include_usage": True}}
        return self._manner.shaped(made)

    def most(self, request: Request) -> int:
        """The most tokens that a reply may have, reasoning included."""
        return self._settings.max_tokens or request.max_tokens + self._room

    def read(self, message: Json) -> Read:
        """An answer; raises `CallFailed` where it is none, or was filtered."""
        choice = mapping(next(iter(items(message.get("choices"))), None))
        said, finish = mapping(choice.get("message")), choice.get("finish_reason")
        if not said.keys() & {"content", "refusal", "reasoning_content"}:
            raise malformed(f"the answer has no message; it has {', '.join(sorted(message)[:8]) or 'nothing'}")
        usage = self.usage(message)
        if choice.get("error"):
            raise from_error(choice["error"])
        if finish in ("error", "abort"):
            raise CallFailed("cut", f"the server gave the reply up: {finish}", usage=usage)
        if finish == "content_filter":
            raise CallFailed("filtered", "a content filter stopped the reply", usage=usage)
        refusal, (thought, spoken) = text(said.get("refusal")), apart(_content(said.get("content")))
        made = Reply(
            text=spoken or refusal,
            model=text(message.get("model")) or self._model,
            thinking=text(said.get("reasoning_content")) or text(said.get("reasoning")) or thought or None,
            finish="refusal" if refusal else "length" if finish == "length" else "stop",
            usage=usage or Usage(),
            logprobs=logprobs(mapping(choice.get("logprobs")).get("content")),
        )
        return Read(made)

    def usage(self, message: Json) -> Usage | None:
        """The tokens of an answer, where it counts them."""
        told = mapping(message.get("usage"))
        if "prompt_tokens" not in told:
            return None
        details = mapping(told.get("prompt_tokens_details"))
        return Usage(
            input=count(told.get("prompt_tokens")),
            output=count(told.get("completion_tokens")),
            cache_read=count(details.get("cached_tokens")),
            cache_write=count(details.get("cache_write_tokens")),
        )

    def assembly(self) -> ChatAssembly:
        """An empty answer."""
        return ChatAssembly(strict=self._ours)


def _messages(request: Request) -> list[Body]:
    """The preface stands first, in one system message with the rest: many servers take only one."""
    system = "\n\n".join(part for part in (request.preface, request.system) if part)
    start = [{"role": "system", "content": system}] if system else []
    return [*start, *({"role": role, "content": said} for role, said in request.messages)]


def top_logprobs(request: Request) -> int:
    """How many alternatives a token a request asks for; 0 where it asks for no probabilities."""
    wanted = request.sampling.get("logprobs")
    return TOP if wanted is True else min(wanted, TOP) if isinstance(wanted, int) else 0


def cache_key(request: Request) -> str:
    """What sends requests that begin alike to the same cache."""
    return f"arena-{hashlib.blake2b(request.preface.encode(errors='replace'), digest_size=12).hexdigest()}"


def logprobs(given: Any) -> list[Body] | None:
    """Token probabilities in our form; `None` where there are none."""
    tokens = [
        {"token": text(token.get("token")), "logprob": _number(token.get("logprob")), "top": _tops(token)}
        for token in map(mapping, items(given))
    ]
    return tokens or None


def _tops(token: Json) -> dict[str, float]:
    """The alternatives by their text; of two that read alike, the likelier one counts."""
    found: dict[str, float] = {}
    for other in map(mapping, items(token.get("top_logprobs"))):
        name, value = text(other.get("token")), _number(other.get("logprob"))
        found[name] = max(value, found.get(name, value))
    return found


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < _IMPOSSIBLE else -_IMPOSSIBLE


_IMPOSSIBLE = 9999.0
"""The logarithm that the interface gives for what is next to impossible."""


def _content(given: Any) -> str:
    """The text of a message: a text, or a list of parts."""
    if isinstance(given, list):
        return "".join(text(mapping(part).get("text")) for part in given)
    return text(given)


def apart(said: str) -> tuple[str, str]:
    """The thinking with which local models begin, in the tag they use for it, and what they say behind it."""
    start = said.lstrip()
    if not start.startswith("<think>"):
        return "", said
    thought, _, spoken = start.removeprefix("<think>").partition("</think>")
    return thought.strip(), spoken.lstrip()


class ChatAssembly:
    """A chat answer put together from its chunks.

    It is whole with `[DONE]`. Where that is not `strict`, it also is when the stream ends in good order behind a finish
    reason: not every server says that it is done.
    """

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict
        self._head: dict[str, Any] = {}
        self._said: dict[str, list[str]] = {}
        self._tokens: list[Any] = []
        self._finish: str | None = None
        self._marked = False

    def feed(self, event: ServerEvent) -> str:
        """Take the next chunk; raises `CallFailed` for an error, and for what is no chunk."""
        if event.data.strip() == "[DONE]":
            self._marked = True
            return ""
        chunk = parse(event.data)
        if event.name == "error" or chunk.get("error"):
            raise from_error(chunk.get("error") or chunk)
        self._head |= {name: value for name in ("model", "usage") if (value := chunk.get(name))}
        choice = mapping(next(iter(items(chunk.get("choices"))), None))
        self._finish = text(choice.get("finish_reason")) or self._finish
        self._tokens += items(mapping(choice.get("logprobs")).get("content"))
        delta = mapping(choice.get("delta"))
        for field in ("content", "refusal", "reasoning_content", "reasoning"):
            if piece := _content(delta.get(field)):
                self._said.setdefault(field, []).append(piece)
        return _content(delta.get("content"))

    @property
    def whole(self) -> bool:
        """Whether the answer has come to its end."""
        return self._marked

    @property
    def may_end(self) -> bool:
        """Whether a stream that ends here ends in good order."""
        return self._marked or (self._finish is not None and not self._strict)

    def message(self) -> Json:
        """The answer so far."""
        said: dict[str, Any] = {"content": "", **{field: "".join(pieces) for field, pieces in self._said.items()}}
        choice = {"message": said, "finish_reason": self._finish, "logprobs": {"content": self._tokens}}
        return {**self._head, "choices": [choice]}
