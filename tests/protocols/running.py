"""Whole runs with a scripted model: a plan made by hand, what a run's folder tells afterwards, a run in a process.

    python -m tests.protocols.running RUN CALLS MILLISECONDS BYTES LINES

plays the usual plan into the folder RUN, notes the key of each call in the file CALLS, lets a call take about so many
milliseconds, no file grow beyond BYTES, and no call come back that is made when the log has LINES lines (0: no limit).
It prints why it stopped, and how many episodes are done.
"""

import asyncio
import json
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from arena import AnswerKey, Item, Protocol, Question, Reply, Request, log
from arena.errors import Stopped, UsageError
from arena.events import AnyEvent, Scored
from arena.lines import numbered
from arena.plan import Arm, Experiment, Plan
from arena.progress import Finished
from arena.prompts import Prompts, find
from arena.runner import play
from protocols.amplification import Amplification
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from protocols.expert import Expert
from protocols.naive import Naive
from tests.protocols.play import verdict
from tests.sent import sent

ROOT = Path(__file__).resolve().parent.parent.parent
SPEC = "sim/scripted"
_AN_HOUR = 3_600_000.0
E = TypeVar("E")


def items(count: int, start: int = 0) -> tuple[Item, ...]:
    """Questions about passages of their own; the key alternates."""
    return tuple(_item(n) for n in range(start, start + count))


def _item(n: int) -> Item:
    options = (f"the cook of house {n}", f"the gardener of house {n}")
    passage = f"House {n} was dark. The cook had left it at {n} minutes past nine. The gardener slept."
    question = Question(id=f"house-{n}", text=f"Who left house {n}?", options=options, passage=passage)
    return Item(question, AnswerKey(question=question.id, option=n % 2))


def answering(request: Request) -> str:
    """Replies that depend on every character of the request, so that nothing can change without showing."""
    last, seen = request.messages[-1].text, request.content
    if "<belief>" in last:
        return _verdict(request)
    if "<part></part>" in last:
        return f"<part>first {seen[:6]}</part><part>second {seen[:6]}</part>"
    tag = next((tag for tag in ("question", "answer") if f"<{tag}></{tag}>" in last), "argument")
    return f"<thinking>{seen[6:]}</thinking><{tag}>I have read {seen} and <quote>the gardener slept.</quote></{tag}>"


def _verdict(request: Request) -> str:
    text = sent(request)
    option = next(line[4:] for line in text.splitlines() if line.startswith("(A) "))
    return verdict(request, option, 55 + zlib.crc32(request.content.encode()) % 40)


@dataclass
class Model:
    """A scripted model that notes what it was asked. `late` says how many milliseconds a call takes."""

    says: Callable[[Request], str] = answering
    cost: float | None = 0.0
    late: Callable[[Request], float] = lambda _: 0.0
    noted: Path | None = None
    keys: list[str] = field(default_factory=list)
    spec: str = SPEC
    simulated: bool = True

    async def __call__(self, request: Request) -> Reply:
        self.keys.append(request.key(self.spec))
        if self.noted:
            with self.noted.open("a") as file:
                file.write(f"{self.keys[-1]}\n")
        await asyncio.sleep(self.late(request) / 1000)
        return Reply(self.says(request), model=self.spec, cost=self.cost)


def mortal(after: int, cost: float = 0.0) -> Model:
    """A model that stops the run when it has given so many replies."""
    left = iter(range(after))

    def says(request: Request) -> str:
        if next(left, None) is None:
            raise Stopped("pulled the plug")
        return answering(request)

    return Model(says, cost=cost)


USUAL: tuple[Protocol, ...] = (
    Debate(rounds=2, interactive=True),
    Consultancy(rounds=1),
    Naive(),
    Expert(),
)


