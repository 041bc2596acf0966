"""Whether a server has no schema or no token probabilities to give, though a request asked for them.

Local servers say so with a 400 or a 500 that names them. One of which nothing is known may refuse without a word: then
what is asked for beside the text is the likeliest reason. Others take a schema and let the model write what it likes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from arena.models.base import Feature, Reply, Request
from arena.models.failures import CallFailed

NAMES: Mapping[Feature, re.Pattern[str]] = {
    "schema": re.compile(r"response_format|output_config|schema|structured.output|grammar", re.IGNORECASE),
    "logprobs": re.compile(r"logprobs?|log.probabilit|token.probabilit", re.IGNORECASE),
}
"""By what names servers refuse a schema, or token probabilities."""

IGNORED = "it took a schema, and its reply does not keep to it"
"""What is said of a server that ignores the schema of a request."""

_FENCE = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL | re.IGNORECASE)
_KINDS: Mapping[Any, Any] = {"object": dict, "string": str, "number": (int, float)}


def unable(failure: CallFailed, request: Request, supports: Callable[[Feature], bool | None]) -> bool:
    """Whether this is why the request failed; `supports` says what is known of the server beforehand."""
    wanted = [feature for feature in NAMES if request.sampling.get(feature)]
    named = any(NAMES[feature].search(str(failure)) for feature in wanted)
    vague = failure.kind == "bad_request" and any(supports(feature) is None for feature in wanted)
    return vague or (named and failure.kind in ("bad_request", "server"))


def ignored(reply: Reply, request: Request) -> bool:
    """Whether a reply that says something and came to its end does not keep to the schema that was asked for."""
    wanted: Any = request.sampling.get("schema")
    if not wanted or reply.finish != "stop" or not reply.text.strip():
        return False
    try:
        found = json.loads(unfenced(reply.text))
    except (ValueError, RecursionError):
        return True
    return not keeps(found, wanted)


def keeps(value: Any, schema: Any) -> bool:
    """Whether a value keeps to a schema, as far as schemas are used here: closed objects, texts, numbers, choices."""
    kind = schema.get("type")
    if isinstance(value, bool) or not isinstance(value, _KINDS.get(kind, object)):
        return False
    if kind == "object":
        inside = schema.get("properties", {})
        return value.keys() == inside.keys() and all(keeps(value[name], inside[name]) for name in inside)
    return "enum" not in schema or value in schema["enum"]


def unfenced(text: str) -> str:
    """What stands inside the fence in which many models wrap JSON; the text itself where there is none."""
    fenced = _FENCE.fullmatch(text.strip())
    return fenced[1] if fenced else text
