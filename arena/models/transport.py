"""The one place that speaks to the SDKs: a client for an account, and one attempt at a call through it.

The SDKs give the key, the headers, the address and the connections. Requests go out as bytes and answers come back as
they are, because neither the types of the SDKs nor the helpers over them are made for servers that answer in other ways
than promised. Nothing is tried again here. Both SDKs run over aiohttp, which costs about two thirds of the processor
time that their default transport does (`benchmarks/providers.py`).

This module imports an SDK when it makes a client; it is imported with the first client.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from types import ModuleType
from typing import Any, NamedTuple

import aiohttp
import httpx2

from arena.models.accounts import Account, here
from arena.models.failures import CallFailed
from arena.models.trouble import from_status

CONNECT = 15.0
"""Seconds within which a connection must stand."""

_OPTIONS: Any = {"timeout": httpx2.Timeout(None, connect=CONNECT)}  # the whole call has a deadline already
_HTTP: Any = {
    "limits": httpx2.Limits(max_connections=10_000),  # how many calls may be under way is decided elsewhere
    "follow_redirects": False,  # another address would be sent the key, and all that is asked
}
_BREAKS = (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, aiohttp.ClientError, OSError)
_NO_HTTP = (aiohttp.ClientResponseError, httpx2.DecodingError)


Note = Callable[[Mapping[str, str]], None]


class Flow(NamedTuple):
    """An answer that is still coming in. `plain` says that it is not a stream of events but one JSON text."""

    plain: bool
    chunks: AsyncIterator[bytes]


class Client:
    """One attempt a call, any number of calls at once.

    `note` is told what the headers of every answer, errors too, say of rate limits, by names in small letters.
    """

    def __init__(self, sdk: ModuleType, client: Any) -> None:
        self._sdk = sdk
        self._client = client
        self._base = str(client.base_url).rstrip("/")  # a whole address the SDK takes as it is, a path it puts together

    async def post(self, path: str, body: bytes, note: Note) -> bytes:
        """Send a request and wait for the whole answer; raises `CallFailed`."""
        failure = None
        try:
            response = await self._client.post(
                self._base + path, content=body, cast_to=httpx2.Response, options=_OPTIONS
            )
        except (self._sdk.APIError, *_BREAKS) as why:
            failure = self._failure(why, note)
        if failure is not None:
            raise failure  # out here nothing hangs on it: the SDK's error knows the key that was sent
        note(_limits(response.headers))
        answer: bytes = response.content
        return answer

    async def get(self, path: str) -> bytes:
        """Ask for something and wait for the whole answer; raises `CallFailed`."""
        return await self._whole(self._client.get(path, cast_to=httpx2.Response, options=_OPTIONS))

    async def upload(self, name: str, content: bytes) -> bytes:
        """Hand in a file for a batch (OpenAI); raises `CallFailed`."""
        files = self._client.files.with_raw_response
        return await self._whole(files.create(file=(name, content), purpose="batch", timeout=_OPTIONS["timeout"]))

    async def _whole(self, asked: Awaitable[Any]) -> bytes:
        failure = None
        try:
            response = await asked
        except (self._sdk.APIError, *_BREAKS) as why:
            failure = self._failure(why, lambda _: None)
        if failure is not None:
            raise failure
        answer: bytes = response.content
        return answer

    @asynccontextmanager
    async def stream(self, path: str, body: bytes, note: Note) -> AsyncIterator[Flow]:
        """Send a request and give the answer as it comes in; raises `CallFailed`, while it is read too."""
        response = await self._begin(path, body, note)
        try:
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            yield Flow(kind.endswith("json"), self._chunks(response, note))
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def _begin(self, path: str, body: bytes, note: Note) -> httpx2.Response:
        failure = None
        try:
            got = await self._client.post(
                self._base + path,
                content=body,
                cast_to=httpx2.Response,
                options=_OPTIONS,
                stream=True,
                stream_cls=self._sdk.AsyncStream[object],
            )
        except (self._sdk.APIError, *_BREAKS) as why:
            failure = self._failure(why, note)
        if failure is not None:
            raise failure
        response: httpx2.Response = got if isinstance(got, httpx2.Response) else got.response
        note(_limits(response.headers))
        return response

    async def _chunks(self, response: httpx2.Response, note: Note) -> AsyncIterator[bytes]:
        failure = None
        try:
            async for chunk in response.aiter_bytes():
                yield chunk
        except _BREAKS as why:
            failure = self._failure(why, note)
        if failure is not None:
            raise CallFailed("cut", f"the stream broke: {failure}")

    def _failure(self, why: BaseException, note: Note) -> CallFailed:
        if isinstance(why, self._sdk.APIStatusError):
            note(_limits(why.response.headers))
            return from_status(why.response.status_code, why.response.headers, why.response.content)
        reasons = list(_chain(why))
        told = next(
            (f"{type(one).__name__}: {' '.join(str(one).split())}" for one in reversed(reasons) if str(one)),
            type(why).__name__,
        )
        if any(isinstance(one, _NO_HTTP) for one in reasons):
            return CallFailed("malformed", f"the server does not speak HTTP as it should: {told}")
        return CallFailed("connection", f"no answer: {told}")


def connect(account: Account) -> Client:
    """A client for an account; imports its SDK."""
    return _anthropic(account) if account.vendor == "anthropic" else _openai(account)


def _anthropic(account: Account) -> Client:
    import anthropic  # noqa: PLC0415  # only who calls it pays for it

    key = account.secret.reveal()
    http = anthropic.DefaultAioHttpClient(**_HTTP, trust_env=not here(account.url))
    extra = {"X-Api-Key": key} if account.url else {}  # servers of the older form look for it there and nowhere else
    url = account.url or "https://api.anthropic.com"
    client = anthropic.AsyncAnthropic(api_key=key, base_url=url, max_retries=0, default_headers=extra, http_client=http)
    if account.url and not account.chosen:
        client._custom_headers = extra  # noqa: SLF001  # what ANTHROPIC_CUSTOM_HEADERS holds is for its own server
    return Client(anthropic, client)


def _openai(account: Account) -> Client:
    import openai  # noqa: PLC0415  # only who calls it pays for it

    http = openai.DefaultAioHttpClient(**_HTTP, trust_env=not here(account.url))
    url = account.url or "https://api.openai.com/v1"
    client = openai.AsyncOpenAI(api_key=account.secret.reveal(), base_url=url, max_retries=0, http_client=http)
    if account.url:
        client.organization = client.project = None  # the environment's are OpenAI's, and nobody else's business
        if not account.chosen:
            client._custom_headers = {}  # noqa: SLF001  # nor are headers that the environment may hold
    return Client(openai, client)


def _limits(headers: httpx2.Headers) -> dict[str, str]:
    """What headers say of rate limits; read raw, since every look by name costs more than all of this."""
    return {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in headers.raw
        if b"ratelimit" in name.lower()
    }


def _chain(why: BaseException) -> Iterator[BaseException]:
    """An error and what it came from."""
    seen: BaseException | None = why
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
