"""What a dataset is, and what every dataset may lean on.

A dataset is a frozen class whose fields are its settings and whose `items` yields questions with their keys. It says
where its questions are from in its docstring. `item` builds one from a right answer and wrong ones, so that the place
of the right option says nothing; `whole_groups` takes a sample of whole passages.
"""

import hashlib
import heapq
import json
from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from math import isclose
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from arena.datasets.faults import any_noted, note, noted
from arena.errors import DataError, UsageError
from arena.question import AnswerKey, Item, Question, distinct

PASSAGE_LIMIT = 20_000_000
"""The most characters that a passage may have. A novel has about one million."""

SHOWN = 60
"""How much of an id or a value an error message repeats."""


class Dataset(BaseModel, ABC):
    """A source of questions. Its fields are its settings: they come from `--dataset "name?field=value"` as text.

    The docstring of a dataset states its source, its licence, what to cite, what a group is (the unit of replication
    in the statistics), and how the wrong options were chosen. Its first line is what a listing shows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    private: ClassVar[bool] = False
    """Whether the source asks that its questions be not put where others can read them."""

    @property
    def secret(self) -> bool:
        """Whether no log of a run on it is to be shared."""
        return self.private

    @abstractmethod
    def items(self, *, limit: int | None, seed: int) -> Iterator[Item]:
        """Yield questions with their keys, as they are read.

        At most `limit` of them, all where it is `None`. `seed` orders the options of each question, and chooses the
        questions where `limit` does; the same settings, limit and seed give the same items in the same order. Raises
        `DataError` where the data says something it may not.
        """


def item(  # noqa: PLR0913 - a question has this many parts, and each is named where it is given
    *,
    id: str,  # noqa: A002 - the name that the field of a question has
    text: str,
    right: str,
    wrong: str | Sequence[str],
    seed: int,
    distractors: int | None = None,
    passage: str | None = None,
    group: str = "",
    dataset: str = "",
    posterior: Sequence[float] | None = None,
    listed: tuple[int, int] | None = None,
    where: str = "",
) -> Item:
    """Build a question from its right option and its wrong ones, in an order drawn from `seed` and `id` alone.

    Which option is right has no part in the draw. `distractors` is how many of the wrong options stay, drawn likewise
    (all where it is `None`; the others are checked all the same). `posterior` is given for the right option first,
    then for each wrong one, and needs all of them. `listed` is that of the key. `where` (a file and line) begins the
    message of the `DataError` that is raised where no question can be made of this.
    """
    options = (right, wrong) if isinstance(wrong, str) else (right, *wrong)
    where = where or f"question {shorten(id)}"
    count = len(options) - 1 if distractors is None else distractors
    order = _order(f"{seed}/{id!a}", len(options), min(count, len(options) - 1))
    shown = tuple([options[i] for i in order])
    if options[1:] and not 1 <= count < len(options):
        raise DataError(f"{where}: {count} distractors were asked for, and it has {len(options) - 1} wrong options")
    try:
        if len(shown) < len(options):
            distinct(options)
        question = Question(id=id, text=text, options=shown, passage=passage, group=group, dataset=dataset)
    except ValueError as error:
        raise DataError(f"{where}: {why(error)}") from None
    if posterior is not None and len(posterior) != len(shown):
        raise DataError(f"{where}: the posterior has {len(posterior)} values for {len(shown)} options")
    belief = None if posterior is None else tuple(posterior[i] for i in order)
    return Item(question, AnswerKey(question=id, option=order.index(0), posterior=belief, listed=listed))


def _order(name: str, size: int, count: int) -> list[int]:
    """Draw `count` of the places 1 to `size` - 1 and put them and place 0 in an order, all by a name alone.

    The 512 bits of a hash are the chance: 26 options have fewer orders than 2 to the 89th.
    """
    chance = int.from_bytes(hashlib.blake2b(name.encode()).digest())
    places = list(range(1, size))
    for last in range(size - 2, max(size - 2 - count, 0), -1):
        chance, i = divmod(chance, last + 1)
        places[i], places[last] = places[last], places[i]
    order = [0, *places[size - 1 - count :]]
    for last in range(count, 0, -1):
        chance, i = divmod(chance, last + 1)
        order[i], order[last] = order[last], order[i]
    return order


def whole_groups(items: Iterable[Item], limit: int | None, seed: int) -> Iterator[Item]:
    """Choose `limit` questions: whole groups in an order drawn from `seed`, each group in the order of the data.

    Exactly `limit` questions come out where there are as many. The last group is cut where the limit falls inside it,
    and a smaller limit gives a beginning of what a larger one gives. A group's place depends on its name and the seed
    only, so that questions added to a file do not change who is drawn before them. With no limit, the items pass
    through as they are read; otherwise all are read, and about `limit` of them held at a time.
    """
    if limit is None:
        yield from items
        return
    if limit < 1:
        raise UsageError(f"a limit of {limit} questions leaves nothing to play; give 1 or more")
    kept: dict[str, list[Item]] = {}
    last_first: list[tuple[int, str]] = []
    bound, count = None, 0
    for one in items:
        group = one.question.group
        place = _place(seed, group)
        if bound is not None and place >= bound:
            continue
        if group not in kept:
            kept[group] = []
            heapq.heappush(last_first, (-place, group))
        kept[group].append(one)
        count += 1
        while count - len(kept[last_first[0][1]]) >= limit:
            negative, late = heapq.heappop(last_first)
            bound = -negative
            count -= len(kept.pop(late))
    order = [group for _, group in sorted(last_first, reverse=True)]
    yield from islice((one for group in order for one in kept[group]), limit)


def _place(seed: int, group: str) -> int:
    digest = hashlib.blake2b(f"{seed}/{group}".encode(), digest_size=8).digest()
    return int.from_bytes(digest)


def reserved(name: str, group: str, share: float) -> bool:
    """Whether a group is among the `share` of a set that is kept apart: by its name alone, whatever the seed."""
    place = int.from_bytes(hashlib.blake2b(f"{name}/{group}".encode(errors="replace"), digest_size=8).digest())
    return place / 2**64 < share


def checked(items: Iterable[Item], dataset: str = "") -> Iterator[Item]:
    """Let items through that may be played, and name the dataset in each that names none.

    Raises `DataError` for the first that may not: an id seen before, a key of another question or outside the
    options, a posterior that is no distribution over them, a passage longer than `PASSAGE_LIMIT`; and at the end,
    where nothing came.
    """
    seen: set[str] = set()
    for one in noted(items):
        question, key = one
        if (fault := _fault(question, key, seen)) is not None:
            note(DataError(f"question {shorten(question.id)}: {fault}"))
        elif question.dataset:
            yield one
        else:
            yield Item(question.model_copy(update={"dataset": dataset}), key)
        seen.add(question.id)
    if not seen and not any_noted():
        note(DataError(f"{dataset or 'the dataset'} holds no questions; a run needs at least one"))


def _fault(question: Question, key: AnswerKey, seen: Container[str]) -> str | None:
    count = len(question.options)
    if question.id in seen:
        return "two questions have this id; every question needs its own"
    if key.question != question.id:
        return f"its key is that of question {shorten(key.question)}"
    if key.option >= count:
        return f"its key names option {key.option}, counted from 0, and it has {count} options"
    belief = key.posterior
    if belief is not None and not (
        len(belief) == count and all(p >= 0 for p in belief) and isclose(sum(belief), 1, abs_tol=1e-6)
    ):
        return f"its posterior {belief} is no distribution over {count} options"
    return too_long(question.passage)


def too_long(text: str | None) -> str | None:
    """Say what is wrong with a passage longer than `PASSAGE_LIMIT`; `None` where nothing is."""
    if text is None or len(text) <= PASSAGE_LIMIT:
        return None
    return (
        f"a text of {len(text):,} characters is more than the {PASSAGE_LIMIT:,} that the arena takes; "
        "cut it to the part that the question is about"
    )


class Digest:
    """A hash of items in their order, taken one by one."""

    def __init__(self) -> None:
        self._whole = hashlib.blake2b(digest_size=16)
        self._passage: str | None = None
        self._passage_hash = ""

    def add(self, item: Item) -> None:
        """Take in one more."""
        question, key = item
        if question.passage is not self._passage:
            self._passage = question.passage
            text = question.passage
            self._passage_hash = "" if text is None else hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        options, group = question.options, question.group
        fields = (question.id, question.text, options, group, self._passage_hash, key.option, key.posterior)
        self._whole.update(json.dumps(fields).encode() + b"\n")

    def hexdigest(self) -> str:
        """The hash of what was taken in so far."""
        return self._whole.hexdigest()


def digest(items: Iterable[Item]) -> str:
    """Hash everything in the items, in their order: 32 hexadecimal digits for the header of a run.

    Ids, texts, options and their order, passages, groups and keys go in; the dataset's name does not, so that the
    same data read from elsewhere has the same hash.
    """
    whole = Digest()
    for one in items:
        whole.add(one)
    return whole.hexdigest()


def why(error: ValueError) -> str:
    """Say in one sentence what a value was refused for, and where it stood."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_context=False)[0]
    said = first["msg"].removeprefix("Value error, ")
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {said}" if place else said


def shorten(value: object) -> str:
    """Write a value as an error message may repeat it: quoted, escaped and cut."""
    shown = repr(value)
    return shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
