"""Rooms → a run folder, with a header that says where they are from and what the arena made of them."""

from __future__ import annotations

import hashlib
import platform
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from arena import log
from arena.errors import DataError
from arena.events import SCHEMA, AnyEvent, Scored
from arena.folder import create
from arena.prompts import Prompts
from arena.published.rooms import JUDGE, Room, events
from arena.score import scored

PROMPTS = Path(__file__).parent / "prompts"
ROLES = {"consultant": "consultant", JUDGE.name: JUDGE.role}


@dataclass(frozen=True)
class Source:
    """Where rooms are from: the name of the format, what to cite, the licence, and the files with their hash."""

    name: str
    citation: str
    licence: str
    hash: str
    primary: tuple[str, str] | None = None


def record(rooms: Sequence[Room], source: Source, run: Path) -> None:
    """Write a new run of these rooms; raises `DataError` without any, `UsageError` where the folder is taken."""
    if not rooms:
        raise DataError(
            f"nothing of {source.name} is there to be imported: no debate that was finished and judged was found"
        )
    create(run, _header(rooms, source, run.name))
    with log.Writer(run) as writer:
        for room in rooms:
            told = events(room)
            for event in (*told, _scored(room, told)):
                writer.append(event)


def _scored(room: Room, told: Sequence[AnyEvent]) -> Scored:
    """The score of a room. What people took has no known cost."""
    found = scored(told[0], told, room.question, room.key, told[-1].t)  # type: ignore[arg-type]
    return found.model_copy(update={"side": room.side, "cost": None})


def hashed(paths: Iterable[Path]) -> str:
    """One hash of some files, whatever their order."""
    found = sorted(hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() for path in paths)
    return hashlib.blake2b("".join(found).encode(), digest_size=16).hexdigest()


def _header(rooms: Sequence[Room], source: Source, run: str) -> dict[str, Any]:
    arms = {room.arm: room for room in reversed(rooms)}
    names = sorted(arms, key=[room.arm for room in rooms].index)
    questions = {room.question.id: room.question for room in rooms}
    sizes = Counter(question.group for question in questions.values())
    return {
        "schema": SCHEMA,
        "run": run,
        "simulated": False,
        "seed": None,
        "planned": {name: sum(room.arm == name for room in rooms) for name in names},
        "arms": [_arm(arms[name]) for name in names],
        "dataset": {
            "name": source.name,
            "n": len(questions),
            "groups": len(sizes),
            **({"largest": max(sizes.values())} if len(sizes) < len(questions) else {}),
            "train": 0,
            "options": max(len(question.options) for question in questions.values()),
            "hash": source.hash,
            "origin": source.citation,
        },
        "imported": {"format": source.name, "citation": source.citation, "licence": source.licence},
        "analysis": _analysis(source, len(questions)),
        "versions": {"oversight-arena": version("oversight-arena")},
        "created": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "platform": platform.platform(),
    }


def _arm(room: Room) -> dict[str, Any]:
    protocol = {0: "naive", 1: "consultancy"}.get(len(room.sides), "debate")
    prompts = _prompts(protocol)
    roles = {seat: ROLES.get(seat, "debater") for seat in (*room.sides, JUDGE.name)}
    return {
        "name": room.arm,
        "protocol": protocol,
        "origin": "imported",
        "settings": {},
        "seats": {seat: {"role": role, "model": room.models[seat]} for seat, role in roles.items()},
        "teacher": None,
        "prompts": prompts.templates,
        "prompt_hashes": prompts.hashes,
    }


@cache
def _prompts(protocol: str) -> Prompts:
    """The words in which the arena would put such a transcript to a judge."""
    files = sorted((PROMPTS / ("debate" if protocol == "naive" else protocol)).glob("*.md"))
    return Prompts({path.stem: path.read_text(encoding="utf-8") for path in files}, {}, protocol)


def _analysis(source: Source, n: int) -> dict[str, Any]:
    return {
        "primary": list(source.primary) if source.primary else None,
        "missing": "wrong",
        "cluster": "group",
        "alpha": 0.05,
        "sided": 2,
        "multiplicity": "holm",
        "n": n,
        "stopping": "fixed n",
    }
