"""`arena reproduce`: a paper's own figures from its own data, beside this arena's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from arena.published.reproduce import Reproduced
    from arena.report.grid import Grid

PAPERS = ("michael2023",)


@click.command(short_help="A paper's table from its own data, with clustered intervals beside it.")
@click.argument("paper", metavar="[PAPER]", required=False, default=PAPERS[0])
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Every figure, for programs.")
def reproduce(paper: str, path: Path | None, *, as_json: bool) -> int:
    """Print the table of a paper from its published data, beside what this arena makes of the same verdicts.

    The one paper is michael2023. PATH is the folder that holds debates-metadata.jsonl; where none is named it is
    looked for as data sets are, in $ARENA_DATA/michael2023.
    """
    from arena.cli.words import say, width
    from arena.datasets.places import locate
    from arena.errors import unknown
    from arena.published import michael2023
    from arena.published.reproduce import reproduce as reproduced

    if paper not in PAPERS:
        raise unknown("paper", paper, PAPERS)
    folder = locate(
        paper,
        path,
        lambda place: (place / michael2023.METADATA).is_file(),
        needs=f"a folder with {michael2023.METADATA}",
        give="as PATH",
    )
    rooms, source = michael2023.read(folder)
    found = reproduced(rooms)
    if as_json:
        click.echo(_json(found))
        return 0
    say(f"{source.citation}; {source.licence}")
    click.echo(_table(found, width()), nl=False)
    return 0


def _json(found: Reproduced) -> str:
    import json
    from dataclasses import asdict

    return json.dumps(asdict(found), indent=1)


def _table(found: Reproduced, columns: int) -> str:
    from arena.report.text import drawn

    return drawn([_accuracies(found), _beliefs(found), _differences(found)], columns)


def _accuracies(found: Reproduced) -> Grid:
    from arena.published.reproduce import PRINTED
    from arena.report.grid import Grid
    from arena.report.words import estimate, number

    head = ("arm", "printed", "by its rule [rooms by story]", "by question [cluster Wilson]", "rooms", "n", "G")
    table = Grid("Accuracy: as printed, computed from the data, and with questions as the unit", head)
    for arm in found.arms:
        ours = estimate(arm.ours.accuracy, arm.ours.ci)
        computed = estimate(arm.paper, arm.rooms_ci)
        counts = (str(arm.n), str(arm.questions), str(arm.stories))
        table.add(arm.name, number(PRINTED[arm.name][0]), computed, ours, *counts)
    return table


def _beliefs(found: Reproduced) -> Grid:
    from arena.report.grid import Grid
    from arena.report.words import estimate, number

    head = ("arm", "judge score [CR2 t]", "log2 p", "turns", "ECE", "a perfect judge's ECE")
    table = Grid("Beliefs: judge score is log2 p less 0.05 a turn", head)
    for arm in found.arms:
        null = arm.calibration.null
        perfect = f"{number(null.mean)}, 95 % below {number(null.point95)}" if null else "–"
        reward = estimate(arm.reward.bits, arm.reward.ci)
        table.add(arm.name, reward, number(arm.bits), f"{arm.turns:.2f}", number(arm.calibration.ece), perfect)
    return table


def _differences(found: Reproduced) -> Grid:
    from arena.report.grid import Grid
    from arena.report.words import estimate, p_value

    head = ("A − B", "rooms independent", "p", "stories drawn")
    table = Grid("Differences over rooms, by the paper's rule", head)
    for one in found.differences:
        apart = estimate(one.difference, one.ci_iid, sign=True)
        whole = estimate(one.difference, one.ci, sign=True)
        table.add(f"{one.a} − {one.b}", apart, p_value(one.p_iid), whole)
    return table
