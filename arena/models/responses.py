"""OpenAI's Responses, for the models that Chat Completions does not serve."""

from __future__ import annotations

from typing import Any

from arena.events import Usage
from arena.models.base import Reply, Request
from arena.models.chat import Manner, OpenAISettings, cache_key, logprobs, top_logprobs
from arena.models.failures import CallFailed
from arena.models.provider import STREAMED_ABOVE, Body, Read
from arena.models.settings import sampled
from arena.models.streams import ServerEvent
from arena.models.trouble import from_error
from arena.models.values import Json, count, items, malformed, mapping, parse, text


class Responses:
    """The wire: one request to `/responses`. Nothing is stored at the server."""

    path = "/responses"

    def __init__(self, model: str, settings: OpenAISettings, manner: Manner, *, room: int) -> None:
        self._model, self._settings, self._manner, self._room = model, settings, manner, room

    def body(self, request: Request, stream: bool) -> Body:
        """The request as it is sent; there is no seed here."""
        settings = self._settings
        most = self.most(request)
        made: Body = {
            "model": self._model,
            "input": [{"role": role, "content": said} for role, said in request.messages],
            "max_output_tokens": most,
            "store": False,
        }
        if system := "\n\n".join(part for part in (request.preface, request.system) if part):
            made["instructions"] = system
        made |= sampled(request, settings)
        if "seed" in made:
            raise CallFailed("bad_request", "the Responses interface takes no seed")
        if settings.effort:
            made["reasoning"] = {"effort": settings.effort}
        if wanted := top_logprobs(request):
            made |= {"top_logprobs": wanted, "include": ["message.output_text.logprobs"]}
        if schema := request.sampling.get("schema"):
            made["text"] = {"format": {"type": "json_schema", "name": "reply", "schema": schema, "strict": True}}
        if request.preface:
            made["prompt_cache_key"] = cache_key(request)
        if stream or (most > STREAMED_ABOVE and settings.stream is not False):
            made["stream"] = True
        return self._manner.shaped(made)

    def most(self, request: Request) -> int:
        """The most tokens that a reply may have, reasoning included."""
        return self._settings.max_tokens or request.max_tokens + self._room

    def read(self, message: Json) -> Read:
        """An answer; raises `CallFailed` where it is none, failed, or was filtered."""
        status, output, usage = message.get("status"), message.get("output"), self.usage(message)
        if status == "failed":
            failure = from_error(message.get("error"))
            failure.usage = usage or failure.usage
            raise failure
        if not isinstance(output, list) or status not in ("completed", "incomplete", None):
            raise malformed(f"the answer has no output; it has {', '.join(sorted(message)[:8]) or 'nothing'}")
        reason = mapping(message.get("incomplete_details")).get("reason")
        if status == "incomplete" and reason == "content_filter":
            raise CallFailed("filtered", "a content filter stopped the reply", usage=usage)
        parts = [mapping(part) for item in _of(output, "message") for part in items(item.get("content"))]
        refusal = "".join(text(part.get("refusal")) for part in parts)
        made = Reply(
            text="".join(text(part.get("text")) for part in parts) or refusal,
            model=text(message.get("model")) or self._model,
            thinking=_summary(output) or None,
            finish="refusal" if refusal else "length" if status == "incomplete" else "stop",
            usage=usage or Usage(),
            logprobs=logprobs([token for part in parts for token in items(part.get("logprobs"))]),
        )
        return Read(made)

    def usage(self, message: Json) -> Usage | None:
        """The tokens of an answer, where it counts them."""
        told = mapping(message.get("usage"))
        if "input_tokens" not in told:
            return None
        details = mapping(told.get("input_tokens_details"))
        return Usage(
            input=count(told.get("input_tokens")),
            output=count(told.get("output_tokens")),
            cache_read=count(details.get("cached_tokens")),
            cache_write=count(details.get("cache_write_tokens")),
        )

    def assembly(self) -> ResponsesAssembly:
        """An empty answer."""
        return ResponsesAssembly()


def _of(output: list[Any], kind: str) -> list[Json]:
    return [item for item in map(mapping, output) if item.get("type") == kind]


def _summary(output: list[Any]) -> str:
    """What the model tells of its reasoning."""
    parts = [mapping(part) for item in _of(output, "reasoning") for part in items(item.get("summary"))]
    return "\n\n".join(told for part in parts if (told := text(part.get("text"))))


class ResponsesAssembly:
    """A response is whole with the event that holds all of it: completed, incomplete or failed."""

    def __init__(self) -> None:
        self._message: Json = {}
        self._ended = False

    def feed(self, event: ServerEvent) -> str:
        """Take the next event; raises `CallFailed` for an error."""
        if event.data.strip() == "[DONE]":
            return ""
        found = parse(event.data)
        kind = text(found.get("type")) or event.name
        if kind == "error" or found.get("error"):
            raise from_error(found.get("error") or {**found, "type": found.get("code")})
        if kind in ("response.completed", "response.incomplete", "response.failed"):
            self._message, self._ended = mapping(found.get("response")), True
        return text(found.get("delta")) if kind == "response.output_text.delta" else ""

    @property
    def whole(self) -> bool:
        """Whether the response has come to its end."""
        return self._ended

    may_end = whole

    def message(self) -> Json:
        """The response; empty before it is whole."""
        return self._message
