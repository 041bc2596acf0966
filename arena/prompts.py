"""Prompts: templates found beside a protocol, filled strictly, and conversations made of what a seat knows.

A protocol's templates are the files `prompts/<protocol>/<role or cue>.md` in the folder of its module. A slot is
`$name`. Strict both ways: a slot without a value and a value without a slot are errors. The settings of the protocol,
the seat's `$name`, `$quote_rule` and `$quote_marks` may be used anywhere.

Whatever fills a slot is neutralised first: no text of a model, a person or a dataset can look like the arena's own
marks. What is handed stands inside a fence named after its field, and a speech inside a fence that names its speaker.

The texts that a seat is handed before it first speaks stand in the preface of its requests, before everything else, and
their slots say so. So all requests about one passage begin alike, whoever sends them in whichever protocol, and a
provider's prompt cache reads the passage once.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from arena import quotes
from arena.encoding import display
from arena.errors import UsageError
from arena.events import How, Said, Shown
from arena.forms import SHADOW, SHADOWED, WORDS
from arena.models.base import Message
from arena.question import Question
from arena.quote_rule import MARKS, RULE, Status
from arena.readers import LETTERS
from arena.text import neutral

RETRY = "That could not be read: $reason. Please answer again, in the form that was asked for."
"""What a speaker is told when its reply could not be read."""

CUT = ", and it was cut off at the limit on its length"
"""What is added to the reason where that may be why."""

_SLOT = re.compile(r"\$(?:\{([^\W\d]\w*)\}|([^\W\d]\w*)|\$|)")


class Order(NamedTuple):
    """One way to present the options of a question: `places[i]` is the index of the option shown at place i."""

    options: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def reversed(self) -> bool:
        """Whether what was said at the same moment is presented last speaker first."""
        return self.places[0] > self.places[-1]

    def rank(self, option: str) -> int:
        """The place at which this option is shown; what is no option comes last."""
        known = option in self.options
        return self.places.index(self.options.index(option)) if known else len(self.places)


def orders(question: Question) -> tuple[Order, Order]:
    """The two presentations of a question: in its own order and reversed."""
    places = tuple(range(len(question.options)))
    return Order(question.options, places), Order(question.options, places[::-1])


class Talk(NamedTuple):
    """A seat's conversation: the preface, the messages so far, and what it was told since it last spoke."""

    preface: str
    messages: list[Message]
    pending: list[str]


