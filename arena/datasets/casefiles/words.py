"""The vocabulary of reliability: which words say how far an exhibit can be trusted.

Every phrase below belongs to one kind of exhibit and to one level. The level is the chance that an exhibit described
in these words points to the truth. The generator writes with this table and a reader who knows it can weigh a passage
exactly; the table is part of the stated probability model.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log
from typing import Literal

Kind = Literal["log", "witness", "paper", "hearsay"]

PHRASES: dict[Kind, dict[float, tuple[str, ...]]] = {
    "log": {
        0.55: (
            "known for years to drift badly",
            "running on a weak battery behind a cracked dial",
            "found afterwards with water in its case",
        ),
        0.60: (
            "overdue for service by many months",
            "apt to stick in damp weather",
            "mended with wire and tape that spring",
        ),
        0.65: (
            "not checked since the previous season",
            "read in a hurry by a trainee",
            "running a little slow that week",
        ),
        0.70: (
            "in fair order though seldom checked",
            "last checked some weeks before",
            "an old model that mostly keeps good time",
        ),
        0.75: (
            "serviced the month before",
            "kept in decent order by the night crew",
            "seldom found wrong in past years",
        ),
        0.80: (
            "tested the week before and found sound",
            "in good order at every check that year",
            "rarely wrong and looked after with care",
        ),
        0.85: (
            "inspected the day before and found exact",
            "overhauled only days earlier",
            "in step with its twin for the whole week",
        ),
        0.90: (
            "calibrated that same morning",
            "checked against the standard an hour earlier",
            "fresh from the maker's test bench with a clean certificate",
        ),
        0.95: (
            "calibrated before and again after the event",
            "held under seal and certified exact",
        ),
        0.97: (
            "checked on the hour and never once found wrong",
            "confirmed by two other instruments",
        ),
        0.99: (
            "sealed, certified and confirmed by three other instruments",
            "proved exact by every test that the inspectors knew",
        ),
    },
    "witness": {
        0.55: (
            "half asleep at the time",
            "looking through thick fog from across the valley",
            "unwell that day and unsure of most things",
        ),
        0.60: (
            "watching at dusk from some distance",
            "catching one glance from a moving cart",
            "busy with other things for most of the hour",
        ),
        0.65: (
            "looking on through a dusty window",
            "seeing by lamplight from the far side of the yard",
            "certain of little except this",
        ),
        0.70: (
            "walking past without stopping",
            "with a view that was partly blocked",
            "paying some attention from the gate",
        ),
        0.75: (
            "looking across the street in good light",
            "watching from the next bench",
            "attentive though some way off",
        ),
        0.80: (
            "a few steps away with a clear view",
            "well used to telling the two apart",
            "watching from the nearest doorway at noon",
        ),
        0.85: (
            "looking on closely for several minutes",
            "close by and making notes as it happened",
            "near enough to hear every word",
        ),
        0.90: (
            "within arm's reach in full daylight",
            "present from beginning to end and never distracted",
            "face to face with the matter for an hour",
        ),
        0.95: (
            "in charge of the whole affair and watching nothing else",
            "present throughout together with a second watcher who agrees",
        ),
        0.97: (
            "one of three who saw it at close quarters and agree in every point",
            "under oath and borne out by two others who were present",
        ),
        0.99: (
            "one of six sworn observers who watched at close quarters and agree in every point",
            "under oath and borne out by everybody who was present",
        ),
    },
    "paper": {
        0.55: (
            "torn and with most of its words lost",
            "unsigned and found in a bin",
            "in a hand that nobody can place",
        ),
        0.60: (
            "smudged and only partly legible",
            "put together from memory weeks later",
            "stained and missing its second half",
        ),
        0.65: (
            "written up two days afterwards",
            "a second copy with some gaps",
            "drafted by somebody who was told of it next morning",
        ),
        0.70: (
            "written up that same evening",
            "filled in by a busy clerk",
            "complete but never signed off",
        ),
        0.75: (
            "drawn up at the end of the shift",
            "legible and dated though not countersigned",
            "kept by a clerk who seldom errs",
        ),
        0.80: (
            "entered within the hour by a careful clerk",
            "tidy, dated and in the usual hand",
            "compared once with the stub and found to match",
        ),
        0.85: (
            "written on the spot and countersigned",
            "dated to the minute and initialled by two clerks",
            "bound in the register with no page missing",
        ),
        0.90: (
            "sworn before a notary and sealed at once",
            "drawn up in triplicate with all three copies in accord",
            "signed by both parties while it happened",
        ),
        0.95: (
            "audited line by line and found without a fault",
            "sealed by the registrar who was present",
        ),
        0.97: (
            "held in the vault since and matched by two other registers",
            "audited twice by different offices without a fault",
        ),
        0.99: (
            "engraved, sealed and matched by every other register",
            "audited by three offices on their own and without a fault",
        ),
    },
    "hearsay": {
        0.55: (
            "as a neighbour's cousin told it",
            "repeating a rumour from the market",
            "passing on what was said at third hand",
        ),
        0.60: (
            "having it from a friend of a friend",
            "recalling some gossip from the canteen",
            "going by what people on the bus were saying",
        ),
        0.65: (
            "going by what a colleague mentioned in passing",
            "told of it by a relative who was nearby",
            "retelling a story heard from one of the crew",
        ),
    },
}
"""Kind of exhibit → level → the phrases that say it."""

LEVELS = (0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85, 0.90)
"""The levels of single-hop files. Chains use higher ones as well."""

BANDS: dict[str, tuple[float, ...]] = {
    "easy": (0.70, 0.75, 0.80, 0.85, 0.90),
    "medium": LEVELS,
    "hard": (0.55, 0.60, 0.65, 0.70),
}
"""`difficulty` → the levels from which an exhibit's reliability is drawn, each as likely as the others."""

