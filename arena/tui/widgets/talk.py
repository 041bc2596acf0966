"""What is said at a table, laid out: advocates side by side round by round, others in the order in which they speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True)
class Block:
    """A part of a talk: a title, and rows of what stands side by side. `key` is the same as long as its shape is."""

    title: str = ""
    rows: tuple[tuple[Said, ...], ...] = ()
    texts: tuple[str, ...] = ()
    key: tuple[object, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Remember the shape."""
        places = tuple(tuple((said.at, said.seat) for said in row) for row in self.rows)
        object.__setattr__(self, "key", (self.title, places, self.texts))

    def made(self, page: Page) -> Widget:
        """The block as a widget, with a `TurnBox` for each speech."""
        places = numbers(page)
        parts: list[Widget] = [Static(self.title, classes="round-title", markup=False)] if self.title else []
        parts += [Static(paint.plain(text), classes="given", markup=False) for text in self.texts]
        for row in self.rows:
            parts.append(
                Horizontal(*(TurnBox(page, said, places[said.at, said.seat]) for said in row), classes="moment")
            )
        return Vertical(*parts, classes="round")


class Blocks(Vertical):
    """Blocks one below the other. Growing leaves what has kept its shape where it is."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name for it
        super().__init__(id=id)
        self._keys: list[tuple[object, ...]] = []

    async def grow(self, page: Page, blocks: Sequence[Block]) -> None:
        """Show these blocks."""
        keys = [block.key for block in blocks]
        same = next((n for n, (a, b) in enumerate(zip(keys, self._keys, strict=False)) if a != b), None)
        same = min(len(keys), len(self._keys)) if same is None else same
        self._keys = keys
        for child in list(self.children)[same:]:
            await child.remove()
        said = {(one.at, one.seat): one for one in page.steps}
        places = numbers(page)
        for box in self.query(TurnBox):
            box.become(page, said[box.said.at, box.said.seat], places[box.said.at, box.said.seat])
        await self.mount_all([block.made(page) for block in blocks[same:]])


def numbers(page: Page) -> dict[tuple[str, str], int]:
    """The number of each step, by its place and seat."""
    return {(said.at, said.seat): number for number, said in enumerate(page.steps)}


def talk(page: Page) -> list[Block]:
    """The blocks of an episode's talk."""
    rounds = page.rounds()
    if not rounds:
        return list(_handed(page))
    return [
        Block(title=f"round {number}" if page.sides else "", rows=tuple(_rows(page, moments)))
        for number, moments in enumerate(rounds, 1)
    ]


def verdicts(page: Page) -> list[Block]:
    """The blocks of what judges said when they decided."""
    return [Block(rows=((said,),)) for said in page.verdicts]


def tree(page: Page) -> TableTree:
    """The tables of an episode that has several."""
    return TableTree(page)


def _rows(page: Page, moments: Sequence[Sequence[Said]]) -> Iterator[tuple[Said, ...]]:
    """The rows of a round: what is said at once stands abreast, and so do advocates who speak in turn."""
    advocates: list[Said] = []
    for moment in moments:
        ours = [said for said in moment if said.seat in page.sides]
        if ours and len(ours) == len(moment) and len(page.sides) > 1:
            advocates += ours
            continue
        yield from _abreast(page, advocates)
        advocates = []
        yield from _abreast(page, moment)
    yield from _abreast(page, advocates)


def _seats(page: Page, row: Sequence[Said]) -> Iterable[str]:
    """Who has a place in a row: all the advocates where some of them speak, so that each keeps to a column."""
    spoken = [said.seat for said in row]
    apart = 1 < len(page.sides) <= ABREAST and set(spoken) <= set(page.sides)
    return page.sides if apart else spoken


def _abreast(page: Page, said: Sequence[Said]) -> Iterator[tuple[Said, ...]]:
    """Speeches in rows; advocates in the order of their sides."""
    seats = list(page.sides)
    ordered = sorted(said, key=lambda one: seats.index(one.seat) if one.seat in seats else len(seats))
    for start in range(0, len(ordered), ABREAST):
        yield tuple(ordered[start : start + ABREAST])


def _handed(page: Page) -> Iterator[Block]:
    """What the judge of an episode without a talk could read."""
    readers = {said.seat for said in page.steps}
    if not page.steps and not page.over:
        yield Block(texts=("Nobody has spoken yet.",))
        return
    texts = [
        (f"{name}, which the judge reads", value)
        for event in page.told
        if event.handed and readers & set(event.to)
        for name, value in event.fields.items()
        if isinstance(value, str)
    ]
    for name, value in texts:
        yield Block(title=paint.line(name).plain, texts=(value,))
    if not texts:
        yield Block(texts=("Nobody argues here: the judge decides alone, on the question and its options.",))
