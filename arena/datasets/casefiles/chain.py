"""Files about a chain: what lay in what, who had it from whom, for several links.

    level l     two entities, for l = 0 .. hops
    link l      a fair coin joins the two entities of level l to those of level l + 1, one to one
    exhibit     for each link and each of its two lower entities one exhibit, reliability r uniform over the band; it
                points to the true way of joining with chance r, else to the other way
    question    from one entity of level 0, which entity of the top level is reached?

The posterior of one link is the log-odds sum of its two exhibits; the answer is the parity of independent links, so
P(first) = (1 + prod(2p - 1)) / 2 with signs for where the question starts and which option is shown first.
"""

from __future__ import annotations

from typing import NamedTuple

from arena.datasets.casefiles import claims
from arena.datasets.casefiles.chance import Chance
from arena.datasets.casefiles.grammar import Chain, ask
from arena.datasets.casefiles.posterior import of_chain, of_exhibits
from arena.datasets.casefiles.scenes import NAMES, PLACES
from arena.datasets.casefiles.single import chatter, spread

MAX_HOPS = 8
"""The links that the longest theme has."""


class Theme(NamedTuple):
    """Nine nouns and the eight verbs that join each to the next: the second had, held or moved the first."""

    nouns: tuple[str, ...]
    verbs: tuple[str, ...]
    devices: tuple[str, ...]
    papers: tuple[str, ...]


THEMES = (
    Theme(
        ("valve", "crate", "truck", "depot", "firm", "broker", "bank", "trust", "family"),
        ("held", "carried", "loaded", "owned", "insured", "financed", "backed", "founded"),
        ("yard camera", "weighbridge", "gate scanner"),
        ("freight ledger", "contract book", "register of firms"),
    ),
    Theme(
        ("coin", "pouch", "chest", "room", "house", "estate", "parish", "abbey", "bishop"),
        ("contained", "stored", "guarded", "enclosed", "included", "taxed", "served", "governed"),
        ("corridor camera", "door counter", "motion sensor"),
        ("inventory", "estate roll", "tithe book"),
    ),
    Theme(
        ("sample", "vial", "rack", "freezer", "bench", "group", "institute", "council", "fund"),
        ("received", "held", "cooled", "shared", "rented", "employed", "advised", "supported"),
        ("freezer recorder", "bench camera", "label scanner"),
        ("sample book", "rack sheet", "grant register"),
    ),
    Theme(
        ("letter", "packet", "satchel", "rider", "coach", "inn", "company", "lender", "patron"),
        ("enclosed", "hid", "bore", "took", "lodged", "bought", "funded", "favoured"),
        ("gate counter", "road camera", "toll recorder"),
        ("post book", "inn register", "loan book"),
    ),
    Theme(
        ("gene", "strain", "field", "farm", "mill", "bakery", "market", "town", "county"),
        ("carried", "grew", "sowed", "served", "leased", "licensed", "hosted", "included"),
        ("field camera", "grain scale", "silo sensor"),
        ("seed register", "mill book", "market roll"),
    ),
    Theme(
        ("melody", "verse", "songbook", "singer", "choir", "chapel", "order", "college", "chancellor"),
        ("used", "printed", "bought", "admitted", "hired", "built", "endowed", "headed"),
        ("hall recorder", "organ loft camera", "copying machine"),
        ("choir book", "chapel roll", "college register"),
    ),
)

ASSERT = (
    "it was {upper} that {verb} {lower}",
    "{upper} {verb} {lower}",
    "the one that {verb} {lower} was {upper}",
    "{upper} and no other {verb} {lower}",
)

DENY = (
    "it cannot have been {upper} that {verb} {lower}",
    "{upper} must be ruled out as the one that {verb} {lower}",
    "whatever {verb} {lower}, it was certainly not {upper}",
    "{upper} is not the one that {verb} {lower}",
)


class Link(NamedTuple):
    """One link as it was drawn: whether it is crossed, and for each lower entity (level, points to crossed)."""

    crossed: bool
    exhibits: tuple[tuple[float, bool], tuple[float, bool]]

    @property
    def straight(self) -> float:
        """The posterior chance that the link is straight."""
        return of_exhibits((not crossed, level) for level, crossed in self.exhibits)[0]


class ChainFile(NamedTuple):
    """A file before it becomes a question. `shown` is the top entity (0 or 1) that is the first option."""

    links: tuple[Link, ...]
    shown: int
    question: str
    options: tuple[str, str]
    passage: str

    @property
    def truth(self) -> int:
        """The place of the right option. The question starts from entity 0."""
        return (sum(link.crossed for link in self.links) + self.shown) % 2

    @property
    def posterior(self) -> tuple[float, float]:
        """What a perfect reader believes, in the order of the options."""
        straight = of_chain(link.straight for link in self.links)
        return (1 - straight, straight) if self.shown else (straight, 1 - straight)


def draw(chance: Chance, hops: int, band: tuple[float, ...]) -> tuple[Link, ...]:
    """Draw a chain of `hops` links and what the exhibits say of it."""
    return tuple(_link(chance, band) for _ in range(hops))


def _link(chance: Chance, band: tuple[float, ...]) -> Link:
    crossed = chance.hit(0.5)
    levels = chance.pick(band), chance.pick(band)
    one, other = ((level, crossed if chance.hit(level) else not crossed) for level in levels)
    return Link(crossed, (one, other))


def write(chance: Chance, links: tuple[Link, ...], length: int) -> ChainFile:
    """Put a drawn chain into words, its exhibits in random order. The words are drawn from `chance`."""
    theme, place = chance.pick(THEMES), chance.pick(PLACES)
    bottom = chance.below(MAX_HOPS - len(links) + 1)
    nouns = theme.nouns[bottom : bottom + len(links) + 1]
    verbs = theme.verbs[bottom : bottom + len(links)]
    names = iter(chance.some(NAMES, 2 * len(nouns)))
    levels = [(f"the {noun} {next(names)}", f"the {noun} {next(names)}") for noun in nouns]
    shown = chance.below(2)
    top = levels[-1]
    options = (top[shown], top[1 - shown])
    lines = _exhibits(chance, theme, links, levels, verbs)
    opening = f"This is a file from {place}. {_roster(chance, levels)}"
    fill = chatter(chance, options, place, length)
    passage = "\n".join([opening, *spread(chance, lines, fill)])
    return ChainFile(links, shown, ask(Chain(nouns, verbs, levels[0][0])), options, passage)


def _roster(chance: Chance, levels: list[tuple[str, str]]) -> str:
    pairs = [" and ".join(chance.some(pair, 2)) for pair in levels]
    return f"It deals with {', '.join(pairs)}. In each pair the two were joined to different ones of the next pair."


def _exhibits(
    chance: Chance, theme: Theme, links: tuple[Link, ...], levels: list[tuple[str, str]], verbs: tuple[str, ...]
) -> list[str]:
    places = [(i, lower) for i in range(len(links)) for lower in (0, 1)]
    lines = []
    for n, (i, lower) in enumerate(chance.some(places, len(places)), start=1):
        level, crossed = links[i].exhibits[lower]
        said = lower ^ crossed
        form, named = (ASSERT, said) if chance.hit(0.75) else (DENY, 1 - said)
        claim = chance.pick(form).format(upper=levels[i + 1][named], verb=verbs[i], lower=levels[i][lower])
        lines.append(claims.evidence(chance, level, theme.devices, theme.papers, claim, n))
    return lines
