"""Claude models, and servers that speak Anthropic's Messages: `anthropic/<id>` and `anthropic/<id>@URL`.

The preface stands first, as a system block with a cache breakpoint of its own, so that every request about a passage
reads it; the last message has one too where the conversation may go on, so that a seat's next turn reads all of it.
Facts of the interface are those of version 2026-10-21.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from arena import plugins
from arena.events import Usage
from arena.models import keys, prices
from arena.models.accounts import Account, account, address
from arena.models.base import Feature, Reply, Request
from arena.models.failures import CallFailed
from arena.models.prices import Rates
from arena.models.provider import STREAMED_ABOVE, Body, Provider, Read
from arena.models.settings import Settings, refused, sampled
from arena.models.streams import ServerEvent
from arena.models.trouble import from_error
from arena.models.values import Json, count, malformed, mapping, parse, text

THINKING_ROOM = 8_192
"""Tokens on top of a reply's own for models that think unasked: thinking counts to what is allowed."""

SILENCE = "(nothing)"
"""What stands for a speech of no words: the interface refuses an empty message."""

_THINKS = re.compile(r"claude-(fable|mythos|opus|sonnet|haiku)-[5-9]")
_NO_BUDGET = re.compile(r"claude-(opus-5-5|sonnet-5-5|haiku-5-5|fable-5-[1-9])")
_NOT_OFF = re.compile(r"claude-(opus-5-5|sonnet-5-5|fable-5)")
_ONLY_SONNET = re.compile(r"claude-sonnet-5-5")


class AnthropicSettings(Settings):
    """What a seat may set. Claude takes no temperature and no top_p; servers at another address may.

    `thinking` is `adaptive`, `disabled`, `between_tools` or a budget in tokens, as the model takes it. `cache` is how
    long the prefix is kept: 5m, 1h or off.
    """

    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    thinking: Literal["adaptive", "disabled", "between_tools"] | int | None = Field(None, union_mode="left_to_right")
    cache: Literal["5m", "1h", "off"] = "5m"


class Messages:
    """The wire: one request to `/v1/messages`."""

    path = "/v1/messages"

    def __init__(self, model: str, settings: AnthropicSettings, *, ours: bool) -> None:
        self._model = model
        self._settings = settings
        self._ours = ours

    def body(self, request: Request, stream: bool) -> Body:
        """The request as it is sent."""
        most = self.most(request)
        made: Body = {
            "model": self._model,
            "max_tokens": most,
            "system": self._system(request),
            "messages": self._messages(request),
            **self._thinking(request),
            **sampled(request, self._settings),
        }
        if stream or (most > STREAMED_ABOVE and self._settings.stream is not False):
            made["stream"] = True
        return {name: value for name, value in made.items() if value not in ([], {})}

    def most(self, request: Request) -> int:
        """The most tokens that a reply may have, thinking included."""
        if self._settings.max_tokens is not None:
            return self._settings.max_tokens
        thinking = self._settings.thinking
        if isinstance(thinking, int):
            return request.max_tokens + thinking
        thinks = thinking is not None or (self._ours and _THINKS.match(self._model))
        return request.max_tokens + (THINKING_ROOM if thinks and thinking != "disabled" else 0)

    def _system(self, request: Request) -> list[Body]:
        blocks = [{"type": "text", "text": request.preface, **self._kept()}] if request.preface else []
        return [*blocks, {"type": "text", "text": request.system}] if request.system else blocks

    def _messages(self, request: Request) -> list[Body]:
        *before, last = request.messages
        grows = bool(request.preface or before)
        kept = self._kept() if grows and last.text else {}
        end = [{"type": "text", "text": last.text, **kept}] if kept else last.text
        said = [{"role": role, "content": text if text.strip() else SILENCE} for role, text in before]
        return [*said, {"role": last.role, "content": end}]

    def _kept(self) -> Body:
        kind = self._settings.cache
        if kind == "off":
            return {}
        return {"cache_control": {"type": "ephemeral", **({"ttl": kind} if kind == "1h" else {})}}

    def _thinking(self, request: Request) -> Body:
        chosen, output = self._settings.thinking, Body()
        if self._settings.effort:
            output["effort"] = self._settings.effort
        if schema := request.sampling.get("schema"):
            output["format"] = {"type": "json_schema", "schema": schema}
        if request.sampling.get("logprobs"):
            raise CallFailed("unsupported", "Anthropic's models give no token probabilities")
        budget = {"type": "enabled", "budget_tokens": chosen} if isinstance(chosen, int) else {"type": chosen}
        return {"thinking": budget if chosen is not None else {}, "output_config": output}

    def read(self, message: Json) -> Read:
        """An answer; raises `CallFailed` where it is none, or was filtered or too long."""
        blocks, stop = message.get("content"), message.get("stop_reason")
        if not isinstance(blocks, list):
            raise malformed(f"the answer has no content; it has {', '.join(sorted(message)[:8]) or 'nothing'}")
        usage = self.usage(message)
        if stop == "model_context_window_exceeded":
            raise CallFailed("too_long", "the reply reached the end of the model's context", usage=usage)
        if stop in ("tool_use", "pause_turn"):
            raise CallFailed("malformed", f"the reply stopped for {stop}, and no tools were given", usage=usage)
        made = Reply(
            text=_joined(blocks, "text", "text"),
            model=text(message.get("model")) or self._model,
            thinking=_joined(blocks, "thinking", "thinking") or None,
            finish=_FINISH.get(text(stop), "stop"),
            usage=usage or Usage(),
        )
        hour = count(mapping(mapping(message.get("usage")).get("cache_creation")).get("ephemeral_1h_input_tokens"))
        return Read(made, kept_1h=hour)

    def usage(self, message: Json) -> Usage | None:
        """The tokens of an answer. Anthropic counts apart what the caches took; here all of it is input."""
        told = mapping(message.get("usage"))
        if not told:
            return None
        read, written = count(told.get("cache_read_input_tokens")), count(told.get("cache_creation_input_tokens"))
        return Usage(
            input=count(told.get("input_tokens")) + read + written,
            output=count(told.get("output_tokens")),
            cache_read=read,
            cache_write=written,
        )

    def assembly(self) -> MessagesAssembly:
        """An empty answer."""
        return MessagesAssembly()


