"""Simulated models: classical programs behind the interface of a language model.

    sim/advocate   argues for a side from the passage
    sim/judge      weighs speeches, or reads the passage itself
    sim/worker     answers from the passage, and loses its way in long chains
    sim/overseer   splits and composes, without the passage
    sim/writer     writes questions with a gap, and finds what fills it

They read the messages that a language model would get, and no key, seat name or other channel. Their chance is a
function of what they are sent and of their seed. What they print is made by these rules and by nothing else; their
names begin with `sim/` wherever a model is named. `docs/casefiles.md` says what each of them does and cannot do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from arena.errors import unknown
from arena.events import Usage
from arena.models.base import Feature, Model, Reply, Request
from arena.models.sim import advocate, judge, overseer, worker
from arena.models.sim import writer as writer_
from arena.models.sim.heard import Scene
from arena.models.sim.settings import (
    AdvocateSettings,
    JudgeSettings,
    OverseerSettings,
    WorkerSettings,
    WriterSettings,
    read,
    spec,
)
from arena.models.sim.verdicts import Ruling, letter, verdict

__all__ = ["NAMES", "Sim", "open_model"]

CHARACTERS_A_TOKEN = 4
Act = Callable[[Scene], str | Ruling]


class Sim:
    """A simulated model: one way to answer each thing that may be asked, known by the tag that the cue names last.

    `acts` is asked by tag; a cue that names none of them is answered in every tag that it does name.
    """

    simulated = True

    def __init__(self, spec_: str, acts: Mapping[str, Act]) -> None:
        self.spec = spec_
        self._acts = acts

    def supports(self, feature: Feature) -> bool | None:
        """It keeps to no schema; asked for one letter, it gives its exact belief as token probabilities."""
        return feature == "logprobs"

    async def __call__(self, request: Request) -> Reply:
        """Answer a request. Never fails, whatever the request holds."""
        text, logprobs = self._replied(Scene(request))
        size = len(request.preface) + len(request.system) + sum(len(message.text) for message in request.messages)
        usage = Usage(input=size // CHARACTERS_A_TOKEN, output=len(text) // CHARACTERS_A_TOKEN)
        return Reply(text, model=self.spec, usage=usage, cost=0.0, logprobs=logprobs)

    def answer(self, request: Request) -> str:
        """The reply as text."""
        return self._replied(Scene(request))[0]

    def _replied(self, scene: Scene) -> tuple[str, object]:
        """The reply as text, and the token probabilities where those were asked for, of a letter and not of tags."""
        if scene.request.sampling.get("logprobs") and not scene.last.tags:
            ruling = self._acts["belief"](scene)
            return letter(scene, ruling) if isinstance(ruling, Ruling) else (ruling, None)
        said = self._said(scene)
        return (verdict(scene, said) if isinstance(said, Ruling) else said), None

    def _said(self, scene: Scene) -> str | Ruling:
        tags = scene.cue.tags
        act = next((self._acts[tag] for tag in reversed(tags) if tag in self._acts), None)
        if act is not None:
            return act(scene)
        return "\n".join(f"<{tag}>I have nothing to add.</{tag}>" for tag in tags) or "I have nothing to add."


def _advocate(params: Mapping[str, str]) -> tuple[AdvocateSettings, dict[str, Act]]:
    settings = read(AdvocateSettings, "advocate", params)
    return settings, {"argument": partial(advocate.speak, settings=settings)}


def _judge(params: Mapping[str, str]) -> tuple[JudgeSettings, dict[str, Act]]:
    settings = read(JudgeSettings, "judge", params)
    decide, wonder = partial(judge.decide, settings=settings), partial(judge.wonder, settings=settings)
    return settings, {"belief": decide, "question": wonder}


def _worker(params: Mapping[str, str]) -> tuple[WorkerSettings, dict[str, Act]]:
    settings = read(WorkerSettings, "worker", params)
    answer, decide = partial(worker.answer, settings=settings), partial(worker.decide, settings=settings)
    return settings, {"answer": answer, "belief": decide}


def _overseer(params: Mapping[str, str]) -> tuple[OverseerSettings, dict[str, Act]]:
    settings = read(OverseerSettings, "overseer", params)
    decide = partial(overseer.decide, settings=settings)
    return settings, {"part": overseer.decompose, "answer": overseer.compose, "belief": decide}


def _writer(params: Mapping[str, str]) -> tuple[WriterSettings, dict[str, Act]]:
    settings = read(WriterSettings, "writer", params)
    return settings, {"wrong": partial(writer_.write, settings=settings), "belief": writer_.find}


NAMES = {"advocate": _advocate, "judge": _judge, "overseer": _overseer, "worker": _worker, "writer": _writer}
"""The simulated models by name."""


def open_model(name: str, params: Mapping[str, str]) -> Model:
    """Open `sim/<name>`; raises `UsageError` for a name or a parameter that is not known, or a value out of range."""
    if name not in NAMES:
        raise unknown("simulated model", name, NAMES)
    settings, own = NAMES[name](params)
    return Sim(spec(name, settings), {**_usual(), **own})


def _usual() -> dict[str, Act]:
    """What every simulated model does, with usual settings, when it is asked for something outside its trade."""
    return {
        "argument": partial(advocate.speak, settings=AdvocateSettings()),
        "belief": partial(judge.decide, settings=JudgeSettings()),
        "question": partial(judge.wonder, settings=JudgeSettings()),
        "answer": partial(worker.answer, settings=WorkerSettings()),
        "part": overseer.decompose,
    }
