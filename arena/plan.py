"""What a run will play: an experiment as it was asked for, resolved into arms, and the header that says so.

Everything here happens before anything is written: a name, a setting or a spec that cannot be is refused with one
message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from arena import plugins
from arena.datasets.base import Dataset, checked
from arena.datasets.questions import Questions
from arena.errors import DataError, UsageError, unknown
from arena.events import Stated
from arena.forms import no_tokens
from arena.models.base import Model, paid, supports
from arena.models.gate import CONNECTIONS
from arena.models.ledger import check_budget
from arena.prompts import Order, Prompts, check_folder, find, orders, replaced
from arena.protocol import Protocol
from arena.question import Item, Question

BASELINES = ("naive", "expert")
JUDGES = {"judge": "sim/judge", "overseer": "sim/overseer"}
"""The roles that `--judge` fills, and who sits there unless it is said; all others are filled by `--debater`."""
OTHERS = {"worker": "sim/worker"}
DEBATER = "sim/advocate"


OPEN = 32
"""Episodes that are open at once where nobody says how many, and no model is real."""

SPARE = 1.5
"""Episodes that are open at once for each call that may be under way to a real model, so that no place stays empty: an
episode may wait for another that opens its prefix, or for a retry."""


class Experiment(BaseModel):
    """All that can be asked of a run. The command line and an experiment file are two ways to write it down."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    protocol: tuple[str, ...] = Field(("debate",), min_length=1)
    dataset: str | None = None
    limit: int | None = Field(100, ge=1)
    seed: int = 0
    set: dict[str, str] = {}
    debater: str | None = None
    judge: str | None = None
    seat: dict[str, str] = {}
    baselines: bool = True
    budget: float | None = Field(None, gt=0)
    concurrency: int | None = Field(None, ge=1, le=10_000)
    rpm: int | None = Field(None, ge=1)
    tpm: int | None = Field(None, ge=1)
    connections: int = Field(CONNECTIONS, ge=1, le=10_000)
    batch: bool = False
    repeats: int = Field(1, ge=1)
    belief: Stated = "verbalised"
    shadow_judge: bool = False
    train: int = Field(8, ge=1)
    prompts: Path | None = None
    reuse: tuple[Path, ...] = ()
    reproducible: bool = False


DEFAULTS: Mapping[str, object] = Experiment().model_dump(mode="json")
"""An experiment that nothing was asked of, as it stands in the header of a run."""


@dataclass(frozen=True)
class Arm:
    """A protocol with its settings and its models. `teacher` is the arm whose lessons it is given."""

    name: str
    protocol: str
    rules: Protocol
    seats: Mapping[str, str]
    prompts: Prompts
    teacher: str | None = None


@dataclass(frozen=True)
class Plan:
    """An experiment, resolved: the arms, the questions with their keys kept apart, and the models by spec.

    The test questions may be `Questions` of which the last are not read yet. `waves` is how many waves of batches it
    takes from its beginning, retries apart; 0 where nobody knows.
    """

    experiment: Experiment
    arms: tuple[Arm, ...]
    test: Sequence[Item]
    train: tuple[Item, ...]
    models: Mapping[str, Model]
    waves: int = 0

    @property
    def width(self) -> int:
        """How many episodes are open at once: three for each two calls to a real model, unless it is said."""
        asked = self.experiment
        if asked.reproducible:
            return 1
        real = any(map(paid, self.models.values()))
        return asked.concurrency or (max(int(SPARE * asked.connections), OPEN) if real else OPEN)

    @property
    def simulated(self) -> bool:
        """Whether every model of the run is simulated."""
        return all(model.simulated for model in self.models.values())

    @property
    def known(self) -> Sequence[Item]:
        """The test questions that are read: all, unless a large set is read while the run is played."""
        return self.test.known if isinstance(self.test, Questions) else self.test

    @property
    def whole(self) -> bool:
        """Whether all test questions are read."""
        return not isinstance(self.test, Questions) or self.test.whole

    def read(self) -> None:
        """Read all test questions; `DataError` where one is broken."""
        if isinstance(self.test, Questions):
            self.test.all()

    def planned(self) -> dict[str, int]:
        """The number of episodes of each arm on the questions that are read, training left out."""
        repeats = self.experiment.repeats
        return {arm.name: repeats * sum(arm.rules.dealings(item.question) for item in self.known) for arm in self.arms}

    def presented(self, arm: Arm) -> Callable[[Question], Sequence[Order]]:
        """In which orders a decision is asked for: a person who has seen one would know the other."""
        people = any(getattr(self.models[spec], "person", False) for spec in arm.seats.values())
        return (lambda question: orders(question)[:1]) if people else orders


