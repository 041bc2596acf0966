"""An episode while it is played: what all of its tables share, and how they log the calls that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from arena.beliefs import Belief
from arena.calls import Place, logged
from arena.errors import UsageError, unknown
from arena.events import AnyEvent, Ended, Verdict
from arena.forms import Forms
from arena.models.base import SAMPLING, Hear, Model, Reply, Request
from arena.prompts import Order, Prompts, orders
from arena.question import Question
from arena.turns import Lesson


@dataclass
class Episode:
    """What all the tables of one episode share. `record` is told every event, in order, as it happens.

    `verdicts` holds each belief that a `decide` returned, with the verdicts that it is the mean of.

    `turn` is which of the enumerated orders the first deal gives; `repeat` makes the samples of a repeated episode
    different ones. `shadow` has the roles that are asked after each round what they believe. `clock` gives seconds.
    `hear` says who hears a reply while it is made, by the place, the attempt and the seat; nothing depends on it.
    `presented` gives the orders in which a decision is asked for. A protocol never sees any of this.
    """

    id: str
    question: Question
    seats: Mapping[str, str]
    models: Mapping[str, Model]
    prompts: Prompts
    record: Callable[[AnyEvent], None]
    clock: Callable[[], float]
    seed: int = 0
    turn: int = 0
    repeat: int = 0
    retries: int = 2
    max_tokens: int = 2048
    sampling: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    lessons: tuple[Lesson, ...] = ()
    forms: Forms = field(default_factory=Forms)
    verdicts: list[tuple[Belief, tuple[Verdict, ...]]] = field(default_factory=list)
    lesson: str | None = None
    shadow: frozenset[str] = frozenset()
    hear: Callable[[str, int, str], Hear | None] | None = None
    presented: Callable[[Question], Sequence[Order]] = field(default_factory=lambda: orders)

    def __post_init__(self) -> None:
        """Refuse a sampling that would be dropped in silence: of no seat, of no known name, of no real model."""
        for seat, asked in self.sampling.items():
            if seat not in self.seats:
                raise unknown("seat", seat, self.seats)
            for name in asked:
                if name not in SAMPLING:
                    raise unknown("sampling setting", name, SAMPLING)
            if asked and self.models[seat].simulated:
                raise UsageError(f"{self.models[seat].spec} takes no {min(asked)}: its settings stand in its spec")

    def now(self) -> float:
        """The time, as events have it."""
        return round(self.clock(), 3)

    def ended(self, belief: object) -> Ended:
        """How it ended, in the belief that its protocol returned; `TypeError` where that is none over its options.

        Of an episode that is told again as it was, the end is the one that it had.
        """
        if isinstance(belief, Ended):
            return belief.model_copy(update={"episode": self.id, "t": self.now()})
        places = tuple(range(len(self.question.options)))
        if not isinstance(belief, Belief) or len(belief.probabilities) != len(places):
            raise TypeError(f"the protocol returned {belief!r}, and not a Belief over the question's options")
        alone = (Verdict(order=places, belief=belief.probabilities, choice=belief.choice),)
        return Ended(
            episode=self.id,
            t=self.now(),
            belief=belief.probabilities,
            choice=belief.choice,
            verdicts=next((verdicts for given, verdicts in self.verdicts if given is belief), alone),
            lesson=self.lesson,
        )

    async def ask(self, place: Place, request: Request) -> Reply:
        """The reply of a seat's model, logged."""
        return await logged(self.models[place.seat], request, place, self.clock, self.record)
