"""The run that is asked again: what it played, found in one pass; an episode's events, read when they are needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arena import log
from arena.errors import DataError
from arena.events import AnyEvent, How, Opened, Said, Scored, parse
from arena.lines import fingerprint
from arena.outline import page
from arena.question import AnswerKey, Item, Question
from arena.views import act


@dataclass(frozen=True)
class Decision:
    """Where a seat decides: the act at the first table, the seat, what it is asked, and in which form."""

    act: int
    seat: str
    cue: str
    fields: dict[str, Any]
    form: How = "tagged"


@dataclass
class Parent:
    """A run by its episodes: `opened` and `scored` by episode, `decisions` by arm, `items` by question and key.

    In an imported run a question may stand with its options in one order here and in another there. `shown` has the
    episodes in which somebody was shown the options: of the others only the outcome is there.
    """

    run: Path
    header: dict[str, Any]
    hash: str
    opened: dict[str, Opened] = field(default_factory=dict)
    scored: dict[str, Scored] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    items: dict[tuple[str, int], Item] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    _spans: dict[str, list[tuple[str, int, int]]] = field(default_factory=dict)

    @classmethod
    def read(cls, run: Path) -> Parent:
        """Look through a run once; raises `DataError` where it is none."""
        found = cls(run, log.header(run), fingerprint(run))
        for (name, offset), (kind, episode, line) in log.heads(run):
            found._spans.setdefault(episode, []).append((name, offset, len(line)))
            found._note(kind, episode, line)
        for episode, score in found.scored.items():
            if (score.question, score.key) not in found.items and episode in found.opened and episode in found.shown:
                found._ask(episode, score)
        return found

    def events(self, episode: str) -> list[AnyEvent]:
        """The events of an episode, texts filled in; damaged lines are left out."""
        fill = log.filler(self.run)
        return [fill(event) for event in self._lines(episode)]

    def played(self) -> Iterator[tuple[Opened, Scored]]:
        """The finished test episodes whose transcript is there, in the order in which they began."""
        for episode, opened in self.opened.items():
            score = self.scored.get(episode)
            if score is not None and score.split == "test" and episode in self.shown:
                yield opened, score

    def form(self, arm: str) -> How:
        """The form in which the verdicts of an arm were asked for."""
        return self.decisions[arm].form if arm in self.decisions else "tagged"

    @property
    def untold(self) -> int:
        """How many finished test episodes hold no transcript, or one whose beginning is damaged."""
        return sum(score.split == "test" for score in self.scored.values()) - sum(1 for _ in self.played())

    def arm(self, name: str) -> dict[str, Any]:
        """The arm as the header describes it; raises `DataError` where it does not."""
        for arm in self.header.get("arms") or ():
            if isinstance(arm, dict) and arm.get("name") == name and isinstance(arm.get("prompts"), dict):
                return arm
        raise DataError(
            f"{self.run / 'run.json'} does not describe the arm {name!r} and its prompts; it cannot be told"
        )

    def decision(self, events: list[AnyEvent], arm: str) -> Decision | None:
        """Where the last decision of an episode was made, or would have been; `None` where it came to none.

        Raises `DataError` for one that was made at a table of its own: what the protocol makes of several decisions is
        not in the log.
        """
        verdicts = [event for event in events if isinstance(event, Said) and event.order is not None]
        if verdicts:
            if "/" in verdicts[-1].at:
                raise DataError(f"{arm} decides at several tables; only decisions at the first table can be told again")
            return _decision(verdicts[-1])
        usual = self.decisions.get(arm)
        failed = next((event for event in events if event.type == "Failed"), None)
        reached = failed is not None and failed.at and "/" not in failed.at and usual and act(failed.at) == usual.act
        return usual if reached else None

    def _note(self, kind: str, episode: str, line: bytes) -> None:
        if kind == "Shown" and b'"$options"' in line:
            self.shown.add(episode)
        with suppress(ValueError):
            if kind == "Opened" and isinstance(event := parse(line), Opened):
                self.opened.setdefault(episode, event)
            elif kind == "Scored" and isinstance(event := parse(line), Scored):
                self.scored[episode] = event
            elif kind == "Said" and b'"order":[' in line and self._first(episode):
                event = parse(line)
                if isinstance(event, Said) and event.order is not None and "/" not in event.at:
                    self.decisions[self.opened[episode].arm] = _decision(event)

    def _first(self, episode: str) -> bool:
        return episode in self.opened and self.opened[episode].arm not in self.decisions

    def _ask(self, episode: str, score: Scored) -> None:
        """The question of an episode, as it was shown at its table."""
        told = page(self.events(episode))
        if len(told.options) > score.key:
            question = Question(
                id=score.question,
                text=told.question or score.question,
                options=told.options,
                group=score.group,
                dataset=score.dataset,
            )
            key = AnswerKey(question=score.question, option=score.key, posterior=score.posterior)
            self.items[score.question, score.key] = Item(question, key)

    def _lines(self, episode: str) -> Iterator[AnyEvent]:
        for name, offset, length in self._spans.get(episode, ()):
            with (self.run / name).open("rb") as file:
                file.seek(offset)
                line = file.read(length)
            with suppress(ValueError):
                yield parse(line)


def _decision(verdict: Said) -> Decision:
    fields = {name: value for name, value in verdict.fields.items() if name != "verdict"}
    form = verdict.fields.get("verdict")
    how: How = form.get("in", "tagged") if isinstance(form, dict) else "tagged"
    return Decision(act(verdict.at), verdict.seat, verdict.cue, fields, how)
