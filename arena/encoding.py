"""Fields as a protocol gives them, in the plain form that events hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from arena.forms import Form
from arena.question import Question
from arena.turns import Lesson, Seat


class Encoded(NamedTuple):
    """Stands for a value of an event's fields, in the plain form that it has there."""

    value: Any


def encode(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as a protocol gives them, in the plain form that events hold.

    A question becomes its text and its options; a mapping whose keys are seats becomes sides, any other stays one of
    questions to answers; a seat becomes its name; lists, strings and numbers stay what they are. Anything else raises
    `TypeError`.
    """
    plain: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Question):
            plain |= {name: value.text, "options": {"$options": list(value.options)}}
        else:
            plain[name] = _encoded(value)
    return plain


def _encoded(value: Any) -> Any:
    plain: Any
    match value:
        case None | int() | float():
            plain = value
        case str():
            plain = str(value)
        case Lesson(question, answer):
            plain = {"$lesson": [question, answer]}
        case Form(options, how):
            plain = {"$form": options, **({"in": how} if how != "tagged" else {})}
        case Seat(name):
            plain = display(name)
        case Encoded(given):
            plain = given
        case Mapping():
            sides = {key.name: str(side) for key, side in value.items() if isinstance(key, Seat)}
            pairs = [[str(key), str(item)] for key, item in value.items()]
            plain = {"$sides": sides} if sides else {"$findings": pairs}
        case list() | tuple():
            plain = [_encoded(item) for item in value]
        case _:
            what = type(value).__name__
            raise TypeError(f"a prompt cannot show a {what}; give it text, a number, a question, seats or a list")
    return plain


def display(seat: str) -> str:
    """The name of a seat as people read it."""
    return seat.replace("_", " ").capitalize()
