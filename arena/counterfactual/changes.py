"""What may be changed in a stored transcript before a judge is asked again: one pure function a change.

Each takes the events of an episode before its decision and gives the events as the judge is to know them. Nothing is
drawn but from the seed that is given, and nothing is read but the events.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from arena.events import AnyEvent, Said, Shown
from arena.outline import page
from arena.views import act

Events = Sequence[AnyEvent]

WITHHELD = "[quote withheld]"
NOTHING_QUOTED = "[nothing quoted]"
_QUOTE = re.compile("<quote>(.*?)</quote>", re.DOTALL)


def first_rounds(events: Events, rounds: int) -> list[AnyEvent]:
    """The transcript as it stood after so many rounds.

    A round is over when every advocate has spoken in it. What was said or told at the first table later is left out;
    other tables stay. With as many rounds as there were, nothing changes.
    """
    kept = page(events).rounds()
    if rounds >= len(kept):
        return list(events)
    last = max(act(said.at) for moment in kept[rounds - 1] for said in moment)
    return [event for event in events if "/" in event.at or not event.at or act(event.at) <= last]


def quotes_masked(events: Events) -> list[AnyEvent]:
    """Arguments without evidence: each quote, its words and its mark, is replaced by `WITHHELD`."""
    return _rewritten(events, lambda text: _QUOTE.sub(WITHHELD, text))


def quotes_unmarked(events: Events) -> list[AnyEvent]:
    """Quotes in plain quotation marks: the words stay, whether they were verified is not said."""
    return _rewritten(events, lambda text: _QUOTE.sub(r"“\1”", text))


def quotes_only(events: Events) -> list[AnyEvent]:
    """Evidence without arguments: of each speech its quotes remain, one a line, marked as they were (Khan et al.)."""

    def only(said: Said) -> Said:
        found = [match[0] for match in _QUOTE.finditer(said.text)]
        return _with(said, "\n".join(found) or NOTHING_QUOTED, keep=True)

    return [only(event) if isinstance(event, Said) and _argues(event) else event for event in events]


def attribution_shuffled(events: Events, seed: str) -> list[AnyEvent]:
    """Who said what is drawn anew in every round: the speeches of a round change hands among those who spoke in it.

    Places, seats and sides stay, and the words with their quotes move. A single advocate keeps its words.
    """
    chance = random.Random(seed)  # noqa: S311  # an experiment's chance, drawn again from the same seed
    moved: dict[str, Said] = {}
    for one in page(events).rounds():
        speeches = [said for moment in one for said in moment if _argues(said)]
        words = chance.sample(speeches, len(speeches))
        for said, given in zip(speeches, words, strict=True):
            if given is not said:
                moved[said.at] = said.model_copy(
                    update={"text": given.text, "quotes": given.quotes, "cut": given.cut, "span": None}
                )
    return [moved.get(event.at, event) if isinstance(event, Said) else event for event in events]


def sides_hidden(events: Events) -> list[AnyEvent]:
    """Nobody is told who argues for what: the announced sides are left out, the speeches say what they say."""

    def hidden(event: Shown) -> Shown:
        fields = {name: {"$sides": {}} if _is_sides(value) else value for name, value in event.fields.items()}
        return event.model_copy(update={"fields": fields}) if fields != event.fields else event

    return [hidden(event) if isinstance(event, Shown) else event for event in events]


def _is_sides(value: object) -> bool:
    return isinstance(value, dict) and "$sides" in value


def _argues(event: Said) -> bool:
    return event.order is None and isinstance(event.fields.get("side"), str)


def _rewritten(events: Events, words: Callable[[str], str]) -> list[AnyEvent]:
    """The speeches of advocates with other words, in which no quote is left to be marked."""

    def one(said: Said) -> Said:
        text = words(said.text)
        return said if text == said.text else _with(said, text, keep=False)

    return [one(event) if isinstance(event, Said) and _argues(event) else event for event in events]


def _with(said: Said, text: str, *, keep: bool) -> Said:
    if text == said.text:
        return said
    return said.model_copy(update={"text": text, "quotes": said.quotes if keep else (), "span": None})
