"""Calls of a provider to a scripted server, and what came of them."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from arena.models import anthropic, openai
from arena.models.base import Message, Request
from arena.models.failures import CallFailed
from arena.plugins import parse_spec
from tests.models import server

KEY = "sk-test-4f9d2c7b1e"
HELLO = Request("Be brief.", (Message("user", "Say hello."),))
LONG = Request("Be brief.", (Message("user", "Say hello."),), preface="A long passage.")
OPEN = {"anthropic": anthropic.open_model, "openai": openai.open_model}


class Wire(NamedTuple):
    """One wire: the spec behind which it is spoken, a reply of it and its events."""

    spec: str
    reply: Callable
    events: Callable
    whole_before_its_end: int = 0
    """How many events at the end of a stream may be missing where it ends in good order."""


MESSAGES = Wire("anthropic/m@URL", server.message, server.message_events)
CHAT = Wire("openai/m@URL", server.chat, server.chat_events, whole_before_its_end=2)
RESPONSES = Wire("openai/m@URL?api=responses", server.response, server.response_events)
WIRES = {"messages": MESSAGES, "chat": CHAT, "responses": RESPONSES}


def opened(spec, env=None):
    """The model of a spec, with a key in the environment and nothing else."""
    path, params = parse_spec(spec)
    provider, _, name = path.partition("/")
    return OPEN[provider](name, params, {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY} if env is None else env)


def streaming(spec):
    """The same spec, streamed."""
    return f"{spec}{'&' if '?' in spec else '?'}stream=true"


class Came(NamedTuple):
    """What came of some calls: replies and failures in their order, what the server was asked, and the model."""

    results: list
    asked: list
    model: object

    @property
    def reply(self):
        (only,) = self.results
        if isinstance(only, Exception):
            raise only
        return only

    @property
    def failure(self):
        (only,) = self.results
        assert isinstance(only, CallFailed), only
        return only


def call(script, spec, *requests, env=None):
    """Make calls one after another to a server that answers by a script: an answer, or a function of what was asked."""
    answering = script if callable(script) else lambda _: script

    async def calls():
        async with server.Server(answering) as there:
            model = opened(spec.replace("URL", there.url), env)
            results = [await result(model, request) for request in requests or (HELLO,)]
            await model.close()
            return Came(results, there.asked, model)

    return asyncio.run(calls())


async def result(model, request):
    """A reply, or the failure."""
    try:
        return await model(request)
    except CallFailed as failure:
        return failure