class Prompts:
    """The templates of one protocol, with the values that every one of them may use."""

    def __init__(self, templates: Mapping[str, str], values: Mapping[str, object], name: str) -> None:
        self.name = name
        self.templates = dict(templates)
        settings = {key: str(value) for key, value in values.items()}
        self._values = {"quote_rule": RULE, "quote_marks": MARKS, **settings}
        self._systems: dict[tuple[str, str], str] = {}
        self._given = dict(values)
        words = {SHADOW: SHADOWED, **templates}.items()
        self._compiled = {cue: _compiled(text.strip(), f"prompts/{name}/{cue}.md") for cue, text in words}

    def system(self, role: str, seat: str) -> str:
        """The standing text of a seat: the template of its role."""
        if (role, seat) not in self._systems:
            self._systems[role, seat] = self.fill(role, {}, seat)
        return self._systems[role, seat]

    @property
    def hashes(self) -> dict[str, str]:
        """The hash of each template, by cue."""
        return {cue: hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for cue, text in self.templates.items()}

    def with_template(self, cue: str, text: str) -> Prompts:
        """These prompts with another template for one cue."""
        return Prompts({**self.templates, cue: text}, self._given, self.name)

    def slots(self, cue: str) -> frozenset[str]:
        """The names of the slots of a template."""
        return frozenset(self._compiled[cue][1::2])

    def fields(self, cue: str) -> frozenset[str]:
        """The slots of a template that a protocol fills, turn by turn."""
        return self.slots(cue) - self._values.keys() - {"name"}

    def fill(self, cue: str, fields: Mapping[str, str], reader: str) -> str:
        """The template `cue` with its slots filled, as the seat `reader` sees it.

        Raises `UsageError` where the template does not exist, a slot has no value, or a field has no slot.
        """
        if cue not in self._compiled:
            raise UsageError(
                f"the protocol {self.name} uses the cue {cue!r}, but there is no prompts/{self.name}/{cue}.md beside it"
            )
        parts = self._compiled[cue].copy()
        values = {**self._values, "name": display(reader), **fields}
        slots = parts[1::2]
        for field in fields:
            if field not in slots:
                raise UsageError(f"prompts/{self.name}/{cue}.md has no slot ${field} for what the protocol gives it")
        try:
            parts[1::2] = [values[slot] for slot in slots]
        except KeyError as slot:
            raise UsageError(
                f"prompts/{self.name}/{cue}.md has the slot ${slot.args[0]}, which nothing fills"
            ) from None
        return "".join(parts)

    def conversation(self, known: Sequence[Shown | Said], seat: str, order: Order) -> Talk:
        """What a seat knows, as messages.

        Shown and heard are user messages, its own speeches are assistant messages. The texts that it was handed before
        it first spoke are the preface. What a seat knows only grows at the end, so each request of a seat extends its
        last one.
        """
        preface: dict[str, str] = {}
        messages: list[Message] = []
        pending: list[str] = []
        for event in _arranged(known, seat, order):
            if isinstance(event, Said) and event.seat == seat:
                pending.append(self.cue(event.cue, event.fields, seat, order))
                messages += [Message("user", "\n\n".join(pending)), Message("assistant", event.text)]
                pending = []
            elif isinstance(event, Said):
                pending.append(_heard(event))
            else:
                pending.append(self._told(event, seat, order, None if messages else preface))
        return Talk("\n\n".join(preface.values()), messages, pending)

    def cue(self, cue: str, fields: Mapping[str, Any], seat: str, order: Order) -> str:
        """One template with the fields of an event, for one seat and one presentation."""
        return self.fill(cue, {name: _plain(value, order) for name, value in fields.items()}, seat)

    def _told(self, event: Shown, seat: str, order: Order, preface: dict[str, str] | None) -> str:
        """What the table told a seat. A text that is handed goes into the preface, where there is one still."""
        fields = {}
        for name, value in event.fields.items():
            text = _plain(value, order)
            if event.handed and preface is not None and isinstance(value, str):
                mark = f"{name}-{len(preface) + 1}" if name in preface else name
                preface[mark] = _fenced(mark, text)
                text = f"(It stands at the very beginning, marked as {mark}.)"
            elif event.handed:
                text = _fenced(name, text)
            fields[name] = text
        return self.fill(event.cue, fields, seat)


def find(protocol: type, name: str) -> dict[str, str]:
    """The templates of a protocol by cue; raises `UsageError` where there are none."""
    found = _templates(Path(inspect.getfile(protocol)).parent / "prompts" / name)
    if not found:
        raise UsageError(
            f"the protocol {name} has no prompts: expected files such as prompts/{name}/judge.md beside its module. "
            "Where it is installed, its package has to carry them along (package-data)."
        )
    return found


def replaced(own: Prompts, folder: Path) -> Prompts:
    """The prompts with those of `folder/<name>/` in place of their own.

    Raises `UsageError` for a file that replaces nothing, or that has other slots than the one that it replaces.
    """
    for cue, text in _templates(folder / own.name).items():
        path = folder / own.name / f"{cue}.md"
        if cue not in own.templates:
            raise UsageError(f"{path} replaces no prompt of {own.name}; its prompts are {', '.join(own.templates)}")
        made = own.with_template(cue, text)
        if made.fields(cue) != own.fields(cue):
            wanted = ", ".join(f"${slot}" for slot in sorted(own.fields(cue))) or "none"
            raise UsageError(f"{path} must have the slots of the prompt that it replaces: {wanted}")
        own = made
    return own


