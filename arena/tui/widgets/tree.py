"""The tables of an episode as a tree that opens and folds: a part of a question is a branch, a turn is a leaf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Static, Tree
from textual.widgets.tree import TreeNode

from arena.events import Said, Shown
from arena.outline import Page, table_of
from arena.tui import paint
from arena.tui.widgets.room import Room
from arena.tui.widgets.turn import heading
from arena.views import outline

LABEL = 70
"""Characters of a text that a branch or leaf shows."""

Event = Said | Shown


class Tables(Tree[Event | None], inherit_bindings=False):
    """A tree that leaves left, right and space to its screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "cursor_up", "Up", show=False),
        Binding("down,j", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "scroll_home", "First", show=False),
        Binding("end", "scroll_end", "Last", show=False),
        Binding("enter", "toggle_node", "Open or fold"),
    ]


class TableTree(Horizontal):
    """The tree on the left, what is under its cursor on the right."""

    def __init__(self, page: Page) -> None:
        super().__init__(classes="tables")
        self._page = page
        self._shown: tuple[tuple[str, int], ...] | None = None

    def compose(self) -> ComposeResult:
        """Tree and text."""
        yield Tables(Text("the question"), id="tree")
        yield Room(Static(id="leaf", markup=False), id="leaf-room")

    def show(self, page: Page) -> None:
        """Grow the tree anew, as far as the page goes; what was folded stays folded, and the cursor where it was."""
        made = tuple((said.at, len(said.text)) for said in page.steps)
        if made == self._shown:
            return
        self._shown, self._page = made, page
        tree = self.query_one("#tree", Tables)
        folded, at = {_key(node) for node in _nodes(tree.root) if not node.is_expanded}, _key(tree.cursor_node)
        tree.clear()
        tree.root.set_label(paint.line(page.question[:LABEL], "bold"))
        self._grow(page, tree.root)
        tree.root.expand_all()
        for node in _nodes(tree.root):
            if node.allow_expand and _key(node) is not None and _key(node) in folded:
                node.collapse()
        found = next((node for node in _nodes(tree.root) if at is not None and _key(node) == at), None)
        if found is not None:
            tree.call_after_refresh(tree.move_cursor, found)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[Event | None]) -> None:
        """Show what the cursor stands on."""
        self.query_one("#leaf", Static).update(self._told(event.node.data))

    @property
    def said(self) -> Said | None:
        """The turn under the cursor."""
        node = self.query_one("#tree", Tree).cursor_node
        return node.data if node is not None and isinstance(node.data, Said) else None

    def _grow(self, page: Page, root: TreeNode[Event | None]) -> None:
        known = {said.at for said in page.steps}
        branches = {"": root}
        for _, event in outline(page.events):
            table = table_of(event.at)
            if isinstance(event, Said) and event.at not in known:
                continue
            if isinstance(event, Shown):
                if table and table not in branches and not event.handed:
                    branches[table] = self._branch(branches, table, event)
                continue
            home = branches.get(table) or self._branch(branches, table, None)
            branches[table] = home
            home.add_leaf(_leaf(event), event)

    def _branch(
        self, branches: dict[str, TreeNode[Event | None]], table: str, told: Shown | None
    ) -> TreeNode[Event | None]:
        parent = table_of(table[:-1])
        home = branches.get(parent) or branches[""]
        texts = [value for value in told.fields.values() if isinstance(value, str)] if told else []
        return home.add(paint.line(texts[0][:LABEL] if texts else f"table {table}"), told, expand=True)

    def _told(self, event: Event | None) -> Text:
        if isinstance(event, Said):
            said = paint.speech(event.text, event.quotes)
            return Text("\n").join([heading(self._page, event), said])
        if isinstance(event, Shown):
            texts = [value for value in event.fields.values() if isinstance(value, str)]
            return Text("\n").join([Text().append("the table is told", "bold"), *map(paint.plain, texts)])
        return paint.plain(self._page.question)


def _nodes(root: TreeNode[Event | None]) -> Iterator[TreeNode[Event | None]]:
    yield root
    for child in root.children:
        yield from _nodes(child)


def _key(node: TreeNode[Event | None] | None) -> tuple[str, str] | None:
    """What tells a node from the others, however the tree grows."""
    return None if node is None or node.data is None else (node.data.type, node.data.at)


def _leaf(said: Said) -> Text:
    made = Text().append(f"{paint.name(said.seat)} ", "bold").append(f"{paint.line(said.cue).plain}  ", "cyan")
    return made.append(paint.line(said.text[: 4 * LABEL]).plain[:LABEL], "dim") if said.order is None else made
