"""Verdicts drawn from the generative model, as a `Table` like any other.

Every arm and data set in it is called `sim/…`, so that no report can show it as a measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arena.analysis.generative import ARMS, SPOKEN, Judging
from arena.analysis.logistic import sigmoid
from arena.analysis.rows import Episodes, Flags, Floats, Ints, Rows, Table
from arena.errors import OUTCOMES, UsageError, unknown

MARK = "sim/"
"""What the name of every simulated arm and data set begins with."""

LENGTH_SD = 0.5
"""The standard deviation of log₂ of the ratio of lengths, where length matters."""

_OK, _REFUSED = OUTCOMES.index("ok"), OUTCOMES.index("refused")


@dataclass(frozen=True)
class Plan:
    """How much is drawn: passages, questions in each, debates a question, and one order drawn at random or both."""

    groups: int
    per_group: int = 5
    repeats: int = 1
    both_orders: bool = True

    def __post_init__(self) -> None:
        if self.groups < 0 or self.per_group < 1 or self.repeats < 1:
            raise UsageError(f"{self} cannot be drawn: it needs 0 or more passages, 1 or more questions and repeats")

    @property
    def questions(self) -> int:
        """The number of questions."""
        return self.groups * self.per_group


@dataclass(frozen=True, eq=False)
class Draw:
    """A simulated table, and for each of its rows the terms that a table does not carry, shape (rows,) each.

    `length` is log₂ of honest over dishonest words, `last` is +½ where the honest side spoke last; both are 0 where
    only one side or nobody spoke.
    """

    table: Table
    length: Floats
    last: Floats


@dataclass(frozen=True, eq=False)
class _Questions:
    unaided: Floats
    worth: Floats
    group: Ints


def simulate(
    model: Judging,
    plan: Plan,
    arms: Sequence[str] = ARMS,
    *,
    name: str = "model",
    skill: tuple[float, float] = (0.0, 0.0),
    judge: float = 0.0,
    seed: int = 0,
) -> Draw:
    """Draw the verdicts of `arms` on one set of questions; arms and data set are `sim/<arm>` and `sim/<name>`.

    `skill` is that of the honest and the dishonest debater, `judge` that of the judge, in log odds. Raises
    `UsageError` for an arm that the model does not know.
    """
    for arm in arms:
        if arm not in ARMS:
            raise unknown("arm of the generative model", arm, ARMS)
    generator = np.random.default_rng(seed)
    questions = _questions(model, plan, generator)
    parts = [
        _played(model, plan, questions, arm, (skill, judge), generator) | {"arm": number}
        for number, arm in enumerate(arms)
    ]
    return _table(parts, tuple(MARK + arm for arm in arms), MARK + name, questions.group)


def _questions(model: Judging, plan: Plan, generator: np.random.Generator) -> _Questions:
    w, u, g, _ = model.sigma
    group = np.repeat(np.arange(plan.groups), plan.per_group)
    passage = generator.normal(0, w, plan.groups)[group]
    unaided = passage + generator.normal(0, u, plan.questions)
    return _Questions(unaided, generator.normal(0, g, plan.questions), group)


def _played(
    model: Judging,
    plan: Plan,
    questions: _Questions,
    arm: str,
    powers: tuple[tuple[float, float], float],
    generator: np.random.Generator,
) -> dict[str, Floats | Ints | int]:
    """The columns of one arm; transcripts run over questions, then repeats, then sides, verdicts over their orders."""
    skill, judge = powers
    sides = (0, 1) if arm == "consultancy" else (-1,)
    question, repeat, side = (
        axis.ravel() for axis in np.meshgrid(np.arange(plan.questions), np.arange(plan.repeats), sides, indexing="ij")
    )
    n = len(question)
    centres = {code: model.centre(arm, honest=code != 1, skill=skill) for code in sides}
    eta = questions.unaided[question] + model.share_of_truth(arm) * questions.worth[question]
    eta = eta + np.array([centres[int(code)] for code in side]) + model.b * judge
    noise = generator.normal(0, model.sigma[3], n) if arm in SPOKEN else np.zeros(n)
    debated = 1.0 if arm == "debate" else 0.0
    length = generator.normal(0, LENGTH_SD, n) * debated
    last = np.asarray((generator.integers(0, 2, n) - 0.5) * debated, np.float64)
    slot = np.tile([0, 1], n) if plan.both_orders else generator.integers(0, 2, n)
    transcript = np.repeat(np.arange(n), 2 if plan.both_orders else 1)
    z = (model.k * (eta + noise) + model.length * length + model.delta * last)[transcript]
    z = z + model.gamma * (0.5 - slot)
    chance = model.guesses / 2 + (1 - model.guesses) * sigmoid(z)
    refused = generator.random(len(z)) < model.refusals
    right = (generator.random(len(z)) < chance).astype(np.float64)
    return {
        "question": question,
        "repeat": repeat,
        "side": side,
        "transcript": transcript,
        "slot": slot.astype(np.int64),
        "correct": np.where(refused, np.nan, right),
        "p_correct": np.where(refused, np.nan, sigmoid(model.zeta * z)),
        "length": length[transcript],
        "last": last[transcript],
    }


def _table(parts: Sequence[dict[str, Floats | Ints | int]], arms: tuple[str, ...], dataset: str, group: Ints) -> Draw:
    starts = np.cumsum([0, *(len(_of(part, "question")) for part in parts)])

    def by_transcript(key: str) -> Ints:
        return np.concatenate([_of(part, key) for part in parts] or [np.zeros(0)]).astype(np.int64)

    def by_row(key: str) -> Floats:
        return np.concatenate([_of(part, key) for part in parts] or [np.zeros(0)])

    arm = np.repeat(np.arange(len(parts)), np.diff(starts))
    episode = by_row("transcript").astype(np.int64)
    episode += np.repeat(starts[:-1], [len(_of(part, "transcript")) for part in parts])
    question, side, repeat = by_transcript("question"), by_transcript("side"), by_transcript("repeat")
    correct = by_row("correct")
    rows = Rows(
        arm=arm[episode],
        dataset=np.zeros(len(episode), np.int64),
        question=question[episode],
        group=group[question[episode]],
        episode=episode,
        dealing=np.maximum(side, 0)[episode],
        repeat=repeat[episode],
        slot=by_row("slot").astype(np.int64),
        side=side[episode],
        outcome=np.where(np.isnan(correct), _REFUSED, _OK),
        correct=correct,
        p_correct=by_row("p_correct"),
        chosen=np.where(np.isnan(correct), -1, by_row("slot").astype(np.int64) ^ (correct == 0)),
        tokens=np.zeros(len(episode), np.int64),
        outside=np.full(len(episode), np.nan),
    )
    table = Table(arms, (dataset,), rows, _episodes(arm, question, np.isnan(correct), episode))
    return Draw(table, by_row("length"), by_row("last"))


def _episodes(arm: Ints, question: Ints, missing: Flags, episode: Ints) -> Episodes:
    """Episodes that cost nothing known; one with a missing verdict is told by its rows."""
    n = len(arm)
    none = np.zeros(n, np.int64)
    failed = np.bincount(episode, missing, n) == np.maximum(1, np.bincount(episode, minlength=n))
    return Episodes(
        arm=arm,
        dataset=none,
        question=question,
        test=np.ones(n, bool),
        outcome=np.where(failed, _REFUSED, _OK),
        calls=none,
        input=none,
        output=none,
        cache_read=none,
        cache_write=none,
        cost=np.full(n, np.nan),
        reader=np.full(n, np.nan),
        options=np.full(n, 2),
        honest_words=none,
        dishonest_words=none,
        last=np.full(n, -1),
        rounds=none,
        honest_seat=np.full(n, -1),
        dishonest_seat=np.full(n, -1),
        transcript=none,
    )


def _of(part: dict[str, Floats | Ints | int], key: str) -> Floats:
    return np.asarray(part[key], np.float64)
