"""What a report says of the audit of its run, where one was left in the folder."""

from __future__ import annotations

import json
from pathlib import Path

from arena.lines import fingerprint

CERTIFICATE = "audit.json"


def certified(run: Path) -> str | None:
    """One line on the certificate in a run's folder; `None` where there is none that can be read."""
    try:
        found = json.loads((run / CERTIFICATE).read_text(encoding="utf-8"))
        arms, faults = found["arms"], found["faults"]
        proven = f"{sum(arm['matched'] for arm in arms):,} of {sum(arm['checked'] for arm in arms):,} prompts proven"
        wrong = sum(map(len, faults.values()))
        if found["hash"] != fingerprint(run):
            return "Audit: the run changed since it was audited; `arena audit --save` does it again."
        return f"Audit: {'passed' if found['passed'] else f'FAILED, {wrong:,} faults'}; {proven}."
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
