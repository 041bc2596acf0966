"""The courier: takes calls to a vendor as a batch, waits for it, and brings what came of it. No batch is made twice.

A batch is written down before it is made. Where the answer that would have told its id is lost, with a connection or
with the whole process, the vendor is asked whether it has the batch before another one is made.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from arena.errors import Stopped
from arena.models.batches import DESKS, Desk, Results
from arena.models.book import Book, Entry, Intent, Made
from arena.models.failures import RETRIED, CallFailed, Kind
from arena.models.gate import LOOK
from arena.models.ledger import Ledger
from arena.models.provider import Provider

if TYPE_CHECKING:
    from arena.models.transport import Client

T = TypeVar("T")

TROUBLES = 30
"""Looks at a batch that may fail in a row before the run stops; the batch goes on."""

SOUGHT = 3
"""How often a vendor is asked for a batch whose id was lost, before it is taken not to have been made."""

SLOW = 1800.0
"""Seconds within which a batch is handed in, or its results are fetched."""

UNSURE: frozenset[Kind] = frozenset({"connection", "timeout", "cut", "malformed", "server", "overloaded", "conflict"})
"""Failures after which a batch may have been made all the same."""


GONE: frozenset[Kind] = frozenset({"not_found"})
"""What is said of a batch that the vendor has no more."""


class Patience(NamedTuple):
    """How often a batch is looked at: first after so many seconds, later after a share of the time it has taken."""

    first: float = 0.5
    share: float = 0.1
    longest: float = 60.0


USUAL = Patience()


class Parcel(NamedTuple):
    """Calls that are sent as one batch: their keys, and how each stands in it, through `model` and others like it."""

    nonce: str
    model: Provider
    path: str
    keys: list[str]
    lines: list[bytes]


@dataclass
class Courier:
    """Carries the batches of a run. `batches` and `calls` are those under way; `tell` is called when they change."""

    ledger: Ledger
    book: Book
    tell: Callable[[], None] = lambda: None
    patience: Patience = USUAL
    desks: Mapping[str, Desk] = field(default_factory=lambda: DESKS)
    clock: Callable[[], float] = time.time
    batches: int = 0
    calls: int = 0
    _spent: set[Entry] = field(default_factory=set)
    _halt: asyncio.Event = field(default_factory=asyncio.Event)

    def halt(self) -> None:
        """Stop waiting for batches: the ledger says that the run is to stop."""
        self._halt.set()

    def left(self, key: str, account: str) -> Entry | None:
        """The batch, made or meant, in which a call was sent; `None` where there is none, or it was fetched already."""
        entry = self.book.find(key, account)
        return None if entry in self._spent else entry

    async def send(self, parcel: Parcel) -> Results:
        """Make a batch, and bring what came of it. Raises `CallFailed` where there is none, or it failed as a whole."""
        model, desk = parcel.model, self.desks[parcel.model.vendor]
        intent = Intent(parcel.nonce, model.account, parcel.path, len(parcel.keys), self.clock())
        self.book.intend(intent, parcel.keys)
        try:
            async with _within(SLOW):
                name = await desk.make(await model.client(), parcel.path, parcel.lines, parcel.nonce)
        except CallFailed as why:
            if why.kind in UNSURE and (found := await self.seek(intent, model)) is not None:
                return found
            self.book.void(intent, self.clock())
            raise
        made = Made(name, intent)
        self.book.enter(made, self.clock())
        return await self.fetch(made, model)

    async def bring(self, entry: Entry, model: Provider) -> Results:
        """What came of a batch that was made or meant before: nothing where there is none. Raises as `send`."""
        if isinstance(entry, Made):
            return await self.fetch(entry, model)
        found = await self.seek(entry, model)
        if found is None:
            self.book.void(entry, self.clock())
        return found or {}

    async def seek(self, intent: Intent, model: Provider) -> Results | None:
        """What came of a batch that may have been made, though nobody was told its id; `None` where it was not.

        A vendor that tells nothing of the calls in a batch before it has ended is waited for, where it may be the one.
        """
        desk = self.desks[model.vendor]
        for turn in range(SOUGHT):
            if turn:
                await self._pause(self.patience.first * 4**turn)
            names = await self._patiently(model, "its batches", lambda client: desk.find(client, intent))
            for made in (Made(name, intent) for name in names if name not in self.book.ids):
                if found := await self._tried(made, model):
                    return found
        return None

    async def _tried(self, made: Made, model: Provider) -> Results | None:
        """What came of a batch that may be the one that was meant; nothing where it is not."""
        try:
            found = await self.fetch(made, model)
        except CallFailed:
            self.book.enter(made, self.clock())
            raise
        if found:
            self.book.enter(made, self.clock())
        return found

    async def fetch(self, made: Made, model: Provider) -> Results:
        """What came of a batch, when it has ended, by key; nothing where it is gone. Raises `CallFailed` as `send`."""
        desk = self.desks[model.vendor]
        self._count(made, 1)
        try:
            ended = self._patiently(model, f"batch {made.id}", lambda client: _ended(desk, client, made), passes=GONE)
            failed, found = await ended
        except CallFailed as why:
            if why.kind not in GONE:
                raise
            failed, found = None, {}
        finally:
            if not self.ledger.stop:
                self._count(made, -1)
        self._spent.add(made)
        if failed is not None:
            raise failed
        end = f"-{made.intent.nonce}"
        return {name.removesuffix(end): value for name, value in found.items() if name.endswith(end)}

    def _count(self, made: Made, sign: int) -> None:
        self.batches += sign
        self.calls += sign * made.intent.calls
        self.tell()

    async def _patiently(
        self,
        model: Provider,
        what: str,
        look: Callable[[Client], Awaitable[T | None]],
        passes: frozenset[Kind] = frozenset(),
    ) -> T:
        """What a look finds in the end. Raises `Stopped` where looks fail for long, and what it `passes` on."""
        begun, troubles = self.clock(), 0
        while True:
            try:
                async with _within(SLOW):
                    found = await look(await model.client())
                troubles = 0
            except CallFailed as why:
                troubles += 1
                if why.kind in passes:
                    raise
                if why.kind not in RETRIED or troubles >= TROUBLES:
                    raise Stopped(f"{what} of {model.account} cannot be looked at: {model.hide(why)}") from why
            else:
                if found is not None:
                    return found
            taken = self.clock() - begun
            await self._pause(min(max(self.patience.first, taken * self.patience.share), self.patience.longest))

    async def _pause(self, seconds: float) -> None:
        """Wait, and look now and then whether the run was stopped meanwhile."""
        self.check()
        while seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(seconds, LOOK)):
                    await self._halt.wait()
            self.check()
            seconds -= LOOK

    def check(self) -> None:
        """Raise `Stopped` where the run is to stop."""
        if self.ledger.stop:
            raise Stopped(self.ledger.stop)


async def _ended(desk: Desk, client: Client, made: Made) -> tuple[CallFailed | None, Results] | None:
    """Why a batch failed as a whole, and its results; `None` where it has not ended yet."""
    batch = await desk.look(client, made.id)
    if not batch.ended:
        return None
    return batch.failed, {} if batch.failed else await desk.results(client, batch)


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise CallFailed("timeout", f"no answer within {seconds:.0f} s") from None
