"""The naive baseline: the judge alone, without the passage (the floor of Khan et al. 2024 and Kenton et al. 2024)."""

from arena import Belief, Protocol, Question, Table


class Naive(Protocol):
    """The judge answers from the question alone."""

    seats = {"judge": "judge"}

    async def run(self, question: Question, table: Table) -> Belief:
        """Show the question and have the judge decide."""
        (judge,) = table.seats
        table.announce("question", question=question)
        return await table.decide(judge)
