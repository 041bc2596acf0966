"""What is said at a table, laid out: advocates side by side round by round, others in the order in which they speak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Static

from arena.events import Said
from arena.outline import Page
from arena.tui import paint
from arena.tui.widgets.tree import TableTree
from arena.tui.widgets.turn import TurnBox

ABREAST = 3
"""How many stand side by side, at most."""


def talk(page: Page) -> list[Widget]:
    """The widgets of an episode's talk."""
    if page.shape == "tree":
        return [TableTree(page)]
    rounds = page.rounds()
    made: list[Widget] = list(_handed(page)) if not rounds else []
    for number, moments in enumerate(rounds, 1):
        title = Static(f"round {number}", classes="round-title", markup=False)
        parts = [title] if page.sides and len(rounds) > 1 else []
        made.append(Vertical(*parts, *_round(page, moments), classes="round"))
    return made


def boxes(page: Page, said: Sequence[Said]) -> list[TurnBox]:
    """A box for each of some steps."""
    places = {(one.at, one.seat): number for number, one in enumerate(page.steps)}
    return [TurnBox(page, one, places[one.at, one.seat]) for one in said]


def _round(page: Page, moments: Sequence[Sequence[Said]]) -> Iterator[Widget]:
    """The rows of a round: what is said at once stands abreast, and so do advocates who speak in turn."""
    advocates: list[Said] = []
    for moment in moments:
        ours = [said for said in moment if said.seat in page.sides]
        if ours and len(ours) == len(moment) and len(page.sides) > 1:
            advocates += ours
            continue
        yield from _rows(page, advocates)
        advocates = []
        yield from _rows(page, moment)
    yield from _rows(page, advocates)


def _rows(page: Page, said: Sequence[Said]) -> Iterator[Widget]:
    """Boxes in rows; advocates in the order of their sides."""
    seats = list(page.sides)
    ordered = sorted(said, key=lambda one: seats.index(one.seat) if one.seat in seats else len(seats))
    made = boxes(page, ordered)
    for start in range(0, len(made), ABREAST):
        yield Horizontal(*made[start : start + ABREAST], classes="moment")


def _handed(page: Page) -> Iterator[Widget]:
    """What the judge of an episode without a talk could read."""
    readers = {said.seat for said in page.steps}
    if not page.steps and not page.over:
        yield Static("Nobody has spoken yet.", classes="given", markup=False)
        return
    found = False
    for event in page.told:
        if event.handed and readers & set(event.to):
            for name, value in event.fields.items():
                if isinstance(value, str):
                    found = True
                    yield Static(paint.line(f"{name}, which the judge reads", "bold"), classes="given", markup=False)
                    yield Static(paint.plain(value), classes="given", markup=False)
    if not found:
        words = "Nobody argues here: the judge decides alone, on the question and its options."
        yield Static(words, classes="given", markup=False)
