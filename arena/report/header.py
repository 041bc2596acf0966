"""What a report takes from `run.json`, with everything that may be absent at its default.

Only `schema` is required. Whatever else is missing, or is not of the form that is expected, counts as absent: a report
of a run with a meagre header is better than none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from arena import log
from arena.errors import DataError
from arena.programs import program
from arena.report.matched import Sense, sense
from arena.text import utf8

JUDGING = ("judge", "overseer")
"""The roles that decide, in the order in which they are looked for."""


@dataclass(frozen=True)
class Seat:
    """A seat's role and the spec of the model that sits there."""

    role: str
    model: str

    @property
    def simulated(self) -> bool:
        """Whether a program sits there, and no language model or person."""
        return program(self.model)


@dataclass(frozen=True)
class Arm:
    """An arm as the header describes it. `planned` counts test episodes; `None` where it does not say.

    `config` has everything that makes the arm what it is beside its protocol, as text: its settings, `<role>.model`,
    `prompts`, `repeats`. `run` is the run that it belongs to where several are joined, `parent` the arm of another run
    whose transcripts it was told from.
    """

    name: str
    protocol: str
    seats: dict[str, Seat]
    planned: int | None = None
    config: dict[str, str] = field(default_factory=dict)
    run: str = ""
    parent: str | None = None

    @property
    def simulated(self) -> bool:
        """Whether all its seats are known and each is a program's."""
        return bool(self.seats) and all(seat.simulated for seat in self.seats.values())

    @property
    def judge(self) -> str | None:
        """The spec of the model that decides; `None` where no seat has such a role."""
        models = {seat.role: seat.model for seat in reversed(self.seats.values())}
        return next((models[role] for role in JUDGING if role in models), None)


@dataclass(frozen=True)
class Header:
    """A run's header. `declared` is its analysis block, `simulated` its own word on whether all models are programs.

    `factors` names what a run that was made from another one changed, `parent` is the hash of that one. `cross` has the
    pairs of arms to compare that belong to different runs, where several are joined. `matching` says what the key means
    where it is about a behaviour.
    """

    run: str
    created: str | None
    seed: int | None
    options: int
    arms: tuple[Arm, ...]
    declared: dict[str, Any] | None
    simulated: bool
    data_hash: str | None = None
    factors: tuple[str, ...] = ()
    parent: str | None = None
    cross: tuple[tuple[str, str], ...] = ()
    matching: Sense | None = None


@dataclass(frozen=True)
class Source:
    """A run folder in a report: what its arms are called there, and what stands in front of its episodes' names."""

    folder: Path
    arms: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""

    def arm(self, name: str) -> str:
        """What an arm of this run is called in the report."""
        return self.arms.get(name, name)


def header(run: Path) -> Header:
    """The header of a run folder.

    Raises `DataError` where the folder does not exist, is no run, or is written in a newer schema.
    """
    if not run.is_dir():
        raise DataError(f"{run} is not a run: there is no such folder. `arena list runs` shows the runs.")
    found = _clean(log.header(run))
    planned = _dict(found.get("planned"))
    entries = found.get("arms")
    repeats = str(_dict(found.get("experiment")).get("repeats", 1))
    entries = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    arms = [_arm(entry, planned, repeats) for entry in entries]
    options = _dict(found.get("dataset")).get("options")
    return Header(
        run=str(found.get("run") or run.resolve().name),
        created=str(found["created"]) if found.get("created") else None,
        seed=_count(found.get("seed")),
        options=options if isinstance(options, int) and options > 1 else 2,
        arms=tuple({arm.name: arm for arm in arms if arm.name}.values()),
        declared=_dict(found.get("analysis")) or None,
        simulated=found.get("simulated") is True,
        data_hash=_text(_dict(found.get("dataset")).get("hash")),
        factors=_factors(found.get("factor")),
        parent=_text(_dict(found.get("parent")).get("hash")),
        matching=sense(_dict(found.get("dataset")).get("name")),
    )


def _factors(found: Any) -> tuple[str, ...]:
    """The names in a header's `factor`: a text such as `judge.model=…`, several, or a table by name."""
    names = list(found) if isinstance(found, dict | list) else [found]
    return tuple(name.partition("=")[0] for name in names if isinstance(name, str) and name)


def _arm(entry: dict[str, Any], planned: dict[str, Any], repeats: str) -> Arm:
    name = str(entry.get("name") or "")
    seats = {
        seat: Seat(str(_dict(value).get("role", "")), str(_dict(value).get("model", "")))
        for seat, value in _dict(entry.get("seats")).items()
    }
    config = {key: str(value) for key, value in _dict(entry.get("settings")).items()}
    models: dict[str, list[str]] = {}
    for seat in seats.values():
        models.setdefault(seat.role, []).append(seat.model)
    config |= {f"{role}.model": ", ".join(dict.fromkeys(specs)) for role, specs in models.items()}
    hashes = _dict(entry.get("prompt_hashes"))
    config |= {"prompts": " ".join(f"{key}={hashes[key]}" for key in sorted(hashes)), "repeats": repeats}
    parent = _text(entry.get("parent"))
    return Arm(name, str(entry.get("protocol") or name), seats, _count(planned.get(name)), config, parent=parent)


def _clean(value: Any) -> Any:
    """The value without what JSON and UTF-8 cannot say: NaN and infinities are absent, lone surrogates replaced."""
    if isinstance(value, dict):
        return {utf8(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return utf8(value) if isinstance(value, str) else value


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