def resolve(experiment: Experiment) -> Plan:
    """Resolve names and settings, load the questions and open the models; raises `UsageError` for what cannot be."""
    arms = tuple(_arms(experiment))
    learning = any(arm.teacher for arm in arms)
    apart = experiment.train if learning else 0
    dataset = arms[0].rules.dataset if experiment.dataset is None else experiment.dataset
    experiment = experiment.model_copy(update={"dataset": dataset})
    test, train = questions(dataset, experiment.limit, experiment.seed, apart, _fits(arms))
    specs = sorted({spec for arm in arms for spec in arm.seats.values()})
    models = {spec: open_model(spec) for spec in specs}
    check_budget(models, experiment.budget, batch=experiment.batch)
    _check_belief(experiment.belief, arms, models)
    return Plan(experiment, arms, test, train, models)


def open_model(spec: str) -> Model:
    """The model that a spec such as `sim/judge?noise=0.2` names."""
    path, params = plugins.parse_spec(spec)
    provider, _, name = path.partition("/")
    if not name and provider not in plugins.installed("models"):
        known = ", ".join(f"{known}/…" for known in plugins.installed("models"))
        raise UsageError(f"{spec!r} is no model; a model is written as provider/name. Known: {known}")
    model: Model = plugins.load("models", provider)(name, params)
    return model


def questions(
    spec: str, limit: int | None, seed: int, train: int = 0, fits: Callable[[Item], None] = lambda _: None
) -> tuple[Sequence[Item], tuple[Item, ...]]:
    """The test questions of a dataset, at most `limit`, and `train` further ones on other passages.

    Where none are kept apart, the first are read and the others as they are asked for; a limit that takes whole
    passages has to read all. `fits` raises where a question cannot be played.
    """
    dataset = open_dataset(spec)
    if not train:
        few = Questions(_fitting(checked(dataset.items(limit=limit, seed=seed)), fits))
        few.step()
        return few, ()
    found, wanted = _drawn(dataset, None if limit is None else limit + train, seed), limit
    if limit is None:
        last = {item.question.group for item in found[len(found) - train :]}
        test = [item for item in found if item.question.group not in last]
        found, wanted = [*test, *(item for item in found if item.question.group in last)], len(test)
    apart = _apart(found, wanted or 0)
    while len(apart) < train and limit is not None:
        more = _drawn(dataset, 2 * len(found), seed)
        if len(more) == len(found):
            break
        found, apart = more, _apart(more, limit)
    if len(apart) < train or not found[:wanted]:
        raise DataError(
            f"{spec} has {len(found)} questions: too few to keep {train} on other passages apart for training. "
            "Lower --limit or --train."
        )
    return tuple(_fitting(found[:wanted], fits)), tuple(_fitting(apart[:train], fits))


def _fitting(items: Iterable[Item], fits: Callable[[Item], None]) -> Iterator[Item]:
    for item in items:
        fits(item)
        yield item


def _drawn(dataset: Dataset, wanted: int | None, seed: int) -> list[Item]:
    return list(checked(dataset.items(limit=wanted, seed=seed)))


def _apart(found: list[Item], test: int) -> list[Item]:
    """What comes after the first `test` items and shares no passage with them."""
    groups = {item.question.group for item in found[:test]}
    return [item for item in found[test:] if item.question.group not in groups]


def open_dataset(spec: str) -> Dataset:
    """The dataset that a name or a path, with settings, stands for."""
    name, params = plugins.parse_spec(spec)
    if name in plugins.installed("datasets"):
        found: Dataset = plugins.build(plugins.load("datasets", name), params, f"dataset {name}")
        return found
    if "/" in name or "." in name or Path(name).exists():
        from arena.datasets.records import open_path  # noqa: PLC0415  # only a run over a file pays for the reader

        return open_path(name, params)
    raise unknown("dataset", name, plugins.installed("datasets"))


def secret(spec: str) -> bool:
    """Whether no log of a run on this dataset is to be shared; not so where it cannot be opened."""
    try:
        return open_dataset(spec).secret
    except UsageError:
        return False


