"""A simulated writer of questions: it takes a name or a number out of a sentence of the passage, and asks for it.

As a reader it looks for the sentence again. It knows no other kind of question, and nothing without the passage.
"""

from __future__ import annotations

import re

from arena.models.sim.chance import pick
from arena.models.sim.heard import Scene
from arena.models.sim.settings import WriterSettings
from arena.models.sim.verdicts import Ruling

GAP = "_____"
SURE = 4.0
"""The log-odds of an answer whose sentence it has found."""

_SENTENCE = re.compile(r"[^.!?\n]{20,300}[.!?]")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}|\b\d{1,6}\b")


def write(scene: Scene, settings: WriterSettings) -> str:
    """A question with a right and a wrong answer, or what it lacks for one."""
    passage = scene.block("passage") or ""
    sentences = [one.strip() for one in _SENTENCE.findall(passage) if _NAME.search(one)]
    name = settings.seed, scene.key
    for sentence in sorted(sentences, key=lambda one: pick(range(1 << 30), *name, one)):
        right = pick(_NAME.findall(sentence), *name, "right")
        others = sorted(
            {one for one in _NAME.findall(passage) if one not in sentence and one.isdigit() == right.isdigit()}
        )
        if others:
            asked = re.sub(rf"\b{right}\b", GAP, sentence, count=1)
            wrong = pick(others, *name, "wrong")
            return f"<question>What is missing? {asked}</question>\n<right>{right}</right>\n<wrong>{wrong}</wrong>"
    return "I find no sentence to ask about."


def find(scene: Scene) -> Ruling:
    """Whichever option makes the sentence whole that stands in the passage; none without a passage."""
    asked = " ".join(scene.question().removeprefix("What is missing? ").split())
    passage = " ".join((scene.block("passage") or "").split())
    scores = [SURE * (GAP in asked and asked.replace(GAP, option) in passage) for option in scene.options]
    return Ruling(scores, "I have found the sentence." if any(scores) else "I cannot tell.")
