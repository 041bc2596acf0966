"""A parent and some twists, made into a run: its arms, its episodes, its header; and the judge asked again."""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from arena.counterfactual.parent import Parent
from arena.counterfactual.rehearsal import Absent, check, estimated
from arena.counterfactual.retold import Retold
from arena.counterfactual.twist import Twist
from arena.errors import UsageError, unknown
from arena.estimate import Estimate
from arena.events import SCHEMA, How
from arena.models.base import Model
from arena.models.ledger import check_budget
from arena.plan import Arm, Experiment, Plan, open_model
from arena.progress import Finished, Progress
from arena.prompts import Prompts, check_folder, replaced
from arena.protocol import Protocol
from arena.runner import play
from arena.schedule import Job, Staged, Wave

Tell = Callable[[Progress], None]


class Kin(NamedTuple):
    """An arm of the new run, with the parent's arm that it is told from."""

    arm: Arm
    source: str
    roles: dict[str, str]
    twist: Twist
    same: bool
    described: dict[str, Any]


@dataclass(frozen=True)
class Counterfactual:
    """What is to be asked again: `plan` and `staged` are what the runner takes."""

    parent: Parent
    plan: Plan
    staged: Staged

    def play(self, run: Path, tell: Tell = lambda _: None) -> Finished:
        """Play it into a folder; raises `UsageError` where a call would be needed that cannot be made."""
        self.check()
        header = {**self.staged.header, "run": run.name}
        return play(self.plan, run, tell, staged=self.staged._replace(header=header))

    def only(self, jobs: Sequence[Job]) -> Counterfactual:
        """The same with these episodes and no other, in this order."""
        header = {**self.staged.header, "planned": dict(Counter(job.arm.name for job in jobs))}
        return replace(self, staged=Staged(header, [Wave(self.plan.arms, list(jobs))]))

    def without_people(self) -> Counterfactual:
        """The same where no person can be asked: what they said is looked up, and what they did not say is refused."""
        models = {spec: _unseated(model) for spec, model in self.plan.models.items()}
        return replace(self, plan=replace(self.plan, models=models))

    def check(self) -> None:
        """Raise `UsageError`, with the first of the calls, where a model that is needed cannot be asked."""
        check(self.plan, list(self.staged.waves[0].jobs))

    def estimate(self) -> Estimate:
        """What it would take: calls, tokens, money, waves. Nothing that costs anything is called."""
        return estimated(self.plan, list(self.staged.waves[0].jobs))


def stage(
    run: Path,
    twists: Sequence[Twist],
    *,
    arms: Sequence[str] = (),
    offline: bool = False,
    **experiment: Any,
) -> Counterfactual:
    """Make ready to ask the judges of a run again, once for each twist.

    `arms` are those to be told again (all where none is named). With `offline` no model is asked. `experiment` has the
    fields of an `Experiment` that bound a run: budget, concurrency, reuse, reproducible, shadow_judge. Raises
    `UsageError` where the run cannot be told, and where a judge cannot be opened.
    """
    parent = Parent.read(run)
    played = list(parent.played())
    names = _chosen(parent, [opened.arm for opened, _ in played], arms)
    if not any(each.outcome == "ok" for opened, score in played if opened.arm in names for each in score.scores):
        raise UsageError(
            f"no judge came to a verdict in {', '.join(names)} of {run}, and only verdicts tell what a judge is asked; "
            "play it anew, with a judge whose replies can be read"
        )
    for folder in {twist.prompts for twist in twists if twist.prompts}:
        check_folder(folder, [str(parent.arm(name)["protocol"]) for name in names])
    kin = [_kin(parent, name, twist) for twist in twists for name in names]
    specs = {spec: one.source for one in kin for spec in one.arm.seats.values()}
    models = {spec: _model(spec, parent.form(arm), offline=offline) for spec, arm in sorted(specs.items())}
    seed, begun = parent.header.get("seed"), parent.header.get("experiment")
    asked = Experiment(
        **{**experiment, "reuse": (run, *experiment.get("reuse", ()))},
        seed=seed if isinstance(seed, int) else 0,
        belief=begun.get("belief", "verbalised") if isinstance(begun, dict) else "verbalised",
    )
    check_budget(
        {spec: model for spec, model in models.items() if not isinstance(model, Absent)},
        asked.budget,
        batch=asked.batch,
    )
    plan = Plan(asked, tuple(one.arm for one in kin), tuple(parent.items.values()), (), models)
    jobs = list(_jobs(parent, kin))
    return Counterfactual(parent, plan, Staged(_header(parent, kin, jobs, plan), [Wave(plan.arms, jobs)]))


def _chosen(parent: Parent, played: Iterable[str], arms: Sequence[str]) -> list[str]:
    known = list(dict.fromkeys(played))
    if not known:
        raise UsageError(f"{parent.run} has no finished episode that could be told again; play or import one first")
    for name in arms:
        if name not in known:
            raise unknown(f"arm of {parent.run.name}", name, known)
    return [name for name in known if not arms or name in arms]


