"""What is to be different: a twist, its values as they are typed, and the arm that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from arena import plugins
from arena.counterfactual import changes
from arena.errors import UsageError, unknown
from arena.events import AnyEvent
from arena.programs import person
from arena.prompts import Order, orders
from arena.question import Question

Orders = Literal["as-judged", "both", "forward", "reversed", "swap"]


class Twist(BaseModel):
    """What differs from the parent. The defaults change nothing.

    `orders`: the presentations that are judged. `as-judged` are those of the parent, `swap` the same ones reversed,
    `forward` the question's own order. `judge` and `prompts` stand for the model that decides, and a folder of words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: str | None = Field(None, min_length=1)
    orders: Orders = "as-judged"
    rounds: int | None = Field(None, ge=1)
    quotes: Literal["as-said", "masked", "unmarked", "only"] = "as-said"
    speeches: Literal["as-said", "attribution-shuffled"] = "as-said"
    side: Literal["told", "hidden"] = "told"
    prompts: Path | None = None
    seed: int = 0

    @property
    def changed(self) -> dict[str, str]:
        """Each factor that is not as it was, with its level, as it is typed."""
        told = self.model_dump(mode="json", exclude_defaults=True)
        if self.speeches == "as-said":
            told.pop("seed", None)
        return {_TYPED.get(name, name): str(value) for name, value in told.items()}

    @property
    def label(self) -> str:
        """What is behind the name of an arm: `rounds=1`, `judge=sim/judge?noise=1,orders=both`; `again` for nothing.

        A person, who is asked in one order only, is called by their name: `ada`.
        """
        if person(self.judge or "") and self.changed.keys() == {"judge.model", "order"} and self.orders == "forward":
            return str(self.judge).partition("/")[2]
        told = {name.partition(".")[0]: value for name, value in self.changed.items()}
        return ",".join(f"{name}={value}" for name, value in told.items()) or "again"

    def told(self, events: Sequence[AnyEvent], episode: str) -> list[AnyEvent]:
        """The events before a decision as this twist has the judge know them; `episode` is its parent's name."""
        found = list(events)
        if self.rounds is not None:
            found = changes.first_rounds(found, self.rounds)
        if self.speeches != "as-said":
            found = changes.attribution_shuffled(found, f"{self.seed}/{episode}")
        if self.quotes != "as-said":
            found = _QUOTES[self.quotes](found)
        return changes.sides_hidden(found) if self.side == "hidden" else found

    def presented(self, question: Question, judged: Sequence[tuple[int, ...]]) -> tuple[Order, ...]:
        """The presentations that are judged, of a question that the parent judged in the orders `judged`."""
        forward, backward = orders(question)
        as_judged = tuple(Order(question.options, places) for places in judged) or (forward, backward)
        return {
            "as-judged": as_judged,
            "both": (forward, backward),
            "forward": (forward,),
            "reversed": (backward,),
            "swap": tuple(Order(question.options, order.places[::-1]) for order in as_judged),
        }[self.orders]


_QUOTES = {
    "masked": changes.quotes_masked,
    "unmarked": changes.quotes_unmarked,
    "only": changes.quotes_only,
}


class Factor(NamedTuple):
    """A factor as it is typed: the field that it sets, and what it does."""

    field: str
    does: str


FACTORS: Mapping[str, Factor] = {
    "judge.model": Factor("judge", "the model that decides"),
    "order": Factor("orders", "swap, both, forward or reversed: the order of the options that is judged"),
    "rounds": Factor("rounds", "the transcript as it stood after so many rounds"),
    "quotes": Factor("quotes", "masked (arguments without evidence), only (evidence alone) or unmarked (no marks)"),
    "speeches": Factor("speeches", "attribution-shuffled: who said what is drawn anew in every round"),
    "side": Factor("side", "hidden: nobody is told who argues for what"),
    "prompts": Factor("prompts", "a folder of prompts in place of those that were used"),
}
_TYPED = {factor.field: name for name, factor in FACTORS.items()}


def parsed(words: Sequence[str], seed: int = 0) -> Twist:
    """The twist that `factor=level` words make together; raises `UsageError` for one that cannot be."""
    values: dict[str, object] = {}
    for name, level in _pairs(words):
        if name not in FACTORS:
            raise unknown("factor", name, FACTORS)
        values[FACTORS[name].field] = level
    return plugins.build(Twist, {**values, "seed": seed}, "a factor")


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    for word in words:
        name, equals, level = word.partition("=")
        if not (name and equals and level):
            known = ", ".join(FACTORS)
            raise UsageError(f"--factor {word!r} has not the form factor=level, as in rounds=1. Factors: {known}.")
        yield name, level
