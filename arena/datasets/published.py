"""What the published sets have in common: where they lie, which questions are taken, and the form these are given.

A set says how one record of its files is read (`drafts`); the rest is here. Every set has two options to a question,
the right one and the best distractor, unless `distractors` says otherwise. Where the source does not say which wrong
option tempts most, one is drawn by the seed. A wrong option that equals the right one, or another wrong one, is no
option of its own and is left out, as is an empty one. Options that name others by letter or place are written out (see
`near.spelled`). A question that has no right or no wrong option after this is left out; nothing else is.
"""

import hashlib
import random
import re
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from arena.datasets.base import Dataset, item, reserved, shorten, whole_groups
from arena.datasets.faults import note, noted
from arena.datasets.filters import Condition, conditions
from arena.datasets.near import near_misses, spelled
from arena.datasets.places import locate
from arena.datasets.rows import Row, kind, rows
from arena.errors import DataError
from arena.question import Item, same


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as a set reads it: its options in the order of the source, and which of them, from 0, is right.

    `best` are the wrong options, the most tempting first; without it they are drawn. With `made`, a right option
    alone gets wrong ones by rule. `apart` says that the source lists the right option apart. Without an `id` it is
    named by what it says; without a `group` it belongs with those of the same passage, or, where there is none, of the
    same words. `tags` may be filtered by, beside the record's own fields.
    """

    row: Row
    text: str
    options: Sequence[str]
    key: int = 0
    id: str = ""
    passage: str | None = None
    group: str = ""
    best: Sequence[int] = ()
    made: bool = False
    apart: bool = False
    tags: Mapping[str, object] = field(default_factory=dict)


class Published(Dataset):
    """A set in the files that its authors publish.

    `path` is a file or a folder; see `places.locate` for where it is looked for otherwise. `filter` keeps the records
    of which it is true (see `filters`). `reserve` is the share of groups that is kept apart, for examples in prompts:
    `part=reserve` gives these and `part=test` the others. Which is which depends on a group's name alone, so that the
    two share no passage and no question, whatever the seed, the limit and the filter.
    """

    name: ClassVar[str]
    folders: ClassVar[Sequence[str]] = ()
    patterns: ClassVar[Sequence[str]]
    columns: ClassVar[Sequence[str]] = ()
    form: ClassVar[str | None] = None

    path: Path | None = None
    distractors: Annotated[int, Field(ge=1)] | Literal["all"] = 1
    filter: str = ""
    reserve: float = Field(default=0, ge=0, lt=1)
    part: Literal["test", "reserve"] = "test"

    @model_validator(mode="after")
    def _something_reserved(self) -> Self:
        if self.part == "reserve" and not self.reserve:
            raise ValueError("part=reserve needs the share of groups that is reserved, such as reserve=0.1")
        return self

    @abstractmethod
    def drafts(self, row: Row) -> Iterable[Draft]:
        """Yield the questions in one record; `DataError` where it is not of the set's form."""

    def items(self, *, limit: int | None, seed: int) -> Iterator[Item]:
        """Yield the questions; `UsageError` where the set is not found, `DataError` where it is broken."""
        return whole_groups(self._items(seed, conditions(self.chosen())), limit, seed)

    def chosen(self) -> str:
        """Give the filter that holds: the one that was set, unless a set adds its own."""
        return self.filter

    def files(self) -> list[Path]:
        """Find the files to read: the path itself, or those in the folder that the first fitting pattern finds."""
        wanted = [pattern.format(s=self) for pattern in self.patterns]
        names = dict.fromkeys(Path(one).name for one in wanted)
        place = locate(
            self.folders or self.name,
            self.path,
            lambda place: place.is_file() or any(_matching(place, wanted)),
            needs=f"a file, or a folder with {' or '.join(names)}",
            fetch=f"`arena data fetch {self.name}` gets it, or says why not. ",
        )
        return [place] if place.is_file() else _matching(place, wanted)

    def read(self) -> Iterator[Draft]:
        """Yield the questions of all files, in the order of their names and lines."""
        for file in self.files():
            yield from self.drafted(file)

    def drafted(self, file: Path) -> Iterator[Draft]:
        """Yield the questions of a file."""
        for row in noted(rows(file, self.form, self.columns)):
            yield from noted(self.drafts(row))

    def _items(self, seed: int, wanted: Sequence[Condition]) -> Iterator[Item]:
        seen: Counter[str] = Counter()
        for draft in self.read():
            try:
                one = self._made(draft, seed, wanted, seen)
            except DataError as fault:
                note(fault)
            else:
                if one is not None:
                    yield one

    def _made(self, draft: Draft, seed: int, wanted: Sequence[Condition], seen: Counter[str]) -> Item | None:
        group = draft.group or digest(draft.text if draft.passage is None else draft.passage)
        given = draft.options[draft.key : draft.key + 1] if draft.made else draft.options
        base = draft.id or f"{draft.row.stem}-{digest(draft.text, draft.passage or '', *given)}"
        seen[base] += 1
        if seen[base] > 1 and draft.id:
            draft.row.refuse(f"the id {shorten(base)} stands twice; every question needs its own")
        name = base if seen[base] == 1 else f"{base}-{seen[base]}"
        return self._item(draft, name, group, seed) if self._kept(draft, name, group, wanted) else None

    def _kept(self, draft: Draft, name: str, group: str, wanted: Sequence[Condition]) -> bool:
        if self.reserve and reserved(self.name, group, self.reserve) != (self.part == "reserve"):
            return False
        own = {k: v for k, v in draft.row.fields.items() if isinstance(v, str | int | float)} if wanted else {}
        fields = {**own, "id": name, "group": group, "options": len(draft.options), **draft.tags}
        return all(condition.holds(fields) for condition in wanted)

    def _item(self, draft: Draft, name: str, group: str, seed: int) -> Item | None:
        if not 0 <= draft.key < len(draft.options):
            draft.row.refuse(f"the key is option {draft.key + 1}, and there are {len(draft.options)} options")
        right, wrong = self._sides(draft, name, seed)
        if not right or not wrong:
            return None
        count = None if self.distractors == "all" else min(self.distractors, len(wrong))
        if draft.best and count is not None:
            wrong, count = wrong[:count], None
        try:
            return item(
                id=name,
                text=draft.text.strip(),
                right=right,
                wrong=wrong,
                distractors=count,
                seed=seed,
                passage=draft.passage,
                group=group,
                dataset=self.name,
                listed=None if draft.apart or draft.made else (draft.key, len(draft.options)),
                where=draft.row.where,
            )
        except DataError:
            if self.private:
                draft.row.refuse("no question can be made of this record; its words are not to be shown")
            raise

    def _sides(self, draft: Draft, name: str, seed: int) -> tuple[str, list[str]]:
        options = spelled(draft.options)
        right = options[draft.key]
        order = draft.best or [i for i in range(len(options)) if i != draft.key]
        wrong = [options[i] for i in order]
        if draft.made:
            wrong += near_misses(right, random.Random(f"{seed}/near/{name!a}"))  # noqa: S311 - no secret
        wrong = [option for option in wrong if option.strip()]
        distinct = {same(option): option for option in reversed(wrong)}
        return right, [one for one in dict.fromkeys(wrong) if distinct[same(one)] == one and same(one) != same(right)]


