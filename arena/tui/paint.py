"""Texts of a log as styled text for a terminal: never markup, nothing hidden, quotes in the colour of their status.

A status shows without colour too, by the sign behind its quote.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.style import Style
from rich.text import Text

from arena import quotes, structured
from arena.events import Quote, Verdict
from arena.outline import Page
from arena.readers import LETTERS
from arena.text import neutral, terminal

SHOWN = 20_000
"""Characters of one text that a box shows; what is longer is said to be, and lies whole in the log."""

STATUS = {
    "exact": ("✓", "green"),
    "normalised": ("≈", "cyan"),
    "near": ("~", "yellow"),
    "absent": ("✗", "red"),
}
"""The sign and the colour of what the verifier found."""

SIDES = ("dodger_blue1", "dark_orange", "medium_purple", "sea_green2")
"""The colours of the advocates, in the order of their sides."""

_FORM = re.compile(r"<(belief|choice)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_MARK = re.compile(r'<quote status="(\w+)">(.*?)</quote>', re.DOTALL)


def plain(text: str, style: str = "") -> Text:
    """A text of anybody's, as it may be shown."""
    return Text().append(terminal(clipped(text)), style)


def line(text: str, style: str = "") -> Text:
    """A text on one line."""
    return Text().append(" ".join(terminal(clipped(text)).split()), style)


def clipped(text: str, most: int = SHOWN) -> str:
    """The beginning of a text, and how much is left out."""
    return text if len(text) <= most else f"{text[:most]}\n… {len(text) - most:,} further characters are not shown"


def speech(text: str, found: Sequence[Quote], chosen: int | None = None) -> Text:
    """A speech with its quotes coloured; number `chosen` is turned around. A click on one carries its number."""
    return remarked(quotes.marked(clipped(text), found), chosen)


def remarked(marked: str, chosen: int | None = None) -> Text:
    """A speech as other seats read it, its marks of quotes as colours."""
    last, painted = 0, Text()
    for number, mark in enumerate(_MARK.finditer(marked)):
        sign, colour = STATUS.get(mark[1], ("?", ""))
        painted.append(marked[last : mark.start()])
        style = Style(color=colour or None, reverse=number == chosen, meta={"quote": number})
        painted.append(f"“{mark[2]}”", style).append(sign, style + Style(bold=True))
        last = mark.end()
    painted.append(marked[last:])
    return painted


def unfinished(text: str) -> Text:
    """A speech that is still being made: nobody has checked its quotes yet. Of a long one the end is shown."""
    shown = text if len(text) <= SHOWN else f"… {text[-SHOWN:]}"
    shown = shown.replace("<quote>", "“").replace("</quote>", "”")
    return Text().append(terminal(shown)).append("▌", "blink dim")


def passage(text: str, quote: Quote | None) -> tuple[Text, int]:
    """A passage with the place of a quote turned around, and the line of that place."""
    shown = plain(text)
    if quote is None or quote.span is None:
        return shown, 0
    start, end = quote.span
    before, inside, after = (terminal(part) for part in (text[:start], text[start:end], text[end:]))
    colour = STATUS.get(quote.status, ("", "green"))[1]
    marked = Text(before).append(inside, Style(color=colour, bold=True, reverse=True)).append(after)
    return marked, before.count("\n")


def reasons(text: str) -> str:
    """What a judge says beside the form in which it states its verdict."""
    found = structured.reasons(text)
    return _FORM.sub("", text).strip() if found is None else found


def name(seat: str) -> str:
    """A seat's name as people read it."""
    return " ".join(neutral(seat).replace("_", " ").split()).capitalize()


def letter(page: Page, option: str | None) -> str:
    """`(A)` for an option of the question; the text itself for anything else."""
    if option in page.options:
        return f"({LETTERS[page.options.index(option)]})"
    return line(option or "").plain


def colour(page: Page, seat: str) -> str:
    """The colour of an advocate; none for any other seat."""
    seats = list(page.sides)
    return SIDES[seats.index(seat) % len(SIDES)] if seat in seats else ""


def choice(option: int | None) -> str:
    """A chosen option as its letter."""
    return "a tie" if option is None else f"({LETTERS[option]})" if option < len(LETTERS) else str(option)


def stacked(page: Page, shares: Sequence[float], width: int = 16) -> Text:
    """A belief as one bar, a stretch for each option in the colour of who argues for it, and the shares in letters."""
    made, filled, total = Text(), 0, 0.0
    for place, share in enumerate(shares):
        total += share
        end = round(min(max(total, 0.0), 1.0) * width)
        style = option_colour(page, place) or ("bold" if place % 2 == 0 else "dim")
        made.append("█▒▓░"[place % 4] * (end - filled), style)
        filled = max(end, filled)
    made.append("·" * (width - filled), "dim")
    return made.append(" " + " ".join(f"{letter} {share:.0%}" for letter, share in zip(LETTERS, shares, strict=False)))


def option_colour(page: Page, place: int) -> str:
    """The colour of the advocate of an option; none where nobody argues for it."""
    options = page.options[place : place + 1]
    return next((colour(page, seat) for seat, side in page.sides.items() if side in options), "")


def belief(page: Page, verdict: Verdict) -> Text:
    """A verdict in lines: its order, its choice, its belief."""
    order = ", ".join(LETTERS[i] for i in verdict.order)
    if verdict.belief is None:
        return Text().append(f"no verdict: {verdict.outcome}", "bold red").append(f"  (shown as {order})\n", "dim")
    made = Text().append(f"▸ {choice(verdict.choice)}", "bold").append(f"  options shown as {order}\n", "dim")
    return made.append(stacked(page, verdict.belief)).append("\n")
