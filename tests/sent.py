"""All of a request that can be read. Every test of who may read what looks here, so that no part of it is left out."""

from arena.models.base import Request


def sent(request: Request) -> str:
    """All of it as one text: the preface, the system text, every message, the settings, and the names of seat and cue.

    The last two go to no server, but a program in a model's place could read them.
    """
    return _joined(request, [message.text for message in request.messages])


def told(request: Request) -> str:
    """All of it but the seat's own former words."""
    return _joined(request, [message.text for message in request.messages if message.role == "user"])


def _joined(request: Request, messages: list[str]) -> str:
    settings = [f"{name}: {value}" for name, value in request.sampling.items()]
    asked = [request.seat, request.cue]
    return "\n\n".join(text for text in [request.preface, request.system, *messages, *settings, *asked] if text)
