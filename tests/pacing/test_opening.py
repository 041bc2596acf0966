"""One call opens a prefix, and the others follow."""

import asyncio
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from arena.errors import ModelFailed
from arena.models.base import Reply
from arena.models.ledger import Ledger, Remembered
from arena.models.opening import FRESH, LEAST, Opening, Prefixes
from arena.models.pacing import Pacing
from arena.models.retry import Health, Retried
from arena.models.slots import Slots
from arena.models.stack import wrapped
from tests.pacing.conftest import request

PASSAGE, OTHER = "a" * LEAST, "b" * LEAST


@dataclass
class Provider:
    """Answers after a second; fails as it is told. Notes when each call began."""

    clock: object
    failures: list = field(default_factory=list)
    begun: list = field(default_factory=list)
    spec = "anthropic/m?effort=low"
    simulated = False

    async def __call__(self, request):
        self.begun.append((self.clock(), request.messages[-1].text))
        await asyncio.sleep(1)
        if self.failures:
            raise self.failures.pop(0)
        return Reply("well")


def about(passage, text="Who?"):
    return replace(request(text), preface=passage)


def begun(world, story, *, failures=()):
    """When the calls of a story began."""
    provider = Provider(world.clock, list(failures))
    world.run(story(Opening(provider, "anthropic", Prefixes(world.clock))))
    return provider.begun


def test_the_first_call_about_a_passage_goes_alone_and_the_others_follow_at_once(world):
    async def story(model):
        await asyncio.gather(*(model(about(PASSAGE, i)) for i in range(4)))

    assert begun(world, story) == [(0, "0"), (1, "1"), (1, "2"), (1, "3")]


def test_passages_do_not_wait_for_each_other(world):
    async def story(model):
        await asyncio.gather(model(about(PASSAGE)), model(about(OTHER)))

    assert [at for at, _ in begun(world, story)] == [0, 0]


@pytest.mark.parametrize("preface", ["", "a" * (LEAST - 1)])
def test_nobody_waits_for_what_is_too_short_to_be_cached(world, preface):
    async def story(model):
        await asyncio.gather(*(model(about(preface)) for _ in range(3)))

    assert [at for at, _ in begun(world, story)] == [0, 0, 0]


def test_an_opening_that_fails_is_tried_by_the_next_one(world):
    async def story(model):
        results = await asyncio.gather(*(model(about(PASSAGE, i)) for i in range(4)), return_exceptions=True)
        assert [type(result) for result in results] == [ModelFailed, Reply, Reply, Reply]

    assert begun(world, story, failures=[ModelFailed("no")]) == [(0, "0"), (1, "1"), (2, "2"), (2, "3")]


def test_an_opening_that_is_cancelled_keeps_nobody_waiting(world):
    async def story(model):
        first, second = (asyncio.create_task(model(about(PASSAGE, i))) for i in range(2))
        await asyncio.sleep(0.5)
        first.cancel()
        await second

    assert begun(world, story) == [(0, "0"), (0.5, "1")]


@pytest.mark.parametrize("pause, together", [(FRESH - 1, True), (FRESH, False)])
def test_a_prefix_that_was_not_used_for_long_is_opened_anew(world, pause, together):
    async def story(model):
        await model(about(PASSAGE))
        await asyncio.sleep(pause)
        await asyncio.gather(model(about(PASSAGE)), model(about(PASSAGE)))

    _, one, other = [at for at, _ in begun(world, story)]
    assert (one == other) is together


def test_every_use_keeps_a_prefix(world):
    async def story(model):
        for _ in range(3):
            await model(about(PASSAGE))
            await asyncio.sleep(FRESH - 1)
        await asyncio.gather(model(about(PASSAGE)), model(about(PASSAGE)))

    assert len({at for at, _ in begun(world, story)}) == 4


def test_settings_of_one_model_share_its_cache_and_another_model_has_its_own(world):
    prefixes = Prefixes(world.clock)
    low, high, other = (Provider(world.clock) for _ in range(3))
    high.spec, other.spec = "anthropic/m?effort=high", "anthropic/n"

    async def story():
        models = [Opening(one, "anthropic", prefixes) for one in (low, high, other)]
        await asyncio.gather(*(model(about(PASSAGE)) for model in models))

    world.run(story())
    assert [one.begun[0][0] for one in (low, high, other)] == [0, 1, 0]


@pytest.mark.parametrize("caches, kind", [(True, Opening), (False, Retried)])
def test_only_what_a_provider_keeps_is_opened(caches, kind):
    model = SimpleNamespace(spec="anthropic/m", simulated=False, account="anthropic", caches=caches)
    made = wrapped({"anthropic/m": model}, Ledger(read=lambda _: None), Slots(1), Pacing(), Health())
    assert isinstance(made["anthropic/m"], Remembered)
    assert type(made["anthropic/m"].model) is kind
