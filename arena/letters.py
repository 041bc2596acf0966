"""Verdicts as one letter: the belief is the probability that the model gave to each letter as its answer.

    P(letter)  =  sum over the tokens up to the letter that was written, of
                  P(the opening marks before it)  x  P(the tokens there that are this letter)

" A", "A", "(A" and the like are one letter. What comes before the letter may be spaces and opening marks only, so for a
reply that begins with its letter this is the probability at the first token. The sum over the letters is less than one
by the mass that fell outside; the belief is scaled to one, and that mass is kept beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from arena.beliefs import Belief
from arena.errors import Unsupported
from arena.models.base import Reply
from arena.readers import LETTERS, public

TOP = 20
"""How many alternatives a token are asked for: as many as any interface gives."""

_OPENING = r"[\s\u2581\u0120(\[\"'“*]*"
_CLOSING = r"[\s)\]\"'”*.:,]*"
_TOKEN = re.compile(rf"{_OPENING}([A-Z]){_CLOSING}")
_BEFORE = re.compile(_OPENING)
_REPLY = re.compile(rf"{_OPENING}([A-Z])\s*(?:[)\]\"'”*.:,\n].*)?", re.DOTALL)


class Weighed(NamedTuple):
    """A belief, and the probability mass that fell on no option; `None` for a belief that was put in words."""

    belief: Belief
    outside: float | None = None


def words(count: int) -> str:
    """What a judge of `count` options is told about the form that `read` reads."""
    return f"Answer with one letter and nothing else, that of the answer you choose: {' or '.join(LETTERS[:count])}."


def read(order: Sequence[int]) -> Callable[[Reply], Weighed]:
    """A reader of token probabilities over options that were shown in this order (`order[i]` is labelled i-th).

    The choice is the most probable option, whichever letter was drawn. A letter that is not among the alternatives has
    probability 0. Raises `ValueError` where the reply is no letter, `Unsupported` where it comes without probabilities.
    """
    letters = LETTERS[: len(order)]

    def weighed(reply: Reply) -> Weighed:
        text = public(reply.text)
        answer = _REPLY.fullmatch(text)
        if answer is None or answer[1] not in letters:
            raise ValueError(f"the answer must be one of the letters {', '.join(letters)}, and nothing else")
        mass = _mass(_spoken(_tokens(reply.logprobs), text), letters)
        total = math.fsum(mass.values())
        placed = dict(zip(order, (mass[letter] / total for letter in letters), strict=True))
        return Weighed(Belief.of([placed[i] for i in range(len(order))]), max(0.0, 1 - total))

    return weighed


def _tokens(given: object) -> list[Mapping[str, Any]]:
    if not isinstance(given, Sequence) or not given:
        raise Unsupported("the reply came without token probabilities")
    if not all(isinstance(token, Mapping) and token.keys() >= {"token", "logprob", "top"} for token in given):
        raise Unsupported("the token probabilities came in a form that is not known")
    return list(given)


def _spoken(tokens: Sequence[Mapping[str, Any]], text: str) -> Iterator[Mapping[str, Any]]:
    """The tokens of what was said, without those of what a local model thought before."""
    whole = "".join(token["token"] for token in tokens)
    left = len(whole[: max(whole.rfind(text), 0)].rstrip())
    for token in tokens:
        if left <= 0 or token["token"][left:].strip():
            yield token
        left -= len(token["token"])


def _mass(tokens: Iterator[Mapping[str, Any]], letters: str) -> dict[str, float]:
    """The probability of each letter, up to and with the token that is one."""
    mass, before = dict.fromkeys(letters, 0.0), 1.0
    for token in tokens:
        alternatives = {**token["top"], token["token"]: token["logprob"]}
        if len(alternatives) < min(len(letters), TOP):
            raise Unsupported("the token probabilities came without the alternatives to what was written")
        for name, logprob in alternatives.items():
            if (found := _TOKEN.fullmatch(name)) and found[1] in mass:
                mass[found[1]] += before * math.exp(min(logprob, 0.0))
        if _TOKEN.fullmatch(token["token"]) and any(mass.values()):
            return mass
        if not _BEFORE.fullmatch(token["token"]):
            break
        before *= math.exp(min(token["logprob"], 0.0))
    raise ValueError("the letter of your answer could not be told from what stands before it; write the letter alone")
