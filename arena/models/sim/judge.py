"""A judge: it weighs each distinct exhibit that was quoted by the reliability that its words show.

A quotation counts in full where the verifier found it (exact, normalised), by half where it is near, by `credulity`
where it is absent. A quoted retraction empties its exhibit, a quoted correction turns it round.

An advocate shows its best, so what it does not show says something too. Suppose that each advocate chooses from about
`expects` exhibits spread evenly over the levels of reliability, and that the number at level r that speak for its side
is Poisson, with mean m r where the side is right and m (1 - r) where it is wrong. Having shown k exhibits, the weakest
of level w, it has no more above w (and none at all where it has fallen silent). The log-likelihood ratio of that is

    sum of log r/(1-r) over what was shown   -   sum of m (2r - 1) over the levels from w upwards

The judge subtracts the second term, the price of silence, in the measure in which it is not credulous. With two
advocates the prices nearly cancel; with one they turn a good-looking case into a middling one. (Unravelling: Milgrom
1981, "Good news and bad news".)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log2, sqrt
from typing import NamedTuple

from arena.datasets.casefiles.words import LEVELS, log_odds
from arena.models.sim import chance
from arena.models.sim.heard import Scene, first_named
from arena.models.sim.reading import Exhibit, exhibits, points, sentence
from arena.models.sim.settings import JudgeSettings
from arena.models.sim.verdicts import LEAN, Ruling
from arena.models.sim.weighing import from_passage, standing

_QUOTE = re.compile(r'<quote status="(exact|normalised|near|absent)">((?:[^<]|<(?!/?quote))*)</quote>')
_PLAIN = 0.6
LONG_QUOTE = 1_000
NEAR = 0.5
EXHAUSTED = min(LEVELS)


class Shown(NamedTuple):
    """A quotation as the judge takes it: who showed it, what it says, and how much of it counts (0 to 1)."""

    by: str
    exhibit: Exhibit
    worth: float


def decide(scene: Scene, settings: JudgeSettings) -> Ruling:
    """Weigh what was said, or what stands in the passage."""
    shown = quoted(scene, settings)
    return Ruling(weigh(scene, settings, shown), _reasons(scene, shown))


def _reasons(scene: Scene, shown: Mapping[object, Shown]) -> str:
    """What was quoted for which answer, in a line."""
    lists: dict[str, list[str]] = {}
    for one in shown.values():
        place = _place(scene, one)
        if place is not None and one.exhibit.number is not None and not one.exhibit.notice:
            lists.setdefault(scene.letters[place], []).append(str(one.exhibit.number))
    if lists:
        found = "; ".join(f"for {letter}: Exhibit {', '.join(numbers)}" for letter, numbers in sorted(lists.items()))
        return f"What was quoted, as it reads, {found}."
    return "I have read the passage." if scene.block("passage") is not None else "No exhibit was shown to me."


def weigh(scene: Scene, settings: JudgeSettings, shown: Mapping[object, Shown]) -> list[float]:
    """One log-odds score for each option as shown, its error included: that of a difference has deviation `noise`."""
    scores = [0.0] * len(scene.options)
    passage = scene.block("passage")
    if passage is not None:
        _add(scores, from_passage(passage, scene.question(), scene.options, settings.skill, settings.seed))
    if scene.speeches:
        _add(scores, from_speeches(scene, settings, shown))
        _add(scores, _manner(scene, settings))
    if scores:
        scores[0] += settings.position
    scale = (settings.noise if len(set(scores)) > 1 else LEAN) / sqrt(2)
    return [score + scale * chance.gauss(settings.seed, scene.key, i) for i, score in enumerate(scores)]


def _add(scores: list[float], more: Sequence[float]) -> None:
    for i, amount in enumerate(more):
        scores[i] += amount


def from_speeches(scene: Scene, settings: JudgeSettings, quotations: Mapping[object, Shown]) -> list[float]:
    """What the quotations are worth, less the price of silence, and what mere assertion adds to the credulous."""
    passage = scene.block("passage")
    known = {e.number for e in exhibits(passage)} if passage else set()
    shown = {name: one for name, one in quotations.items() if name not in known}
    changed = {s.exhibit.target: (s.exhibit.notice, s.worth) for s in shown.values() if s.exhibit.notice}
    scores = [0.0] * len(scene.options)
    weakest: dict[str, list[float]] = {}
    for one in shown.values():
        place = _place(scene, one)
        if one.exhibit.notice or place is None:
            continue
        notice, worth = changed.get(one.exhibit.number, (None, 0.0))
        left = standing(notice, worth)
        scores[place] += log_odds(one.exhibit.level or _PLAIN) * one.worth * left
        speaks_for = place if left >= 0 else 1 - place
        if one.exhibit.level is not None and one.worth >= NEAR and scene.sides.get(one.by) == scene.options[speaks_for]:
            weakest.setdefault(one.by, []).append(one.exhibit.level)
    spoken = [b.by for b in scene.speeches]
    for name, side in scene.sides.items():
        if side in scene.options and name in spoken:
            place = scene.options.index(side)
            scores[place] += settings.credulity
            if weakest and passage is None:
                scores[place] -= (1 - settings.credulity) * silence(weakest.get(name, []), spoken.count(name), settings)
    return scores


def silence(shown: Sequence[float], speeches: int, settings: JudgeSettings) -> float:
    """The price of what an advocate did not show: over all levels that it would have shown had it had them."""
    floor = min(shown) if shown and len(shown) >= speeches else EXHAUSTED
    mean = settings.expects / len(LEVELS)
    return mean * sum(2 * level - 1 for level in LEVELS if level >= floor)


def quoted(scene: Scene, settings: JudgeSettings) -> dict[object, Shown]:
    """Each distinct exhibit once, in its most trustworthy quotation, by number or else by its words."""
    worth = {"exact": 1.0, "normalised": 1.0, "near": NEAR, "absent": settings.credulity}
    out: dict[object, Shown] = {}
    for block in scene.speeches:
        for status, words in _QUOTE.findall(block.text):
            exhibit = sentence(" ".join(words[:LONG_QUOTE].split()))
            one = Shown(block.by, exhibit, worth[status])
            name: object = exhibit.number or exhibit.text.lower()
            if name not in out or out[name].worth < one.worth:
                out[name] = one
    return out


def _place(scene: Scene, one: Shown) -> int | None:
    """The option that a quotation speaks for: the one that it names, else that of whoever showed it."""
    place = points(one.exhibit, scene.options)
    if place is not None and one.exhibit.level is not None:
        return place
    side = scene.sides.get(one.by)
    return scene.options.index(side) if side in scene.options else place


def _manner(scene: Scene, settings: JudgeSettings) -> list[float]:
    """What the judge gives for sheer length, per doubling of a side's words."""
    scores = [0.0] * len(scene.options)
    if settings.verbosity:
        for i, option in enumerate(scene.options):
            words = sum(b.text.count(" ") + 1 for b in scene.speeches if scene.sides.get(b.by) == option)
            scores[i] = settings.verbosity * log2(1 + words)
    return scores


def wonder(scene: Scene, settings: JudgeSettings) -> str:
    """Ask about the exhibit that weighs most so far, or for evidence where there is none."""
    shown = [s for s in quoted(scene, settings).values() if s.exhibit.level is not None]
    asking = next((p for p in reversed(scene.cue.outside.split("\n\n")) if "<question>" in p), "")
    whom = first_named(asking, tuple(scene.sides))
    if whom is not None:
        name = tuple(scene.sides)[whom]
        shown = [s for s in shown if s.by == name] or shown
    if not shown:
        return "<question>Which exhibit speaks most strongly for your answer, word for word?</question>"
    best = max(shown, key=lambda s: s.exhibit.level or 0)
    label = f"Exhibit {best.exhibit.number}" if best.exhibit.number else "what you quoted"
    return f"<question>Is {label} withdrawn or corrected anywhere in the file?</question>"