def _kin(parent: Parent, name: str, twist: Twist) -> Kin:
    """The arm that a twist makes of one of the parent's."""
    told = parent.arm(name)
    roles = {seat: str(value.get("role", seat)) for seat, value in told["seats"].items()}
    seat = parent.decisions[name].seat if name in parent.decisions else _judge(roles)
    was = str(told["seats"][seat].get("model"))
    spec = twist.judge or was
    settings = dict(told.get("settings") or {})
    if twist.rounds is not None and isinstance(settings.get("rounds"), int):
        settings["rounds"] = min(twist.rounds, settings["rounds"])
    own = Prompts(told["prompts"], settings, str(told["protocol"]))
    prompts = replaced(own, twist.prompts) if twist.prompts else own
    arm = Arm(f"{name}@{twist.label}", str(told["protocol"]), Protocol(), {seat: spec}, prompts)
    seats = {**told["seats"], seat: {**told["seats"][seat], "model": spec}}
    described = {
        **told,
        "name": arm.name,
        "seats": seats,
        "settings": settings,
        "teacher": None,
        "prompts": prompts.templates,
        "prompt_hashes": prompts.hashes,
        "parent": name,
        "factor": twist.changed,
    }
    return Kin(arm, name, roles, twist, spec == was and prompts.templates == own.templates, described)


def _judge(roles: dict[str, str]) -> str:
    return next((seat for seat, role in roles.items() if role in ("judge", "overseer")), next(iter(roles)))


def _model(spec: str, form: How, *, offline: bool) -> Model:
    """The model, or what stands for it where it cannot be asked."""
    try:
        model = open_model(spec)
    except UsageError as why:
        told = f"{str(why).rstrip('.')}; name another judge with --judge SPEC or --factor judge.model=SPEC"
        return Absent(spec, simulated=spec.startswith("sim/"), why=_OFFLINE if offline else told, form=form)
    return Absent(model.spec, simulated=model.simulated, why=_OFFLINE, form=form) if offline else model


def _unseated(model: Model) -> Model:
    if not getattr(model, "person", False):
        return model
    name = model.spec.partition("/")[2]
    why = (
        f"{model.spec} has to be asked at a screen: `arena judge RUN --name {name}`. Or name a model with --judge SPEC"
    )
    return Absent(model.spec, simulated=False, why=why)


_OFFLINE = "--offline makes no call"


def _jobs(parent: Parent, kin: Sequence[Kin]) -> Iterable[Job]:
    for opened, score in parent.played():
        for one in kin:
            if one.source == opened.arm:
                item = parent.items[score.question, score.key]
                retold = Retold(parent, opened.episode, opened.arm, one.roles, one.twist, one.same)
                name = f"{one.arm.name}~{opened.episode.removeprefix(f'{opened.arm}~')}"
                yield Job(name, one.arm, item, 0, opened.dealing, opened.repeat, "test", retold)


def _header(parent: Parent, kin: Sequence[Kin], jobs: Sequence[Job], plan: Plan) -> dict[str, Any]:
    """The header: the parent's, with the arms as they are told, the parent's hash, and what differs."""
    old, counts = parent.header, [job.arm.name for job in jobs]
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "run": "",
        "simulated": bool(old.get("simulated")) and plan.simulated,
        "seed": old.get("seed"),
        "planned": {one.arm.name: counts.count(one.arm.name) for one in kin},
        "arms": [one.described for one in kin],
        "dataset": old.get("dataset") or {},
        "experiment": _asked(plan.experiment),
        "parent": {"run": str(parent.run), "hash": parent.hash},
        "factor": kin[0].twist.changed if len({one.twist for one in kin}) == 1 else _levels(kin),
        "analysis": {**(old.get("analysis") or {}), "primary": None},
        "versions": {"oversight-arena": version("oversight-arena")},
    }
    if not plan.experiment.reproducible:
        made["created"] = datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds")
        made["python"], made["platform"] = platform.python_version(), platform.platform()
    return made


def _asked(asked: Experiment) -> dict[str, Any]:
    return {"belief": asked.belief} | ({"shadow_judge": True} if asked.shadow_judge else {})


def _levels(kin: Sequence[Kin]) -> dict[str, list[str]]:
    """The levels of each factor, over several twists."""
    levels: dict[str, list[str]] = {}
    for one in kin:
        for name, level in one.twist.changed.items():
            levels.setdefault(name, [])
            levels[name] += [level] if level not in levels[name] else []
    return levels


def with_rounds(twist: Twist, rounds: Sequence[int]) -> list[Twist]:
    """The twist once for each number of rounds; as it is where none is given."""
    return [twist.model_copy(update={"rounds": n}) for n in rounds] or [twist]


def asked_by(counterfactual: Counterfactual, model: Model) -> Counterfactual:
    """The same, every judge's place taken by this model: a person at a screen, say."""
    plan = counterfactual.plan
    return replace(counterfactual, plan=replace(plan, models=dict.fromkeys(plan.models, model)))
