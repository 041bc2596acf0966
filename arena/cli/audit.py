"""`arena audit`: who could know what in a run, on the very prompts that were sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from arena.cli.exits import DONE, SOME_FAILED

if TYPE_CHECKING:
    from arena.audit import ArmAudit, Certificate
    from arena.report.grid import Grid


@click.command(short_help="Check who could know what: a run's prompts, held against its log.")
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--json", "as_json", is_flag=True, help="The certificate, for programs.")
@click.option("--save", is_flag=True, help="Leave the certificate in the run's folder, as audit.json.")
def audit(run: str | None, *, as_json: bool, save: bool) -> int:
    """Render every prompt of a run, the last one if none is named, again from its log, and search it for what its
    reader should not know: the passage, another's thinking, speeches that were not given yet, the key.

    Ends with 1 where something was found.
    """  # noqa: D205  # click shows the first paragraph as one
    import json

    from arena.audit import audit as audited
    from arena.cli import runs
    from arena.cli.words import say, width
    from arena.report.text import drawn

    folder = runs.find(run) if run else runs.last()
    found = audited(folder)
    text = json.dumps(found.to_json(), indent=1, ensure_ascii=False)
    if save:
        _save(folder / "audit.json", text)
    for notice in found.notices:
        say(notice)
    click.echo(text if as_json else drawn([_flow(found), _quotes(found), _key(found)], width()) + _verdict(found))
    return DONE if found.passed else SOME_FAILED


def _save(path: Path, text: str) -> None:
    from arena.errors import UsageError

    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as why:
        raise UsageError(f"cannot write {path}: {why.strerror}. Print it with --json instead.") from why


def _flow(found: Certificate) -> Grid:
    from arena.report.grid import Grid

    head = ("seat", "prompts", "passage", "order", "thinking", "unspoken")
    grid = Grid("What each seat could read (prompts that held it)", head)
    for arm in found.arms:
        for name, seat in arm.seats.items():
            leaks = seat.leaked
            passage = f"{seat.passage:,}" + (f" + {leaks['passage']:,} LEAKED" if "passage" in leaks else "")
            told = (f"{leaks[what]:,} LEAKED" if what in leaks else "–" for what in ("thinking", "unspoken"))
            grid.add(f"{arm.arm}: {name}", f"{seat.prompts:,}", passage, f"{seat.order:,}", *told)
    return grid


def _quotes(found: Certificate) -> Grid:
    from arena.report.grid import Grid

    statuses = ("exact", "normalised", "near", "absent")
    grid = Grid("Quotes of the side that is right and of the other", ("side", *statuses))
    for arm in found.arms:
        for side, counts in arm.quotes.items():
            if counts:
                grid.add(f"{arm.arm}: {side}", *(f"{counts.get(status, 0):,}" for status in statuses))
    return grid


def _key(found: Certificate) -> Grid:
    from arena.audit.key import FEATURES
    from arena.report.grid import Grid
    from arena.report.words import estimate, p_value

    grid = Grid(
        "What tells the right option without reading it (AUC; .5 says nothing)", ("feature", "AUC", "p", "n", "G")
    )
    for arm in found.arms:
        for leak in arm.key:
            ci = leak.ci and (max(leak.ci[0], 0.0), min(leak.ci[1], 1.0))
            cells = (estimate(leak.auc, ci), p_value(leak.p), str(leak.n), str(leak.groups))
            grid.add(f"{arm.arm}: {leak.feature}", *cells, note=FEATURES[leak.feature] if leak.flagged else "")
    return grid


def _verdict(found: Certificate) -> str:
    lines = [_proof(arm) for arm in found.arms]
    lines += [f"! {arm.arm}: {fault}" for arm in found.arms for fault in arm.faults]
    lines.append("PASSED: nobody could read what it should not." if found.passed else "FAILED: see the lines with !.")
    return "\n" + "\n".join(lines)


def _proof(arm: ArmAudit) -> str:
    if not arm.checked:
        return f"{arm.arm}: no call of a finished turn is logged, so that no prompt could be proven"
    told = f"{arm.arm}: {arm.matched:,} of {arm.checked:,} prompts are proven by the key of their call"
    told += f", {len(arm.mismatched):,} are not what was sent" if arm.mismatched else ""
    told += f", {arm.unproven:,} are of models that cannot be opened here" if arm.unproven else ""
    return told + (f"; {arm.retries:,} retries, whose reason is not logged" if arm.retries else "")
