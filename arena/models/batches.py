"""The batch interfaces of both vendors: make one, look whether it has ended, fetch what came of its calls.

Anthropic takes the calls in one request and has results of its own. OpenAI takes a file that was handed in before, and
puts what failed into a file apart. The results come in any order, by the names that the calls were given.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arena.models.book import Intent
from arena.models.failures import CallFailed
from arena.models.trouble import from_error, from_status
from arena.models.values import Json, count, items, malformed, mapping, parse, text

if TYPE_CHECKING:
    from arena.models.transport import Client

MEGABYTE = 1_000_000

MARK = "arena"
"""Under which name a batch knows its nonce, where batches can be told something."""

PAGE, PAGES = 100, 50
"""How many batches are asked for at once, and how often at most."""

SKEW = 3600.0
"""Seconds by which the vendor's clock may be behind ours."""

Results = dict[str, Json | CallFailed]
"""What came of each call by its name: the answer as it would have come alone, or how it failed."""


class Crowded(CallFailed):
    """A batch was refused because the queue of its model has no room for so many tokens: a smaller one may fit."""


class Batch(NamedTuple):
    """A batch as it is now. `told` is what the server says of it, `failed` why it came to nothing as a whole."""

    id: str
    ended: bool
    told: Json
    failed: CallFailed | None = None


class Desk(Protocol):
    """Where a vendor takes batches: at most so many `calls`, and bytes (`size`), in one."""

    calls: int
    size: int

    def line(self, name: str, path: str, body: Json) -> bytes:
        """A call as it stands in a batch."""
        ...

    async def make(self, client: Client, path: str, lines: list[bytes], nonce: str) -> str:
        """Make a batch of calls to `path`; returns its id. Raises `CallFailed`."""
        ...

    async def find(self, client: Client, intent: Intent) -> list[str]:
        """The ids of the batches that may be the one that was meant, the newest first; raises `CallFailed`."""
        ...

    async def look(self, client: Client, name: str) -> Batch:
        """A batch as it is now; raises `CallFailed`."""
        ...

    async def results(self, client: Client, batch: Batch) -> Results:
        """What came of the calls of a batch that has ended; raises `CallFailed`."""
        ...

    async def probe(self, client: Client) -> None:
        """Raise `CallFailed` where the server takes no batches."""
        ...


class MessageBatches:
    """Anthropic's Message Batches."""

    calls = 100_000
    size = 250 * MEGABYTE
    _path = "/v1/messages/batches"

    def line(self, name: str, path: str, body: Json) -> bytes:  # noqa: ARG002  # there is one path only
        """A call as it stands in a batch."""
        return _dumped({"custom_id": name, "params": body})

    async def make(self, client: Client, path: str, lines: list[bytes], nonce: str) -> str:  # noqa: ARG002
        """Make a batch of calls; returns its id."""
        made = parse(await client.post(self._path, b'{"requests":[' + b",".join(lines) + b"]}", _ignore))
        return _id(made)

    async def find(self, client: Client, intent: Intent) -> list[str]:
        """The batches of that time and number of calls: their results alone say which calls they hold."""
        batches = _newest(client, self._path, "after_id", lambda told: _moment(told.get("created_at")), intent.t)
        return [_id(told) async for told in batches if _calls(told.get("request_counts")) == intent.calls]

    async def look(self, client: Client, name: str) -> Batch:
        """A batch as it is now."""
        told = parse(await client.get(f"{self._path}/{name}"))
        return Batch(name, told.get("processing_status") == "ended", told)

    async def results(self, client: Client, batch: Batch) -> Results:
        """What came of the calls of a batch that has ended."""
        lines = _lines(await client.get(f"{self._path}/{batch.id}/results"))
        return {text(line.get("custom_id")): _result(mapping(line.get("result"))) for line in lines}

    async def probe(self, client: Client) -> None:
        """Raise `CallFailed` where the server takes no batches."""
        _listed(parse(await client.get(f"{self._path}?limit=1")))


def _result(found: Json) -> Json | CallFailed:
    kind = found.get("type")
    if kind == "succeeded":
        return mapping(found.get("message"))
    if kind == "errored":
        error = mapping(found.get("error"))
        return from_error(error.get("error") or error)
    return undone(text(kind))


def undone(kind: str) -> CallFailed:
    """The failure of a call that was not made before its batch ended: it expired, or somebody cancelled the batch."""
    return CallFailed("timeout" if "expired" in kind else "conflict", f"not done before its batch ended: {kind}")


