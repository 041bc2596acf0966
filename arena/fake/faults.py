"""Faults: what can be made to go wrong with a call, and how often.

name         what happens
─────────────────────────────────────────────────────────────────────────────────
429          too many requests, come back in a second
429-bare     too many requests, and no word on when to come back
408 409 500 502 503 529   that status; 502 is a gateway's page and no JSON
hang         no answer, ever
drop         the connection breaks before the answer
cut          the connection breaks in the middle of the answer
short        the answer ends in good order in its middle
drip         the answer comes, a piece at a time, very slowly
broken       JSON that is none, in a stream as one of its events
error-event  an error inside a stream that had begun; 500 where there is no stream
empty        `{}`
html         a page of HTML with status 200
refusal      the model declines
filter       a content filter stops the reply
no-schema    a schema is taken and ignored: the reply is the text that it would be without
too-long     the conversation is longer than the model takes
401 403 404  the key is wrong; it may not do this; there is no such model
quota        the credit is spent
billing      a limit on spending is reached

`mixed` stands for all of those in the first part of this table that pass, and refusals, in equal parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from arena.errors import UsageError, unknown
from arena.fake.asked import Refusal
from arena.models.sim.chance import uniform

MIXED = ("429", "429-bare", "500", "529", "hang", "drop", "cut", "short", "drip", "broken", "error-event", "refusal")
BROKEN_WIRE = ("hang", "drop", "cut", "short", "drip", "broken", "error-event", "empty", "html", "502")
"""Faults of how a reply is sent."""

STOPS = ("refusal", "filter")
"""Faults of what is said: the reply ends for this reason."""

IGNORED = "no-schema"
"""The fault of a server that takes whatever it is asked for and does not do it."""

_SENTENCES = {
    "429": (429, "Number of requests has exceeded your rate limit. Please try again later."),
    "429-bare": (429, "Too many requests. Please slow down."),
    "408": (408, "The request timed out."),
    "409": (409, "The request conflicts with another."),
    "500": (500, "Internal server error."),
    "503": (503, "Service unavailable."),
    "529": (529, "Overloaded."),
    "401": (401, "The key is not valid."),
    "403": (403, "Your key has no permission for this model."),
    "404": (404, "The model does not exist, or you have no access to it."),
}
_OF_VENDOR = {
    ("quota", "anthropic"): (400, "invalid_request_error", "Your credit balance is too low to access this interface."),
    ("quota", "openai"): (429, "insufficient_quota", "You exceeded your current quota, check your plan and billing."),
    ("billing", "anthropic"): (402, "billing_error", "Your account has reached its spending limit."),
    ("billing", "openai"): (429, "billing_hard_limit_reached", "Billing hard limit has been reached."),
    ("too-long", "anthropic"): (400, "invalid_request_error", "prompt is too long: it exceeds the maximum of tokens."),
    ("too-long", "openai"): (
        400, "context_length_exceeded", "This model's maximum context length is smaller than the request."
    ),
}  # fmt: skip
NAMES = tuple(dict.fromkeys([*_SENTENCES, *BROKEN_WIRE, *STOPS, IGNORED, *(name for name, _ in _OF_VENDOR)]))


def parse(pairs: Iterable[str]) -> dict[str, float]:
    """Read `NAME=RATE` pairs; raises `UsageError` for an unknown name, and rates that are none or add up to over 1."""
    found: dict[str, float] = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        if name not in NAMES and name != "mixed":
            raise unknown("fault", name, [*NAMES, "mixed"])
        rate = share(text, f"the fault {name}")
        for each in MIXED if name == "mixed" else (name,):
            found[each] = found.get(each, 0.0) + rate / (len(MIXED) if name == "mixed" else 1)
    if sum(found.values()) > 1 + 1e-9:
        raise UsageError(f"the rates of all faults add up to {sum(found.values()):g}; 1 is every call")
    return found


def share(text: str, what: str) -> float:
    """Read a number from 0 to 1; raises `UsageError`."""
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise UsageError(f"{what} has the rate {text!r}; write a share of all calls from 0 to 1, as in 429=0.03")
    return rate


def drawn(rates: Mapping[str, float], *name: object) -> str | None:
    """The fault of one call, a function of its name; `None` for most."""
    if not rates:
        return None
    luck = uniform("fault", *name)
    for fault, rate in rates.items():
        luck -= rate
        if luck < 0:
            return fault
    return None


def refusal(fault: str, vendor: str) -> Refusal | None:
    """The error that a fault is answered with; `None` where it is none of that kind."""
    if fault in _SENTENCES:
        status, sentence = _SENTENCES[fault]
        if status == 529 and vendor != "anthropic":  # noqa: PLR2004  # the other vendor has no such status
            status = 503
        return Refusal(status, "", sentence, retry_after=1.0 if fault == "429" else None)
    if (fault, vendor) in _OF_VENDOR:
        return Refusal(*_OF_VENDOR[fault, vendor])
    return None
