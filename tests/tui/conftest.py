"""What the tests of the screens share: runs written by hand, with clocks that stand still, and a way to open them."""

import asyncio
import json
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from textual.worker import WorkerCancelled

from arena import log
from arena.events import Called, Ended, Failed, Opened, Quote, Said, Score, Scored, Shown, Usage, Verdict
from arena.tui.app import ArenaApp

from . import rest

PASSAGE = (
    "The harbour log says that the ship left before dawn. A fisherman saw it at noon. The log was never corrected."
)
OPTIONS = ["before dawn", "after noon"]
ASKED = {"question": "When did the ship leave?", "options": {"$options": OPTIONS}}
EXACT = Quote(text="the ship left before dawn", status="exact", source="passage", span=(26, 51))
ABSENT = Quote(text="it sailed at midnight", status="absent")


class Script:
    """The events of an episode, in the order in which they are written."""

    def __init__(self, arm="debate", question="q1", dealing=0, split="test"):
        self.episode, self.arm, self.question, self.split = f"{arm}~{question}~{dealing}", arm, question, split
        self.events = [Opened(episode=self.episode, t=1.0, arm=arm, question=question, split=split)]
        self.act = 0

    def shown(self, cue, to, *, handed=False, at=None, **fields):
        self.act += at is None
        at = at or str(self.act)
        self.events.append(Shown(episode=self.episode, at=at, t=2.0, cue=cue, fields=fields, to=to, handed=handed))
        return self

    def together(self, *turns):
        """Each turn is (seat, text, quotes) and is heard by the other seats."""
        self.act += 1
        for place, (seat, text, quotes) in enumerate(turns):
            self.said(seat, text, at=f"{self.act}:{place}", quotes=quotes)
        return self

    def said(self, seat, text, *, at=None, cue="argue", to=("judge",), quotes=(), order=None, thinking=None):  # noqa: PLR0913  # each is a field of the event
        self.act += at is None
        at = at or str(self.act)
        of = {"episode": self.episode, "at": at, "t": 3.0, "seat": seat}
        usage = Usage(input=900, output=40)
        reply = f"<argument>{text}</argument>"
        key = f"{len(self.events):032}"
        self.events += [
            Called(**of, model="sim/advocate", key=key, text=reply, thinking=thinking, usage=usage, cost=0.0),
            Said(**of, cue=cue, text=text, to=to, quotes=quotes, order=order),
        ]
        return self

    def decided(self, *choices, key=0):
        """Verdicts in both orders, and the score."""
        self.act += 1
        verdicts = []
        for place, (choice, order) in enumerate(zip(choices, ((0, 1), (1, 0)), strict=False)):
            self.said("judge", f"I weighed it, {choice}.", at=f"{self.act}:{place}", cue="decide", to=(), order=order)
            verdicts.append(Verdict(order=order, belief=(0.8, 0.2) if choice == 0 else (0.3, 0.7), choice=choice))
        mean = tuple(sum(v.belief[i] for v in verdicts) / len(verdicts) for i in (0, 1))
        choice = max((0, 1), key=lambda i: mean[i])
        self.events.append(Ended(episode=self.episode, t=4.0, belief=mean, choice=choice, verdicts=tuple(verdicts)))
        scores = [
            Score(slot=v.order.index(key), correct=float(v.choice == key), p_correct=v.belief[key]) for v in verdicts
        ]
        return self.scored(scores, key=key)

    def failed(self, outcome="refused", reason="alice refused"):
        self.events.append(Failed(episode=self.episode, t=4.0, outcome=outcome, reason=reason, seat="alice"))
        return self.scored([Score(slot=0, outcome=outcome), Score(slot=1, outcome=outcome)], outcome=outcome)

    def scored(self, scores, *, key=0, outcome="ok"):
        calls = sum(isinstance(event, Called) for event in self.events)
        self.events.append(
            Scored(
                episode=self.episode,
                t=5.0,
                arm=self.arm,
                question=self.question,
                group=self.question,
                dataset="harbour",
                split=self.split,
                outcome=outcome,
                key=key,
                scores=tuple(scores),
                calls=calls,
                usage=Usage(input=900 * calls, output=40 * calls),
                cost=0.0,
            )
        )
        return self


def debate(question="q1", *choices, rounds=2, alice="The log is plain:", bob="A man saw it.", text=None):
    """A debate of some rounds, and its verdicts; without choices it is still being played."""
    script = Script("debate", question)
    script.shown(
        "question", ("alice", "bob", "judge"), **ASKED, sides={"$sides": {"alice": OPTIONS[0], "bob": OPTIONS[1]}}
    )
    script.shown("passage", ("alice", "bob"), handed=True, passage=PASSAGE)
    for n in range(1, rounds + 1):
        one = text or f"{alice} <quote>{EXACT.text}</quote> (round {n})"
        two = f"{bob} <quote>{ABSENT.text}</quote> (round {n})"
        script.together(("alice", one, () if text else (EXACT,)), ("bob", two, (ABSENT,)))
    return script.decided(*choices) if choices else script


def naive(question="q1", *choices):
    """The judge alone."""
    script = Script("naive", question).shown("question", ("judge",), **ASKED)
    return script.decided(*choices) if choices else script


