"""OpenAI's Responses: how a request is read, and a reply and a stream are written. Errors are as in `chat`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count as counting
from typing import Any

from arena.fake import chat, reading
from arena.fake.asked import Asked, Block, Flow, Json, Refusal, Said, Tally
from arena.fake.pieces import pieces
from arena.fake.reading import bad

VENDOR = "openai"
_FIELDS = (
    "background", "conversation", "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata",
    "model", "parallel_tool_calls", "previous_response_id", "prompt_cache_key", "prompt_cache_options", "reasoning",
    "safety_identifier", "service_tier", "store", "stream", "stream_options", "temperature", "text", "tool_choice",
    "tools", "top_logprobs", "top_p", "truncation", "user",
)  # fmt: skip
_EXTRA = "Unknown parameter: '{}'."
_TOKENS = "message.output_text.logprobs"


def read(found: Json) -> Asked:
    """The request in a body; raises `Refusal`."""
    reading.known(found, _FIELDS, _EXTRA)
    model = reading.model(found)
    form = reading.mapping(reading.mapping(found.get("text")).get("format"))
    include = found.get("include")
    wanted = isinstance(include, list) and _TOKENS in include
    return Asked(
        model,
        _conversation(found),
        reading.whole(found, "max_output_tokens") or chat.ROOM,
        stream=found.get("stream") is True,
        schema=form.get("schema") if form.get("type") == "json_schema" else None,
        tops=reading.whole(found, "top_logprobs", least=0, most=20) or 0 if wanted else None,
    )


def _conversation(found: Json) -> tuple[Block, ...]:
    given, told = found.get("input"), found.get("instructions")
    system = (Block("system", told),) if isinstance(told, str) and told else ()
    if isinstance(given, str):
        return (*system, Block("user", given))
    if not isinstance(given, list) or not given:
        raise bad("Missing required parameter: 'input'.")
    return (*system, *chat.conversation(given, "input"))


def usage(tally: Tally) -> dict[str, Any]:
    """Tokens as they are billed: what the caches took is inside `input_tokens`."""
    return {
        "input_tokens": tally.input,
        "input_tokens_details": {"cached_tokens": tally.read, "cache_write_tokens": tally.written},
        "output_tokens": tally.output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tally.input + tally.output,
    }


def whole(said: Said) -> dict[str, Any]:
    """A reply in one piece."""
    incomplete = {"length": "max_output_tokens", "filter": "content_filter"}.get(said.stop)
    status = "incomplete" if incomplete else "completed"
    return {
        **_head(said),
        "status": status,
        "incomplete_details": {"reason": incomplete} if incomplete else None,
        "output": [_item(said, [_part(said)], status)],
        "usage": usage(said.tally),
    }


def _head(said: Said) -> dict[str, Any]:
    return {
        "id": f"resp_{said.id}",
        "object": "response",
        "created_at": chat.CREATED,
        "status": "in_progress",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "model": said.asked.model,
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": None,
    }


def _item(said: Said, content: list[Any], status: str) -> dict[str, Any]:
    return {"id": f"msg_{said.id}", "type": "message", "role": "assistant", "status": status, "content": content}


def _part(said: Said, text: str | None = None) -> dict[str, Any]:
    """The one part of the reply, or the beginning of it."""
    if said.stop == "refusal":
        return {"type": "refusal", "refusal": said.text if text is None else text}
    tokens = [chat.logprob(token) for token in said.tokens or ()] if text is None else []
    return {"type": "output_text", "text": said.text if text is None else text, "annotations": [], "logprobs": tokens}


def flow(said: Said) -> Flow:
    """A reply as a stream."""
    number = counting()

    def event(kind: str, **fields: Any) -> bytes:
        value = {"type": f"response.{kind}", "sequence_number": next(number), **fields}
        return f"event: {value['type']}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n".encode()

    name = "refusal" if said.stop == "refusal" else "output_text"
    at: dict[str, Any] = {"output_index": 0, "content_index": 0, "item_id": f"msg_{said.id}"}
    head = event("created", response=_head(said)) + event("in_progress", response=_head(said))
    head += event("output_item.added", output_index=0, item=_item(said, [], "in_progress"))
    head += event("content_part.added", **at, part=_part(said, ""))
    parts = [event(f"{name}.delta", **at, **fields) for fields in _deltas(said)]
    done = whole(said)
    text = (
        {"refusal": said.text} if said.stop == "refusal" else {"text": said.text, "logprobs": _part(said)["logprobs"]}
    )
    tail = event(f"{name}.done", **at, **text) + event("content_part.done", **at, part=_part(said))
    tail += event("output_item.done", output_index=0, item=done["output"][0])
    return Flow(head, parts, tail + event(done["status"], response=done))


def _deltas(said: Said) -> Iterator[dict[str, Any]]:
    if said.tokens is None:
        yield from (
            {"delta": piece, **({} if said.stop == "refusal" else {"logprobs": []})} for piece in pieces(said.text)
        )
        return
    yield from ({"delta": token.text, "logprobs": [chat.logprob(token)]} for token in said.tokens)


error = chat.error


def broken(why: Refusal, request: str) -> bytes:
    """An error in the middle of a stream."""
    told = error(why, request)["error"]
    value = {"type": "error", "code": told["code"] or told["type"], "message": told["message"], "param": None}
    return f"event: error\ndata: {json.dumps({**value, 'sequence_number': 99})}\n\n".encode()
