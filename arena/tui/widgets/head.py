"""The fixed parts of an episode's screen: the question, the outcome, and where the reader stands."""

from __future__ import annotations

from rich.text import Text

from arena.outline import Page
from arena.readers import LETTERS
from arena.tui import paint
from arena.tui.player import Player
from arena.views import spent


def head(whole: Page, shown: Page, *, revealed: bool) -> Text:
    """The question with its options, who argues for which, and the truth where it was asked for."""
    made = paint.line(whole.episode, "dim")
    made.append(f"  {whole.shape}\n" if whole.shape not in {"alone", "table"} else "\n", "dim")
    made.append(paint.line(whole.question, "bold") if whole.question else Text("(no question was shown)"))
    key = whole.scored.key if whole.scored and revealed else None
    for place, option in enumerate(whole.options):
        right = key == place
        made.append(f"\n{'★' if right else ' '} ({LETTERS[place]}) ", "bold green" if right else "bold")
        made.append(paint.line(option, "bold green" if right else ""))
        for seat in (seat for seat, side in whole.sides.items() if side == option):
            made.append("  ← ", "dim").append(paint.name(seat), f"bold {paint.colour(whole, seat)}")
    if whole.failed and shown.failed:
        made.append("\nfailed: ", "bold red").append(paint.line(whole.failed.reason, "red"))
    return made


def ending(page: Page, at: int, *, revealed: bool) -> Text:
    """How the episode came out; before its end, that it has not."""
    if at < len(page.steps) or not page.over:
        words = "the judge has not decided" if page.steps else "nothing was said yet"
        return Text().append(words, "dim")
    made = Text()
    if page.ended is not None:
        made.append(f"decision: {paint.choice(page.ended.choice)}\n", "bold")
        choices = {verdict.choice for verdict in page.ended.verdicts}
        if len(page.ended.verdicts) > 1 and len(choices) > 1:
            made.append("⇄ the order of the options changed it\n", "yellow")
        if page.ended.belief is not None:
            made.append(paint.stacked(page, page.ended.belief)).append("\n")
        for verdict in page.ended.verdicts:
            if verdict.outcome != "ok":
                made.append(paint.belief(page, verdict)).append("\n")
    if page.failed is not None:
        made.append(f"failed: {page.failed.outcome}\n", "bold red").append(paint.plain(page.failed.reason))
        made.append("\n")
    made.append(_truth(page, revealed=revealed)).append("\n")
    calls, usage, cost = spent(page.events)
    price = "price unknown" if cost is None else f"{cost:.4f} USD" if cost else "no cost"
    return made.append(f"{calls} calls, {usage.input:,} tokens in, {usage.output:,} out, {price}\n", "dim")


def trace(page: Page) -> Text:
    """What a shadow judge believed after each round, a bar a round; nothing where none was asked."""
    found = page.trace()
    made = Text().append("belief after each round (unheard)\n" if found else "", "dim italic")
    for number, belief in found:
        made.append(f"{number:>2} ", "dim")
        made.append(paint.stacked(page, belief) if belief is not None else Text("no verdict", "red")).append("\n")
    return made


def position(page: Page, player: Player, *, playing: bool) -> Text:
    """Where the reader stands, and how it goes on."""
    at, total, speed = player.at, player.total, player.speed
    made = Text().append("▶ " if playing else "‖ " if at < total else "■ ", "bold")
    made.append("●" * min(at, 30) + "○" * (min(total, 30) - min(at, 30)) + f" {at}/{total}")
    rounds = page.rounds()
    counts = [0]
    for moments in rounds:
        counts.append(counts[-1] + sum(map(len, moments)))
    now = sum(at > count for count in counts[:-1])
    made.append(f" · round {now} of {len(rounds)}" if page.sides and rounds else "")
    made.append(f" · {speed}×" if playing or speed > 1 or player.recorded else "")
    made.append(" the pace of the record" if player.recorded else "")
    made.append("" if page.over else " · being played", "cyan")
    return made


def _truth(page: Page, *, revealed: bool) -> Text:
    if page.scored is None:
        return Text().append("the right answer is not joined yet", "dim")
    if not revealed:
        return Text().append("r shows the right answer", "dim")
    text = f"the right answer: {paint.choice(page.scored.key)}"
    if page.ended is not None and page.ended.choice is not None:
        text += " – the judge is right" if page.ended.choice == page.scored.key else " – the judge is wrong"
    return Text().append(text, "bold green")
