"""A worker: it reads the passage and follows chains, and loses its way in long ones.

A piece of n links read at one go comes out right with chance q^(n(n-1)/2): every pair of steps held in mind together is
one more chance to slip. Where it slips it names an entity of the right kind at random. It reads each single link as
its exhibits say.

It learns from `<lessons>`. Each lesson shows a question and the steps of its answer; where the steps lead without a gap
from the start of the question to the answer, it sees into how many pieces a chain of that length was cut. It then cuts
its own chain into as many pieces as the finest lesson did, and into pieces no longer than that lesson's longest. What
it learns is how to split, from worked answers alone: nothing in a lesson says which answers were right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import NamedTuple

from arena.datasets.casefiles import grammar
from arena.datasets.casefiles.grammar import Chain
from arena.models.sim import chance
from arena.models.sim.heard import Scene, first_named
from arena.models.sim.links import PAIR, Web, web
from arena.models.sim.settings import WorkerSettings
from arena.models.sim.verdicts import LEAN, Ruling
from arena.models.sim.weighing import from_passage

_TEXT = "((?:[^<]|<(?!/?(?:lesson|question|answer)>))*)"
_LESSON = re.compile(rf"<lesson>\s*<question>{_TEXT}</question>\s*<answer>{_TEXT}</answer>\s*</lesson>")
STEP = re.compile(r"(the \w+ [A-Z]\w*) leads to (the \w+ [A-Z]\w*)")
_FINAL = re.compile(r"^Answer: (.+)$", re.MULTILINE)


class Cut(NamedTuple):
    """How a lesson cut its chain: into how many pieces, and the links of the longest."""

    pieces: int
    longest: int


def answer(scene: Scene, settings: WorkerSettings) -> str:
    """Answer from the passage: steps, one a line, then the answer."""
    return f"<answer>\n{_answer(scene, settings)}\n</answer>"


def _answer(scene: Scene, settings: WorkerSettings) -> str:
    passage = scene.block("passage") or ""
    chain = grammar.parse(scene.question())
    if chain is None:
        return _from_exhibits(scene, passage)
    known = web(passage, chain.nouns)
    starts = known.entities[0] if chain.start is None else (chain.start,)
    if not starts or not all(known.entities):
        return "The passage does not say.\nAnswer: unknown"
    reading = Reading(scene, settings, known, pieces(chain.links, learned(scene.block("lessons") or "")))
    ends = {start: reading.follow(start) for start in starts}
    return told(reading.steps, chain, ends)


def told(steps: Sequence[tuple[str, str]], chain: Chain, ends: dict[str, str]) -> str:
    """Steps and answer in the form that a composer, a reader of lessons and a judge of the answer all read."""
    lines = [f"{low} leads to {high}." for low, high in dict.fromkeys(steps)]
    if chain.start is None:
        final = "; ".join(f"{low}: {high}" for low, high in ends.items())
    else:
        final = ends.get(chain.start, "unknown")
    return "\n".join([*lines, f"Answer: {final or 'unknown'}"])


class Reading:
    """One call's way through the passage. Chance is fixed by the request, the piece and where the piece starts."""

    def __init__(self, scene: Scene, settings: WorkerSettings, known: Web, cuts: Sequence[tuple[int, int]]) -> None:
        self._key = scene.key
        self._settings, self._web, self._cuts = settings, known, cuts
        self._weights = known.weights()
        self.steps: list[tuple[str, str]] = []

    def follow(self, start: str) -> str:
        """Where the chain leads from `start`, noting each piece as a step."""
        at = start
        for low, high in self._cuts:
            end = self._piece(at, low, high)
            self.steps.append((at, end))
            at = end
        return at

    def _piece(self, start: str, low: int, high: int) -> str:
        n = high - low
        below, above = self._web.entities[low], self._web.entities[high]
        right = self._settings.q ** (n * (n - 1) / 2)
        readable = start in below and all(len(self._web.entities[i]) == PAIR for i in range(low, high + 1))
        if readable and chance.uniform(self._settings.seed, self._key, "piece", low, start) < right:
            crossings = sum(weight < 0 for weight in self._weights[low:high])
            return above[(below.index(start) + crossings) % PAIR]
        return chance.pick(above, self._settings.seed, self._key, "guess", low, start)


