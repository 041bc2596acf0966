"""The table: all that a protocol may do, and the record of what it did.

The view of a turn is frozen before any model is called, and every place is numbered before anything is awaited. So what
a seat reads depends neither on how fast models answer nor on whether a reply came from a log; and an episode played
again from its own log is the same episode.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar, cast

from arena import quotes
from arena.beliefs import Belief
from arena.calls import Place
from arena.encoding import encode
from arena.episode import Episode
from arena.errors import Refused, Stopped, Truncated, TurnFailed, Unparsed, Unsupported
from arena.events import AnyEvent, Dealt, Said, Shadowed, Shown, Verdict, aside
from arena.forms import SHADOW, Form, reader, sampling, stated
from arena.models.base import Message, Reply, Request
from arena.prompts import CUT, RETRY, Order, orders
from arena.readers import Speech, public
from arena.rounds import Rounds
from arena.turns import Lesson, Seat, Turn
from arena.views import knows, sources

T = TypeVar("T")
U = TypeVar("U")


class _Played(NamedTuple):
    """A turn that came back and could be read: its value, and what its audience is to hear."""

    value: Any
    said: Said


class Table:
    """A place where seats are told things and asked for turns. Protocols get one; `each` opens further ones."""

    def __init__(self, episode: Episode, path: str = "", events: Iterable[AnyEvent] = (), acts: int = 0) -> None:
        """A table at `path` that knows `events`, and at which so many acts were played."""
        self._episode = episode
        self._path = path
        self._events: list[AnyEvent] = list(events)
        self._acts = acts
        self._asked: Counter[str] = Counter()
        self._rounds: dict[Seat, Rounds] = {}
        self.seats = tuple(Seat(name, role) for name, role in episode.seats.items())
        if not path:
            judges = [seat for seat in self.seats if seat.role in episode.shadow and seat.name in episode.models]
            self._rounds = {seat: Rounds(seat) for seat in judges}

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """The worked examples that the iteration before this one left; empty in the first."""
        return self._episode.lessons

    # What chance does, and what the table tells

    def deal(self, items: Iterable[T]) -> tuple[T, ...]:
        """The items in an order that chance gives. The first deal of an episode is balanced by enumeration.

        The orders of the first deal are the rotations of one shuffled order, taken in turn from question to question
        and from dealing to dealing; later deals are shuffled from the seed, the question and their place.
        """
        given, at, episode = tuple(items), self._act(), self._episode
        order = list(range(len(given)))
        if not self._path and not any(isinstance(event, Dealt) for event in self._events):
            random.Random(f"{episode.seed}").shuffle(order)  # noqa: S311
            shift = episode.turn % max(len(order), 1)
            order = order[shift:] + order[:shift]
        else:
            random.Random(f"{episode.seed}/{episode.question.id}/{episode.turn}/{at}").shuffle(order)  # noqa: S311
        self._record(Dealt(episode=episode.id, at=at, t=self._episode.now(), order=tuple(order)))
        return tuple(given[i] for i in order)

    def announce(self, cue: str, **fields: object) -> None:
        """Tell every seat: the template `cue`, filled with `fields`."""
        self._show(cue, fields, self.seats, handed=False)

    def hand(self, cue: str, *, to: Seat | Sequence[Seat], **fields: object) -> None:
        """Tell the seats `to`, and no other. What is handed counts as their source for quotes.

        Where every field is empty (a question without a passage) nothing is told.
        """
        if isinstance(to, Seat):
            to = (to,)
        if any(value not in (None, "", (), [], {}) for value in fields.values()):
            self._show(cue, fields, to, handed=True)

    def teach(self, lesson: str) -> None:
        """Leave a worked answer to the question for the next iteration of this protocol to learn from."""
        self._episode.lesson = lesson

    # What seats are asked

    async def ask(self, turn: Turn[T]) -> T:
        """Play one turn and return its value."""
        shadows = self._shadows((turn,))
        playing = self._play(self._act(), turn, tuple(self._events))
        played = cast("_Played", (await everything([playing, *shadows]))[0]) if shadows else await playing
        self._record(played.said)
        return cast("T", played.value)

    async def in_turn(self, *turns: Turn[T]) -> tuple[T, ...]:
        """Play turns one after another; each hears the ones before it."""
        return tuple([await self.ask(turn) for turn in turns])

    async def together(self, *turns: Turn[T]) -> tuple[T, ...]:
        """Play turns at the same moment: none hears another, whatever comes back first."""
        shadows = self._shadows(turns)
        act, seen = self._act(), tuple(self._events)
        calls = [self._play(f"{act}:{i}", turn, seen) for i, turn in enumerate(turns)]
        played = cast("list[_Played]", (await everything([*calls, *shadows]))[: len(calls)])
        for turn in played:
            self._record(turn.said)
        return tuple(turn.value for turn in played)

    async def each(
        self, items: Iterable[U], work: Callable[[Table, U], Coroutine[Any, Any, T]], *, inherit: bool = False
    ) -> list[T]:
        """Do the work on every item at once, each at a table of its own.

        The tables are blank; with `inherit` they know what this one knew when they opened. What is said at them is not
        heard here.
        """
        act, link = self._act(), "+" if inherit else "."
        known = tuple(self._events) if inherit else ()
        tables = [(Table(self._episode, f"{act}{link}{i}/", known), item) for i, item in enumerate(items)]
        return await everything([work(table, item) for table, item in tables])

    async def decide(self, judge: Seat, cue: str = "decide", **fields: object) -> Belief:
        """Have a judge state its belief in the options and its choice, on both presentations of what it knows.

        The two verdicts are given at the same moment, on the options in their own order and in reverse, and are part of
        no conversation. Returns their mean. A verdict that fails is logged as missing; raises the first failure where
        both do.
        """
        question = self._episode.question
        act, seen = self._act(), tuple(self._events)
        asked, presented = Turn(judge, cue, fields, str, ()), self._episode.presented(question)
        results = await everything(
            [self._verdict(f"{act}:{i}", asked, seen, order) for i, order in enumerate(presented)]
        )
        verdicts = tuple(verdict for verdict, _ in results)
        beliefs = [Belief(verdict.belief, verdict.choice) for verdict in verdicts if verdict.belief is not None]
        if not beliefs:
            raise next(failure for _, failure in results if failure)
        mean = Belief.mean(beliefs)
        self._episode.verdicts.append((mean, verdicts))
        return mean

    # How it is done

    def _act(self) -> str:
        self._acts += 1
        return f"{self._path}{self._acts}"

    def _record(self, event: AnyEvent) -> None:
        self._events.append(event)
        self._episode.record(event)

    def _show(self, cue: str, fields: Mapping[str, object], to: Sequence[Seat], *, handed: bool) -> None:
        plain, names = encode(fields), tuple(seat.name for seat in to)
        at = self._act()
        self._record(
            Shown(
                episode=self._episode.id, at=at, t=self._episode.now(), cue=cue, fields=plain, to=names, handed=handed
            )
        )

    async def _verdict(
        self, at: str, asked: Turn[Any], seen: Sequence[AnyEvent], order: Order
    ) -> tuple[Verdict, TurnFailed | None]:
        """A verdict on one presentation, logged as what was said. The failure is given where there is none."""
        verdict, came = await self._judged(at, asked, seen, order)
        if isinstance(came, TurnFailed):
            return verdict, came
        self._record(came.model_copy(update={"order": order.places}))
        return verdict, None

    async def _judged(
        self, at: str, asked: Turn[Any], seen: Sequence[AnyEvent], order: Order
    ) -> tuple[Verdict, Said | TurnFailed]:
        """A verdict on one presentation; asked again in another form where the server refuses the first."""
        forms, model = self._episode.forms, self._episode.models[asked.seat.name]
        count = len(order.places)
        while True:
            how = forms.of(model)
            verdict = Verdict(order=order.places, stated=stated(how), form=how, round=self._heard(asked.seat))
            fields = {**asked.fields, "verdict": Form(count, how)}
            turn = replace(asked, fields=fields, reader=reader(how, order.places), sampling=sampling(how, count))
            try:
                played = await self._play(at, turn, seen, order)
            except Unsupported as why:
                forms.refused(model, how, str(why))
            except TurnFailed as why:
                return verdict.model_copy(update={"outcome": why.outcome}), why
            else:
                break
        (probabilities, choice), outside = played.value
        return verdict.model_copy(update={"belief": probabilities, "choice": choice, "outside": outside}), played.said

    def _heard(self, judge: Seat) -> int | None:
        return self._rounds[judge].heard if judge in self._rounds else None

    def _shadows(self, turns: Sequence[Turn[Any]]) -> list[Coroutine[Any, Any, None]]:
        """What shadow judges are asked as these turns begin: after each round, on what they know by then."""
        seen, presented = tuple(self._events), self._episode.presented(self._episode.question)
        done = {judge: rounds.over(turns) for judge, rounds in self._rounds.items()}
        asked = [(judge, n, order) for judge, n in done.items() if n is not None for order in presented]
        return [self._shadow(f"{self._acts}~{i}", judge, n, seen, o) for i, (judge, n, o) in enumerate(asked)]

    async def _shadow(self, at: str, judge: Seat, heard: int, seen: Sequence[AnyEvent], order: Order) -> None:
        """Ask a judge what it believes so far, and log that beside the record of the table."""
        episode = self._episode
        verdict, _ = await self._judged(at, Turn(judge, SHADOW, {}, str, ()), seen, order)
        verdict = verdict.model_copy(update={"round": heard})
        episode.record(Shadowed(episode=episode.id, at=at, t=episode.now(), seat=judge.name, verdict=verdict))

    async def _play(self, at: str, turn: Turn[Any], seen: Sequence[AnyEvent], order: Order | None = None) -> _Played:
        """Ask until the reply can be read: the reason goes back to the speaker, at most `retries` times."""
        order = order or orders(self._episode.question)[0]
        known, fields = knows(seen, turn.seat.name), encode(turn.fields)
        request = self._request(turn, known, fields, order)
        for attempt in range(self._episode.retries + 1):
            reply = await self._call(at, attempt, turn.seat, request)
            try:
                value = turn.reader(reply)
                heard = public(value if isinstance(value, str) else reply.text)
            except ValueError as why:
                reason = str(why) + CUT * (reply.finish == "length")
                request = request.followed_by(
                    Message("assistant", reply.text or "(nothing)"),
                    Message("user", RETRY.replace("$reason", reason)),
                )
                continue
            return _Played(value, self._said(at, turn, fields, known, heard, value, reply))
        failure = Truncated if reply.finish == "length" else Unparsed
        raise failure(f"no reply of {turn.seat.name} could be read: {reason}", at, turn.seat.name)

    def _request(
        self, turn: Turn[Any], known: Sequence[Shown | Said], fields: Mapping[str, Any], order: Order
    ) -> Request:
        episode, seat = self._episode, turn.seat
        talk = episode.prompts.conversation(known, seat.name, order)
        asked = episode.prompts.cue(turn.cue, fields, seat.name, order)
        request = Request(
            system=episode.prompts.system(seat.role, seat.name),
            messages=(*talk.messages, Message("user", "\n\n".join([*talk.pending, asked]))),
            preface=talk.preface,
            max_tokens=episode.max_tokens,
            sampling={**episode.sampling.get(seat.name, {}), **turn.sampling},
            seat=seat.name,
            cue=turn.cue,
        )
        return self._sampled(request, seat)

    def _sampled(self, request: Request, seat: Seat) -> Request:
        """Requests that one table makes twice are two samples, not one."""
        same = f"{seat.name}/{request.content}"
        sample = self._asked[same]
        self._asked[same] += 1
        return request.sampled(sample + _SAMPLES * self._episode.repeat)

    async def _call(self, at: str, attempt: int, seat: Seat, request: Request) -> Reply:
        episode = self._episode
        if episode.hear is not None and not aside(at) and (hear := episode.hear(at, attempt, seat.name)) is not None:
            request = replace(request, hear=hear)
        try:
            reply = await episode.ask(Place(episode.id, at, seat.name, attempt), request)
        except TurnFailed as why:
            why.at, why.seat = why.at or at, why.seat or seat.name
            raise
        if reply.finish == "refusal":
            raise Refused(f"{seat.name} refused: {reply.text[:200]!r}", at, seat.name)
        return reply

    def _said(
        self,
        at: str,
        turn: Turn[Any],
        fields: dict[str, Any],
        known: Sequence[Shown | Said],
        heard: str,
        value: object,
        reply: Reply,
    ) -> Said:
        audience = self.seats if turn.audience is None else turn.audience
        start = reply.text.find(heard)
        return Said(
            episode=self._episode.id,
            at=at,
            t=self._episode.now(),
            seat=turn.seat.name,
            cue=turn.cue,
            fields=fields,
            text=heard,
            span=(start, start + len(heard)) if start >= 0 else None,
            to=tuple(seat.name for seat in audience if seat != turn.seat),
            quotes=quotes.check(heard, sources(known)) if "<quote" in heard else (),
            cut=value.cut if isinstance(value, Speech) else 0,
        )


_SAMPLES = 1_000_000


async def everything(calls: Sequence[Awaitable[T]]) -> list[T]:
    """Wait for all, so that no call that is paid for is lost; then raise what stops the run, or the first failure."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in sorted(failures, key=lambda failure: not isinstance(failure, Stopped)):
        raise failure
    return cast("list[T]", results)
