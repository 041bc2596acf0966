"""Waves: calls that wait are sent together, as batches, when nothing else in the run can go on.

A call stands here until its wave is over. A wave begins when the loop has nothing left to run (`idle`), no batch is
under way, and every call that was begun stands here: all episodes then wait for a batch. So a wave is as large as it
can be, and no clock has a say in it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from arena.errors import Stopped
from arena.models.base import Around, Model, Reply, Request
from arena.models.batches import DESKS, Batch, Desk, Results
from arena.models.book import Book, Made
from arena.models.failures import RETRIED, STOPS_RUN, CallFailed
from arena.models.gate import LOOK, Gate
from arena.models.ledger import Ledger
from arena.models.pacing import Tried
from arena.models.provider import Body, Provider

TROUBLES = 30
"""Looks at a batch that may fail in a row before the run stops; the batch goes on."""


class Patience(NamedTuple):
    """How often a batch is looked at: first after so many seconds, later after a share of the time it has taken."""

    first: float = 0.5
    share: float = 0.1
    longest: float = 60.0


USUAL = Patience()


@dataclass(eq=False)
class Ticket:
    """A call that waits for its wave. `worst` is held for it in US dollars, `None` before it is sent.

    `anew` is set where an earlier batch that held it came to nothing.
    """

    key: str
    model: Provider
    request: Request
    reply: asyncio.Future[Reply]
    worst: float | None = None
    anew: bool = False


class Part(NamedTuple):
    """What is sent as one batch: calls to one model of one account, at one path."""

    desk: Desk
    path: str
    tickets: list[Ticket]
    lines: list[bytes]


@dataclass
class Waves:
    """The calls of a run that wait for a batch. `tell` is called when `wave`, `batches` or `calls` change.

    `inside` counts the calls that were begun and have not ended, whoever answers them. `wave` is the number of the
    wave, `batches` and `calls` are those under way.
    """

    ledger: Ledger
    book: Book
    tell: Callable[[], None] = lambda: None
    patience: Patience = USUAL
    desks: Mapping[str, Desk] = field(default_factory=lambda: DESKS)
    clock: Callable[[], float] = time.time
    inside: int = 0
    wave: int = 0
    batches: int = 0
    calls: int = 0
    _waiting: dict[str, Ticket] = field(default_factory=dict)
    _under_way: asyncio.Task[None] | None = None
    _halt: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, model: Provider, request: Request) -> Reply:
        """The reply to a call, when its wave is over; raises `CallFailed`, and `Stopped` where the run stops."""
        key = request.key(model.spec)
        if key in self._waiting:
            raise AssertionError("of equal requests only one is bought; the ledger sees to that")
        ticket = Ticket(key, model, request, asyncio.get_running_loop().create_future())
        self._waiting[key] = ticket
        failure: CallFailed | None = None
        try:
            return await ticket.reply
        except CallFailed as why:
            failure = why
            raise
        finally:
            del self._waiting[key]
            if ticket.worst is not None:
                self.ledger.release(ticket.worst, failure)

    def idle(self) -> bool:
        """Begin a wave if it is time; to be asked when the loop has nothing to run. True where one was begun."""
        if self._under_way or not self._waiting or self.inside != len(self._waiting):
            return False
        self._under_way = asyncio.get_running_loop().create_task(self._play(list(self._waiting.values())))
        return True

    def halt(self) -> None:
        """Stop waiting for batches: the ledger says that the run is to stop."""
        self._halt.set()

    async def _play(self, tickets: list[Ticket]) -> None:
        """One wave. Whatever ends it ends the calls in it: nobody waits for ever."""
        try:
            await self._send(tickets)
        except BaseException as why:
            for ticket in tickets:
                if not ticket.reply.done():
                    ticket.reply.set_exception(Stopped(str(why)) if isinstance(why, Stopped) else why)
            if not isinstance(why, Exception):
                raise
        finally:
            self._under_way = None

    async def _send(self, tickets: list[Ticket]) -> None:
        self._check()
        self.wave += 1
        old = [(ticket, made) for ticket in tickets if (made := self._known(ticket))]
        new = [ticket for ticket in tickets if not self._known(ticket)]
        afforded = await self._afforded(new, any_old=bool(old))
        work = [self._collect(made, [ticket for ticket, its in old if its == made]) for made in {its for _, its in old}]
        work += [self._buy(part) for part in _parts(afforded, self.desks)]
        results = await asyncio.gather(*work, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    def _known(self, ticket: Ticket) -> Made | None:
        return None if ticket.anew else self.book.find(ticket.key, ticket.model.account)

    async def _afforded(self, tickets: list[Ticket], *, any_old: bool) -> list[Ticket]:
        """The calls that the budget has room for, their worst cost held; raises `Stopped` where it has for none."""
        sent: list[Ticket] = []
        for ticket in tickets:
            worst = ticket.model.worst_cost(ticket.request, batch=True) or 0.0
            if self.ledger.fits(worst) or not (sent or any_old):
                await self.ledger.hold(worst)
                ticket.worst = worst
                sent.append(ticket)
        return sent

    async def _buy(self, part: Part) -> None:
        """Make a batch, write down that it was made, and wait for it."""
        account = part.tickets[0].model.account
        try:
            client = await part.tickets[0].model.client()
            name = await part.desk.make(client, part.path, part.lines)
        except CallFailed as why:
            self._settle(part.tickets, {ticket.key: why for ticket in part.tickets})
            return
        made = Made(name, account)
        self.book.enter(made, (ticket.key for ticket in part.tickets), self.clock())
        self._settle(part.tickets, await self._results(part.desk, made, part.tickets))

    async def _collect(self, made: Made, tickets: list[Ticket]) -> None:
        """Take what an earlier process bought. What came to nothing there is sent anew in the next wave."""
        for ticket in tickets:
            ticket.worst = ticket.model.worst_cost(ticket.request, batch=True) or 0.0
            self.ledger.owe(ticket.worst)
        desk = self.desks[tickets[0].model.vendor]
        results = await self._results(desk, made, tickets)
        for ticket in tickets:
            found = results.get(ticket.key)
            if found is None or (isinstance(found, CallFailed) and found.kind in RETRIED | STOPS_RUN):
                ticket.anew = True
                self.ledger.release(ticket.worst or 0.0, None)
                ticket.worst = None
        self._settle([ticket for ticket in tickets if not ticket.anew], results)

    async def _results(self, desk: Desk, made: Made, tickets: list[Ticket]) -> Results:
        """What came of a batch, when it has ended."""
        self.batches, self.calls = self.batches + 1, self.calls + len(tickets)
        self.tell()
        try:
            batch = await self._ended(desk, made, tickets[0].model)
            return await desk.results(await tickets[0].model.client(), batch)
        except CallFailed as why:
            return {ticket.key: why for ticket in tickets}
        finally:
            if not self.ledger.stop:
                self.batches, self.calls = self.batches - 1, self.calls - len(tickets)
            self.tell()

    async def _ended(self, desk: Desk, made: Made, model: Provider) -> Batch:
        """Look at a batch until it has ended; raises `CallFailed` for a failure that lasts, and `Stopped`."""
        begun, troubles = self.clock(), 0
        while True:
            try:
                batch = await desk.look(await model.client(), made.id)
                troubles = 0
            except CallFailed as why:
                troubles += 1
                if why.kind == "not_found":
                    raise
                if why.kind not in RETRIED or troubles >= TROUBLES:
                    raise Stopped(f"batch {made.id} of {made.account} cannot be looked at: {model.hide(why)}") from why
            else:
                if batch.ended:
                    return batch
            taken = self.clock() - begun
            await self._pause(min(max(self.patience.first, taken * self.patience.share), self.patience.longest))

    async def _pause(self, seconds: float) -> None:
        """Wait, and look now and then whether the run was stopped meanwhile."""
        self._check()
        while seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(min(seconds, LOOK)):
                    await self._halt.wait()
            self._check()
            seconds -= LOOK

    def _settle(self, tickets: Iterable[Ticket], results: Results) -> None:
        """Answer those that wait."""
        for ticket in tickets:
            found = results.get(ticket.key) or CallFailed("server", "its batch ended without a result for it")
            try:
                ticket.reply.set_result(ticket.model.opened(found, ticket.request))
            except CallFailed as why:
                ticket.reply.set_exception(why)

    def _check(self) -> None:
        if self.ledger.stop:
            raise Stopped(self.ledger.stop)


def _parts(tickets: Iterable[Ticket], desks: Mapping[str, Desk]) -> Iterator[Part]:
    """The calls as they are sent: a batch for each model of each account and each path, split where it is too large."""
    groups: dict[tuple[str, str, str], Part] = {}
    sizes: dict[tuple[str, str, str], int] = {}
    for ticket in tickets:
        desk = desks[ticket.model.vendor]
        try:
            path, body = ticket.model.enclosed(ticket.request)
        except CallFailed as why:
            ticket.reply.set_exception(why)
            continue
        line, group = desk.line(ticket.key, path, body), (ticket.model.account, _named(body), path)
        part = groups.setdefault(group, Part(desk, path, [], []))
        size = sizes.get(group, 0) + len(line) + 1
        if part.tickets and (len(part.tickets) >= desk.calls or size > desk.size):
            yield part
            part, size = Part(desk, path, [], []), len(line) + 1
            groups[group] = part
        part.tickets.append(ticket)
        part.lines.append(line)
        sizes[group] = size
    yield from groups.values()


def _named(body: Body) -> str:
    return str(body.get("model"))


@dataclass(frozen=True)
class Batched(Around):
    """A provider's model whose calls go in waves."""

    model: Provider
    waves: Waves
    gate: Gate

    async def within(self, seconds: float, request: Request) -> Tried:  # noqa: ARG002  # a batch takes its time
        """One attempt, which takes as long as its batch; the time counts as none."""
        result: Reply | CallFailed
        try:
            result = await self.waves.ask(self.model, request)
        except CallFailed as why:
            result = why
        return Tried(result, 0.0)


@dataclass(frozen=True)
class Inside(Around):
    """A model whose calls under way are counted, so that it is known when all of them wait for a batch."""

    model: Model
    waves: Waves

    async def __call__(self, request: Request) -> Reply:
        """The reply of the model."""
        self.waves.inside += 1
        try:
            return await self.model(request)
        finally:
            self.waves.inside -= 1
