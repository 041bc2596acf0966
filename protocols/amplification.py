"""Iterated amplification (Christiano, Shlegeris & Amodei 2018, arXiv 1810.08575).

X(0) is the model alone. X(k) is the overseer with X(k-1) at hand: it splits the question, has every part answered at a
blank table, and puts the answers together. Without distillation X(k-1) is played out in full, so the tree is k deep.
With it, X(k-1) is a distilled copy: the model with the answers that X(k-1) gave to training questions before it, and
the tree is one deep. The paper trains with gradients; here the lessons are demonstrations in context, and are exported
as records for fine-tuning. Parts are answered at once and not in a dialogue, as in Ought's factored cognition.
"""

from typing import Self

from pydantic import Field

from arena import Belief, Protocol, Question, Table, parts, speech


class Amplification(Protocol):
    """An overseer who cannot read the passage answers by splitting the question for copies of a model that can."""

    iterations: int = Field(3, ge=0, le=8, description="X(0) to X(iterations) are played, each as an arm of its own")
    iteration: int | None = Field(None, ge=0, le=8, description="play X(k) only, and what it learns from")
    width: int = Field(2, ge=2, le=8, description="the parts of a question, at most")
    calls: int = Field(60, ge=1, description="the calls that one answer may take; a part short of calls is not split")
    distil: bool = Field(default=False, description="each iteration learns from the answers of the one before")
    words: int = Field(300, ge=10, le=5000, description="the words of an answer that are passed on, at most")

    seats = {"overseer": "overseer", "worker": "worker"}
    dataset = "casefiles?hops=8"

    def stages(self) -> tuple[Self, ...]:
        """One protocol for each iteration."""
        last = self.iterations if self.iteration is None else self.iteration
        first = last if self.iteration is not None and not self.distil else 0
        return tuple(self.model_copy(update={"iteration": k}) for k in range(first, last + 1))

    @property
    def learns(self) -> bool:
        """With distillation, every iteration after the first learns from the one before it."""
        return self.distil and bool(self.iteration)

    def alone(self) -> Self:
        """X(0)."""
        return self.model_copy(update={"iteration": 0})

    async def run(self, question: Question, table: Table) -> Belief:
        """Answer by X(iteration), leave the answer as a lesson, and have the overseer choose an option."""
        overseer, _ = table.seats
        table.announce("question", question=question)
        k = self.iteration if self.iteration is not None else self.iterations
        answer = await self.x(min(k, 1) if self.distil else k, self.calls, question, table)
        table.teach(answer)
        return await table.decide(overseer)

    async def x(self, k: int, calls: int, question: Question, table: Table) -> str:
        """What X(k) answers, within this many calls, to what was asked at this table."""
        overseer, worker = table.seats
        answered = speech(self.words, tag="answer")
        if k == 0 or calls < 2 + self.width:
            table.hand("lessons", lessons=table.lessons, to=(worker,))
            table.hand("passage", passage=question.passage, to=(worker,))
            return await table.ask(worker("answer").read_as(answered))

        split = await table.ask(overseer("decompose", width=self.width).read_as(parts(self.width)).heard_by())
        share = (calls - 2) // len(split)

        async def part(side: Table, asked: str) -> str:
            side.announce("part", question=asked)
            return await self.x(k - 1, share, question, side)

        found = await table.each(split, part)
        table.hand("findings", findings=dict(zip(split, found, strict=True)), to=(overseer,))
        return await table.ask(overseer("compose").read_as(answered))
