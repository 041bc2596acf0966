"""What the fake models say: what the arena's simulated ones would say to the same messages.

They read what is sent and nothing else. Where the messages are not the arena's, and with `say="plain"` always, a plain
sentence stands in every tag that is asked for, and a verdict in the form of one. Asked for JSON of a schema, the reply
is an object of it; asked for a letter, one letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from math import log
from typing import Literal, NamedTuple

from arena.fake.asked import Asked, Block, Token
from arena.fake.pieces import words
from arena.fake.shaped import Shaping, shaped
from arena.models.base import Message, Model, Request
from arena.models.sim import Sim, open_model
from arena.models.sim.heard import Scene

Say = Literal["sim", "plain"]
PLAIN = "The file speaks for this answer, and what speaks against it is weaker than it sounds."
OUTSIDE = 0.02
"""The probability that falls on no option, where a letter is asked for."""

_FENCE = re.compile(r"</(?:passage|findings|lessons)>(?!.*</(?:passage|findings|lessons)>)\s*", re.DOTALL)
_TAG = re.compile(r"<(\w{1,40})>")
_FILTER = "You answer questions"
"""How whoever filters questions that a model wrote is addressed; it is a writer, too."""
_PERCENT = re.compile(r"^([A-Z]): (\d+)$", re.MULTILINE)
_LETTER = re.compile(r"\b(?:one|single|the) letter\b", re.IGNORECASE)
_FORMS = {
    "belief": "<belief>\nA: 60\nB: 40\n</belief>",
    "choice": "<choice>A</choice>",
    "thinking": "",
    "quote": "",
}


class Reply(NamedTuple):
    """A text, and its tokens where their probabilities were asked for."""

    text: str
    tokens: tuple[Token, ...] | None = None


class Author:
    """Writes replies; the same to the same, whatever was asked before."""

    def __init__(self, seed: int = 0, say: Say = "sim") -> None:
        self._say = say
        self._sims = {
            name: _program(open_model(name, {"seed": str(seed)}))
            for name in ("advocate", "judge", "overseer", "worker", "writer")
        }

    def write(self, asked: Asked, sample: int = 0) -> Reply:
        """The reply to a request; `sample` tells apart the answers to requests that are equal."""
        if asked.schema is not None or asked.tops is not None or self._letter(asked):
            return self._formal(asked, sample)
        if self._say == "plain":
            return Reply(_plain(asked.blocks[-1].text))
        return Reply(self._simulated(request(asked, sample)))

    def _letter(self, asked: Asked) -> bool:
        return self._say == "sim" and _LETTER.search(asked.blocks[-1].text) is not None

    def _simulated(self, asked: Request) -> str:
        scene = Scene(asked)
        if not scene.options and not scene.cue.tags:
            return PLAIN
        return self._sims[_trade(scene)].answer(asked)

    def _formal(self, asked: Asked, sample: int) -> Reply:
        """A reply whose form is more than a text's: JSON, a letter, or tokens with their probabilities."""
        read = request(asked, sample)
        belief = dict(self._belief(read))
        if asked.schema is not None:
            shaping = Shaping(belief, percent="percent" in asked.blocks[-1].text.lower(), sentence=PLAIN)
            text = json.dumps(shaped(asked.schema, shaping))
        elif not _TAG.search(asked.blocks[-1].text) and belief:
            text = max(belief, key=lambda letter: belief[letter])
        else:
            text = self._simulated(read) if self._say == "sim" else _plain(asked.blocks[-1].text)
        return Reply(text, None if asked.tops is None else tuple(_tokens(text, belief, asked.tops)))

    def _belief(self, asked: Request) -> Iterator[tuple[str, float]]:
        """What a judge would believe of each option, by its letter; nothing where there are none."""
        cue = Message("user", "Which answer is right? <belief></belief>")
        last = [block for block in Scene(asked).all if len(block.options) > 1]
        if last:
            verdict = self._sims["judge"].answer(asked.followed_by(cue))
            yield from ((letter, int(number) / 100) for letter, number in _PERCENT.findall(verdict))


def _program(model: Model) -> Sim:
    if not isinstance(model, Sim):
        raise TypeError(f"{model.spec} is no program")
    return model


def _trade(scene: Scene) -> str:
    """Which of the simulated models answers: it is known by what was asked of it so far."""
    asked = {tag for heard in scene.all for tag in heard.tags}
    if "wrong" in scene.cue.tags or scene.system.startswith(_FILTER):
        return "writer"
    if "part" in asked or scene.block("findings") is not None:
        return "overseer"
    if "answer" in asked:
        return "worker"
    return "judge" if "belief" in scene.cue.tags else "advocate"


def request(asked: Asked, sample: int = 0) -> Request:
    """A request as the simulated models read it. Long texts that were handed stand before the system text."""
    said = [block for block in asked.blocks if block.role != "system"]
    system = "\n\n".join(block.text for block in asked.blocks if block.role == "system")
    handed = _FENCE.search(system)
    preface, system = (system[: handed.end()], system[handed.end() :]) if handed else ("", system)
    return Request(system, tuple(_merged(said)), preface=preface.strip(), max_tokens=asked.most, sample=sample)


def _merged(blocks: list[Block]) -> Iterator[Message]:
    held: list[str] = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        held.append(block.text)
        if after is None or after.role != block.role:
            yield Message("assistant" if block.role == "assistant" else "user", "\n\n".join(held))
            held = []


def _plain(cue: str) -> str:
    """A sentence in every tag that a cue names."""
    tags = dict.fromkeys(_TAG.findall(cue))
    if not tags:
        return PLAIN
    parts = [_FORMS.get(tag, f"<{tag}>{PLAIN}</{tag}>") for tag in tags]
    return "\n".join(part for part in parts if part)


def _tokens(text: str, belief: Mapping[str, float], tops: int) -> Iterator[Token]:
    """Tokens with their probabilities. The last letter of an option has those of what is believed."""
    parts = words(text)
    last = max((i for i, part in enumerate(parts) if part.strip() in belief), default=-1)
    for i, part in enumerate(parts):
        letters = belief if i == last else {part.strip(): 1.0}
        space = part[: len(part) - len(part.lstrip())]
        chances = {f"{space}{letter}": share * (1 - OUTSIDE) for letter, share in letters.items() if share > 0}
        chances[f"{space}The"] = chances.get(f"{space}The", 0.0) + OUTSIDE
        ranked = sorted(chances.items(), key=lambda pair: -pair[1])[:tops]
        own = chances.get(part, 1 - OUTSIDE)
        yield Token(part, log(own), tuple((name, log(chance)) for name, chance in ranked))
