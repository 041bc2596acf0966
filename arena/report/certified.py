"""What a report says of the audit of a run, where one was left in its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from arena.lines import fingerprint

CERTIFICATE = "audit.json"


@dataclass(frozen=True)
class Audit:
    """The certificate of a run in short: prompts that were rendered again and are those that were sent, and faults.

    `status` is `passed`, `failed`, or `outdated` where the run changed since.
    """

    run: str
    status: str
    proven: int
    checked: int
    faults: int

    def line(self, *, alone: bool) -> str:
        """It in a sentence, which names the run where it is not `alone` in a report."""
        whose = "Audit" if alone else f"Audit of {self.run}"
        if self.status == "outdated":
            return f"{whose}: the run changed since it was audited; `arena audit --save` does it again."
        said = "passed" if self.status == "passed" else f"FAILED, {self.faults:,} faults"
        return f"{whose}: {said}; {self.proven:,} of {self.checked:,} prompts proven."


def certified(run: Path) -> Audit | None:
    """The certificate in a run's folder; `None` where there is none that can be read."""
    try:
        found = json.loads((run / CERTIFICATE).read_text(encoding="utf-8"))
        arms, faults = found["arms"], found["faults"]
        status = "passed" if found["passed"] else "failed"
        return Audit(
            run=run.resolve().name,
            status=status if found["hash"] == fingerprint(run) else "outdated",
            proven=int(sum(arm["matched"] for arm in arms)),
            checked=int(sum(arm["checked"] for arm in arms)),
            faults=sum(map(len, faults.values())),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
