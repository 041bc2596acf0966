"""Presets of the generative model, solved from published accuracies.

The accuracies are met exactly. The sharpness k comes from how votes of several judges changed published accuracies; the
standard deviations, and the values that are called assumed, stay assumptions until a pilot is fitted.
"""

from __future__ import annotations

from collections.abc import Callable

from arena.analysis.generative import Judging, Targets, solved
from arena.errors import unknown

LLM, HUMAN = 2.0, 0.75
"""The sharpness of a language model and of a person as judge."""


def khan_llm() -> Judging:
    """Khan et al. 2024, GPT-4-Turbo as judge; the win rate of .91 is read off their figure 10."""
    return solved(Targets.from_wins(naive=0.48, debate=0.756, consultancy=0.54, wins=0.91, expert=0.925), LLM)


def khan_human() -> Judging:
    """Khan et al. 2024, human judges. Assumed: a win rate of .66, and E = 3, for no expert was run."""
    return solved(
        Targets.from_wins(naive=0.60, debate=0.88, consultancy=0.78, wins=0.66, expert=None), HUMAN, expert=3.0
    )


def michael_human() -> Judging:
    """Michael et al. 2023, human debaters and judges. Assumed: a naive accuracy of .55."""
    return solved(Targets(naive=0.55, debate=0.84, honest=0.88, dishonest=0.60, expert=0.925), HUMAN)


def michael_ai() -> Judging:
    """Michael et al. 2023, debaters of language models, human judges. Assumed: naive .55, and the human expert's .925.

    Its π is negative: judges were more often right with the dishonest consultant.
    """
    return solved(Targets(naive=0.55, debate=0.78, honest=0.74, dishonest=0.87, expert=0.925), HUMAN)


PRESETS: dict[str, Callable[[], Judging]] = {
    "khan_llm": khan_llm,
    "khan_human": khan_human,
    "michael_human": michael_human,
    "michael_ai": michael_ai,
}


def preset(name: str) -> Judging:
    """The preset of this name; raises `UsageError` for one that is not there."""
    if name not in PRESETS:
        raise unknown("preset", name, PRESETS)
    return PRESETS[name]()