def consultancy(question="q1", *choices):
    """One consultant, and the judge's question between its speeches."""
    script = Script("consultancy", question)
    script.shown("question", ("consultant", "judge"), **ASKED, sides={"$sides": {"consultant": OPTIONS[1]}})
    script.shown("passage", ("consultant",), handed=True, passage=PASSAGE)
    script.said("consultant", "It left after noon.").said("judge", "Who saw it?", cue="ask", to=("consultant",))
    return script.said("consultant", "A fisherman did.").decided(*choices)


def amplification(question="q1", *choices):
    """An overseer, two parts, and what is put together of them."""
    script = Script("amplification", question).shown("question", ("overseer", "worker"), **ASKED)
    script.said("overseer", "Two parts.", at="2", cue="decompose", to=())
    for place, part in enumerate(("What does the log say?", "Who saw the ship?")):
        script.shown("part", ("overseer", "worker"), at=f"3.{place}/1", question=part)
        script.said("worker", f"An answer to part {place + 1}.", at=f"3.{place}/2", cue="answer", to=())
    script.act = 4
    return script.said("overseer", "It left before dawn.", at="4", cue="compose", to=()).decided(*choices)


def header(**planned):
    """The header of a run of these arms."""
    seats = {"alice": {"role": "debater", "model": "sim/advocate"}, "judge": {"role": "judge", "model": "sim/judge"}}
    n = max(planned.values(), default=0)
    arms = [{"name": arm, "protocol": arm, "settings": {}, "seats": seats, "prompts": {}} for arm in planned]
    dataset = {"name": "harbour", "n": n, "groups": n, "options": 2}
    return {"schema": 1, "run": "run", "simulated": True, "planned": planned, "arms": arms, "dataset": dataset}


def write(folder, head, *scripts):
    """A run folder that holds these episodes; one that is there already goes on."""
    folder.mkdir(exist_ok=True)
    if not (folder / "run.json").exists():
        (folder / "run.json").write_text(json.dumps(head))
    with log.Writer(folder) as writer:
        for script in scripts:
            for event in script.events:
                writer.append(event)
    return folder


@pytest.fixture(autouse=True)
def _at_greenwich(monkeypatch):
    """A clock on the screen is the reader's own; here it is the same for everybody."""
    with monkeypatch.context() as there:
        there.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def small(tmp_path):
    """A finished run: three debates of which one is wrong and one changed with the order, and the judge alone."""
    return write(
        tmp_path / "small",
        header(debate=3, naive=3),
        *(debate("q1", 0, 0), naive("q1", 0, 1)),
        *(debate("q2", 1, 1), naive("q2", 1, 1)),
        *(debate("q3", 0, 1), naive("q3").failed()),
    )


@pytest.fixture(autouse=True)
def _heard():
    """What the parts of an app do is heard, so that a test knows when they have done it."""
    rest.listened()


async def settled(pilot):
    """Everything that was asked for is read and drawn, and so is what was asked for in consequence."""
    await rest.at_rest(pilot.app)
    while any(not worker.is_finished for worker in pilot.app.workers):
        if running := [worker for worker in pilot.app.workers if worker.is_running]:
            with suppress(WorkerCancelled):  # in favour of a later one
                await pilot.app.workers.wait_for_complete(running)
        await rest.at_rest(pilot.app)


def opened(run, *, episode=None, size=(120, 40), engine=None, kind=ArenaApp):
    """The app over a run, which looks at the log when it is told to and never by itself."""
    app = kind(Path(run), name="small", episode=episode, engine=engine, every=None, now=lambda: 1000.0)
    app.shown_size = size
    return app


def gestures(app, act, *keys):
    """Open the app, press keys, and then do `act` with the pilot; returns what that returns."""

    async def play():
        async with app.run_test(size=app.shown_size) as pilot:
            await settled(pilot)
            for key in keys:
                await pilot.press(key)
                await settled(pilot)
            return await act(pilot)

    return asyncio.run(play())


def text_of(app):
    """All that stands on the screen, as plain text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


def seen(app, *keys):
    """The text of the screen after these keys."""

    async def look(pilot):
        return text_of(pilot.app)

    return gestures(app, look, *keys)


def hidden(app):
    """The keys of the footer that are cut off at the edge of the screen."""
    keys = app.screen.query("FooterKey")
    return [key.description for key in keys if key.region.right > app.size.width]


ENGINE = {
    "host": "here",
    "t": 1000.0,
    "state": "playing",
    "done": 2,
    "total": 6,
    "spent": 1.25,
    "budget": 5.0,
    "concurrency": 8,
    "in_flight": 3,
    "limit": 16,
    "calls_per_second": 12.5,
    "tokens_per_second": 23_400.0,
    "refused": 4,
}
WAIT = {"account": "openai", "model": "gpt-x", "calls": 12, "why": "rate limit", "until": 1044.0}


def tell(run, **changes):
    """The engine says how it is."""
    (run / "live").mkdir(exist_ok=True)
    status = {**ENGINE, "pid": os.getpid(), **changes}
    (run / "live" / "status.json").write_text(json.dumps(status))


def say(run, episode, at, seat, text, attempt=0):
    """Somebody's words arrive."""
    (run / "live").mkdir(exist_ok=True)
    with (run / "live" / "words-0001.jsonl").open("a") as file:
        file.write(json.dumps({"episode": episode, "at": at, "attempt": attempt, "seat": seat, "text": text}) + "\n")