def planned(
    *rules: Protocol,
    model: Model | None = None,
    test: Sequence[Item] | None = None,
    train: Sequence[Item] = (),
    **experiment: object,
) -> Plan:
    """A plan with these protocols, every seat taken by the one model."""
    model = model or Model()
    arms = tuple(arm for one in rules or USUAL for arm in _stages(one))
    found = items(4) if test is None else test
    return Plan(Experiment(**experiment), arms, tuple(found), tuple(train), {model.spec: model})


def _stages(rules: Protocol) -> list[Arm]:
    name, stages = type(rules).folder(), rules.stages()
    names = [f"{name}[{i}]" if len(stages) > 1 else name for i in range(len(stages))]
    return [
        Arm(
            name=names[i],
            protocol=name,
            rules=stage,
            seats=dict.fromkeys(stage.seats, SPEC),
            prompts=Prompts(find(type(rules), name), stage.model_dump(), name),
            teacher=names[i - 1] if stage.learns and i else None,
        )
        for i, stage in enumerate(stages)
    ]


# What a run's folder tells


def of(run: Path, kind: type[E]) -> list[E]:
    """The events of one kind."""
    return [event for event in log.read(run) if isinstance(event, kind)]


def scores(run: Path) -> dict[str, Scored]:
    """The scored rows by episode; an episode has one."""
    rows = [event for event in log.read(run) if isinstance(event, Scored)]
    assert len({row.episode for row in rows}) == len(rows), "an episode was scored twice"
    return {row.episode: row.model_copy(update={"t": 0.0}) for row in rows}


def story(run: Path) -> dict[str, list[str]]:
    """All that happened in each episode, sorted by place; when it happened and who paid is left out."""
    told: dict[str, list[str]] = {}
    for event in log.read(run):
        told.setdefault(event.episode, []).append(f"{event.at} {_timeless(event).model_dump_json()}")
    return {episode: sorted(events) for episode, events in told.items()}


def _timeless(event: AnyEvent) -> AnyEvent:
    drop = {"t": 0.0, **({"seconds": 0.0, "reused": False} if event.type == "Called" else {})}
    return event.model_copy(update=drop)


def calls(run: Path) -> list[str]:
    """The keys of the calls that a run logged as bought, in the order of the log."""
    return [event.key for event in log.read(run) if event.type == "Called" and not event.reused]


def lines(run: Path) -> int:
    """How many lines of events a run has so far."""
    return sum(path.read_bytes().count(b"\n") for path in numbered(run, "events"))


def contents(run: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(run.iterdir()) if path.is_file()}


# A run in a process of its own


def started(run: Path, noted: Path, *, milliseconds: int = 0, limit: int = 0, hold: int = 0) -> subprocess.Popen[str]:
    """Begin to play the usual plan in another process."""
    command = [sys.executable, "-m", __name__, *map(str, (run, noted, milliseconds, limit, hold))]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def waited_for(process: subprocess.Popen[str], happened: Callable[[], bool]) -> None:
    """Wait until something is true, of a process that has not ended."""
    while not happened():
        assert process.poll() is None, process.communicate()


def by(plan: Plan, model: Model) -> Plan:
    """The same plan with another model behind the same name."""
    return replace(plan, models={model.spec: model})


def usual(model: Model | None = None) -> Plan:
    """The plan that is played in processes."""
    learning = Amplification(iterations=1, distil=True, width=2)
    return planned(*USUAL, learning, model=model, concurrency=4, test=items(6), train=items(2, start=90))


def main(run: str, noted: str, milliseconds: str, limit: str, hold: str) -> int:
    """Play, and print what became of it."""

    def late(request: Request) -> float:
        if int(hold) and lines(Path(run)) >= int(hold):
            return _AN_HOUR
        return int(milliseconds) * (zlib.crc32(request.content.encode()) % 5 + 1) / 3

    plan = usual(Model(noted=Path(noted), late=late))
    if int(limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    try:
        finished: Finished = play(plan, Path(run))
    except UsageError as why:
        sys.stderr.write(f"{why}\n")
        return 2
    sys.stdout.write(json.dumps({"stopped": finished.stopped, "done": finished.progress.done}) + "\n")
    return 3 if finished.stopped else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
