"""Verdicts as JSON: the schema that a reply is to keep to, the words that ask for it, and its reader.

A schema bounds the shape of a reply and not its numbers, and not every server that takes one keeps to it. So nothing
is taken for granted here: a reply is a whole verdict, or the reader says what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from arena.beliefs import Belief
from arena.models.base import Reply
from arena.models.unable import unfenced
from arena.readers import LETTERS, placed, public

MOST = 1_000_000
"""No belief is as large, in whatever measure it was stated."""


def schema(count: int) -> dict[str, Any]:
    """The JSON schema of a verdict over `count` options: reasons first, so that they come before the belief."""
    letters = list(LETTERS[:count])
    belief = _object({letter: {"type": "number"} for letter in letters})
    return _object(
        {"reasons": {"type": "string"}, "belief": belief, "choice": {"type": "string", "enum": letters}},
    )


def words(count: int) -> str:
    """What a judge of `count` options is told about the form that `read` reads."""
    letters = LETTERS[:count]
    belief = ", ".join(f'"{letter}": <percent>' for letter in letters)
    return (
        "Answer with one JSON object and nothing else: your reasons, your belief in each answer, in percent summing to "
        "100, and then the answer you choose, in exactly this form:\n"
        f'{{"reasons": "<reasons>", "belief": {{{belief}}}, "choice": "{" or ".join(letters)}"}}'
    )


def read(order: Sequence[int]) -> Callable[[Reply], Belief]:
    """A reader for verdicts over options that were shown in this order (`order[i]` is the option labelled i-th).

    The rules for numbers and choice are those of `readers.belief`. Raises `ValueError` with the reason for whatever is
    no verdict; no reason repeats what the reply says.
    """
    letters = LETTERS[: len(order)]

    def verdict(reply: Reply) -> Belief:
        found = _parsed(public(reply.text))
        if found.keys() - {"reasons"} != {"belief", "choice"}:
            raise ValueError("the object must have the keys reasons, belief and choice, and no other")
        belief, choice = found["belief"], found["choice"]
        if not isinstance(belief, dict):
            raise ValueError("the belief must be an object with a number for each answer")  # noqa: TRY004  # a reader's reason
        if not isinstance(choice, str) or choice not in list(letters):
            raise ValueError(f"the choice must be one of {', '.join(letters)}, and nothing else")
        return placed({name: _number(value) for name, value in belief.items()}, choice, order)

    return verdict


def reasons(text: str) -> str | None:
    """What a verdict in this form gives as its reasons; `None` where the text is no object of this form."""
    try:
        found = _parsed(text)
    except ValueError:
        return None
    said = found.get("reasons", "")
    return said if isinstance(said, str) and found.keys() >= {"belief", "choice"} else None


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(unfenced(text), object_pairs_hook=_once)
    except json.JSONDecodeError as why:
        raise ValueError(f"it is no JSON object: {why.msg} at character {why.pos}") from None
    except RecursionError:
        raise ValueError("it is no JSON object of this form: it is nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("it is JSON, but not an object")  # noqa: TRY004  # a reader's reason
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("the object has a key twice")
    return dict(pairs)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
        raise ValueError("a belief must be a number from 0 to 100, written as a number")
    return float(value)
