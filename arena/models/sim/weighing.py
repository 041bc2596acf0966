"""Weighing a passage at first hand, as the expert judge and the worker do."""

from __future__ import annotations

from collections.abc import Sequence

from arena.datasets.casefiles import grammar
from arena.datasets.casefiles.words import log_odds
from arena.models.sim import chance
from arena.models.sim.links import PAIR, parity, web
from arena.models.sim.reading import Exhibit, exhibits, points

SUREST = 1e-6
"""How near to certainty a chain can bring a reader."""


def from_passage(passage: str, asked: str, options: tuple[str, ...], skill: float = 1.0, seed: int = 0) -> list[float]:
    """Log-odds scores for the options of a question; each exhibit and each notice is taken in with chance `skill`."""
    seen = [e for e in exhibits(passage) if chance.uniform(seed, "see", e.text) < skill]
    chain = grammar.parse(asked)
    if chain is not None and chain.start is not None:
        return _by_links(passage, chain, seen, options)
    changed = {e.target: e.notice for e in seen if e.notice}
    scores = [0.0] * len(options)
    for exhibit in seen:
        place = points(exhibit, options)
        if place is not None and exhibit.level is not None:
            scores[place] += log_odds(exhibit.level) * standing(changed.get(exhibit.number or -1), 1.0)
    return scores


def standing(notice: str | None, worth: float) -> float:
    """What is left of an exhibit after a notice that counts for `worth`: 1 where none, 0 withdrawn, -1 exchanged."""
    return 1.0 - {"withdrawn": 1.0, "exchanged": 2.0}.get(notice or "", 0.0) * worth


def _by_links(passage: str, chain: grammar.Chain, seen: Sequence[Exhibit], options: Sequence[str]) -> list[float]:
    known = web(passage, chain.nouns)
    start, tops = known.place(chain.start), known.entities[-1]
    if start is None or len(tops) != PAIR:
        return [0.0] * len(options)
    missed = {e.text for e in exhibits(passage)} - {e.text for e in seen}
    even = min(max(parity(known.weights(missed)), SUREST), 1 - SUREST)
    return [_end(tops, option, start, log_odds(even)) for option in options]


def _end(tops: Sequence[str], option: str, start: int, even: float) -> float:
    if option not in tops:
        return 0.0
    return even / 2 if tops.index(option) == start else -even / 2