class FileBatches:
    """OpenAI's Batch: the calls are a file, and their results are two."""

    calls = 50_000
    size = 190 * MEGABYTE
    _ended = frozenset({"completed", "failed", "expired", "cancelled"})

    def line(self, name: str, path: str, body: Json) -> bytes:
        """A call as it stands in a batch."""
        return _dumped({"custom_id": name, "method": "POST", "url": f"/v1{path}", "body": body})

    async def make(self, client: Client, path: str, lines: list[bytes], nonce: str) -> str:
        """Make a batch of calls to `path`, and have it know the nonce; returns its id."""
        file = _id(parse(await client.upload("batch.jsonl", b"\n".join(lines) + b"\n")))
        asked = {"input_file_id": file, "endpoint": f"/v1{path}", "completion_window": "24h", "metadata": {MARK: nonce}}
        return _id(parse(await client.post("/batches", _dumped(asked), _ignore)))

    async def find(self, client: Client, intent: Intent) -> list[str]:
        """The batch that knows the nonce."""
        batches = _newest(client, "/batches", "after", lambda told: _number(told.get("created_at")), intent.t)
        return [_id(told) async for told in batches if mapping(told.get("metadata")).get(MARK) == intent.nonce]

    async def look(self, client: Client, name: str) -> Batch:
        """A batch as it is now."""
        told = parse(await client.get(f"/batches/{name}"))
        status = told.get("status")
        return Batch(name, status in self._ended, told, _whole(told) if status == "failed" else None)

    async def results(self, client: Client, batch: Batch) -> Results:
        """What came of the calls of a batch that has ended."""
        found: Results = {}
        for name in ("output_file_id", "error_file_id"):
            if file := text(batch.told.get(name)):
                lines = _lines(await client.get(f"/files/{file}/content"))
                found |= {text(line.get("custom_id")): _answer(line) for line in lines}
        return found

    async def probe(self, client: Client) -> None:
        """Raise `CallFailed` where the server takes no batches."""
        _listed(parse(await client.get("/batches?limit=1")))


def _whole(told: Json) -> CallFailed:
    """Why a batch failed as a whole."""
    error = mapping(next(iter(items(mapping(told.get("errors")).get("data"))), None))
    failure = from_error(error)
    return Crowded("rate_limit", str(failure)) if error.get("code") == "token_limit_exceeded" else failure


def _answer(line: Json) -> Json | CallFailed:
    response, error = mapping(line.get("response")), mapping(line.get("error"))
    status = count(response.get("status_code"))
    if status == OK:
        return mapping(response.get("body"))
    if status:
        return from_status(status, {}, _dumped(response.get("body")))
    code = text(error.get("code"))
    return undone(code) if code in ("batch_expired", "batch_cancelled") else from_error(error)


OK = 200

DESKS: Mapping[str, Desk] = {"anthropic": MessageBatches(), "openai": FileBatches()}
"""Where each vendor, and whoever speaks like it, takes batches."""


def _id(told: Json) -> str:
    if found := text(told.get("id")):
        return found
    raise malformed("what was made has no id")


def _listed(told: Json) -> None:
    if not isinstance(told.get("data"), list):
        raise malformed("its batches are no list")


async def _newest(
    client: Client, path: str, cursor: str, moment: Callable[[Json], float | None], since: float
) -> AsyncIterator[Json]:
    """The batches of an account, the newest first, back to a moment (seconds since 1970) that clocks may differ on."""
    after = ""
    for _ in range(PAGES):
        page = parse(await client.get(f"{path}?limit={PAGE}" + (f"&{cursor}={after}" if after else "")))
        _listed(page)
        for told in map(mapping, items(page.get("data"))):
            made = moment(told)
            if made is not None and made < since - SKEW:
                return
            yield told
        after = text(page.get("last_id"))
        if not (after and page.get("has_more")):
            return


def _moment(told: object) -> float | None:
    """A time as ISO 8601 has it, in seconds since 1970; `None` where it is none."""
    try:
        return datetime.fromisoformat(text(told)).timestamp()
    except ValueError:
        return None


def _number(told: object) -> float | None:
    return told if isinstance(told, int | float) else None


def _calls(counts: object) -> int:
    return sum(count(number) for number in mapping(counts).values())


def _lines(content: bytes) -> list[Json]:
    """The lines of a file. One that is damaged is left out, as if it were not there, unless none is whole."""
    found, broken = [], None
    for line in filter(bytes.strip, content.splitlines()):
        try:
            found.append(parse(line))
        except CallFailed as why:
            broken = why
    if broken and not found:
        raise broken
    return found


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()


def _ignore(_: object) -> None:
    """Batches have limits of their own, and headers say nothing of them."""
