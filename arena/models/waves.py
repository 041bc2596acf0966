"""Waves: calls that wait are sent together, as batches, when nothing else in the run can go on.

A call stands here until its wave is over. A wave begins when the loop has nothing left to run (`idle`), no batch is
under way, and every call that was begun stands here: all episodes then wait for a batch. So a wave is as large as it
can be, and no clock has a say in it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from arena.errors import Stopped
from arena.models.base import Around, Model, Reply, Request
from arena.models.batches import Crowded, Desk, Results
from arena.models.book import Entry
from arena.models.courier import Courier, Parcel
from arena.models.failures import RETRIED, STOPS_RUN, CallFailed, Learnt
from arena.models.gate import Gate
from arena.models.ledger import Ledger
from arena.models.pacing import Tried
from arena.models.provider import FORMS, Body, Provider, Sent

Group = tuple[str, str]
"""A queue at a vendor: an account's, for one model."""


@dataclass(eq=False)
class Ticket:
    """A call that waits for its wave.

    `sent` is how it stands in its batch. `worst` is held for it in US dollars, `None` while it is not under way.
    """

    key: str
    model: Provider
    request: Request
    reply: asyncio.Future[Reply]
    sent: Sent = Sent("", {})  # noqa: RUF009  # frozen
    worst: float | None = None

    @property
    def group(self) -> Group:
        """The queue it stands in at its vendor."""
        return self.model.account, self.model.spec.partition("?")[0]


class Part(NamedTuple):
    """What is sent as one batch: calls to one model of one account, at one path."""

    parcel: Parcel
    tickets: list[Ticket]


@dataclass
class Waves:
    """The calls of a run that wait for a batch. `wave` is the number of the one that was begun last.

    `inside` counts the calls that were begun and have not ended, whoever answers them.
    """

    ledger: Ledger
    courier: Courier
    inside: int = 0
    wave: int = 0
    _waiting: dict[str, Ticket] = field(default_factory=dict)
    _room: dict[Group, int] = field(default_factory=dict)
    _under_way: asyncio.Task[None] | None = None

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
        self.courier.check()
        self.wave += 1
        sent: dict[Entry, list[Ticket]] = {}
        new: list[Ticket] = []
        for ticket in tickets:
            entry = self.courier.left(ticket.key, ticket.model.account)
            (new if entry is None else sent.setdefault(entry, [])).append(ticket)
        afforded = await self._afforded(self._admitted(new), any_sent=bool(sent))
        work = [self._collect(entry, waiting) for entry, waiting in sent.items()]
        work += [self._buy(part) for part in _parts(afforded, self.courier.desks)]
        for result in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    def _admitted(self, tickets: list[Ticket]) -> Iterator[Ticket]:
        """The calls for which there is room in the queues of the vendors, as far as these told."""
        left = dict(self._room)
        for ticket in tickets:
            if (room := left.get(ticket.group)) is not None:
                left[ticket.group] = room - 1
            if room is None or room > 0:
                yield ticket

    async def _afforded(self, tickets: Iterable[Ticket], *, any_sent: bool) -> list[Ticket]:
        """The calls that the budget has room for, their worst cost held; raises `Stopped` where it has for none."""
        sent: list[Ticket] = []
        for ticket in tickets:
            worst = ticket.model.worst_cost(ticket.request, batch=True) or 0.0
            if self.ledger.fits(worst) or not (sent or any_sent):
                await self.ledger.hold(worst)
                ticket.worst = worst
                sent.append(ticket)
        return sent

    async def _buy(self, part: Part) -> None:
        """Send a batch, and answer those who wait for it; one that is too large goes in parts from now on."""
        try:
            results = await self.courier.send(part.parcel)
        except CallFailed as why:
            large = isinstance(why, Crowded) or why.kind == "too_long"
            if large and len(part.tickets) > 1:
                self._room[part.tickets[0].group] = len(part.tickets) // 2
                self._put_back(part.tickets)
                return
            results = {ticket.key: why for ticket in part.tickets}
        else:
            self._widen(part.tickets)
        self._settle(part.tickets, results)

    def _widen(self, tickets: list[Ticket]) -> None:
        """Where a queue had room for as many as there was thought to be, there may be for more."""
        group = tickets[0].group
        if self._room.get(group, len(tickets) + 1) <= len(tickets):
            self._room[group] = 2 * len(tickets)

    async def _collect(self, entry: Entry, tickets: list[Ticket]) -> None:
        """Take what was bought before. What came to nothing there waits for the next wave, as if never sent."""
        for ticket in tickets:
            ticket.sent = Sent(entry.intent.path, {})
            ticket.worst = ticket.model.worst_cost(ticket.request, batch=True) or 0.0
            self.ledger.owe(ticket.worst)
        try:
            results = await self.courier.bring(entry, tickets[0].model)
        except CallFailed:
            results = {}
        self._put_back(ticket for ticket in tickets if not _came(results.get(ticket.key)))
        self._settle([ticket for ticket in tickets if _came(results.get(ticket.key))], results)

    def _put_back(self, tickets: Iterable[Ticket]) -> None:
        """Let calls wait for the next wave, with nothing held for them."""
        for ticket in tickets:
            self.ledger.release(ticket.worst or 0.0, None)
            ticket.worst = None

    def _settle(self, tickets: Iterable[Ticket], results: Results) -> None:
        """Answer those that wait."""
        for ticket in tickets:
            found = results.get(ticket.key) or CallFailed("server", "its batch ended without a result for it")
            try:
                ticket.reply.set_result(ticket.model.opened(found, ticket.request, ticket.sent))
            except CallFailed as why:
                ticket.reply.set_exception(why)


