"""Debate (Irving, Christiano & Amodei 2018) on questions with a hidden passage (Khan et al. 2024; Michael et al. 2023).

Follows Khan et al. (three rounds, two debaters who read the passage, a judge who does not, quotes checked), and differs
in that sides are dealt by chance rather than fixed, that both orders of the options are judged on the one transcript
for sequential and interactive debates too, and that the judge states a belief and not only a choice.
"""

from typing import Literal

from pydantic import Field

from arena import Belief, Protocol, Question, Table, speech


class Debate(Protocol):
    """Two debaters defend opposite answers before a judge who cannot read the passage."""

    rounds: int = Field(3, ge=1, le=20, description="how often each debater speaks")
    turns: Literal["simultaneous", "sequential"] = Field(
        "simultaneous", description="whether the second hears the first"
    )
    interactive: bool = Field(
        default=False, description="the judge asks each debater a question before rounds 2 and on"
    )
    words: int = Field(150, ge=10, le=5000, description="the words of a speech that are heard, at most")

    seats = {"alice": "debater", "bob": "debater", "judge": "judge"}
    most_options = 2

    async def run(self, question: Question, table: Table) -> Belief:
        """Deal the sides, let both speak each round, and have the judge decide."""
        alice, bob, judge = table.seats
        a, b = table.deal(question.options)
        table.announce("question", question=question, sides={alice: a, bob: b})
        table.hand("passage", passage=question.passage, to=(alice, bob))
        speak = table.together if self.turns == "simultaneous" else table.in_turn
        limited = speech(self.words)
        for n in range(1, self.rounds + 1):
            if self.interactive and n > 1:
                asked = speech(self.words, tag="question")
                await table.together(*(judge("ask", whom=whom, round=n).read_as(asked) for whom in (alice, bob)))
            await speak(
                alice("argue", side=a, against=b, round=n).read_as(limited),
                bob("argue", side=b, against=a, round=n).read_as(limited),
            )
        return await table.decide(judge)