LINKS: dict[str, tuple[float, ...]] = {
    "firm": (0.97, 0.99),
    "fair": (0.90, 0.95, 0.97),
    "shaky": (0.80, 0.85, 0.90),
}
"""`links` → the levels from which the reliability of a chain's exhibits is drawn."""

LEVEL_OF = {phrase: level for kind in PHRASES.values() for level, said in kind.items() for phrase in said}
KIND_OF: dict[str, Kind] = {phrase: kind for kind, at in PHRASES.items() for said in at.values() for phrase in said}

DENIALS = ("cannot have been", "must be ruled out", "was certainly not", "is not the one")
"""Words that turn a statement round: a claim with one of these speaks against what it names."""

WITHDRAWN = ("withdraws what stands in", "takes back all of", "asks that no weight be given to")
"""Words of a retraction, each followed by the label of the exhibit that it empties."""

EXCHANGED = ("the two names were exchanged in copying", "each name stands where the other belongs in")
"""Words of a correction, each followed by the label of the exhibit whose names it exchanges."""


def _any(phrases: tuple[str, ...] | dict[str, float]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True)))


_LEVEL = _any(LEVEL_OF)
_DENIAL = _any(DENIALS)


@lru_cache(maxsize=32)
def kinds_at(level: float) -> tuple[Kind, ...]:
    """The kinds of exhibit that have words for `level`."""
    return tuple(kind for kind, at in PHRASES.items() if level in at)


def phrase_in(text: str) -> str | None:
    """The first reliability phrase in lower-case `text`, if there is one."""
    found = _LEVEL.search(text)
    return found.group() if found else None


def denies(text: str) -> bool:
    """Whether lower-case `text` speaks against what it names."""
    return _DENIAL.search(text) is not None


def log_odds(reliability: float) -> float:
    """The weight of one exhibit, in nats: log r/(1-r)."""
    return log(reliability / (1 - reliability))
