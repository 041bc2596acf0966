"""Written briefs: two advocates hand in one brief each, and may reply to the other's once."""

from arena import Belief, Protocol, Question, Table, speech


class Briefs(Protocol):
    """Two advocates write for opposite answers; the judge reads all of it at the end."""

    replies: bool = True
    words: int = 100

    seats = {"north": "advocate", "south": "advocate", "judge": "judge"}

    async def run(self, question: Question, table: Table) -> Belief:
        north, south, judge = table.seats
        sides = dict(zip((north, south), table.deal(question.options), strict=False))
        table.announce("question", question=question, sides=sides)
        table.hand("passage", passage=question.passage, to=(north, south))
        limited = speech(self.words)
        await table.together(*(seat("write", side=side).read_as(limited) for seat, side in sides.items()))
        if self.replies:
            await table.together(*(seat("answer", side=side).read_as(limited) for seat, side in sides.items()))
        return await table.decide(judge)
