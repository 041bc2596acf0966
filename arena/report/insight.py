"""What more can be said of an arm and of a data set than the minimum report does: plain frozen data.

Each part has a `status` of its own; a part without data says so there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arena.analysis.bootstrap import Bootstrap
from arena.analysis.frontier import Point, Shares
from arena.analysis.logscore import Gain
from arena.analysis.pgr import Recovered
from arena.analysis.scoredifference import ScoreDifference
from arena.analysis.simultaneous import Simultaneous
from arena.analysis.skill import Slope
from arena.analysis.spending import Spending
from arena.analysis.sycophancy import Matching
from arena.analysis.winrates import SoftRate, WinRate

if TYPE_CHECKING:
    from arena.analysis.biases import Biases
    from arena.analysis.calibration import Calibration
    from arena.analysis.ratings import Ratings

MORE_THAN_TWO = "more_than_two_options"


@dataclass(frozen=True)
class Forecaster:
    """The judge as a forecaster, by beliefs stated in one form.

    `score_differences` are by rule. `bits` is what each round told the judge beyond the naive judge's belief,
    `judge_score` log₂ p less .05 for each round after the first. `matching` is of data sets whose key is about a
    behaviour: how much the answers match it, both ways.
    """

    calibration: Calibration
    soft: SoftRate
    score_differences: Mapping[str, ScoreDifference]
    bits: Gain
    judge_score: Gain
    matching: Matching | None = None


@dataclass(frozen=True)
class Insight:
    """One arm on one dataset.

    `beliefs` are those that were put in words, `tokens` those read off token probabilities. `biases` holds one model a
    term (`place`, `length`, `last`, `family`) and the `joint` one of all that vary. `wins` is of a single advocate,
    `None` where there is none. `gain` is accuracy over the naive judge per extra US dollar. `bootstrap` is of the
    accuracy, `gap_bootstrap` of the gap recovered (`None` without baselines): second opinions.
    """

    arm: str
    dataset: str
    beliefs: Forecaster
    tokens: Forecaster
    biases: Mapping[str, Biases]
    wins: WinRate | None
    spending: Spending
    gain: Recovered
    bootstrap: Bootstrap
    gap_bootstrap: Bootstrap | None


@dataclass(frozen=True)
class Skill:
    """Accuracy against the skill of advocates, over the arms of one protocol with one judge.

    `skill` of a debate is the rating of the model that sits on both sides, from matches of the same judge; that of a
    consultancy is 100 times the consultant's win rate. `same_questions` says that both axes come from the same
    questions, so that noise in these may fake a slope.
    """

    protocol: str
    judge: str
    measure: str
    arms: tuple[str, ...]
    skill: tuple[float, ...]
    accuracy: tuple[float, ...]
    slope: Slope
    same_questions: bool = True


@dataclass(frozen=True)
class Overview:
    """One dataset. `ratings` and `skills` are by judge; `frontier` is empty unless `cost_status` is `ok`."""

    dataset: str
    ratings: Mapping[str, Ratings]
    skills: tuple[Skill, ...]
    frontier: tuple[Point, ...]
    shares: Shares
    cost_status: str
    simultaneous: Simultaneous
