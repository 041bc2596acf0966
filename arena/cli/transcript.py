"""An episode as text, for any protocol, from its log alone.

Whatever a model, a person or a data file wrote stands behind a gutter that names its author. What stands at the left
edge is the arena's. Quotes carry the verifier's marks, which no speaker can type: look-alikes are neutralised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arena import quotes, views
from arena.cli.gutter import HEARD, UNHEARD, behind
from arena.cli.words import count, tally
from arena.events import AnyEvent, Called, Ended, Failed, Opened, Said, Scored, Shadowed, Shown, Verdict, aside
from arena.readers import LETTERS
from arena.text import neutral, terminal

RAIL = "│  "
BRANCH = "├─ "
SHORT = 40
"""A text that a seat was asked with and that is longer than this is left out of the heading of its turn."""

_THINKING = re.compile(r"<thinking>(.*?)</thinking>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class View:
    """What of an episode is shown, and in how many columns."""

    width: int = 80
    thinking: bool = False
    passage: bool = False
    reveal: bool = False


def transcript(events: Sequence[AnyEvent], models: Mapping[str, str], view: View) -> Iterator[str]:
    """The lines of an episode; `models` says by seat who sat there."""
    page = _Page(events, models, view)
    yield from page.head()
    for depth, event in views.outline(events):
        yield from page.table(event)
        yield from page.told(event, depth) if isinstance(event, Shown) else page.said(event, depth)
    yield from page.unheard()
    yield from page.end()


class _Page:
    def __init__(self, events: Sequence[AnyEvent], models: Mapping[str, str], view: View) -> None:
        self.events, self.models, self.view = events, models, view
        self.options = _options(events)
        self.calls: dict[str, list[Called]] = {}
        for event in events:
            if isinstance(event, Called) and not aside(event.at):
                self.calls.setdefault(event.at, []).append(event)
        names = {*models, "question", *(event.seat for event in events if isinstance(event, Called | Said))}
        self.margin = max(map(len, names))
        self.open: list[str] = []

    # The parts of a page

    def head(self) -> Iterator[str]:
        opened = next((event for event in self.events if isinstance(event, Opened)), None)
        if opened is not None:
            split = ", a training question" if opened.split == "train" else ""
            yield _line(f"Episode {opened.episode}: arm {opened.arm}{split}")
        yield from (f"  {_line(f'{seat}: {model}')}" for seat, model in self.models.items())

    def table(self, event: Shown | Said) -> Iterator[str]:
        """A branch where the event is at another table than the one before it."""
        steps = event.at.split("/")[:-1]
        for depth, step in enumerate(steps):
            if self.open[: depth + 1] != steps[: depth + 1]:
                yield (RAIL * depth).rstrip()
                yield f"{RAIL * depth}{BRANCH}table {step}"
                self.open = steps[: depth + 1]
        self.open = steps

    def told(self, event: Shown, depth: int) -> Iterator[str]:
        if event.handed and not self.view.passage:
            what = ", ".join(_size(name, value) for name, value in event.fields.items())
            yield from self._heading(f"only {_listed(event.to)} may read: {what} (--passage shows it)", depth)
            return
        whom = f"only {_listed(event.to)} may read" if event.handed else "the table is told"
        yield from self._heading(f"{whom}: {event.cue}", depth)
        for name, value in event.fields.items():
            yield from self._field(name, value, depth)

    def said(self, event: Said, depth: int) -> Iterator[str]:
        calls = self.calls.pop(event.at, [])
        yield from self._heading(self._turn(event, len(calls)), depth)
        if self.view.thinking:
            for thought in (thought for call in calls for thought in _thoughts(call)):
                yield from self._behind(event.seat, neutral(thought), depth, UNHEARD)
        yield from self._behind(event.seat, quotes.marked(event.text, event.quotes), depth)

    def unheard(self) -> Iterator[str]:
        """Replies that never became a speech: of a turn that failed, or that was under way when the run ended."""
        for at, calls in self.calls.items():
            for call in calls:
                yield from self._heading(f"{call.seat}'s reply at {at}, never heard", at.count("/"))
                yield from self._behind(call.seat, neutral(call.text), at.count("/"), UNHEARD)

    def end(self) -> Iterator[str]:
        ended = next((event for event in self.events if isinstance(event, Ended)), None)
        failed = next((event for event in self.events if isinstance(event, Failed)), None)
        yield from self._shadow()
        if ended is not None:
            yield from self._verdict(ended)
        elif failed is not None:
            where = f", at the turn {failed.at} of {failed.seat}" if failed.seat else ""
            yield from self._heading(f"failed ({failed.outcome}){where}", 0)
            yield from self._behind("why", neutral(failed.reason), 0)
        else:
            yield from self._heading("not finished", 0)
        yield from self._truth()
        yield from self._heading(_took(self.events), 0)

    # How they are written

    def _turn(self, event: Said, attempts: int) -> str:
        parts = [f"{event.seat}, {event.cue}", *self._asked(event.fields)]
        if event.order is not None:
            parts.append(_presented(event.order))
        elif not event.to:
            parts.append("heard by nobody else")
        if event.quotes:
            found = tally(views.quote_counts([event]))
            parts.append(f"{count(len(event.quotes), 'quote')}: {found}")
        parts += [f"{count(event.cut, 'word')} over the limit left out"] if event.cut else []
        parts += [f"asked {attempts} times"] if attempts > 1 else []
        return "; ".join(parts)

    def _asked(self, fields: Mapping[str, Any]) -> Iterator[str]:
        """What a seat was asked with, where it is short; options by their letter."""
        for name, value in fields.items():
            if value in self.options:
                yield f"{name} {self._option(value)}"
            elif isinstance(value, int | float):
                yield f"{name} {value}"
            elif isinstance(value, str) and len(value) <= SHORT:
                yield f"{name} {json.dumps(value, ensure_ascii=False)}"

    def _field(self, name: str, value: Any, depth: int) -> Iterator[str]:
        if isinstance(value, dict) and "$options" in value:
            for letter, option in zip(LETTERS, value["$options"], strict=False):
                yield from self._behind(f"({letter})", neutral(option), depth)
        elif isinstance(value, dict) and "$sides" in value:
            for seat, side in value["$sides"].items():
                yield from self._behind(seat, f"argues for {self._option(side)}", depth)
        elif isinstance(value, dict):
            pairs = [value["$lesson"]] if "$lesson" in value else value.items()
            for key, item in pairs:
                yield from self._behind(name, neutral(f"{key}\n{item}"), depth)
        elif isinstance(value, list):
            for item in value:
                yield from self._field(name, item, depth)
        elif value is not None:
            yield from self._behind(name, neutral(str(value)), depth)

    def _verdict(self, ended: Ended) -> Iterator[str]:
        yield from self._heading(f"the verdict: {self._choice(ended.choice)}", 0)
        for verdict in ended.verdicts:
            yield f"  {self._shown(verdict)}: {self._belief(verdict.belief, verdict.choice) or verdict.outcome}"
        if ended.belief is not None and len(ended.verdicts) > 1:
            yield f"  their mean: {self._belief(ended.belief, ended.choice)}"

    def _shadow(self) -> Iterator[str]:
        """What judges believed after each round, where they were asked unheard by anybody."""
        asked = [event for event in self.events if isinstance(event, Shadowed)]
        if asked:
            yield from self._heading("what was believed after each round, heard by nobody", 0)
        for event in asked:
            verdict = event.verdict
            found = self._belief(verdict.belief, verdict.choice) or verdict.outcome
            yield f"  {_line(event.seat)} after round {verdict.round}, {self._shown(verdict)}: {found}"

    def _truth(self) -> Iterator[str]:
        scored = next((event for event in self.events if isinstance(event, Scored)), None)
        if scored is None or not self.view.reveal:
            why = "the right answer is not joined yet" if scored is None else "--reveal shows the right answer"
            yield f"  ({why})"
            return
        yield f"  the right answer: {self._choice(scored.key)}"
        for score in scored.scores:
            if score.p_correct is not None:
                right = {1.0: "right", 0.0: "wrong"}.get(score.correct or 0.0, "a tie")
                yield f"  with it shown at place {score.slot + 1}: {right}, believed {score.p_correct:.0%}"

    def _option(self, text: str) -> str:
        """An option by its letter; any other text as it is."""
        return f"({LETTERS[self.options.index(text)]})" if text in self.options else neutral(text)

    def _choice(self, option: int | None) -> str:
        return "a tie" if option is None else f"({LETTERS[option]})"

    def _shown(self, verdict: Verdict) -> str:
        return "options shown as " + ", ".join(LETTERS[i] for i in verdict.order)

    def _belief(self, belief: Sequence[float] | None, choice: int | None) -> str | None:
        if belief is None:
            return None
        shares = ", ".join(f"({letter}) {share:.0%}" for letter, share in zip(LETTERS, belief, strict=False))
        return f"{shares}; chosen: {self._choice(choice)}"

    def _heading(self, text: str, depth: int) -> Iterator[str]:
        rails = RAIL * depth
        yield rails.rstrip()
        yield f"{rails}── {_line(text)}"

    def _behind(self, name: str, text: str, depth: int, sign: str = HEARD) -> Iterator[str]:
        yield from behind(terminal(name).rjust(self.margin), text, self.view.width, indent=RAIL * depth, sign=sign)


def _options(events: Iterable[AnyEvent]) -> list[str]:
    """The options of the question, as they were first shown."""
    for event in events:
        for value in event.fields.values() if isinstance(event, Shown) else ():
            if isinstance(value, dict) and "$options" in value:
                return [str(option) for option in value["$options"]]
    return []


def _line(text: str) -> str:
    """A text that stands at the left edge: on one line, nothing hidden in it."""
    return " ".join(terminal(text).split())


def _presented(order: Sequence[int]) -> str:
    """How the options were lettered for one verdict."""
    if list(order) == sorted(order):
        return "the options as above"
    theirs = ", ".join(f"its {LETTERS[place]} is ({LETTERS[option]})" for place, option in enumerate(order))
    return f"the options in another order: {theirs}"


def _thoughts(call: Called) -> Iterator[str]:
    if call.thinking:
        yield call.thinking
    yield from (thought.strip() for thought in _THINKING.findall(call.text))


def _size(name: str, value: Any) -> str:
    if isinstance(value, str):
        return f"{name}, {count(len(value), 'character')}"
    return f"{name}, {len(value)}" if isinstance(value, list | dict) else f"{name} {value}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) or "nobody"


def _took(events: Sequence[AnyEvent]) -> str:
    calls, usage, cost = views.spent(events)
    price = "price unknown" if cost is None else f"{cost:.4f} USD"
    return f"{count(calls, 'call')}, {usage.input:,} tokens in, {usage.output:,} out, {price}"
