"""OpenAI's Chat Completions: how a request is read, and a reply, a stream and an error are written."""

from __future__ import annotations

import json
from typing import Any

from arena.fake import reading
from arena.fake.asked import Asked, Block, Flow, Json, Refusal, Role, Said, Tally, Token
from arena.fake.pieces import pieces
from arena.fake.reading import bad

VENDOR = "openai"
ROOM = 128_000
"""The most tokens of a reply where a request sets no limit."""

CREATED = 1_790_000_000
_ROLES: dict[Any, Role] = {"system": "system", "developer": "system", "user": "user", "assistant": "assistant"}
_FIELDS = (
    "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "messages", "metadata",
    "model", "n", "presence_penalty", "prompt_cache_key", "prompt_cache_options", "reasoning_effort",
    "response_format", "safety_identifier", "seed", "service_tier", "stop", "store", "stream", "stream_options",
    "temperature", "tool_choice", "tools", "top_logprobs", "top_p", "user", "verbosity",
)  # fmt: skip
_EXTRA = "Unrecognized request argument supplied: {}"
FINISH = {"stop": "stop", "length": "length", "refusal": "stop", "filter": "content_filter"}
_CODES = {
    401: ("invalid_api_key", "invalid_request_error"),
    404: ("model_not_found", "invalid_request_error"),
    429: ("rate_limit_exceeded", "requests"),
}


def read(found: Json) -> Asked:
    """The request in a body; raises `Refusal`."""
    reading.known(found, _FIELDS, _EXTRA)
    model = reading.model(found)
    most = reading.whole(found, "max_completion_tokens") or reading.whole(found, "max_tokens") or ROOM
    if found.get("n", 1) != 1:
        raise bad("n: only one choice is made here")
    return Asked(
        model,
        conversation(reading.items(found, "messages"), "messages"),
        most,
        stream=found.get("stream") is True,
        counted=reading.mapping(found.get("stream_options")).get("include_usage") is True,
        schema=_schema(found),
        tops=reading.whole(found, "top_logprobs", least=0, most=20) or 0 if found.get("logprobs") else None,
    )


def _schema(found: Json) -> Json | None:
    form = reading.mapping(found.get("response_format"))
    return reading.mapping(form.get("json_schema")).get("schema") if form.get("type") == "json_schema" else None


def conversation(messages: list[Any], where: str) -> tuple[Block, ...]:
    """The blocks of a list of messages."""
    found = []
    for i, message in enumerate(map(reading.mapping, messages)):
        role = _ROLES.get(message.get("role"))
        if role is None:
            raise bad(f"Invalid value for {where}[{i}].role: {message.get('role')!r}")
        found.append(Block(role, _text(message.get("content"), f"{where}[{i}].content")))
    return tuple(found)


def _text(content: Any, where: str) -> str:
    if isinstance(content, str):
        return content
    parts = [reading.mapping(part).get("text") for part in content] if isinstance(content, list) else [None]
    if not all(isinstance(part, str) for part in parts):
        raise bad(f"Invalid value for {where}: only texts are understood here")
    return "".join(map(str, parts))


def usage(tally: Tally) -> dict[str, Any]:
    """Tokens as they are billed: what the caches took is inside `prompt_tokens`."""
    return {
        "prompt_tokens": tally.input,
        "completion_tokens": tally.output,
        "total_tokens": tally.input + tally.output,
        "prompt_tokens_details": {"cached_tokens": tally.read, "cache_write_tokens": tally.written},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def whole(said: Said) -> dict[str, Any]:
    """A reply in one piece."""
    refused = said.stop == "refusal"
    message = {
        "role": "assistant",
        "content": None if refused else said.text,
        "refusal": said.text if refused else None,
    }
    choice = {"index": 0, "message": message, "logprobs": _logprobs(said.tokens), "finish_reason": FINISH[said.stop]}
    return {**_head(said, "chat.completion"), "choices": [choice], "usage": usage(said.tally)}


def _head(said: Said, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{said.id}", "object": kind, "created": CREATED, "model": said.asked.model}


def logprob(token: Token) -> dict[str, Any]:
    """A token with its probability."""
    top = [{"token": text, "bytes": list(text.encode()), "logprob": value} for text, value in token.top]
    return {"token": token.text, "bytes": list(token.text.encode()), "logprob": token.logprob, "top_logprobs": top}


def _logprobs(tokens: tuple[Token, ...] | None) -> dict[str, Any] | None:
    return None if tokens is None else {"content": [logprob(token) for token in tokens], "refusal": None}


def flow(said: Said) -> Flow:
    """A reply as a stream."""
    head = _head(said, "chat.completion.chunk") | ({"usage": None} if said.asked.counted else {})

    def chunk(delta: Json, finish: str | None = None, tokens: tuple[Token, ...] | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": _logprobs(tokens), "finish_reason": finish}
        return _line({**head, "choices": [choice]})

    name = "refusal" if said.stop == "refusal" else "content"
    if said.tokens is None:
        parts = [chunk({name: piece}) for piece in pieces(said.text)]
    else:
        parts = [chunk({name: token.text}, tokens=(token,)) for token in said.tokens]
    counted = _line({**head, "choices": [], "usage": usage(said.tally)}) if said.asked.counted else b""
    tail = chunk({}, FINISH[said.stop]) + counted + b"data: [DONE]\n\n"
    return Flow(chunk({"role": "assistant", "content": "", "refusal": None}), parts, tail)


def _line(value: Json) -> bytes:
    return f"data: {json.dumps(value, separators=(',', ':'))}\n\n".encode()


def error(why: Refusal, request: str) -> dict[str, Any]:  # noqa: ARG001  # the other vendor tells the request's id
    """An error as a body."""
    code, kind = _CODES.get(why.status, (None, "server_error" if why.status >= 500 else "invalid_request_error"))  # noqa: PLR2004
    if why.kind in ("insufficient_quota", "context_length_exceeded", "content_filter", "billing_hard_limit_reached"):
        code, kind = why.kind, why.kind if why.status == 429 else kind  # noqa: PLR2004
    return {"error": {"message": str(why), "type": kind, "param": None, "code": code}}


def broken(why: Refusal, request: str) -> bytes:
    """An error in the middle of a stream."""
    return _line(error(why, request))
