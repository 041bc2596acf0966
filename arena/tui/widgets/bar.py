"""How far a run is, on one line."""

from __future__ import annotations

from rich.text import Text

from arena.standing import Board
from arena.tui.widgets.still import Still
from arena.tui.words import duration, money

EIGHTHS = " ▏▎▍▌▋▊▉"


class Bar(Still):
    """A bar, what is done, what it took of what it may take, how long it may still take."""

    def show(self, board: Board, *, state: str, calls: int, spent: float, budget: float | None) -> None:
        """Draw the line anew. `state` is `reading`, `playing`, `stopped` or `done`."""
        done, total, width = board.done, board.total, self.size.width or 80
        text = bar(done / total if total else 0.0, max(10, min(60, width - 70)))
        text.append(f" {done:,}/{total:,} episodes")
        text.append(f" · {calls:,} calls")
        text.append(f" · {money(spent, budget=budget)}" if spent or budget else "", _alarm(spent, budget))
        text.append(f" · {_words(board, state)}", "bold")
        text.no_wrap, text.overflow = True, "ellipsis"
        self.tell(text)


def bar(share: float, width: int) -> Text:
    """A bar of so many cells, filled to an eighth of a cell."""
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    part = EIGHTHS[eighths % 8] if eighths % 8 else ""
    full = "█" * (eighths // 8) + part
    return Text().append(full, "bold green" if share >= 1 else "bold").append("·" * (width - len(full)), "dim")


def _alarm(spent: float, budget: float | None) -> str:
    return "yellow" if budget and spent > 0.8 * budget else ""  # a fifth is left


def _words(board: Board, state: str) -> str:
    if state == "reading":
        return "reading the log…"
    if state != "playing":
        return state
    eta = board.eta()
    return "playing" if eta is None else f"about {duration(eta)} left"
