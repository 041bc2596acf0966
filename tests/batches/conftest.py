"""A vendor in memory that takes batches, a model whose calls go there, and runs that wait for them."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field

import pytest

from arena.models import idle
from arena.models.base import Message, Reply, Request
from arena.models.batches import Batch
from arena.models.book import Book
from arena.models.courier import Courier, Patience
from arena.models.failures import CallFailed
from arena.models.gate import Gate
from arena.models.ledger import Ledger
from arena.models.provider import Sent
from arena.models.retry import Health, Policy, Retried
from arena.models.waves import Batched, Inside, Waves


@dataclass
class Desk:
    """Takes batches; one has ended when it was looked at `looks` times. `says` is what comes of a call.

    `made` holds the names of the calls of each batch. `refuses` are failures to make one, `loses` those in which it is
    made all the same. `seen` is whether a batch that was made is found by its nonce, as at one vendor, or only by the
    number of its calls, as at the other. `spoils` are failures of whole batches.
    """

    looks: int = 1
    says: object = None
    calls: int = 1000
    size: int = 1_000_000
    refuses: list = field(default_factory=list)
    loses: list = field(default_factory=list)
    troubles: list = field(default_factory=list)
    spoils: list = field(default_factory=list)
    finds: list = field(default_factory=list)
    seen: bool = True
    nonces: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)
    bodies: dict = field(default_factory=dict)
    looked: dict = field(default_factory=dict)
    _ids: object = field(default_factory=itertools.count)

    def line(self, name, path, body):
        return json.dumps([name, body]).encode()

    async def make(self, client, path, lines, nonce):
        await asyncio.sleep(0)
        if self.refuses:
            raise self.refuses.pop(0)
        name = f"batch-{next(self._ids)}"
        found = [json.loads(line) for line in lines]
        self.made[name], self.looked[name] = [key for key, _ in found], 0
        self.nonces[name] = nonce
        self.bodies |= dict(found)
        if self.loses:
            raise self.loses.pop(0)
        return name

    async def find(self, client, intent):
        await asyncio.sleep(0)
        if self.finds:
            raise self.finds.pop(0)
        if self.seen:
            return [name for name, nonce in self.nonces.items() if nonce == intent.nonce]
        return [name for name, calls in reversed(self.made.items()) if len(calls) == intent.calls]

    async def look(self, client, name):
        await asyncio.sleep(0)
        if self.troubles:
            raise self.troubles.pop(0)
        self.looked[name] += 1
        ended = self.looked[name] >= self.looks
        return Batch(name, ended, {}, self.spoils.pop(0) if ended and self.spoils else None)

    async def results(self, client, batch):
        says = self.says or (lambda batch, asked: {"text": f"so: {asked['asks']}"})
        found = {key: says(batch.id, self.bodies[key]) for key in reversed(self.made[batch.id])}
        return {key: value for key, value in found.items() if value is not None}


@dataclass
class Model:
    """A model whose calls cost a dollar at most, and a quarter in a batch."""

    spec: str = "openai/m"
    vendor: str = "openai"
    account: str = "openai"
    worst: float | None = 1.0
    simulated: bool = False

    def worst_cost(self, request, *, batch=False):
        return self.worst

    async def client(self):
        return None

    def hide(self, why):
        return str(why)

    def enclosed(self, request):
        return Sent("/chat", {"model": self.spec.partition("?")[0], "asks": request.messages[-1].text})

    def opened(self, found, request, sent):
        if isinstance(found, CallFailed):
            raise found
        return Reply(found["text"], model=self.spec, cost=0.25)


def request(text):
    return Request(system="", messages=(Message("user", text),))


@dataclass
class Hall:
    """A run with one ledger, whose calls wait for waves at one desk."""

    folder: object
    desk: Desk = field(default_factory=Desk)
    budget: float | None = None
    tries: int = 4

    def __post_init__(self):
        self.ledger = Ledger(read=lambda _: None, budget=self.budget)
        self.health = Health()
        self.told = []

    def play(self, *episodes):
        """Play episodes at once, each a function of the hall; returns what came of each."""

        async def together():
            return await asyncio.gather(*(episode(self) for episode in episodes), return_exceptions=True)

        quiet = idle.Idle()
        desks = {"openai": self.desk, "anthropic": self.desk}
        self.courier = Courier(self.ledger, Book(self.folder), self._tell, Patience(0, 0, 0), desks, lambda: 0.0)
        self.waves = Waves(self.ledger, self.courier)
        quiet.ask = self.waves.idle
        return idle.run(together(), quiet)

    def _tell(self):
        self.told.append((self.waves.wave, self.courier.batches, self.courier.calls))

    def model(self, model=None):
        model = model or Model()
        policy = Policy(tries=self.tries, base=0.0)
        timed = Batched(model, self.waves, Gate(model.account, model.spec))
        return Inside(Retried(timed, policy, self.health, self.ledger), self.waves)

    async def ask(self, text, model=None):
        """What a table does: a call, and the count of what it cost."""
        reply = await self.model(model)(request(text))
        self.ledger.spent += reply.cost
        return reply.text


@pytest.fixture
def hall(tmp_path):
    """Make a hall; all of one test share a folder."""
    return lambda **given: Hall(tmp_path, **given)


@pytest.fixture
def desk():
    return Desk


@pytest.fixture
def model():
    return Model


@pytest.fixture
def asked():
    return request
