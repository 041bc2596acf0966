"""A loopback server for both wires that answers as a script tells it, faults and all.

A script is a function from what was asked to an `Answer`. The forms that the vendors answer in are made by `message`,
`chat` and `response`, and as streams by `message_events`, `chat_events` and `response_events`.
"""

import asyncio
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass
class Asked:
    """One request, as it came in; the body of a form is left out."""

    path: str
    headers: dict
    body: dict


@dataclass
class Answer:
    """What to send. `end` is `clean`, `drop` (the connection breaks) or `hang` (nothing more comes).

    `pieces` go out one by one, `gap` seconds apart; `hold` seconds pass before anything does.
    """

    pieces: list
    status: int = 200
    headers: dict = field(default_factory=dict)
    kind: str = "application/json"
    end: str = "clean"
    gap: float = 0.0
    hold: float = 0.0


def told(value, status=200, **more):
    """An answer that is one JSON text."""
    return Answer([json.dumps(value).encode()], status, **more)


def streamed(events, **more):
    """An answer that is a stream of events, each a piece."""
    return Answer([event.encode() for event in events], kind="text/event-stream", **more)


MESSAGE_USAGE = {
    "input_tokens": 10,
    "cache_creation_input_tokens": 200,
    "cache_read_input_tokens": 1000,
    "output_tokens": 7,
}
CHAT_USAGE = {
    "prompt_tokens": 1210,
    "completion_tokens": 7,
    "prompt_tokens_details": {"cached_tokens": 1000, "cache_write_tokens": 200},
}
RESPONSE_USAGE = {
    "input_tokens": 1210,
    "output_tokens": 7,
    "input_tokens_details": {"cached_tokens": 1000, "cache_write_tokens": 200},
}


def message(text="Hello.", **more):
    """A reply of Anthropic's Messages."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-fake-1",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "usage": MESSAGE_USAGE,
        **more,
    }


def chat(text="Hello.", *, finish="stop", said=None, **more):
    """A reply of OpenAI's Chat Completions."""
    choice = {"index": 0, "message": said or {"role": "assistant", "content": text}, "finish_reason": finish}
    choice |= {"logprobs": more.pop("logprobs")} if "logprobs" in more else {}
    return {"id": "chatcmpl-1", "model": "gpt-fake-1", "choices": [choice], "usage": CHAT_USAGE, **more}


def response(text="Hello.", **more):
    """A reply of OpenAI's Responses."""
    part = {"type": "output_text", "text": text}
    reasoning = {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Considered."}]}
    output = [reasoning, {"type": "message", "role": "assistant", "content": [part]}]
    base = {"id": "resp_1", "model": "gpt-fake-1", "status": "completed", "output": output}
    return {**base, "usage": RESPONSE_USAGE, **more}


def halves(text):
    """A text in two pieces."""
    return text[: len(text) // 2], text[len(text) // 2 :]


def message_events(text="Hello.", thinking="", stop="end_turn"):
    """The events of a streamed Anthropic reply."""
    start = {**message(), "content": [], "stop_reason": None, "usage": {**MESSAGE_USAGE, "output_tokens": 1}}
    events = [{"type": "message_start", "message": start}, {"type": "ping"}]
    blocks = [("thinking", thinking)] * bool(thinking) + [("text", text)]
    for index, (kind, body) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": {"type": kind, kind: ""}})
        for piece in halves(body):
            delta = {"type": f"{kind}_delta", kind: piece}
            events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": stop}
    events += [{"type": "message_delta", "delta": delta, "usage": {"output_tokens": 7}}, {"type": "message_stop"}]
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]


def chat_events(text="Hello.", finish="stop", usage=CHAT_USAGE, done=True):
    """The events of a streamed chat reply."""
    chunks = [{"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]}]
    chunks += [{"choices": [{"index": 0, "delta": {"content": piece}}]} for piece in halves(text)]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    chunks += [{"choices": [], "usage": usage}] if usage else []
    lines = [json.dumps({"model": "gpt-fake-1", **chunk}) for chunk in chunks]
    return [f"data: {line}\n\n" for line in [*lines, *(["[DONE]"] if done else [])]]


def response_events(text="Hello.", last="response.completed", **more):
    """The events of a streamed response."""
    events = [{"type": "response.created", "response": {"status": "in_progress"}}]
    events += [{"type": "response.output_text.delta", "delta": piece} for piece in halves(text)]
    events += [{"type": "response.output_text.done", "text": text}, {"type": last, "response": response(text, **more)}]
    return [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]


class Server:
    """The server. `asked` holds every request it was sent; `at_work` is how many it works on, `most` the most so far.

    `connections` is how many were opened to it.
    """

    def __init__(self, script):
        self.script = script
        self.asked = []
        self.most = 0
        self.connections = 0
        self.at_work = 0
        self._tasks = set()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def root(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self):
        return f"{self.root}/v1"

    async def _connected(self, reader, writer):
        self.connections += 1
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            while await self._served(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _served(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        form = headers.get("content-type", "").startswith("multipart/")
        asked = Asked(head[0].split(" ")[1], headers, {} if form else json.loads(body or b"{}"))
        self.asked.append(asked)
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            return await self._answered(self.script(asked), writer)
        finally:
            self.at_work -= 1

    async def _answered(self, answer, writer):
        if answer.hold:
            await asyncio.sleep(answer.hold)
        length = sum(map(len, answer.pieces))
        fixed = answer.end == "clean" and len(answer.pieces) <= 1
        headers = {"content-type": answer.kind, **answer.headers}
        headers |= {"content-length": length} if fixed else {"transfer-encoding": "chunked"}
        lines = [f"HTTP/1.1 {answer.status} {phrase(answer.status)}", *(f"{k}: {v}" for k, v in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        for piece in answer.pieces:
            writer.write(piece if fixed else b"%x\r\n%s\r\n" % (len(piece), piece))
            if answer.gap:
                await writer.drain()
                await asyncio.sleep(answer.gap)
        if answer.end == "hang":
            await asyncio.Event().wait()
        writer.write(b"" if fixed or answer.end == "drop" else b"0\r\n\r\n")
        await writer.drain()
        return answer.end == "clean"


def phrase(status):
    """The words of a status; any will do."""
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Whatever"


def faithful(asked):
    """The script of a server without faults: each wire is answered in its form, streamed where that was asked for."""
    stream = asked.body.get("stream")
    if asked.path.endswith("/messages"):
        return streamed(message_events()) if stream else told(message())
    if asked.path.endswith("/responses"):
        return streamed(response_events()) if stream else told(response())
    return streamed(chat_events()) if stream else told(chat())


@contextmanager
def in_a_thread(script=faithful):
    """A server in a loop of its own, for callers that have none or another one."""
    ready, found, loop = threading.Event(), [], asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve():
        async with Server(script) as server:
            found.append(server)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield found[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
