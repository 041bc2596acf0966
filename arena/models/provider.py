"""What all providers are: one attempt at a call, whole or failed, with what it cost.

A provider speaks a wire: a way to write a request as JSON, to read an answer, and to put one together from a stream.
Everything else is here: the deadline, the stream, the price, the key that nobody gets to see, and what is learnt of a
server that wants some part of a request otherwise.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pydantic_core import PydanticSerializationError, to_json

from arena.events import Usage
from arena.models.accounts import Account, Vendor
from arena.models.base import Feature, Reply, Request
from arena.models.failures import CallFailed, Kind, Learnt
from arena.models.prices import Rates
from arena.models.quotas import quota
from arena.models.settings import Settings
from arena.models.streams import ServerEvent, server_events
from arena.models.trouble import from_error
from arena.models.unable import IGNORED, ignored, unable
from arena.models.values import Json, parse
from arena.programs import program
from arena.text import utf8

if TYPE_CHECKING:
    from arena.models.transport import Client

Body = dict[str, Any]

STREAMED_ABOVE = 21_333
"""A reply that may be longer than this many tokens is streamed: no connection lasts as long as it may take."""

DRAINED_WITHIN = 1.0
"""Seconds that a stream may take to close behind its last event."""

NO_KEY_SENT = ". No key was sent. Name the variable that holds this server's: ?key=NAME"

FORMS = 5
"""In how many forms one request is sent at most, where a server refuses the form."""

STREAMING = ("stream", "stream_options")
"""The parts of a body that ask for a stream, which a batch has none of."""


class Sent(NamedTuple):
    """A request as it is sent in a batch: to which path, and with which body."""

    path: str
    body: Body


class Read(NamedTuple):
    """An answer as it was read. `kept_1h` of its tokens were written to a cache for an hour."""

    reply: Reply
    kept_1h: int = 0


class Assembly(Protocol):
    """An answer that is put together from the events of its stream."""

    def feed(self, event: ServerEvent) -> str:
        """Take the next event; return the public text that it adds. Raises `CallFailed` for an error in the stream."""
        ...

    @property
    def whole(self) -> bool:
        """Whether the answer has come to its end."""
        ...

    @property
    def may_end(self) -> bool:
        """Whether a stream that ends here ends in good order."""
        ...

    def message(self) -> Json:
        """The answer so far, in the form of one that was not streamed."""
        ...


class Wire(Protocol):
    """One way to speak to a server."""

    path: str

    def body(self, request: Request, stream: bool) -> Body:
        """The request as it is sent."""
        ...

    def most(self, request: Request) -> int:
        """The most tokens that a reply may have."""
        ...

    def read(self, message: Json) -> Read:
        """An answer; raises `CallFailed` where it is none, or was filtered or too long."""
        ...

    def usage(self, message: Json) -> Usage | None:
        """The tokens that an answer counts; `None` where it counts none."""
        ...

    def assembly(self) -> Assembly:
        """An empty answer, to be put together from a stream."""
        ...


class Provider:
    """A model behind an address; a `Model`. It makes one attempt a call.

    Raises `CallFailed` and nothing else. `account` is what pacing goes by. `quota` is what the last answer said of the
    quota that remains, as in `quotas`. A request that is to be heard makes its reply stream, unless the seat's settings
    say otherwise; what was heard of an attempt that fails is for others to declare void. `caches` says that the
    provider keeps the beginnings of requests, so that one call is to open each for the others. `form` is in which form
    verdicts are to be asked for, where a seat's settings say so.
    """

    caches = True

    def __init__(self, spec: str, account: Account, wire: Wire, settings: Settings, rates: Rates | None) -> None:
        self.spec = spec
        self.simulated = program(spec)
        self.account = account.label
        self.rates = rates
        self.quota: dict[str, float] = {}
        self.deadline = settings.deadline
        self._account = account
        self._wire = wire
        self._stream = settings.stream
        self.form = settings.form

    def __repr__(self) -> str:
        return f"<{self.spec}>"

    def supports(self, feature: Feature) -> bool | None:
        """Whether replies can carry token probabilities, or keep to a schema; `None` where the server decides."""
        if feature == "schema" and self.form is not None:
            return self.form == "schema"
        return self._able(feature)

    def _able(self, feature: Feature) -> bool | None:
        """The same, by what is known of the model and its server."""
        raise NotImplementedError

    def worst_cost(self, request: Request, *, batch: bool = False) -> float | None:
        """The most US dollars that one attempt can cost, by a high estimate of its tokens; `None` if unknown."""
        share = 1.0 if self.rates is None or not batch else self.rates.batch
        if self.rates is None or share is None:
            return None
        return share * self.rates.worst(most_tokens(request), self._wire.most(request))

    def most(self, request: Request) -> int:
        """The most tokens that a reply may have, thinking included."""
        return self._wire.most(request)

    async def __call__(self, request: Request) -> Reply:
        """One attempt; raises `CallFailed`."""
        failure: CallFailed
        client = await self._account.client()
        try:
            async with asyncio.timeout(self.deadline):
                return await self._attempt(client, request)
        except TimeoutError:
            failure = CallFailed("timeout", f"no whole reply within {self.deadline:g} s")
        except CallFailed as why:
            failure = why
        hint = NO_KEY_SENT if failure.kind == "auth" and not self._account.keyed else ""
        failure.args = (f"{self.spec}: {self._account.secret.hide(str(failure))}{hint}",)
        raise failure.with_traceback(None)  # the frames below know what was sent and what came back

    @property
    def vendor(self) -> Vendor:
        """Whose interface it speaks."""
        return self._account.vendor

    @property
    def vendors_own(self) -> bool:
        """Whether it is served at the vendor's own address."""
        return self._account.url is None

    async def client(self) -> Client:
        """The client of its account."""
        return await self._account.client()

    def hide(self, why: BaseException) -> str:
        """What an error says, without the key."""
        return self._account.secret.hide(str(why))

    def enclosed(self, request: Request) -> Sent:
        """A request as a part of a batch: its path, and a body that asks for no stream. Raises `CallFailed`."""
        body = self._wire.body(request, stream=False)
        return Sent(self._wire.path, {name: value for name, value in body.items() if name not in STREAMING})

    def opened(self, found: Json | CallFailed, request: Request, sent: Sent) -> Reply:
        """The reply in an answer out of a batch, at its price; raises `CallFailed`, with what the call cost.

        Raises `Learnt` where the request was refused for its form, and can be sent in another.
        """
        try:
            if isinstance(found, CallFailed):
                raise found
            return self._kept(self._paid(self._at(sent.path).read(self._answered(found)), batch=True), request)
        except CallFailed as failure:
            learnt = self._learn(failure, sent.body)
            if failure.usage != Usage() and failure.cost is None:
                failure.cost = self._cost(failure.usage, 0, batch=True)
            made = (Learnt if learnt else CallFailed)(
                self._kind(failure, request),
                f"{self.spec}: {self.hide(failure)}",
                retry_after=failure.retry_after,
                usage=failure.usage,
                cost=failure.cost,
            )
        raise made

    def _at(self, path: str) -> Wire:  # noqa: ARG002  # for those who speak several
        """The wire that is spoken at a path."""
        return self._wire

    async def close(self) -> None:
        """Close the connections of the account; no call may be under way. The end of the loop does so, too."""
        await self._account.close()

    def _learn(self, failure: CallFailed, body: Body) -> bool:  # noqa: ARG002  # for those who have something to learn
        """Whether a request that was refused can be sent in another form, which is then kept to."""
        return False

    async def _attempt(self, client: Client, request: Request) -> Reply:
        """Send a request. One that is refused for its form costs nothing, and is sent in the form that is wanted."""
        for left in reversed(range(FORMS)):
            body = self._wire.body(request, self._streams(request))
            try:
                return self._kept(self._paid(await self._send(client, request, body)), request)
            except CallFailed as failure:
                if failure.usage != Usage() and failure.cost is None:
                    failure.cost = self._cost(failure.usage, 0)
                if not (left and self._learn(failure, body)):
                    failure.kind = self._kind(failure, request)
                    raise
        raise AssertionError("the last form ends in a reply or a failure")

    def _kind(self, failure: CallFailed, request: Request) -> Kind:
        """The kind of a failure, in the light of what the request asked for: there is no other form than a set one."""
        if not unable(failure, request, self.supports):
            return failure.kind
        return "bad_request" if request.sampling.get("schema") and self.form == "schema" else "unsupported"

    def _kept(self, reply: Reply, request: Request) -> Reply:
        """The reply; raises `CallFailed` where a server of which nothing is known ignored the schema."""
        if self.supports("schema") is None and ignored(reply, request):
            raise CallFailed("unsupported", IGNORED, usage=reply.usage, cost=reply.cost)
        return reply

    def _streams(self, request: Request) -> bool:
        return request.hear is not None if self._stream is None else self._stream

    async def _send(self, client: Client, request: Request, body: Body) -> Read:
        sent = _written(body)
        if not body.get("stream"):
            return self._wire.read(self._parsed(await client.post(self._wire.path, sent, self._note)))
        async with client.stream(self._wire.path, sent, self._note) as flow:
            if flow.plain:  # some gateways answer whole where a stream was asked for
                return self._wire.read(self._parsed(b"".join([chunk async for chunk in flow.chunks])))
            return await self._assembled(request, flow.chunks)

    async def _assembled(self, request: Request, chunks: AsyncIterator[bytes]) -> Read:
        assembly = self._wire.assembly()
        try:
            await self._fed(assembly, request, chunks)
        except CallFailed as failure:
            failure.usage = self._wire.usage(assembly.message()) or failure.usage
            raise
        await _drained(chunks)
        return self._wire.read(assembly.message())

    async def _fed(self, assembly: Assembly, request: Request, chunks: AsyncIterator[bytes]) -> None:
        hear, mask = request.hear or _nobody, self._account.secret.mask()
        async for event in server_events(chunks):
            added = assembly.feed(event) if event.data.strip() else ""
            if added and (told := mask.feed(added)):
                hear(told)
            if assembly.whole:
                break
        else:
            if not assembly.may_end:
                raise CallFailed("cut", "the stream ended without its end")
        if rest := mask.end():
            hear(rest)

    def _parsed(self, body: bytes) -> Json:
        return self._answered(parse(body))

    def _answered(self, message: Json) -> Json:
        if message.get("error"):
            failure = from_error(message["error"])
            failure.usage = self._wire.usage(message) or failure.usage
            raise failure
        return message

    def _paid(self, read: Read, *, batch: bool = False) -> Reply:
        reply, hide = read.reply, self._account.secret.hide
        counted = reply.usage.output > 0 or not reply.text
        return replace(
            reply,
            text=hide(reply.text),
            model=hide(reply.model),
            thinking=hide(reply.thinking) if reply.thinking else None,
            cost=self._cost(reply.usage, read.kept_1h, batch=batch) if counted else None,
        )

    def _cost(self, usage: Usage, kept_1h: int, *, batch: bool = False) -> float | None:
        """What so many tokens cost; `None` where they are no count: some servers say 0 of what they do not count."""
        return self.rates.cost(usage, kept_1h=kept_1h, batch=batch) if self.rates and usage.input else None

    def _note(self, headers: Mapping[str, str]) -> None:
        if found := quota(headers):
            self.quota = found


def _nobody(_: str | None) -> None:
    """Hear nothing."""


async def _drained(chunks: AsyncIterator[bytes]) -> None:
    """Read what is left behind a whole answer, so that its connection can be used again; nothing depends on it."""
    with suppress(TimeoutError, CallFailed):
        async with asyncio.timeout(DRAINED_WITHIN):
            async for _ in chunks:
                pass


def _written(body: Body) -> bytes:
    """A body as JSON. The quick way takes no half of a surrogate pair; the slow one, for those, puts U+FFFD there."""
    try:
        return to_json(body)
    except PydanticSerializationError:
        return utf8(json.dumps(body, ensure_ascii=False, separators=(",", ":"))).encode()


def most_tokens(request: Request) -> int:
    """More tokens than a request has: two letters each in plain text, and half of one in any other."""
    texts = (request.preface, request.system, *(message.text for message in request.messages))
    return sum(len(text) // 2 if text.isascii() else 2 * len(text) for text in texts) + 100