def pieces(links: int, cut: Cut | None) -> list[tuple[int, int]]:
    """Cut a chain of `links` links as the finest lesson did: (from, to) of each piece, as even as can be."""
    count = 1 if cut is None else min(links, max(cut.pieces, -(-links // cut.longest)))
    return even(links, count)


def even(links: int, count: int) -> list[tuple[int, int]]:
    """Split `links` links into `count` runs of nearly equal length."""
    edges = [round(i * links / count) for i in range(count + 1)]
    return list(pairwise(edges))


@lru_cache(maxsize=64)
def learned(lessons: str) -> Cut | None:
    """The finest cut that the lessons show; `None` where none of them shows steps that hang together."""
    cuts = [cut for asked, answered in _LESSON.findall(lessons) if (cut := shown_by(asked, answered)) is not None]
    return max(cuts, key=lambda cut: (cut.pieces, -cut.longest), default=None)


def shown_by(asked: str, answered: str) -> Cut | None:
    """How one lesson cut its chain, if its steps lead from the start of its question up to its answer."""
    chain, final = grammar.parse(asked), _FINAL.search(answered)
    if chain is None or chain.start is None or final is None:
        return None
    at, place, lengths = chain.start, 0, []
    for _, high in _steps_from(chain.start, dict(STEP.findall(answered))):
        noun = high.split()[1]
        if noun not in chain.nouns or (reached := chain.nouns.index(noun)) <= place:
            return None
        lengths.append(reached - place)
        at, place = high, reached
    whole = place == chain.links and final[1].strip() == at
    return Cut(len(lengths), max(lengths)) if whole and lengths else None


def _steps_from(start: str, steps: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The steps that hang together, beginning at `start`."""
    at = start
    for _ in range(len(steps)):
        if at not in steps:
            return
        yield at, steps[at]
        at = steps[at]


def _from_exhibits(scene: Scene, passage: str) -> str:
    """The answer to a question about one matter: the option that the exhibits favour."""
    asked = scene.question()
    options = scene.options or named(asked)
    scores = from_passage(passage, asked, options)
    if not scores or max(scores) == min(scores):
        return "The passage does not say.\nAnswer: unknown"
    return f"The exhibits weigh in favour of one answer.\nAnswer: {options[scores.index(max(scores))]}"


ANSWERS = "The possible answers: "


def with_answers(asked: str, options: Sequence[str]) -> str:
    """A question that says its own possible answers, for somebody who will see nothing else."""
    return f"{asked} {ANSWERS}{'; '.join(options)}." if options and ANSWERS not in asked else asked


def named(asked: str) -> tuple[str, ...]:
    """The possible answers that a question says itself; none where it says none."""
    _, _, answers = asked.partition(ANSWERS)
    return tuple(answers.removesuffix(".").split("; ")) if answers else ()


def decide(scene: Scene, settings: WorkerSettings) -> Ruling:
    """A verdict from the answer that it gave or heard last; from the passage where there was none."""
    found = heard(scene)
    if found is None and scene.block("passage") is not None:
        found = first_named(_last(_answer(scene, settings)), scene.options)
    return settle(scene, found, settings.confidence, settings.seed)


def settle(scene: Scene, found: int | None, confidence: float, seed: int) -> Ruling:
    """State `confidence` in the option found; where none was, lean by chance and believe next to nothing."""
    count = len(scene.options)
    if found is None:
        scores = [LEAN * chance.gauss(seed, scene.key, i) for i in range(count)]
        return Ruling(scores, "No answer was found.")
    weight = log(confidence / (1 - confidence) * max(count - 1, 1))
    scores = [weight if i == found else 0.0 for i in range(count)]
    return Ruling(scores, f"The steps lead to {scene.options[found]}.")


def heard(scene: Scene) -> int | None:
    """The option that the latest answer ends with: its own latest first, then that of others."""
    texts = [*scene.own[::-1], *(block.text for block in reversed(scene.speeches))]
    finals = (final for text in texts if (final := _last(text)))
    return next((place for final in finals if (place := first_named(final, scene.options)) is not None), None)


def _last(text: str) -> str:
    found = _FINAL.findall(text)
    return found[-1] if found else ""
