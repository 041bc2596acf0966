"""Episodes as the page shows them: plain data, from the events of a log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from arena import log, quotes
from arena.events import AnyEvent, Called, Said, Scored, Shown
from arena.outline import Page, moment, page
from arena.report.header import Source
from arena.text import neutral

MOST = 5_000
"""Episodes that a page holds at most."""

LONG = 100_000
"""Characters of one text that a page holds at most."""

_MARK = re.compile(r'<quote status="(\w+)">(.*?)</quote>', re.DOTALL)

Data = dict[str, Any]


class Passages:
    """Long texts that several episodes share, each held once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """The number of a text, a new one where it was not seen before."""
        return self._places.setdefault(text, len(self._places))

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)


def episodes(source: Source, passages: Passages, notices: list[str], most: int = MOST) -> Iterator[tuple[Data, Data]]:
    """The first `most` scored episodes of a run: what a list shows of each, and what opening it shows."""
    under_way: dict[str, list[AnyEvent]] = {}
    given = 0
    for event in log.read(source.folder, notices) if most > 0 else ():
        under_way.setdefault(event.episode, []).append(event)
        if isinstance(event, Scored):
            yield _entry(event, found := page(under_way.pop(event.episode)), source), _opened(found, passages)
            given += 1
            if given == most:
                return


def _entry(scored: Scored, found: Page, source: Source) -> Data:
    beliefs = [score.p_correct for score in scored.scores if score.p_correct is not None]
    right = [score.correct for score in scored.scores if score.correct is not None]
    return {
        "id": f"{source.mark}{scored.episode}",
        "arm": source.arm(scored.arm),
        "dataset": scored.dataset,
        "question": _text(found.question) or scored.question,
        "outcome": _outcome(scored),
        "correct": sum(right) / len(right) if right else None,
        "flipped": len(set(right)) > 1,
        "p": sum(beliefs) / len(beliefs) if beliefs else None,
        "side": scored.side,
        "split": scored.split,
        "usd": scored.cost,
        "calls": scored.calls,
    }


def _outcome(scored: Scored) -> str:
    missing = sorted({score.outcome for score in scored.scores} - {"ok"})
    return scored.outcome if scored.outcome != "ok" else missing[0] if missing else "ok"


def _opened(found: Page, passages: Passages) -> Data:
    key = found.scored.key if found.scored else None
    failed = found.failed
    return {
        "options": [_text(option) for option in found.options],
        "key": key,
        "sides": {seat: _text(side) for seat, side in found.sides.items()},
        "handed": {name: passages.place(_text(text)) for name, text in found.handed().items()},
        "acts": _acts(found, [event for event in found.events if isinstance(event, Called)]),
        "verdicts": [_verdict(verdict) for verdict in found.ended.verdicts] if found.ended else [],
        "failed": f"{failed.outcome}: {_text(failed.reason)}" if failed else None,
    }


def _verdict(verdict: Any) -> Data:
    return {
        "order": verdict.order,
        "outcome": verdict.outcome,
        "belief": verdict.belief,
        "choice": verdict.choice,
    }


def _acts(found: Page, calls: Sequence[Called]) -> list[list[Data]]:
    """What was said, moment by moment; what was said at once stands together."""
    thinking = {(call.at, call.seat): call for call in calls}
    acts: list[list[Data]] = []
    last = None
    for said in found.steps:
        if moment(said) != last:
            acts.append([])
            last = moment(said)
        acts[-1].append(_said(said, thinking.get((said.at, said.seat)), found))
    return acts


def _said(said: Said, call: Called | None, found: Page) -> Data:
    return {
        "seat": said.seat,
        "cue": said.cue,
        "round": said.fields.get("round"),
        "depth": said.at.count("/"),
        "verdict": list(said.order) if said.order is not None else None,
        "private": said.order is None and not said.to,
        "parts": _parts(said),
        "cut": said.cut,
        "thinking": _text(call.thinking) if call and call.thinking else None,
        "model": call.model if call else None,
        "tokens": [call.usage.input, call.usage.output] if call else None,
        "usd": call.cost if call else None,
        "asked": _asked(said, found),
    }


def _asked(said: Said, found: Page) -> str | None:
    """What a seat of a deeper table was asked, where it is said in words."""
    if "/" not in said.at:
        return None
    table = said.at[: said.at.rfind("/") + 1]
    told = [event for event in found.told if event.at.startswith(table) and "/" not in event.at[len(table) :]]
    return next((_text(text) for event in told for text in _texts(event)), None)


def _texts(event: Shown) -> Iterator[str]:
    yield from (value for value in event.fields.values() if isinstance(value, str) and not event.handed)


def _parts(said: Said) -> list[Data]:
    """A speech as runs of text; a quote has its status, and its place in the passage where it has one."""
    shown = said.text if len(said.text) <= LONG else f"{said.text[:LONG]}\n… the rest is in the log"
    marked, last = quotes.marked(shown, said.quotes), 0
    spans = iter(said.quotes)
    parts: list[Data] = []
    for mark in _MARK.finditer(marked):
        parts.append({"text": marked[last : mark.start()]})
        found = next(spans, None)
        parts.append({"text": mark[2], "status": mark[1], "source": found.source if found else None})
        last = mark.end()
    parts.append({"text": marked[last:]})
    return [part for part in parts if part["text"]]


def _text(text: str) -> str:
    """A text of anybody's, without what is hidden in it."""
    return neutral(text if len(text) <= LONG else f"{text[:LONG]}\n… the rest is in the log")
