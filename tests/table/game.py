"""An episode at a table with scripted models: what the tests of the table share."""

import asyncio
import random
from dataclasses import dataclass, field

from arena.episode import Episode
from arena.events import Said
from arena.models.base import Reply
from arena.prompts import Prompts
from arena.question import Question
from arena.table import Table
from tests.sent import sent

PASSAGE = "The lamp was lit at nine, said the keeper, and put out at dawn."
QUESTION = Question(id="q", text="Who lit the lamp?", options=("the cook", "the keeper"), passage=PASSAGE)
SEATS = {"alice": "debater", "bob": "debater", "judge": "judge"}
TEMPLATES = {
    "debater": "You are $name.",
    "judge": "You judge.",
    "question": "$question\n$options",
    "passage": "$passage",
    "note": "Note: $text",
    "argue": "Speak.",
    "answer": "Answer $part",
    "decide": "Decide. $verdict",
}
VERDICT = "<belief>\nA: {}\nB: {}\n</belief>\n<choice>{}</choice>"


@dataclass
class Scripted:
    """A model that answers by a function of the request, or with texts, replies and errors one after another.

    `lateness` says how often it lets others run before it answers; without it, it never suspends, as a cache would not.
    """

    script: object = "I say so."
    lateness: random.Random | None = None
    asked: list = field(default_factory=list)
    spec = "sim/scripted"
    simulated = True

    async def __call__(self, request):
        self.asked.append(request)
        for _ in range(self.lateness.randrange(6) if self.lateness else 0):
            await asyncio.sleep(0)
        answer = self.script
        if isinstance(answer, list):
            answer = answer.pop(0)
        elif callable(answer):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Reply) else Reply(answer)

    @property
    def read(self):
        """All that it was ever sent."""
        return "\n".join(map(sent, self.asked))

    @property
    def last(self):
        return self.asked[-1].messages[-1].text


class Late:
    """Lets everybody else run for a long while before it answers."""

    def randrange(self, _):
        return 50


@dataclass
class Game:
    """One episode at a table: what was returned or raised, what was logged, and what each seat was asked."""

    events: list = field(default_factory=list)
    value: object = None
    failure: Exception | None = None
    episode: Episode | None = None

    def only(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    def texts(self):
        return [event.text for event in self.only(Said)]


def play(rules, *, question=QUESTION, seats=SEATS, templates=TEMPLATES, models=None, **settings):
    """Play `rules(table)`; seats without a model of their own get a scripted one."""
    game = Game()
    game.models = {seat: (models or {}).get(seat) or Scripted() for seat in seats}
    game.episode = Episode(
        id="e",
        question=question,
        seats=seats,
        models=game.models,
        prompts=Prompts(templates, {}, "game"),
        record=game.events.append,
        clock=lambda: 0.0,
        **settings,
    )
    try:
        game.value = asyncio.run(rules(Table(game.episode)))
    except Exception as why:  # noqa: BLE001 - what a game raised is what most of these tests are about
        game.failure = why
    return game


def done(game):
    """The game, which is demanded to have ended well."""
    if game.failure:
        raise game.failure
    return game


def by_content(request):
    """A thought and a speech that no other request gets."""
    return f"<thinking>thought {request.content}</thinking><argument>speech {request.content}</argument>"


def fixed(count):
    """A deal that nobody looks at."""

    async def rules(table):
        return table.deal(range(count))

    return rules


def both_speak(table):
    alice, bob, _ = table.seats
    return table.together(alice("argue"), bob("argue"))


async def say_at(table, item):
    return await table.ask(table.seats[0]("answer", part=item))


def speakers(lateness=None):
    return {seat: Scripted(by_content, lateness) for seat in SEATS}
