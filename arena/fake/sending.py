"""How a reply is sent, and how sending goes wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

from arena.fake.asked import Flow, Refusal, Said
from arena.fake.desk import Order

PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
JSON = "application/json"
STREAM = "text/event-stream; charset=utf-8"
BROKEN_BEFORE = ("hang", "drop", "empty", "broken", "html", "502")
"""Faults in which no reply is begun; `broken` breaks a stream in its middle instead."""

_OVERLOADED = Refusal(529, "overloaded_error", "Overloaded.")


def plain(value: Any, headers: Mapping[str, str], status: int = 200) -> web.Response:
    """An answer of one JSON text."""
    body = json.dumps(value, separators=(",", ":")).encode()
    return web.Response(body=body, status=status, headers=headers, content_type=JSON)


class Sender:
    """Sends one reply. `whole` says afterwards whether all of it was sent."""

    def __init__(
        self, http: web.BaseRequest, order: Order, headers: Mapping[str, str], pause: float, drip: float
    ) -> None:
        self._http, self._order, self._headers = http, order, headers
        self._pause, self._drip = pause, drip
        self.whole = False

    async def nothing(self) -> web.StreamResponse:
        """The faults in which there is no reply: silence, a broken connection, or something else than one."""
        fault = self._order.fault
        if fault == "hang":
            await asyncio.Event().wait()
        if fault == "drop":
            return self._abort(web.Response())
        if fault == "empty":
            return plain({}, self._headers)
        if fault == "broken":
            return web.Response(body=b'{"id": "fake", "content": [{"ty', headers=self._headers, content_type=JSON)
        status = 502 if fault == "502" else 200
        return web.Response(body=PAGE, status=status, headers=self._headers, content_type="text/html")

    async def at_once(self, said: Said) -> web.StreamResponse:
        """A reply in one piece."""
        body = json.dumps(self._order.wire.whole(said), separators=(",", ":")).encode()
        if self._order.fault not in ("cut", "short", "drip"):
            self.whole = self._open
            return web.Response(body=body, headers=self._headers, content_type=JSON)
        half = len(body) // 2
        response = await self._begun(JSON)
        if self._order.fault == "drip":
            step = max(len(body) // 20, 1)
            await self._all(response, (body[i : i + step] for i in range(0, len(body), step)), self._drip)
            self.whole = self._open
            return response
        await response.write(body[:half])
        return self._abort(response) if self._order.fault == "cut" else response

    async def streamed(self, said: Said) -> web.StreamResponse:
        """A reply as a stream."""
        fault, flow = self._order.fault, self._order.wire.flow(said)
        response = await self._begun(STREAM)
        if fault in ("cut", "short", "broken", "error-event"):
            return await self._half(response, flow, fault)
        gap = self._drip if fault == "drip" else self._pause
        if gap:
            await self._all(response, (flow.head, *flow.pieces), gap)
            await response.write(flow.tail)
        else:
            await response.write(b"".join((flow.head, *flow.pieces, flow.tail)))
        self.whole = self._open
        return response

    async def _half(self, response: web.StreamResponse, flow: Flow, fault: str) -> web.StreamResponse:
        await response.write(b"".join((flow.head, *flow.pieces[: len(flow.pieces) // 2])))
        if fault == "broken":
            await response.write(b'data: {"type": "content_block_delta", "ind\n\n')
        if fault == "error-event":
            await response.write(self._order.wire.broken(_OVERLOADED, ""))
        return self._abort(response) if fault == "cut" else response

    async def _begun(self, kind: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={**self._headers, "content-type": kind})
        response.enable_chunked_encoding()
        await response.prepare(self._http)
        return response

    async def _all(self, response: web.StreamResponse, parts: Iterable[bytes], gap: float) -> None:
        for part in parts:
            await response.write(part)
            await asyncio.sleep(gap)

    def _abort(self, response: web.StreamResponse) -> web.StreamResponse:
        """Break the connection. What was written before is sent."""
        if (transport := self._http.transport) is not None:
            transport.close() if response.prepared else transport.abort()
        return response

    @property
    def _open(self) -> bool:
        transport = self._http.transport
        return transport is not None and not transport.is_closing()
