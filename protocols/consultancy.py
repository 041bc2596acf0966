"""Consultancy, the baseline of debate with a single advocate (Michael et al. 2023; Khan et al. 2024).

Every question is played once for each side, as in Khan et al., and not with a coin as in Michael et al.; the judge is
told that the side was drawn blindly.
"""

from pydantic import Field

from arena import Belief, Protocol, Question, Table, speech


class Consultancy(Protocol):
    """One consultant argues for an answer that chance gave it, right or wrong."""

    rounds: int = Field(3, ge=1, le=20, description="how often the consultant speaks")
    interactive: bool = Field(default=False, description="the judge asks the consultant a question between speeches")
    words: int = Field(150, ge=10, le=5000, description="the words of a speech that are heard, at most")

    seats = {"consultant": "consultant", "judge": "judge"}

    def dealings(self, question: Question) -> int:
        """Each side of the question is argued once."""
        return len(question.options)

    async def run(self, question: Question, table: Table) -> Belief:
        """Deal the consultant a side, let it speak, and have the judge decide."""
        consultant, judge = table.seats
        side, *_ = table.deal(question.options)
        table.announce("question", question=question, sides={consultant: side})
        table.hand("passage", passage=question.passage, to=(consultant,))
        for n in range(1, self.rounds + 1):
            if self.interactive and n > 1:
                await table.ask(judge("ask").read_as(speech(self.words, tag="question")))
            await table.ask(consultant("argue", side=side, round=n).read_as(speech(self.words)))
        return await table.decide(judge)