def _came(found: object) -> bool:
    """Whether a result ends a call: a failure that may pass, or that was the user's to mend, does not."""
    return found is not None and not (isinstance(found, CallFailed) and found.kind in RETRIED | STOPS_RUN)


def _parts(tickets: Iterable[Ticket], desks: Mapping[str, Desk]) -> Iterator[Part]:
    """The calls as they are sent: a batch for each model of each account and each path, split where it is too large."""
    open_: dict[tuple[str, str, str], Part] = {}
    sizes: dict[str, int] = {}
    for ticket in tickets:
        desk = desks[ticket.model.vendor]
        try:
            path, body = ticket.sent = ticket.model.enclosed(ticket.request)
        except CallFailed as why:
            ticket.reply.set_exception(why)
            continue
        group = (ticket.model.account, _named(body), path)
        part = open_[group] = open_.get(group) or _part(ticket.model, path)
        line = desk.line(f"{ticket.key}-{part.parcel.nonce}", path, body)
        if part.tickets and (len(part.tickets) >= desk.calls or sizes[part.parcel.nonce] + len(line) + 1 > desk.size):
            yield part
            part = open_[group] = _part(ticket.model, path)
            line = desk.line(f"{ticket.key}-{part.parcel.nonce}", path, body)
        part.tickets.append(ticket)
        part.parcel.keys.append(ticket.key)
        part.parcel.lines.append(line)
        sizes[part.parcel.nonce] = sizes.get(part.parcel.nonce, 0) + len(line) + 1
    yield from open_.values()


def _part(model: Provider, path: str) -> Part:
    return Part(Parcel(secrets.token_hex(8), model, path, [], []), [])


def _named(body: Body) -> str:
    return str(body.get("model"))


@dataclass(frozen=True)
class Batched(Around):
    """A provider's model whose calls go in waves."""

    model: Provider
    waves: Waves
    gate: Gate

    async def within(self, seconds: float, request: Request) -> Tried:  # noqa: ARG002  # a batch takes its time
        """One attempt, which takes as long as its batch; the time counts as none.

        A call that is refused for its form costs nothing, and goes with the next wave in the form that is wanted.
        """
        result: Reply | CallFailed
        for _ in range(FORMS):
            try:
                result = await self.waves.ask(self.model, request)
            except CallFailed as why:
                result = why
            if not isinstance(result, Learnt):
                break
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