def check_folder(folder: Path, names: Iterable[str]) -> None:
    """Raise `UsageError` where there is no such folder, or where it has prompts for none of these protocols."""
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder} to take prompts from; name one that exists.")
    wanted = sorted(set(names))
    if not any(path for name in wanted for path in (folder / name).glob("*.md")):
        raise UsageError(
            f"{folder} has no prompts for any of the protocols of this run, which would stand in folders of their "
            f"names: {', '.join(f'{name}/*.md' for name in wanted)}"
        )


def _templates(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.glob("*.md")):
        try:
            found[path.stem] = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as why:
            raise UsageError(f"{path} cannot be read as a prompt: {why}") from None
    return found


def _compiled(text: str, path: str) -> list[str]:
    """A template in parts: text, slot, text, slot, …, text. Two dollar signs stand for one."""
    parts, at = [""], 0
    for slot in _SLOT.finditer(text):
        parts[-1] += text[at : slot.start()]
        at = slot.end()
        if slot[1] or slot[2]:
            parts += [slot[1] or slot[2], ""]
        elif slot[0] == "$$":
            parts[-1] += "$"
        else:
            raise UsageError(f"{path} has a dollar sign that begins no slot; write $$ for a dollar sign")
    parts[-1] += text[at:]
    return parts


def _arranged(known: Sequence[Shown | Said], seat: str, order: Order) -> Iterator[Shown | Said]:
    """The events as this seat knows them in this presentation: what was said at one moment may change places.

    A seat spoke before it heard what the others said at that moment, so its own words come first. In the reversed
    presentation the others are heard last speaker first.
    """
    for _, group in groupby(known, key=_moment):
        own: list[Shown | Said] = []
        others: list[Shown | Said] = []
        for event in group:
            (own if isinstance(event, Said) and event.seat == seat else others).append(event)
        yield from own
        yield from reversed(others) if order.reversed else others


def _moment(event: Shown | Said) -> str:
    """What events of one moment share, and no two others do."""
    return event.at.partition(":")[0] + ":" if ":" in event.at else event.at


def _heard(event: Said) -> str:
    return _speech(event.seat, event.text, tuple(quote.status for quote in event.quotes))


@lru_cache(maxsize=512)
def _speech(seat: str, text: str, statuses: tuple[Status, ...]) -> str:
    return f'<speech by="{display(seat)}">\n{quotes.marked(text, statuses)}\n</speech>'


@lru_cache(maxsize=512)
def _fenced(mark: str, text: str) -> str:
    return f"<{mark}>\n{text}\n</{mark}>"


def _plain(value: Any, order: Order) -> str:
    if isinstance(value, str):
        return _neutral(value)
    if isinstance(value, dict):
        return _mapping(value, order)
    if isinstance(value, list):
        return "\n".join(_plain(item, order) for item in value)
    return str(value)


def _mapping(value: dict[str, Any], order: Order) -> str:
    if "$options" in value:
        shown = [value["$options"][i] for i in order.places]
        return "\n".join(f"({letter}) {_line(text)}" for letter, text in zip(LETTERS, shown, strict=False))
    if "$sides" in value:
        pairs = sorted(value["$sides"].items(), key=lambda pair: order.rank(pair[1]))
        return "\n".join(f"{display(seat)} argues for: {_line(side)}" for seat, side in pairs)
    if "$form" in value:
        how: How = value.get("in", "tagged")
        return WORDS[how](value["$form"])
    if "$lesson" in value:
        asked, answer = value["$lesson"]
        return f"<lesson>\n<question>{_neutral(asked)}</question>\n<answer>\n{_neutral(answer)}\n</answer>\n</lesson>"
    return "\n".join(
        f'<finding question="{_attribute(asked)}">\n{_neutral(answer)}\n</finding>'
        for asked, answer in value["$findings"]
    )


def _line(text: str) -> str:
    """The text on one line, so that no option can look like two."""
    return " ".join(_neutral(text).split())


def _attribute(text: str) -> str:
    return _line(text).replace('"', "'")


@lru_cache(maxsize=512)
def _neutral(text: str) -> str:
    return neutral(text)
