"""One protocol that is right, and others that are wrong in one thing each: what the conformance kit is for."""

import asyncio
import random
from typing import ClassVar

from pydantic import field_validator

from arena import Belief, Protocol, Question, Table
from arena.errors import ArenaError


class Right(Protocol):
    """Two witnesses who have read the passage speak at the same moment, then the judge decides."""

    seats = {"ann": "witness", "ben": "witness", "judge": "judge"}
    prompts: ClassVar[str] = "right"

    async def run(self, question: Question, table: Table) -> Belief:
        self.open(question, table)
        await self.speak(question, table)
        return await self.decide(question, table)

    def open(self, question: Question, table: Table) -> None:
        ann, ben, _ = table.seats
        table.announce("question", question=question)
        table.hand("passage", passage=question.passage, to=(ann, ben))

    async def speak(self, question: Question, table: Table) -> None:
        ann, ben, _ = table.seats
        a, b = table.deal(question.options)
        await table.together(ann("speak", side=a), ben("speak", side=b))

    async def decide(self, question: Question, table: Table) -> Belief:
        return await table.decide(table.seats[-1])


class AnnouncesThePassage(Right):
    def open(self, question: Question, table: Table) -> None:
        table.announce("question", question=question)
        table.announce("passage", passage=question.passage)


class TellsTheJudgeWhatWasHandedToOthers(Right):
    async def decide(self, question: Question, table: Table) -> Belief:
        table.announce("question", question=Question(id="again", text=str(question.passage), options=question.options))
        return await super().decide(question, table)


class PassesThePassageInATurn(Right):
    async def speak(self, question: Question, table: Table) -> None:
        await table.ask(table.seats[-1]("speak", side=question.passage))
        await super().speak(question, table)


class PassesOnThinking(Right):
    prompts: ClassVar[str] = "notes"

    async def speak(self, question: Question, table: Table) -> None:
        ann, *_ = table.seats
        note = await table.ask(ann("speak", side="?").read_as(lambda reply: reply.text).heard_by())
        table.announce("note", note=note)
        await super().speak(question, table)


class DrawsItsOwnRandomness(Right):
    async def speak(self, question: Question, table: Table) -> None:
        ann, ben, _ = table.seats
        a, b = random.sample(question.options, 2)
        await table.together(ann("speak", side=a), ben("speak", side=b))


class Gathers(Right):
    async def speak(self, question: Question, table: Table) -> None:
        ann, ben, _ = table.seats
        a, b = table.deal(question.options)
        await asyncio.gather(table.ask(ann("speak", side=a)), table.ask(ben("speak", side=b)))


class NamesTheFormItself(Right):
    """Its decide.md says the tags in words of its own, beside the slot."""

    prompts: ClassVar[str] = "tags"


class FillsASlotThatIsNotThere(Right):
    async def decide(self, question: Question, table: Table) -> Belief:
        return await table.decide(table.seats[-1], mood="solemn")


class LeavesASlotEmpty(Right):
    async def speak(self, question: Question, table: Table) -> None:
        await table.in_turn(*(seat("speak") for seat in table.seats[:2]))


class UsesACueWithoutAFile(Right):
    async def decide(self, question: Question, table: Table) -> Belief:
        return await table.decide(table.seats[-1], "conclude")


class HasAPromptThatNothingUses(Right):
    prompts: ClassVar[str] = "spare"


class ReturnsANumber(Right):
    async def decide(self, question: Question, table: Table) -> Belief:
        await super().decide(question, table)
        return 0.75  # type: ignore[return-value]


class BelievesInOneOptionOnly(Right):
    async def decide(self, question: Question, table: Table) -> Belief:
        belief = await super().decide(question, table)
        return Belief.of(belief.probabilities[:1])


class LeansOnTheFirstOption(Right):
    async def decide(self, question: Question, table: Table) -> Belief:
        belief = await super().decide(question, table)
        return Belief.mean([belief, Belief((1.0, 0.0), 0)])


class SwallowsEverything(Right):
    async def run(self, question: Question, table: Table) -> Belief:
        try:
            return await super().run(question, table)
        except ArenaError:
            return Belief.of((0.5, 0.5))


class ChangesItsSettings(Right):
    rounds: int = 1

    @field_validator("rounds")
    @classmethod
    def _one_more(cls, rounds: int) -> int:
        return rounds + 1


class AsksAnewAfterACrash(Right):
    crashes: ClassVar[list[str]] = []

    async def speak(self, question: Question, table: Table) -> None:
        for crash in self.crashes:
            await table.ask(table.seats[0]("speak", side=crash))
        try:
            await super().speak(question, table)
        except ArenaError as crash:
            self.crashes.append(str(crash))
            raise


class RemembersEarlierEpisodes(Right):
    seen: ClassVar[list[str]] = []

    async def speak(self, question: Question, table: Table) -> None:
        self.seen.append(question.id)
        await table.ask(table.seats[0]("speak", side=f"episode {len(self.seen)}"))
        await super().speak(question, table)
