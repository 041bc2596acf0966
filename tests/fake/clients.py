"""The vendors' own SDKs in front of the fake provider: they refuse an answer that is not of their types."""

import asyncio
from contextlib import asynccontextmanager
from typing import NamedTuple

import anthropic
import openai

from arena.fake.options import Options
from arena.fake.server import Fake

CLAUDE, GPT = "fake-claude-haiku-5-5", "fake-gpt-6-luna"
HELLO = [{"role": "user", "content": "Say hello."}]


class Clients(NamedTuple):
    """The server and a client of either vendor."""

    fake: Fake
    claude: anthropic.AsyncAnthropic
    gpt: openai.AsyncOpenAI

    @property
    def bill(self):
        return self.fake.desk.bill.told()


@asynccontextmanager
async def clients(options, **more):
    async with Fake(options, **more) as fake:
        strict = {"api_key": "none", "max_retries": 0, "_strict_response_validation": True}
        async with (
            anthropic.AsyncAnthropic(base_url=fake.root, **strict) as claude,
            openai.AsyncOpenAI(base_url=fake.url, **strict) as gpt,
        ):
            yield Clients(fake, claude, gpt)


def served(act, options=None, **more):
    """What comes of an act with the clients of a server."""

    async def acted():
        async with clients(options or Options(), **more) as each:
            return await act(each)

    return asyncio.run(acted())