_FINISH = {"max_tokens": "length", "refusal": "refusal"}


def _joined(blocks: list[Any], kind: str, field: str) -> str:
    return "".join(text(block.get(field)) for block in map(mapping, blocks) if block.get("type") == kind)


class MessagesAssembly:
    """A message put together from its events. It is whole with `message_stop`, and by no other end."""

    def __init__(self) -> None:
        self._message: dict[str, Any] = {}
        self._blocks: dict[int, dict[str, Any]] = {}
        self._pieces: dict[tuple[int, str], list[str]] = {}
        self._stopped = False

    def feed(self, event: ServerEvent) -> str:
        """Take the next event; raises `CallFailed` for an error, and for what is no event of a message."""
        found = parse(event.data)
        kind = found.get("type") or event.name
        if kind == "error" or "error" in found:
            raise from_error(found.get("error"))
        if kind == "message_start":
            self._message = dict(mapping(found.get("message")))
        elif kind == "content_block_start":
            self._blocks[count(found.get("index"))] = dict(mapping(found.get("content_block")))
        elif kind == "content_block_delta":
            return self._grown(count(found.get("index")), mapping(found.get("delta")))
        elif kind == "message_delta":
            self._message |= mapping(found.get("delta"))
            told = {name: value for name, value in mapping(found.get("usage")).items() if value is not None}
            self._message["usage"] = {**mapping(self._message.get("usage")), **told}
        elif kind == "message_stop":
            self._stopped = True
        return ""

    def _grown(self, index: int, delta: Json) -> str:
        for field in ("text", "thinking"):
            if isinstance(piece := delta.get(field), str):
                self._pieces.setdefault((index, field), []).append(piece)
                self._blocks.setdefault(index, {"type": field})
                return piece if field == "text" else ""
        return ""

    @property
    def whole(self) -> bool:
        """Whether the message has come to its end."""
        return self._stopped

    may_end = whole

    def message(self) -> Json:
        """The message so far."""
        blocks = {index: dict(block) for index, block in sorted(self._blocks.items())}
        for (index, field), pieces in self._pieces.items():
            blocks[index][field] = text(blocks[index].get(field)) + "".join(pieces)
        return {**self._message, "content": list(blocks.values())}


class Anthropic(Provider):
    """A model that speaks Messages; see `Provider`."""

    def __init__(
        self, spec: str, account: Account, wire: Messages, settings: AnthropicSettings, rates: Rates | None
    ) -> None:
        super().__init__(spec, account, wire, settings, rates)
        self.caches = settings.cache != "off"

    def _able(self, feature: Feature) -> bool | None:
        """There are no token probabilities anywhere; schemas are kept to by Anthropic's own models."""
        return False if feature == "logprobs" else None if self._account.url else True


def open_model(name: str, params: Mapping[str, str], env: Mapping[str, str] | None = None) -> Anthropic:
    """Open `anthropic/<id>` or `anthropic/<id>@URL`; no SDK is imported yet, and nothing is sent.

    Raises `UsageError` for a missing key, an address that is none, and a setting that the model is known to refuse.
    `env` stands for the environment and `.env`.
    """
    env = keys.environment() if env is None else env
    model, url = address("anthropic", name)
    spec = f"anthropic/{model}" + (f"@{url}" if url else "")
    where = account("anthropic", url, params.get("key"), env)
    where.apart(spec)
    settings = plugins.build(AnthropicSettings, params, spec)
    if where.url is None:
        _check(spec, model, settings)
    elif url is None:
        spec = f"{spec}@{where.url}"
    rates = prices.load(env).find(spec, model)
    wire = Messages(model, settings, ours=where.url is None)
    return Anthropic(spec + settings.spelt(), where, wire, settings, rates)


def _check(spec: str, model: str, settings: AnthropicSettings) -> None:
    for setting in ("temperature", "top_p"):
        if getattr(settings, setting) is not None:
            raise refused(spec, setting, "no Claude model takes sampling settings any more. Leave it out")
    if isinstance(settings.thinking, int) and _NO_BUDGET.match(model):
        raise refused(spec, "a budget of thinking", "say how hard it is to think with effort=low|medium|high|xhigh|max")
    if settings.thinking == "disabled" and _NOT_OFF.match(model):
        raise refused(spec, "thinking=disabled", "it always thinks. effort=low makes it think little")
    if settings.thinking == "between_tools" and not _ONLY_SONNET.match(model):
        raise refused(spec, "thinking=between_tools", "only claude-sonnet-5-5 does")
    if settings.thinking == "between_tools" and settings.effort in ("xhigh", "max"):
        raise refused(
            spec, f"effort={settings.effort} with thinking=between_tools", "low, medium and high are what it has"
        )
    if isinstance(settings.thinking, int) and settings.thinking < _LEAST_BUDGET:
        raise refused(spec, f"thinking={settings.thinking}", f"a budget is {_LEAST_BUDGET} tokens or more")
    if (
        isinstance(settings.thinking, int)
        and settings.max_tokens is not None
        and settings.max_tokens <= settings.thinking
    ):
        raise refused(spec, f"max_tokens={settings.max_tokens}", "thinking counts to it: it must be above the budget")


_LEAST_BUDGET = 1024
