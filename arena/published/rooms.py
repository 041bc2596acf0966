"""What every published format holds: a question, who said what at which moment, and what the judge believed.

A room becomes the events of one episode: the question announced, the passage handed to the advocates, speeches of one
moment as one act, each statement of the judge's belief as a verdict. People were asked nothing by the arena, so there
are no calls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from arena import quotes
from arena.events import AnyEvent, Ended, Opened, Quote, Said, Shown, Verdict
from arena.question import AnswerKey, Question
from arena.readers import LETTERS
from arena.turns import Seat

JUDGE = Seat("judge", "judge")


class Speech(NamedTuple):
    """What a seat said; `quotes` where the source has checked them, else they are checked against the passage."""

    seat: str
    text: str
    t: float = 0.0
    quotes: tuple[Quote, ...] | None = None


class Stated(NamedTuple):
    """A belief of the judge, by option of the question, and why; the options were shown in `order`.

    `choice` is the option that it decided for; a judge may have said no more than that. `outcome` is not `ok` where it
    decided nothing.
    """

    belief: tuple[float, ...] | None
    choice: int | None
    order: tuple[int, ...]
    text: str = ""
    t: float = 0.0
    outcome: Any = "ok"


Moment = tuple[Speech, ...] | Stated


@dataclass(frozen=True)
class Room:
    """One debate or consultancy. `sides` maps each advocate's seat to the option that it argues for.

    `final` has the judge's decision, once for each order in which it was asked. `told` is false where only the outcome
    is known and no word of what was said. `models` says who sat where, `turns` how often the judge chose to go on.
    """

    arm: str
    question: Question
    key: AnswerKey
    sides: dict[str, int]
    models: dict[str, str]
    moments: tuple[Moment, ...]
    final: tuple[Stated, ...]
    begun: float = 0.0
    dealing: int = 0
    repeat: int = 0
    told: bool = True
    turns: int = 0
    source: str = ""

    @property
    def episode(self) -> str:
        """The name of its episode."""
        return f"{self.arm}~{self.question.id}~{self.dealing}" + (f"~{self.repeat}" if self.repeat else "")

    @property
    def side(self) -> str | None:
        """For a single advocate: whether it argued for the right answer."""
        if len(self.sides) != 1:
            return None
        return "honest" if self.key.option in self.sides.values() else "dishonest"


def events(room: Room) -> list[AnyEvent]:
    """The events of a room, up to its `Ended`."""
    return list(_Telling(room).events())


class _Telling:
    """A room while it is told, act by act."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._act = 0
        self._sources = {"passage": room.question.passage} if room.question.passage else {}

    def events(self) -> Iterator[AnyEvent]:
        room = self._room
        yield Opened(
            episode=room.episode,
            t=room.begun,
            arm=room.arm,
            question=room.question.id,
            dealing=room.dealing,
            repeat=room.repeat,
        )
        yield from self._shown()
        rounds = dict.fromkeys(room.sides, 0)
        for moment in room.moments:
            yield from self._stated((moment,)) if isinstance(moment, Stated) else self._said(moment, rounds)
        yield from self._stated(room.final)
        yield _ended(room)

    def _shown(self) -> Iterator[Shown]:
        room, question = self._room, self._room.question
        seats = (*room.sides, JUDGE.name)
        if not room.told:
            yield self._show("untold", {"question": question.text}, (JUDGE.name,))
            return
        sides = {seat: question.options[option] for seat, option in room.sides.items()}
        fields = {
            "question": question.text,
            "options": {"$options": list(question.options)},
            "sides": {"$sides": sides},
        }
        yield self._show("question", fields, seats)
        if question.passage:
            yield self._show("passage", {"passage": question.passage}, tuple(room.sides), handed=True)

    def _show(self, cue: str, fields: dict[str, Any], to: tuple[str, ...], *, handed: bool = False) -> Shown:
        self._act += 1
        return Shown(
            episode=self._room.episode,
            at=str(self._act),
            t=self._room.begun,
            cue=cue,
            fields=fields,
            to=to,
            handed=handed,
        )

    def _said(self, speeches: Sequence[Speech], rounds: dict[str, int]) -> Iterator[Said]:
        self._act += 1
        for n, speech in enumerate(speeches):
            at = f"{self._act}:{n}" if len(speeches) > 1 else str(self._act)
            yield self._speech(at, speech, rounds)

    def _speech(self, at: str, speech: Speech, rounds: dict[str, int]) -> Said:
        room, fields = self._room, {}
        if speech.seat in rounds:
            rounds[speech.seat] += 1
            side = room.question.options[room.sides[speech.seat]]
            fields = {"side": side, "round": rounds[speech.seat]}
        found = quotes.check(speech.text, self._sources) if speech.quotes is None else speech.quotes
        return Said(
            episode=room.episode,
            at=at,
            t=speech.t,
            seat=speech.seat,
            cue="argue" if fields else "ask",
            fields=fields,
            text=speech.text,
            to=tuple(seat for seat in (*room.sides, JUDGE.name) if seat != speech.seat),
            quotes=found,
        )

    def _stated(self, stated: Sequence[Stated]) -> Iterator[Said]:
        self._act += 1
        for n, one in enumerate(stated):
            yield Said(
                episode=self._room.episode,
                at=f"{self._act}:{n}",
                t=one.t,
                seat=JUDGE.name,
                cue="decide",
                fields={"verdict": {"$form": len(self._room.question.options)}},
                text=_words(one),
                order=one.order,
            )


def _words(stated: Stated) -> str:
    """A belief as the judge would have written it, its letters those of the order that it saw."""
    if stated.belief is None:
        return stated.text or "(nothing)"
    shown = zip(LETTERS, stated.order, strict=False)
    lines = "\n".join(f"{letter}: {100 * stated.belief[option]:.4g}%" for letter, option in shown)
    chosen = "" if stated.choice is None else f"\n<choice>{LETTERS[stated.order.index(stated.choice)]}</choice>"
    return f"{stated.text}\n\n".lstrip() + f"<belief>\n{lines}\n</belief>{chosen}"


def _ended(room: Room) -> Ended:
    verdicts = tuple(
        Verdict(order=one.order, outcome=one.outcome, belief=one.belief, choice=one.choice) for one in room.final
    )
    beliefs = [verdict.belief for verdict in verdicts if verdict.belief is not None]
    mean = tuple(sum(values) / len(beliefs) for values in zip(*beliefs, strict=True)) if beliefs else None
    choices = {verdict.choice for verdict in verdicts}
    choice = choices.pop() if len(choices) == 1 else None
    last = max((one.t for one in room.final), default=room.begun)
    return Ended(episode=room.episode, t=last, belief=mean, choice=choice, verdicts=verdicts)