def digest(*parts: str) -> str:
    """Name texts by what they say: twelve hexadecimal digits, the same for texts that differ in white space alone."""
    whole = hashlib.blake2b(digest_size=6)
    for part in parts:
        whole.update(" ".join(part.split()).encode(errors="replace") + b"\0")
    return whole.hexdigest()


def lettered(row: Row, value: object, labels: Sequence[object], what: str) -> int:
    """Find which of `labels` an answer names; refuse the record where none or more than one is so called."""
    places = [i for i, label in enumerate(labels) if label == value]
    if len(places) != 1:
        row.refuse(f"{what} is {shorten(value)}, and the options are called {', '.join(map(shorten, labels))}")
    return places[0]


def listed(row: Row, name: str) -> list[Any]:
    """Find a list at a dotted path, or refuse the record."""
    value = row.get(name)
    return value if isinstance(value, list) else row.refuse(f"field {name!r} is {kind(value)}; a list is needed there")


def strings(row: Row, name: str) -> list[str]:
    """Find a list of texts at a dotted path, or refuse the record."""
    return row.as_texts(name, listed(row, name))


def beneath(text: str) -> dict[str, str]:
    """Find options of the form `(A) text` at the beginnings of lines, by letter; one may go on for several lines."""
    parts = re.split(r"^[ \t]*(\([A-Z]\))[ \t]*", text, flags=re.MULTILINE)
    return {label: option.strip() for label, option in zip(parts[1::2], parts[2::2], strict=True)}


def counted(row: Row, name: str, count: int, base: int = 0) -> int:
    """Find a number of an option at a dotted path and give it from 0; refuse the record where there is none such."""
    value = row.get(name)
    if isinstance(value, str) and value.strip().isdecimal() and value.isascii():
        value = int(value[:9])
    if type(value) is not int or not base <= value < base + count:
        row.refuse(f"{name} is {shorten(value)}, and there are {count} options, counted from {base}")
    return value - base


def true(row: Row, name: str) -> bool:
    """Find true or false at a dotted path, as JSON writes it or as a text; refuse the record where it is neither."""
    value = row.get(name)
    known = {"true": True, "false": False}.get(str(value).strip().casefold())
    return known if known is not None else row.refuse(f"{name} is {shorten(value)}; true or false is needed there")


def _matching(place: Path, patterns: Sequence[str]) -> list[Path]:
    for pattern in patterns:
        if found := sorted(path for path in place.glob(pattern) if path.is_file()):
            return found
    return []
