"""The expert baseline: the judge with the passage (the ceiling of Khan et al. 2024 and Kenton et al. 2024)."""

from arena import Belief, Protocol, Question, Table


class Expert(Protocol):
    """The judge reads the passage itself."""

    seats = {"judge": "judge"}

    async def run(self, question: Question, table: Table) -> Belief:
        """Show the question, hand over the passage, and have the judge decide."""
        (judge,) = table.seats
        table.announce("question", question=question)
        table.hand("passage", passage=question.passage, to=(judge,))
        return await table.decide(judge)
