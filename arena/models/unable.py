"""Whether a server refused a request for a schema or for token probabilities that it does not have.

Local servers say so with a 400 or a 500 that names them. One of which nothing is known may refuse without a word: then
what is asked for beside the text is the likeliest reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from arena.models.base import Feature, Request
from arena.models.failures import CallFailed

NAMES: Mapping[Feature, re.Pattern[str]] = {
    "schema": re.compile(r"response_format|output_config|schema|structured.output|grammar", re.IGNORECASE),
    "logprobs": re.compile(r"logprobs?|log.probabilit|token.probabilit", re.IGNORECASE),
}
"""By what names servers refuse a schema, or token probabilities."""


def unable(failure: CallFailed, request: Request, supports: Callable[[Feature], bool | None]) -> bool:
    """Whether this is why the request failed; `supports` says what is known of the server beforehand."""
    wanted = [feature for feature in NAMES if request.sampling.get(feature)]
    named = any(NAMES[feature].search(str(failure)) for feature in wanted)
    vague = failure.kind == "bad_request" and any(supports(feature) is None for feature in wanted)
    return vague or (named and failure.kind in ("bad_request", "server"))
