"""How a call can fail, and what follows: one table that a reader can check.

kind         what happened                                                    then
──────────────────────────────────────────────────────────────────────────────────────────────
connection   no connection, or it broke before the reply was whole            again
timeout      nothing came within the deadline; 408                            again
conflict     409                                                              again
rate_limit   429 that more time mends                                         again, slower
overloaded   529, 503, or an overload told inside a stream                    again
server       any other 5xx                                                    again
cut          a stream that ended without its end, or with half a message      again
malformed    a reply that is not what the interface promises                  again
refusal      the model declined                                               the episode ends
filtered     a content filter stopped the reply                               the episode ends
too_long     the conversation is longer than the model takes                  the episode ends
unsupported  no schema or no token probabilities, which the request asks for  asked in another form, or the run stops
bad_request  any other 4xx: the request itself is wrong                       the run stops; where the
                                                                             model answers others, the episode ends
auth         401, 403: the key is wrong or may not do this                    the run stops
not_found    404: there is no such model or address                           the run stops
quota        credit, quota or a spending limit is used up                     the run stops
"""

from __future__ import annotations

from typing import Literal, get_args

from arena.events import Usage

Kind = Literal[
    "connection",
    "timeout",
    "conflict",
    "rate_limit",
    "overloaded",
    "server",
    "cut",
    "malformed",
    "refusal",
    "filtered",
    "too_long",
    "unsupported",
    "bad_request",
    "auth",
    "not_found",
    "quota",
]

KINDS: tuple[Kind, ...] = get_args(Kind)
ENDS_EPISODE: frozenset[Kind] = frozenset({"refusal", "filtered", "too_long", "unsupported"})
STOPS_RUN: frozenset[Kind] = frozenset({"bad_request", "auth", "not_found", "quota"})
RETRIED: frozenset[Kind] = frozenset(KINDS) - ENDS_EPISODE - STOPS_RUN


class CallFailed(Exception):
    """One attempt at a call failed. What a provider raises, and nothing else; `Retried` turns it into what follows.

    `retry_after` is what the server asked for, in seconds. `usage` and `cost` (US dollars) are what the attempt took
    all the same, where the provider said so. The message holds no key and no header.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        retry_after: float | None = None,
        usage: Usage | None = None,
        cost: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        self.usage = usage or Usage()
        self.cost = cost


class Learnt(CallFailed):
    """A request was refused for a form that is ours to choose, and from now on is sent in the other one."""
