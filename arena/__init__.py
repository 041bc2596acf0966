"""A simulation arena for debate and scalable oversight: the names that an author of protocols needs, and `load`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arena.beliefs import Belief
    from arena.models.base import Message, Model, Reply, Request
    from arena.protocol import Protocol
    from arena.question import AnswerKey, Item, Question
    from arena.readers import Speech, belief, parts, public, speech
    from arena.report.rows import load
    from arena.table import Table
    from arena.turns import Lesson, Seat, Turn

__version__ = "0.1.0"

_HOME = {
    "AnswerKey": "question",
    "Belief": "beliefs",
    "Item": "question",
    "Lesson": "turns",
    "Message": "models.base",
    "Model": "models.base",
    "Protocol": "protocol",
    "Question": "question",
    "Reply": "models.base",
    "Request": "models.base",
    "Seat": "turns",
    "Speech": "readers",
    "Table": "table",
    "Turn": "turns",
    "belief": "readers",
    "load": "report.rows",
    "parts": "readers",
    "public": "readers",
    "speech": "readers",
}

__all__ = [
    "AnswerKey",
    "Belief",
    "Item",
    "Lesson",
    "Message",
    "Model",
    "Protocol",
    "Question",
    "Reply",
    "Request",
    "Seat",
    "Speech",
    "Table",
    "Turn",
    "belief",
    "load",
    "parts",
    "public",
    "speech",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `arena --help` pays for none of them."""
    if name in _HOME:
        return getattr(import_module(f"arena.{_HOME[name]}"), name)
    raise AttributeError(f"arena has no public name {name!r}; it has {', '.join(__all__)}")
