"""Reading chains: which entity leads to which, link by link.

The files of the generator have two entities of each noun, joined one to one; the weight of a link is a log-odds sum
for joining the two pairs straight (in the order in which the file first names them) against crosswise. Where a noun
has not exactly two entities nothing is read from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import prod, tanh
from typing import NamedTuple

from arena.datasets.casefiles.grammar import Chain
from arena.datasets.casefiles.words import log_odds
from arena.models.sim.reading import Exhibit, exhibits

PAIR = 2
"""The entities of one noun in a file that can be read."""


class Said(NamedTuple):
    """An exhibit about one link: the link's place, and whether it speaks for the crosswise joining."""

    exhibit: Exhibit
    link: int
    crossed: bool


class Web(NamedTuple):
    """What a passage says of a chain: the entities of each noun, and every exhibit about a link between neighbours."""

    entities: tuple[tuple[str, ...], ...]
    said: tuple[Said, ...]

    def weights(self, without: frozenset[str] | set[str] = frozenset()) -> list[float]:
        """Per link the log-odds for straight, leaving out the exhibits whose texts are in `without`."""
        sums = [0.0] * (len(self.entities) - 1)
        for exhibit, link, crossed in self.said:
            if exhibit.level is not None and exhibit.text not in without:
                sums[link] += -log_odds(exhibit.level) if crossed else log_odds(exhibit.level)
        return sums

    def place(self, entity: str | None) -> int | None:
        """Which of the bottom entities this is."""
        bottom = self.entities[0]
        return bottom.index(entity) if entity in bottom else None


@lru_cache(maxsize=4096)
def web(passage: str, nouns: tuple[str, ...]) -> Web:
    """Read a passage with the nouns of a chain in mind, from the start upwards."""
    form = _names(nouns)
    entities: dict[str, dict[str, None]] = {noun: {} for noun in nouns}
    for found in form.finditer(passage):
        entities[found[1]][f"the{found.group()[3:]}"] = None
    named = tuple(tuple(entities[noun]) for noun in nouns)
    place = {noun: i for i, noun in enumerate(nouns)}
    said = [one for exhibit in exhibits(passage) if (one := _said(exhibit, form, place, named)) is not None]
    return Web(named, tuple(said))


@lru_cache(maxsize=1024)
def _names(nouns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b[Tt]he ({'|'.join(map(re.escape, nouns))}) [A-Z]\w*")


def _said(
    exhibit: Exhibit, form: re.Pattern[str], place: dict[str, int], named: Sequence[tuple[str, ...]]
) -> Said | None:
    if exhibit.notice:
        return None
    found = sorted((place[m[1]], "the" + m.group()[3:]) for m in form.finditer(exhibit.text))
    if len(found) != PAIR or found[1][0] != found[0][0] + 1:
        return None
    (link, lower), (_, upper) = found
    if len(named[link]) != PAIR or len(named[link + 1]) != PAIR:
        return None
    crossed = named[link].index(lower) != named[link + 1].index(upper)
    return Said(exhibit, link, crossed != exhibit.denies)


def parity(weights: Iterable[float]) -> float:
    """The chance that an even number of links is crossed, from their log-odds: (1 + prod(2p - 1)) / 2."""
    return (1 + prod(tanh(weight / 2) for weight in weights)) / 2


def favours(web_: Web, chain: Chain, options: tuple[str, ...], without: set[str]) -> dict[str, int]:
    """For each exhibit about a link, the option that it speaks for if the other links are as they seem."""
    start = web_.place(chain.start)
    tops = [web_.entities[-1].index(o) if o in web_.entities[-1] else None for o in options]
    if start is None or None in tops or len(web_.entities[-1]) != PAIR:
        return {}
    weights = web_.weights(without)
    crossings = sum(weight < 0 for weight in weights)
    out = {}
    for exhibit, link, crossed in web_.said:
        top = (start + crossings - (weights[link] < 0) + crossed) % PAIR
        out[exhibit.text] = tops.index(top)
    return out
