"""A protocol played in memory by scripted models, with everything kept that anybody was sent."""

import asyncio
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from arena import Belief, Lesson, Protocol, Question, Reply, Request
from arena import table as tables
from arena.episode import Episode
from arena.errors import TurnFailed
from arena.events import AnyEvent, Called, Said, Shown, Verdict
from arena.prompts import Prompts, find
from tests.sent import sent, told

PASSAGE = "The keeper rowed out at dusk. The lamp was out of oil. Nobody saw him come back to the pier."
OPTIONS = ("He ran out of oil", "He went to sleep")
QUESTION = Question(id="lamp", text="Why was the lamp dark?", options=OPTIONS, passage=PASSAGE)

Says = Callable[[Request], str]
E = TypeVar("E")


@dataclass(frozen=True)
class Asked:
    """One request that was sent to a seat. `cue` is empty where no speech came of it."""

    seat: str
    cue: str
    at: str
    request: Request

    @property
    def text(self) -> str:
        """All that was sent."""
        return sent(self.request)

    @property
    def told(self) -> str:
        """All that was sent, the seat's own former words left out."""
        return told(self.request)

    @property
    def last(self) -> str:
        """The last message: what is new since the seat last spoke, and what it is asked."""
        return self.request.messages[-1].text


@dataclass
class Played:
    """What became of one episode."""

    belief: Belief | None = None
    failure: TurnFailed | None = None
    episode: Episode | None = None
    events: list[AnyEvent] = field(default_factory=list)
    sent: list[tuple[str, Request]] = field(default_factory=list)

    @property
    def asked(self) -> list[Asked]:
        """Every request, in the order in which the replies were logged."""
        by_key = {(seat, request.key(SPEC)): request for seat, request in self.sent}
        cues = {event.at: event.cue for event in self.of(Said)}
        return [
            Asked(call.seat, cues.get(call.at, ""), call.at, by_key[call.seat, call.key]) for call in self.of(Called)
        ]

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    def to(self, seat: str, cue: str | None = None) -> list[Asked]:
        """What a seat was asked, all of it or under one cue."""
        return [asked for asked in self.asked if asked.seat == seat and cue in (None, asked.cue)]

    def order(self) -> list[tuple[str, str]]:
        """Who was heard, and on which cue, verdicts left out."""
        return [(said.seat, said.cue) for said in self.of(Said) if said.order is None]

    def verdicts(self) -> list[Said]:
        """What the judge said when it decided, once for each presentation."""
        return [said for said in self.of(Said) if said.order is not None]

    @property
    def judged(self) -> list[Verdict]:
        """What was read off each verdict."""
        assert self.episode is not None
        return [verdict for _, verdicts in self.episode.verdicts for verdict in verdicts]

    def calls(self, *, deciding: bool) -> int:
        """How many calls were made for verdicts, or for everything else."""
        return sum((asked.cue == "decide") is deciding for asked in self.asked)


SPEC = "sim/scripted"


@dataclass
class Scripted:
    """A model that says what its function makes of a request, at once or some turns of the event loop later."""

    seat: str
    says: Says
    played: Played
    late: random.Random | None = None
    spec = SPEC
    simulated = True

    async def __call__(self, request: Request) -> Reply:
        self.played.sent.append((self.seat, request))
        for _ in range(self.late.randrange(5) if self.late else 0):
            await asyncio.sleep(0)
        return Reply(self.says(request), model=self.spec)


def play(  # noqa: PLR0913  # each names one thing that a test may want otherwise
    rules: Protocol,
    *,
    question: Question = QUESTION,
    says: Mapping[str, Says] | None = None,
    turn: int = 0,
    seed: int = 0,
    retries: int = 2,
    lessons: tuple[Lesson, ...] = (),
    late: int | None = None,
) -> Played:
    """Play one episode. `says` replaces what a seat replies; `late` is the seed of random latencies."""
    played = Played()
    chance = None if late is None else random.Random(late)
    folder = type(rules).folder()
    played.episode = Episode(
        id="episode",
        question=question,
        seats=rules.seats,
        models={seat: Scripted(seat, {**usual(rules), **(says or {})}[seat], played, chance) for seat in rules.seats},
        prompts=Prompts(find(type(rules), folder), rules.model_dump(), folder),
        record=played.events.append,
        clock=lambda: 0.0,
        seed=seed,
        turn=turn,
        retries=retries,
        lessons=lessons,
    )
    try:
        played.belief = asyncio.run(_run(rules, question, played.episode))
    except TurnFailed as why:
        played.failure = why
    return played


async def _run(rules: Protocol, question: Question, episode: Episode) -> Belief:
    return await rules.run(question, tables.Table(episode))


def usual(rules: Protocol) -> dict[str, Says]:
    """What each seat replies where a test does not say otherwise."""
    return {seat: speaker(seat) for seat in rules.seats}


def speaker(name: str, *, favourite: str = OPTIONS[0], percent: int = 80) -> Says:
    """Replies in the form that was asked for; each names its speaker and how often it has spoken."""

    def says(request: Request) -> str:
        last, n = request.messages[-1].text, 1 + sum(message.role == "assistant" for message in request.messages)
        thought = f"<thinking>{name} thinks {n}</thinking>\n"
        if "<belief>" in last:
            return thought + verdict(request, favourite, percent)
        if "<question></question>" in last:
            return f"{thought}<question>{name} asks{_whom(last)} {n}</question>"
        if "<part></part>" in last:
            return f"{thought}<part>{name} part one of {_topic(request)}</part><part>{name} part two</part>"
        if "<answer></answer>" in last:
            return f"{thought}<answer>{name} answers {n}: {_topic(request)}</answer>"
        return f"{thought}<argument>{name} speaks {n}. <quote>The lamp was out of oil.</quote></argument>"

    return says


def verdict(request: Request, favourite: str, percent: int = 80) -> str:
    """A verdict for one option, by whichever letter this presentation shows it under; the rest is shared."""
    shown = dict(re.findall(r"^\(([A-Z])\) (.*)$", sent(request), re.MULTILINE))
    best = next((letter for letter, text in shown.items() if text == favourite), "A")
    rest = (100 - percent) / (len(shown) - 1)
    lines = "\n".join(f"{letter}: {percent if letter == best else rest:g}" for letter in shown)
    return f"<belief>\n{lines}\n</belief>\n<choice>{best}</choice>"


def passages(played: Played, seat: str) -> bool:
    """Whether anything that a seat was sent holds a sentence of the passage."""
    return any("Nobody saw him come back" in asked.text for asked in played.to(seat))


def shown(played: Played, cue: str) -> list[Shown]:
    """What the table showed under one cue."""
    return [event for event in played.of(Shown) if event.cue == cue]


def _whom(last: str) -> str:
    found = re.search(r"one question to (Alice|Bob)\b", last)
    return f" {found[1]}" if found else ""


def _topic(request: Request) -> str:
    asked: list[str] = re.findall(r"^Question: (.*)$", sent(request), re.MULTILINE)
    return asked[-1][:40] if asked else ""
