"""Anthropic's Messages: how a request is read, and a reply, a stream and an error are written."""

from __future__ import annotations

import json
from typing import Any

from arena.fake import reading
from arena.fake.asked import Asked, Block, Flow, Json, Refusal, Role, Said, Tally
from arena.fake.pieces import pieces
from arena.fake.reading import bad

BREAKPOINTS = 4
_FIELDS = (
    "cache_control", "container", "diagnostics", "inference_geo", "max_tokens", "messages", "metadata", "model",
    "output_config", "service_tier", "speed", "stop_sequences", "stream", "system", "thinking", "tool_choice", "tools",
)  # fmt: skip
_EXTRA = "{}: Extra inputs are not permitted"
_STOP = {"stop": "end_turn", "length": "max_tokens", "refusal": "refusal", "filter": "refusal"}
_STATUS = {
    402: "billing_error", 401: "authentication_error", 403: "permission_error", 404: "not_found_error",
    408: "timeout_error", 409: "conflict_error", 413: "request_too_large", 429: "rate_limit_error",
    529: "overloaded_error",
}  # fmt: skip
VENDOR = "anthropic"


def read(found: Json) -> Asked:
    """The request in a body; raises `Refusal`."""
    reading.known(found, _FIELDS, _EXTRA)
    model = reading.model(found)
    most = reading.whole(found, "max_tokens")
    if most is None:
        raise bad("max_tokens: Field required")
    blocks = _conversation(found)
    if sum(block.ttl is not None for block in blocks) > BREAKPOINTS:
        raise bad(f"A maximum of {BREAKPOINTS} blocks with cache_control may be provided.")
    form = reading.mapping(reading.mapping(found.get("output_config")).get("format"))
    schema = form.get("schema") if form.get("type") == "json_schema" else None
    return Asked(model, blocks, most, stream=found.get("stream") is True, schema=schema)


def count(found: Json) -> Json:
    """The answer to a question how many tokens a request has."""
    asked = read({"max_tokens": 1, **found})
    return {"input_tokens": sum(-(-len(block.text) // 4) for block in asked.blocks)}


def _conversation(found: Json) -> tuple[Block, ...]:
    blocks = list(_blocks("system", found["system"], "system")) if found.get("system") else []
    for i, message in enumerate(reading.items(found, "messages")):
        role = reading.mapping(message).get("role")
        if role not in ("user", "assistant", "system"):
            raise bad(f"messages.{i}.role: Input should be 'user', 'assistant' or 'system'")
        blocks += _blocks(role, message.get("content"), f"messages.{i}")
    if blocks[-1].role == "assistant":
        raise bad(
            "This model does not support assistant message prefill. The conversation must end with a user message."
        )
    if ttl := _ttl(found):
        blocks[-1] = blocks[-1]._replace(ttl=ttl)
    return tuple(blocks)


def _blocks(role: Role, content: Any, where: str) -> list[Block]:
    if isinstance(content, str):
        content = [{"type": "text", "text": content}]
    if not isinstance(content, list) or not content:
        raise bad(f"{where}: Input should be a text or a list of content blocks")
    found = []
    for block in map(reading.mapping, content):
        text = block.get("text")
        if block.get("type") != "text" or not isinstance(text, str):
            raise bad(f"{where}: only text blocks are understood here")
        if not text.strip():
            raise bad(f"{where}: text content blocks must contain non-whitespace text")
        found.append(Block(role, text, _ttl(block)))
    return found


def _ttl(block: Json) -> Any:
    control = block.get("cache_control")
    if control is None:
        return None
    ttl = reading.mapping(control).get("ttl", "5m")
    if reading.mapping(control).get("type") != "ephemeral" or ttl not in ("5m", "1h"):
        raise bad("cache_control: Input should be of type 'ephemeral' with a ttl of '5m' or '1h'")
    return ttl


def usage(tally: Tally) -> dict[str, Any]:
    """Tokens as they are billed: what the caches took is not in `input_tokens`."""
    return {
        "input_tokens": tally.fresh,
        "cache_creation_input_tokens": tally.written,
        "cache_read_input_tokens": tally.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": tally.written - tally.kept_1h,
            "ephemeral_1h_input_tokens": tally.kept_1h,
        },
        "output_tokens": tally.output,
        "service_tier": "standard",
    }


def whole(said: Said) -> dict[str, Any]:
    """A reply in one piece."""
    return {
        "id": f"msg_{said.id}",
        "type": "message",
        "role": "assistant",
        "model": said.asked.model,
        "content": [{"type": "text", "text": said.text}] if said.text else [],
        "usage": usage(said.tally),
        **_stopped(said),
    }


def _stopped(said: Said) -> dict[str, Any]:
    refused = said.stop == "refusal"
    details = {"type": "refusal", "category": None, "explanation": "A refusal that was asked for."} if refused else None
    return {"stop_reason": _STOP[said.stop], "stop_sequence": None, "stop_details": details}


def flow(said: Said) -> Flow:
    """A reply as a stream."""
    start = {**whole(said), "content": [], "stop_reason": None, "stop_details": None}
    start["usage"] = {**usage(said.tally), "output_tokens": 1}
    opening = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    head = _event({"type": "message_start", "message": start}) + _event(opening) + _event({"type": "ping"})
    parts = [
        _event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
        for piece in pieces(said.text)
    ]
    end = {"type": "message_delta", "delta": _stopped(said), "usage": {"output_tokens": said.tally.output}}
    tail = _event({"type": "content_block_stop", "index": 0}) + _event(end) + _event({"type": "message_stop"})
    return Flow(head, parts, tail)


def _event(value: Json) -> bytes:
    return f"event: {value['type']}\ndata: {json.dumps(value, separators=(',', ':'))}\n\n".encode()


def error(why: Refusal, request: str) -> dict[str, Any]:
    """An error as a body."""
    kind = why.kind if why.kind.endswith("_error") else _STATUS.get(why.status, "invalid_request_error")
    if why.status >= 500:  # noqa: PLR2004
        kind = _STATUS.get(why.status, "api_error")
    return {"type": "error", "error": {"type": kind, "message": str(why)}, "request_id": request}


def broken(why: Refusal, request: str) -> bytes:
    """An error in the middle of a stream."""
    return _event(error(why, request))
