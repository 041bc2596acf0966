"""What a request says, for a program that has to read it as a language model would.

The engine fences what it hands over (`<passage>`, `<findings>`, `<lessons>`) and what others said (`<speech by="…">`);
all else is announcements and the cue. Text is taken apart from left to right in one pass, so that what stands inside a
fence is never read as anything but the inside of that fence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from arena.models.base import Request

_OPEN = re.compile(r'<(?:(passage|findings|lessons)|(speech) by="([^"\n]{0,200})")>\n?')
_OPTION = re.compile(r"^\(([A-Z])\) (.+)$", re.MULTILINE)
_SIDE = re.compile(r"^(\S.{0,80}?) argues for: (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^Question: *(.+)$", re.MULTILINE)
_LIMIT = re.compile(r"at most (\d{1,6}) words", re.IGNORECASE)
_TAG = re.compile(r"<(\w{1,40})>")
LONG_QUESTION = 4_000
LONG = 100_000
"""Texts longer than this many characters are read anew each time instead of being remembered."""


class Block(NamedTuple):
    """Something fenced: its kind, who spoke where it is a speech, and the text inside."""

    kind: str
    by: str
    text: str


class Heard(NamedTuple):
    """One user message: what was fenced in it, the text outside all fences, and what that text says.

    `options` are (letter, text), `sides` (speaker, answer that it argues for), `question` is what follows the last
    "Question:", `tags` are the tags that the text names, each once, in the order in which it names them last.
    """

    blocks: tuple[Block, ...]
    outside: str
    options: tuple[tuple[str, str], ...]
    sides: tuple[tuple[str, str], ...]
    question: str
    tags: tuple[str, ...]


def hear(text: str) -> Heard:
    """Take one message apart."""
    return _remembered(text) if len(text) <= LONG else _hear(text)


def _hear(text: str) -> Heard:
    blocks: list[Block] = []
    outside: list[str] = []
    at = 0
    while found := _OPEN.search(text, at):
        kind = found[1] or found[2]
        end = text.find(f"</{kind}>", found.end())
        if end < 0:
            break
        outside.append(text[at : found.start()])
        blocks.append(Block(kind, found[3] or "", text[found.end() : end].strip("\n")))
        at = end + len(kind) + 3
    outside.append(text[at:])
    return _understood(tuple(blocks), "".join(outside))


def _understood(blocks: tuple[Block, ...], outside: str) -> Heard:
    options = _OPTION.findall(outside)
    starts = [i for i, (letter, _) in enumerate(options) if letter == "A"]
    last = [(letter, text.strip()) for letter, text in options[starts[-1] :]] if starts else []
    sides = tuple((name, side.strip()) for name, side in _SIDE.findall(outside))
    asked = _QUESTION.findall(outside)
    tags = tuple(dict.fromkeys(reversed(_TAG.findall(outside))))[::-1]
    return Heard(blocks, outside, tuple(last), sides, asked[-1].strip() if asked else "", tags)


_remembered = lru_cache(maxsize=512)(_hear)


class Scene:
    """A whole request, as its reader understands it.

    `options` and `letters` stand in the order in which this presentation shows them; `sides` maps a speaker to the
    answer that it argues for; `speeches` are those of others, in order; `own` is what the seat itself said so far.
    """

    __slots__ = ("all", "key", "last", "letters", "options", "own", "request", "sides", "speeches", "system")

    def __init__(self, request: Request) -> None:
        self.request, self.system = request, request.system
        self.key = _key(request)
        self.all = [
            hear(text) for text in (request.preface, *(m.text for m in request.messages if m.role == "user")) if text
        ] or [hear("")]
        self.last = self.all[-1]
        self.own = [m.text for m in request.messages if m.role == "assistant"]
        shown = next((h.options for h in reversed(self.all) if len(h.options) > 1), ())
        self.letters = tuple(letter for letter, _ in shown)
        self.options = tuple(text for _, text in shown)
        self.sides = dict(pair for h in self.all for pair in h.sides)
        self.speeches = [block for h in self.all for block in h.blocks if block.kind == "speech"]

    def block(self, kind: str) -> str | None:
        """The text of the last block of `kind`, or `None`."""
        for heard in reversed(self.all):
            for block in reversed(heard.blocks):
                if block.kind == kind:
                    return block.text
        return None

    @property
    def cue(self) -> Heard:
        """The last message that asks for something in tags; the last one where none does."""
        return next((h for h in reversed(self.all) if h.tags), self.last)

    def limit(self, otherwise: int) -> int:
        """The word limit that the cue states last."""
        found = _LIMIT.findall(self.cue.outside)
        return int(found[-1]) if found else otherwise

    def question(self) -> str:
        """What follows the last "Question:" or, failing that, the last line with a question mark."""
        asked = next((h.question for h in reversed(self.all) if h.question), "")
        asked = asked or next((line.strip() for h in reversed(self.all) for line in _asking(h.outside)), "")
        return asked[:LONG_QUESTION]


def _key(request: Request) -> str:
    """What every draw of chance about this request depends on; it may hold what cannot be encoded."""
    try:
        return f"{request.content}/{request.sample}"
    except UnicodeEncodeError:
        return repr((request.preface, request.system, request.messages, request.sample))


def _asking(text: str) -> list[str]:
    return [line for line in reversed(text.splitlines()) if "?" in line]


def first_named(text: str, options: tuple[str, ...]) -> int | None:
    """The place of the option that `text` names first; of two at one place the longer."""
    found = [(at, -len(option), i) for i, option in enumerate(options) if (at := text.find(option)) >= 0]
    return min(found)[2] if found else None
