"""An overseer: it splits a chain question, and follows the answers from part to part. It reads no passage.

A question of n links is cut into at most `width` runs of links, as even as can be. The first part keeps the start (or
is a mapping where the question is one); every later part is a mapping, since where it starts is not known yet. A
question of one link cannot be split and is passed on whole; so is one that is no chain, with its possible answers.
"""

from __future__ import annotations

import re

from arena.datasets.casefiles import grammar
from arena.models.sim.heard import Scene
from arena.models.sim.settings import OverseerSettings
from arena.models.sim.verdicts import Ruling
from arena.models.sim.worker import STEP, even, heard, settle, told, with_answers

_WIDTH = re.compile(r"at most (\d{1,3}) (?:smaller |sub-?)?questions")
_FINDING = re.compile(r'<finding question="([^"\n]*)">((?:[^<]|<(?!/?finding))*)</finding>')


def decompose(scene: Scene) -> str:
    """Write the parts of the question at hand."""
    asked = scene.question()
    chain = grammar.parse(asked)
    if chain is None or chain.links == 1:
        whole = with_answers(asked, scene.options) if chain is None else asked
        return f"<part>{whole or 'What does the passage say?'}</part>"
    found = _WIDTH.findall(scene.cue.outside)
    width = max(int(found[-1]) if found else 2, 1)
    cuts = even(chain.links, min(width, chain.links))
    return "\n".join(f"<part>{grammar.ask(chain.part(low, high))}</part>" for low, high in cuts)


def compose(scene: Scene) -> str:
    """Follow the steps in the findings, part by part, from the start of the question."""
    chain = grammar.parse(scene.question())
    findings = _FINDING.findall(scene.block("findings") or "")
    if chain is None:
        return f"<answer>\n{_whole(findings)}\n</answer>"
    maps = [dict(STEP.findall(text)) for _, text in findings]
    starts = _starts(maps) if chain.start is None else [chain.start]
    steps: list[tuple[str, str]] = []
    ends = {start: _follow(start, maps, steps) for start in starts}
    lost = {start: end for start, end in ends.items() if end.split()[1:2] == [chain.nouns[-1]]}
    return f"<answer>\n{told(steps, chain, lost)}\n</answer>"


def _starts(maps: list[dict[str, str]]) -> list[str]:
    """Every entity of the first part that no step of that part leads to."""
    first = maps[0] if maps else {}
    return [low for low in first if low not in first.values()]


def _follow(start: str, maps: list[dict[str, str]], steps: list[tuple[str, str]]) -> str:
    at = start
    for part in maps:
        for _ in range(len(part)):
            if at not in part:
                break
            steps.append((at, part[at]))
            at = part[at]
    return at


def _whole(findings: list[tuple[str, str]]) -> str:
    return "\n".join(text.strip() for _, text in findings) or "Nothing was found.\nAnswer: unknown"


def decide(scene: Scene, settings: OverseerSettings) -> Ruling:
    """A verdict from the answer that it composed, or heard."""
    return settle(scene, heard(scene), settings.confidence, settings.seed)
