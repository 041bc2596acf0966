"""How an exhibit is put into words: a label, a source, a phrase of reliability, a claim.

Each exhibit is one sentence that holds all four, so that a quotation of it carries the claim together with how far it
can be trusted. Half of the ways to claim something name the answer that the exhibit points to; the others deny the
other one.
"""

from __future__ import annotations

from arena.datasets.casefiles.chance import Chance
from arena.datasets.casefiles.scenes import FIRST, SURNAMES, TRADES
from arena.datasets.casefiles.words import EXCHANGED, PHRASES, WITHDRAWN, Kind, kinds_at

LABELS: dict[Kind, tuple[str, ...]] = {
    "log": ("instrument log", "print-out", "meter reading"),
    "witness": ("witness statement", "interview note", "testimony"),
    "paper": ("written record", "document", "entry from the papers"),
    "hearsay": ("hearsay", "second-hand account", "talk noted down"),
}

FRAMES: dict[Kind, tuple[str, ...]] = {
    "log": (
        "the {source}, {phrase}, shows that {claim}",
        "by the reading of the {source}, {phrase}, {claim}",
        "the {source}, {phrase}, leaves the trace one would see if {claim}",
        "what the {source}, {phrase}, put on record is that {claim}",
    ),
    "witness": (
        "{source}, {phrase}, states that {claim}",
        "in the words of {source}, {phrase}, {claim}",
        "{source}, {phrase}, would have it that {claim}",
        "asked twice, {source}, {phrase}, answered that {claim}",
    ),
    "paper": (
        "the {source}, {phrase}, has it that {claim}",
        "according to the {source}, {phrase}, {claim}",
        "a line in the {source}, {phrase}, says that {claim}",
        "one reads in the {source}, {phrase}, that {claim}",
    ),
    "hearsay": (
        "{source}, {phrase}, says that {claim}",
        "{source}, {phrase}, holds that {claim}",
        "{source}, {phrase}, maintains that {claim}",
    ),
}

ASSERT = (
    "it was {x} {who} {did}",
    "{x} {did}",
    "the one {who} {did} was {x}",
    "{x} and no other {did}",
)

DENY = (
    "it cannot have been {x} {who} {did}",
    "{x} must be ruled out as the one {who} {did}",
    "{whichever} {did}, it was certainly not {x}",
    "{x} is not the one {who} {did}",
)

RETRACTIONS = (
    "{source} {words} Exhibit {n}, having mixed up two different days",
    "{source} {words} Exhibit {n}, which turns out to belong to another matter",
    "after some thought {source} {words} Exhibit {n} and gives no other account",
)

CORRECTIONS = (
    "the clerk finds that {words} Exhibit {n}, so that it should be read the other way round",
    "on comparing the originals it appears that {words} Exhibit {n}, which therefore says the opposite",
)


def person(chance: Chance) -> str:
    """Somebody who gives evidence: a first and a last name that no answer bears."""
    return f"{chance.pick(FIRST)} {chance.pick(SURNAMES)}"


def evidence(
    chance: Chance, level: float, devices: tuple[str, ...], papers: tuple[str, ...], claim: str, number: int
) -> str:
    """Write one exhibit of the given level, as a sentence."""
    kind = chance.pick(kinds_at(level))
    phrase = chance.pick(PHRASES[kind][level])
    body = chance.pick(FRAMES[kind]).format(source=_source(chance, kind, devices, papers), phrase=phrase, claim=claim)
    return f"Exhibit {number}, {chance.pick(LABELS[kind])}: {body}."


def _source(chance: Chance, kind: Kind, devices: tuple[str, ...], papers: tuple[str, ...]) -> str:
    if kind == "log":
        return chance.pick(devices)
    if kind == "paper":
        return chance.pick(papers)
    return f"{person(chance)}, {chance.pick(TRADES)}"


def retraction(chance: Chance, number: int, target: int) -> str:
    """Write the sentence that withdraws exhibit `target`."""
    body = chance.pick(RETRACTIONS).format(source=person(chance), words=chance.pick(WITHDRAWN), n=target)
    return f"Exhibit {number}, retraction: {body}."


def correction(chance: Chance, number: int, target: int) -> str:
    """Write the sentence that exchanges the names in exhibit `target`."""
    body = chance.pick(CORRECTIONS).format(words=chance.pick(EXCHANGED), n=target)
    return f"Exhibit {number}, correction: {body}."