def filtered(spec: str, conditions: str | None) -> str:
    """The spec of a dataset with a filter set; `UsageError` where it has one already."""
    if conditions is None:
        return spec
    if "filter" in plugins.parse_spec(spec)[1]:
        raise UsageError(f"{spec} says filter= already; give the conditions there or with --filter, joined with commas")
    return f"{spec}{'&' if '?' in spec else '?'}filter={quote(conditions, safe='=<>!~,|.')}"


def _arms(experiment: Experiment) -> Iterable[Arm]:
    specs = list(experiment.protocol)
    if experiment.baselines:
        specs += [name for name in BASELINES if name not in {plugins.parse_spec(spec)[0] for spec in specs}]
    used: set[str] = set()
    arms = [arm for spec in specs for arm in _stages(spec, experiment, used)]
    if unused := experiment.set.keys() - used:
        settings = {name for arm in arms for name in type(arm.rules).model_fields}
        raise unknown(f"setting of {', '.join(specs)}", min(unused), settings)
    _check_seats(experiment, arms)
    if experiment.prompts:
        check_folder(experiment.prompts, [arm.prompts.name for arm in arms])
    names = [arm.name for arm in arms]
    if twins := {name for name in names if names.count(name) > 1}:
        raise UsageError(f"two arms would be called {min(twins)}: name each protocol with its settings once")
    return arms


def _stages(spec: str, experiment: Experiment, used: set[str]) -> list[Arm]:
    name, params = plugins.parse_spec(spec)
    cls = plugins.load("protocols", name)
    common = {key: value for key, value in experiment.set.items() if key in cls.model_fields}
    used.update(common)
    rules: Protocol = plugins.build(cls, {**common, **params}, f"protocol {name}")
    label = name + (f"({','.join(f'{key}={value}' for key, value in params.items())})" if params else "")
    stages = rules.stages()
    names = [f"{label}[{i}]" if len(stages) > 1 else label for i in range(len(stages))]
    templates = find(cls, cls.folder())
    return [
        Arm(
            name=names[i],
            protocol=name,
            rules=stage,
            seats=seated(stage, experiment),
            prompts=_worded(Prompts(templates, stage.model_dump(), cls.folder()), experiment.prompts),
            teacher=names[i - 1] if stage.learns and i else None,
        )
        for i, stage in enumerate(stages)
    ]


def _worded(own: Prompts, folder: Path | None) -> Prompts:
    return replaced(own, folder) if folder else own


def seated(rules: Protocol, experiment: Experiment) -> dict[str, str]:
    """Which model sits where: by seat, else by role, else by `--judge` and `--debater`, else a simulated one."""
    return {seat: _sitter(seat, role, experiment) for seat, role in rules.seats.items()}


def _sitter(seat: str, role: str, experiment: Experiment) -> str:
    if chosen := experiment.seat.get(seat) or experiment.seat.get(role):
        return chosen
    if role in JUDGES:
        return experiment.judge or JUDGES[role]
    return experiment.debater or OTHERS.get(role, DEBATER)


def _fits(arms: Iterable[Arm]) -> Callable[[Item], None]:
    bounds = {arm.protocol: arm.rules.most_options for arm in arms if arm.rules.most_options is not None}

    def check(item: Item) -> None:
        count = len(item.question.options)
        for protocol, most in bounds.items():
            if count > most:
                name = item.question.id
                raise UsageError(
                    f"{protocol} is played on questions of at most {most} options, and {name!r} has {count}. "
                    "Give the dataset fewer (right and best distractor), or leave the protocol out."
                )

    return check


def _check_belief(stated: Stated, arms: Iterable[Arm], models: Mapping[str, Model]) -> None:
    """Refuse token beliefs where the model of a judge is known to give none; other seats are asked first."""
    judging = [arm.seats[seat] for arm in arms for seat, role in arm.rules.seats.items() if role in JUDGES]
    for spec in judging if stated == "tokens" else ():
        if supports(models[spec], "logprobs") is False:
            raise UsageError(no_tokens(spec))
        if form := getattr(models[spec], "form", None):
            raise UsageError(
                f"{spec} sets form={form}, and --belief tokens puts no belief in words. Leave out one of them"
            )


def _check_seats(experiment: Experiment, arms: Iterable[Arm]) -> None:
    known = {name for arm in arms for pair in arm.rules.seats.items() for name in pair}
    for name, spec in experiment.seat.items():
        if name not in known:
            raise unknown("seat", name, known)
        if not spec:
            raise UsageError(f"--seat {name}= names no model; write --seat {name}=sim/judge, say")
