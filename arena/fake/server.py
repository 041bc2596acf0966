"""The server: both wires, batches, files, models and the bill, at one address on this machine."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import count
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from arena.fake import batches, catalogue, chat, messages, reading
from arena.fake.asked import Refusal
from arena.fake.batches import Files
from arena.fake.desk import WIRES, Desk, Wire
from arena.fake.jobs import Job, Jobs
from arena.fake.options import Options
from arena.fake.sending import BROKEN_BEFORE, Sender, plain
from arena.models import prices
from arena.models.prices import Prices

HOST = "127.0.0.1"
LARGEST = 256 * 1024 * 1024
"""Bytes of the largest request."""

Answer = web.StreamResponse
Handler = Callable[[web.BaseRequest, str], Awaitable[Answer]]


class Fake:
    """The server, for as long as it is entered. `port` 0 takes a free one; `desk` knows what happened so far."""

    def __init__(self, options: Options = Options(), port: int = 0, rates: Prices | None = None) -> None:  # noqa: B008  # frozen
        self.options, self.port = options, port
        self.desk = Desk(options, rates or prices.load({}))
        self._jobs, self._files = Jobs(self.desk, time.time), Files({})
        self._numbers = count(1)
        self._routes: dict[tuple[str, str], Handler] = {
            ("GET", ""): self._bill,
            ("GET", "models"): self._models,
            ("POST", "messages/count_tokens"): self._count,
            ("POST", "messages/batches"): self._make_message_batch,
            ("GET", "messages/batches"): self._message_batches,
            ("POST", "files"): self._upload,
            ("GET", "files"): self._list_files,
            ("POST", "batches"): self._make_batch,
            ("GET", "batches"): self._batches,
        }

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()

        def request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
            return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST)

        server = web.Server(self._serve, request_factory=request, handler_cancellation=True, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, why: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        self.desk.close()

    @property
    def root(self) -> str:
        """The address, as Anthropic's interface is named."""
        return f"http://{HOST}:{self.port}"

    @property
    def url(self) -> str:
        """The address, as OpenAI's interface is named."""
        return f"{self.root}/v1"

    async def _serve(self, http: web.BaseRequest) -> Answer:
        wire = WIRES.get(http.path)
        if wire is not None and http.method == "POST":
            return await self._call(http, wire)
        try:
            return await self._other(http)
        except Refusal as why:
            return self._refused(why, messages if _anthropic(http) else chat)

    async def _other(self, http: web.BaseRequest) -> Answer:
        path = http.path.removeprefix("/v1").strip("/")
        if (handler := self._routes.get((http.method, path))) is not None:
            return await handler(http, "")
        for start, act in (("messages/batches/", self._one_message_batch), ("batches/", self._one_batch)):
            if path.startswith(start):
                return await act(http, path.removeprefix(start))
        if path.startswith("files/"):
            return await self._one_file(http, path.removeprefix("files/"))
        if path.startswith("models/") and http.method == "GET":
            return plain(catalogue.one(path.removeprefix("models/"), anthropic=_anthropic(http)), {})
        raise Refusal(404, "not_found_error", f"There is no {http.method} {http.path} here.")

    # calls

    async def _call(self, http: web.BaseRequest, wire: Wire) -> Answer:
        arrived = time.monotonic()
        try:
            order = self.desk.take(wire, await http.read())
        except Refusal as why:
            self.desk.note("", f"{why.status}")
            return self._refused(why, wire)
        options, name = self.options, (self.options.seed, order.digest, order.nth)
        self.desk.bill.statuses[502 if order.fault == "502" else 200] += 1
        found = self.desk.look(order)
        if (wait := options.latency.draw(*name)) > 0:
            await asyncio.sleep(wait)
        headers = self._headers(wire, arrived) | self.desk.headers(wire, order.asked.model)
        pause = 1 / options.speed if options.speed else 0.0
        sender = Sender(http, order, headers, pause, options.drip)
        if order.fault in BROKEN_BEFORE and not (order.fault == "broken" and order.asked.stream):
            self.desk.done(order, None, order.fault, whole=False)
            return await sender.nothing()
        said = self.desk.answer(order, found)
        try:
            return await (sender.streamed(said) if order.asked.stream else sender.at_once(said))
        finally:
            self.desk.done(order, said, order.fault or "replied", whole=sender.whole)

    def _refused(self, why: Refusal, wire: Wire) -> Answer:
        if wire in WIRES.values():
            self.desk.bill.statuses[why.status] += 1
        headers = self._headers(wire, time.monotonic()) | dict(why.headers)
        if why.retry_after is not None:
            headers["retry-after"] = f"{max(why.retry_after, 0.001):.3f}".rstrip("0").rstrip(".")
        return plain(wire.error(why, headers.get("request-id", "")), headers, why.status)

    def _headers(self, wire: Wire, arrived: float) -> dict[str, str]:
        name = f"req_{next(self._numbers):012x}"
        if wire.VENDOR == "anthropic":
            return {"request-id": name}
        return {"x-request-id": name, "openai-processing-ms": f"{1000 * (time.monotonic() - arrived):.0f}"}

    # beside them

    async def _bill(self, http: web.BaseRequest, _: str) -> Answer:  # noqa: ARG002
        return plain(self.desk.bill.told(), {})

    async def _models(self, http: web.BaseRequest, _: str) -> Answer:
        return plain(catalogue.all_of(self.desk.bill.prices, http.query, anthropic=_anthropic(http)), {})

    async def _count(self, http: web.BaseRequest, _: str) -> Answer:
        return plain(messages.count(reading.body(await http.read())), self._headers(messages, 0))

    async def _make_message_batch(self, http: web.BaseRequest, _: str) -> Answer:
        calls = batches.ordered(reading.body(await http.read()))
        job = self._jobs.make(batches.PREFIX["anthropic"], messages, calls, {})
        return self._made(http, job, batches.message_batch(job, self.root))

    def _made(self, http: web.BaseRequest, job: Job, told: dict[str, Any]) -> Answer:
        """What is told of a batch that was made; of some nothing is, for the connection breaks."""
        if self._jobs.lost(job) and http.transport is not None:
            http.transport.abort()
        return plain(told, {})

    async def _message_batches(self, http: web.BaseRequest, _: str) -> Answer:
        found = [batches.message_batch(job, self.root) for job in self._jobs.all(batches.PREFIX["anthropic"])]
        return plain(batches.page(found, http.query, openai=False), {})

    async def _one_message_batch(self, http: web.BaseRequest, rest: str) -> Answer:
        name, _, act = rest.partition("/")
        match http.method, act:
            case "GET", "":
                return plain(batches.message_batch(self._jobs.find(name), self.root), {})
            case "GET", "results":
                return web.Response(body=batches.results(self._jobs.find(name)), content_type="application/x-jsonl")
            case "POST", "cancel":
                return plain(batches.message_batch(self._jobs.cancel(name), self.root), {})
            case "DELETE", "":
                self._jobs.delete(name)
                return plain({"id": name, "type": "message_batch_deleted"}, {})
        raise Refusal(404, "not_found_error", f"There is no {http.method} {http.path} here.")

    async def _upload(self, http: web.BaseRequest, _: str) -> Answer:
        form = await http.post()
        given, purpose = form.get("file"), form.get("purpose")
        if not isinstance(given, web.FileField) or not isinstance(purpose, str):
            raise reading.bad("A file and its purpose are needed.")
        return plain(self._files.add(given.filename, purpose, given.file.read(), time.time()).told(), {})

    async def _list_files(self, http: web.BaseRequest, _: str) -> Answer:
        found = [file.told() for file in reversed(self._files.held.values())]
        return plain(batches.page(found, http.query, openai=True), {})

    async def _one_file(self, http: web.BaseRequest, rest: str) -> Answer:
        name, _, act = rest.partition("/")
        file = self._files.find(name)
        if http.method == "GET":
            return web.Response(body=file.content) if act == "content" else plain(file.told(), {})
        del self._files.held[name]
        return plain({"id": name, "object": "file", "deleted": True}, {})

    async def _make_batch(self, http: web.BaseRequest, _: str) -> Answer:
        job = batches.begin(reading.body(await http.read()), self._files, self._jobs)
        return self._made(http, job, batches.batch(job, self._files))

    async def _batches(self, http: web.BaseRequest, _: str) -> Answer:
        found = [batches.batch(job, self._files) for job in self._jobs.all(batches.PREFIX["openai"])]
        return plain(batches.page(found, http.query, openai=True), {})

    async def _one_batch(self, http: web.BaseRequest, rest: str) -> Answer:
        name, _, act = rest.partition("/")
        job = self._jobs.cancel(name) if act == "cancel" and http.method == "POST" else self._jobs.find(name)
        return plain(batches.batch(job, self._files), {})


def _anthropic(http: web.BaseRequest) -> bool:
    """Whether a request is of that vendor's wire, where the path does not say so."""
    return "anthropic-version" in http.headers or http.path.startswith("/v1/messages")


@contextmanager
def in_a_thread(options: Options = Options(), port: int = 0) -> Iterator[Fake]:  # noqa: B008  # frozen
    """A server in a thread and a loop of its own, for callers that have none, or another one."""
    ready, fake, stop = threading.Event(), Fake(options, port), asyncio.Event()
    failed: list[BaseException] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with fake:
            ready.set()
            await stop.wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except OSError as why:
            failed.append(why)
        finally:
            ready.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    try:
        if failed:
            raise failed[0]
        yield fake
    finally:
        if not failed:
            loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()
