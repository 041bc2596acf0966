"""What a person reads at the desk, as boxes; and what they say, in the form in which models say it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import Color as Colour
from rich.text import Text
from textual.widgets import Static

from arena.readers import LETTERS
from arena.text import terminal
from arena.tui import paint
from arena.tui.desk.hearing import Hearing, Part

LEGEND = "Here quotes stand so: " + "  ".join(f"“…”{sign} {name}" for name, (sign, _) in paint.STATUS.items())


def box(part: Part, heard: Hearing) -> Static:
    """One part of a talk. A speech has the colour of the option that it argues for; what always stands is muted."""
    if not part.by:
        kind = "standing" if part in heard.parts[: heard.standing] else "told"
        legend = Text(f"\n{LEGEND}", "italic") if 'status="exact"' in part.text else Text()
        return Static(paint.plain(part.text).append(legend), classes=kind, markup=False)
    side = heard.sides.get(part.by)
    colour = "" if side is None else paint.SIDES[side % len(paint.SIDES)]
    made = Text().append(terminal(part.by), f"bold {colour}".strip())
    made.append(f" for ({LETTERS[side]})\n" if side is not None else "\n", "dim")
    said = Static(made.append(paint.remarked(terminal(paint.clipped(part.text)))), classes="said", markup=False)
    if colour:
        said.styles.border_left = ("thick", Colour.parse(colour).get_truecolor().hex)
    return said


def options(heard: Hearing) -> Text:
    """The options by their letters, one a line, in the colours of the scale."""
    made = Text()
    for place, (letter, text) in enumerate(zip(heard.letters, heard.options, strict=True)):
        made.append("\n" if place else "").append(f"({letter}) ", f"bold {paint.SIDES[place % len(paint.SIDES)]}")
        made.append(paint.line(text))
    return made


def due(heard: Hearing) -> Static | None:
    """What a person is asked to say, as the last box of the talk; `None` where a belief is asked for."""
    if heard.letters:
        return None
    return Static(paint.plain(heard.task), classes="due", markup=False)


def task(heard: Hearing) -> str:
    """What the person is to do now, in a few words."""
    if heard.letters:
        return heard.task
    limit = "" if heard.limit is None else f" {heard.limit} words of it are heard."
    return f"Your turn: what is asked of you stands at the end, above. Write what you say here.{limit}"


def verdict(letters: str, shares: Sequence[int], reason: str) -> str:
    """A belief as any judge writes it: why it is so, and the form that is read."""
    why = reason.strip().replace("<", "‹")
    lines = "\n".join(f"{letter}: {share}%" for letter, share in zip(letters, shares, strict=True))
    best = [letter for letter, share in zip(letters, shares, strict=True) if share == max(shares)]
    return "\n".join(part for part in (why, f"<belief>\n{lines}\n</belief>", f"<choice>{best[0]}</choice>") if part)


def shares(typed: str, count: int) -> list[int] | None:
    """Whole percentages for so many options, as they were typed; `None` where they are not that."""
    words = typed.replace("%", " ").replace(",", " ").split()
    found = [int(word) for word in words if word.isascii() and word.isdecimal()]
    return found if len(found) == len(words) == count and sum(found) == 100 else None  # noqa: PLR2004  # percent
