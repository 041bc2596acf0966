"""The audit of a run, arm by arm, and the certificate that it ends with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from arena.analysis.leakage import Leak
from arena.audit.flow import Found, leaked, reads
from arena.audit.key import FAIR, Key
from arena.audit.prompts import Renderer
from arena.counterfactual import Parent
from arena.errors import ArenaError
from arena.events import AnyEvent, Called, Said, Scored
from arena.outline import page

MOST = 20
"""The findings of a kind that are named; all are counted."""


@dataclass
class Seat:
    """What one seat was sent: its prompts, and how many of them held what."""

    role: str
    prompts: int = 0
    passage: int = 0
    order: int = 0
    leaked: dict[str, int] = field(default_factory=dict)


@dataclass
class ArmAudit:
    """One arm. `matched` prompts are proven by the key of their call, `mismatched` ones are not what was sent.

    `retries` are calls that sent a reason back, which the log does not hold; `unproven` are calls of models that cannot
    be opened here. `quotes` counts quotes by side and status.
    """

    arm: str
    checked: int = 0
    matched: int = 0
    unproven: int = 0
    retries: int = 0
    mismatched: list[str] = field(default_factory=list)
    seats: dict[str, Seat] = field(default_factory=dict)
    found: list[tuple[str, Found]] = field(default_factory=list)
    quotes: dict[str, dict[str, int]] = field(default_factory=lambda: {"honest": {}, "dishonest": {}})
    key: tuple[Leak, ...] = ()

    @property
    def faults(self) -> list[str]:
        """What is wrong, in words."""
        told = [f"{at}: the prompt is not the one that was sent" for at in self.mismatched[:MOST]]
        told += [
            f"{name} {one.at}: {one.seat} could read {_WHAT[one.what]}: “{one.words}…”" for name, one in self.found
        ]
        flagged = [leak for leak in self.key if leak.flagged and leak.feature in FAIR]
        return told + [f"the key shows in “{leak.feature}”: AUC {leak.auc:.3f}" for leak in flagged]


_WHAT = {
    "passage": "the passage, which it was not handed",
    "thinking": "another seat's thinking",
    "unspoken": "what another seat had not said yet",
}


@dataclass(frozen=True)
class Certificate:
    """The audit of a run; `hash` is of all that the run held when it was audited."""

    run: str
    hash: str
    arms: tuple[ArmAudit, ...]
    notices: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing was found that should not be."""
        return not any(arm.faults or arm.mismatched for arm in self.arms)

    def to_json(self) -> dict[str, Any]:
        """All of it, as plain JSON."""
        arms = [{**asdict(arm), "found": [[name, *one] for name, one in arm.found]} for arm in self.arms]
        return {
            "run": self.run,
            "hash": self.hash,
            "passed": self.passed,
            "faults": {arm.arm: arm.faults for arm in self.arms if arm.faults},
            "notices": list(self.notices),
            "arms": arms,
        }


def audit(run: Path) -> Certificate:
    """Audit every finished episode of a run; raises `DataError` where it is none, or does not hold its prompts."""
    parent = Parent.read(run)
    arms: dict[str, tuple[ArmAudit, Renderer, Key]] = {}
    for opened, score in parent.played():
        if opened.arm not in arms:
            arms[opened.arm] = ArmAudit(opened.arm), Renderer(parent.arm(opened.arm)), Key()
        found, renderer, key = arms[opened.arm]
        _episode(found, renderer, key, parent.events(opened.episode), score)
    for found, _, key in arms.values():
        found.key = key.leaks()
    untold = parent.untold
    notices = [f"not audited, without a whole transcript: {untold} of the finished episodes"] if untold else []
    return Certificate(run.resolve().name, parent.hash, tuple(found for found, _, _ in arms.values()), tuple(notices))


def _episode(found: ArmAudit, renderer: Renderer, key: Key, events: Sequence[AnyEvent], score: Scored) -> None:
    options = page(events).options
    calls = {event.at: event for event in events if isinstance(event, Called) and not event.attempt}
    found.retries += sum(isinstance(event, Called) and event.attempt > 0 for event in events)
    key.add(events, options, score)
    right = options[score.key]
    try:
        for sent in renderer.sent(events, options):
            seat = found.seats.setdefault(sent.said.seat, Seat(renderer.roles[sent.said.seat]))
            seat.prompts += 1
            passage, order = reads(sent, renderer, options)
            seat.passage, seat.order = seat.passage + passage, seat.order + order
            for one in leaked(sent, events, renderer, options):
                seat.leaked[one.what] = seat.leaked.get(one.what, 0) + 1
                if len(found.found) < MOST:
                    found.found.append((score.episode, one))
            if (call := calls.get(sent.said.at)) is not None:
                _prove(found, renderer.proves(sent.request, call, score.repeat), f"{score.episode} {sent.said.at}")
            _count(found, sent.said, options, right)
    except (ArenaError, KeyError) as why:
        found.mismatched.append(f"{score.episode} ({why})")


def _prove(found: ArmAudit, proven: bool | None, where: str) -> None:  # the outcome of a proof
    found.checked += 1
    if proven:
        found.matched += 1
    elif proven is None:
        found.unproven += 1
    else:
        found.mismatched.append(where)


def _count(found: ArmAudit, said: Said, options: tuple[str, ...], right: str) -> None:
    side = said.fields.get("side")
    if side in options:
        counts = found.quotes["honest" if side == right else "dishonest"]
        for quote in said.quotes:
            counts[quote.status] = counts.get(quote.status, 0) + 1
