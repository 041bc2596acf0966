"""The dataset: settings, ids, and items made one by one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import count
from typing import Literal

from pydantic import Field, field_validator

from arena.datasets.base import Dataset
from arena.datasets.casefiles import chain, single
from arena.datasets.casefiles.chance import Chance
from arena.datasets.casefiles.words import BANDS, LINKS
from arena.question import AnswerKey, Item, Question

WHOLE = 1000
"""How many files there are where no limit is set; their number has no end."""


class Casefiles(Dataset):
    """Generated inquiry files whose exact posterior is known. No model has seen them; nothing in them is real.

    Source: made by this package, no licence needed, cite the arena. A group is one file, which has one question. The
    wrong option is the other of two names drawn alike. The module docstring of `arena.datasets.casefiles` and
    `docs/casefiles.md` state the probability model.
    """

    exhibits: int = Field(default=14, ge=1, le=200, description="exhibits that bear on the matter (single-hop files)")
    difficulty: Literal["easy", "medium", "hard"] = Field(
        default="medium", description="the band of their reliabilities: easy .70-.90, medium .55-.90, hard .55-.70"
    )
    amended: float = Field(
        default=0.2, ge=0, le=1, description="share of exhibits that a later notice withdraws or corrects, half each"
    )
    length: int = Field(default=80, ge=0, le=100_000, description="words of chatter that say nothing of the matter")
    hops: str = Field(default="1", description="links from question to answer: 1 to 8, or a range such as 1-8")
    links: Literal["firm", "fair", "shaky"] = Field(
        default="firm", description="reliability of a chain's exhibits: firm .97-.99, fair .90-.97, shaky .80-.90"
    )

    @field_validator("hops", mode="before")
    @classmethod
    def _range(cls, value: object) -> str:
        found = re.fullmatch(r"([1-8])(?:\s*-\s*([1-8]))?", str(value).strip())
        if not found or (found[2] and found[2] < found[1]):
            raise ValueError(f"hops is a number from 1 to {chain.MAX_HOPS} or a range such as 1-{chain.MAX_HOPS}")
        low, high = found[1], found[2] or found[1]
        return low if low == high else f"{low}-{high}"

    def items(self, *, limit: int | None, seed: int) -> Iterator[Item]:
        """Yield `limit` files (a thousand where it is `None`), each made when it is asked for.

        File i is a function of the seed, i and the settings alone, so a larger limit begins with the same files.
        """
        for i in count() if limit is None else range(limit):
            if limit is None and i >= WHOLE:
                return
            yield self.item(seed, i)

    def item(self, seed: int, i: int) -> Item:
        """Make file number `i` of `seed`."""
        name = self.name(seed, i)
        what, words = Chance("draw", name), Chance("words", name)
        made = self._make(what, words)
        question = Question(
            id=name, text=made.question, options=made.options, passage=made.passage, group=name, dataset="casefiles"
        )
        return Item(question, AnswerKey(question=name, option=made.truth, posterior=made.posterior))

    def name(self, seed: int, i: int) -> str:
        """The id of file `i`: the seed, the number, and, unless all settings are the usual ones, a mark of them."""
        return f"case-{seed}-{i:04d}{self._mark()}"

    def _mark(self) -> str:
        changed = self.model_dump(exclude_defaults=True)
        if not changed:
            return ""
        return "-" + hashlib.blake2b(repr(sorted(changed.items())).encode(), digest_size=3).hexdigest()

    def _make(self, what: Chance, words: Chance) -> single.File | chain.ChainFile:
        low, high = int(self.hops[0]), int(self.hops[-1])
        hops = low + what.below(high - low + 1)
        if hops > 1:
            return chain.write(words, chain.draw(what, hops, LINKS[self.links]), self.length)
        truth, exhibits = single.draw(what, self.exhibits, BANDS[self.difficulty], self.amended)
        return single.write(words, truth, exhibits, self.length)
