"""Questions of your own, from a JSONL, JSON, CSV or TSV file, by a mapping of fields.

The mapping is the settings of `Records`, written after the path as in
`--dataset "questions.jsonl?question=q&options=choices&answer=label"`.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from arena.datasets.base import Dataset, item, reserved, shorten, whole_groups, why
from arena.datasets.faults import note, noted
from arena.datasets.filters import conditions
from arena.datasets.rows import Row, kind, rows
from arena.errors import DataError, UsageError, unknown
from arena.question import MIN_OPTIONS, Item, same

_TWINS = {"true": "yes", "false": "no", "yes": "true", "no": "false"}


class Records(Dataset):
    """Questions of your own, from a JSONL, JSON, CSV or TSV file.

    Each of `question`, `id`, `passage`, `group`, `answer` and `right` names a field, by a dotted path where it lies
    deeper (`question.stem`). `options` and `wrong` name one field that holds a list, or several with commas between
    (`a,b,c,d`). The right option is said by `answer` (its index, counted from `answer_base`; its letter; or its text),
    or by `right` and `wrong` in place of `options` and `answer`. Of the wrong options one stays, drawn by the seed, as
    a debate of two sides needs; `distractors` sets another number, or `all`.

    `id`, `passage` and `group` are read from fields of those names if they are not set and such fields exist. A
    record without an id is named by its line. One without a group belongs with those that have the same passage.
    """

    path: Path
    question: str = "question"
    options: str = "options"
    answer: str = "answer"
    answer_base: int = Field(default=0, ge=0, le=1)
    answer_as: Literal["auto", "index", "letter", "text"] = "auto"
    right: str | None = None
    wrong: str | None = None
    distractors: Annotated[int, Field(ge=1)] | Literal["all"] = 1
    id: str | None = None
    passage: str | None = None
    group: str | None = None
    share: bool = True
    filter: str = ""
    reserve: float = Field(default=0, ge=0, lt=1)
    part: Literal["test", "reserve"] = "test"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.right is None) != (self.wrong is None):
            raise ValueError("right and wrong go together: give both, or neither and options with answer")
        if self.right is not None and {"options", "answer"} & self.model_fields_set:
            raise ValueError("right and wrong say what options and answer say; give the one pair or the other")
        if self.part == "reserve" and not self.reserve:
            raise ValueError("part=reserve needs the share of groups that is reserved, such as reserve=0.1")
        return self

    @property
    def secret(self) -> bool:
        """Whether the file is said to be not for sharing, or is a copy of a set that is not."""
        return not self.share or "gpqa" in self.path.as_posix().casefold()

    def items(self, *, limit: int | None, seed: int) -> Iterator[Item]:
        """Yield the questions of the file; `DataError` at the first record that does not hold one."""
        return whole_groups(self._read(seed), limit, seed)

    def _read(self, seed: int) -> Iterator[Item]:
        seen: dict[str, int] = {}
        wanted = conditions(self.filter)
        passage: str | None = None
        for row in noted(self._rows()):
            if not all(condition.holds(row.fields) for condition in wanted):
                continue
            try:
                one = self._item(row, seed, passage)
                if (before := seen.setdefault(one.question.id, row.number)) != row.number:
                    at = row.where.removesuffix(str(row.number)) + str(before)
                    row.refuse(f"the id {shorten(one.question.id)} stands at {at} too; every question needs its own")
            except DataError as fault:
                note(fault)
                continue
            passage = one.question.passage
            if not self.reserve or self._reserved(one.question.group) == (self.part == "reserve"):
                yield one

    def _reserved(self, group: str) -> bool:
        return reserved(self.path.name, group, self.reserve)

    def _rows(self) -> Iterator[Row]:
        return rows(self.path)

    def _item(self, row: Row, seed: int, before: str | None) -> Item:
        right, wrong, listed = self._options(row)
        passage = self._optional(row, "passage")
        passage = before if passage == before else passage  # one passage is held once, however many ask about it
        return item(
            id=self._optional(row, "id") or f"{self.path.stem}-{row.number}",
            text=row.text(self.question).strip(),
            right=right,
            wrong=wrong,
            distractors=None if self.distractors == "all" else self.distractors,
            seed=seed,
            passage=passage,
            group=self._optional(row, "group") or _passage_group(passage),
            dataset=self.path.name,
            listed=listed,
            where=row.where,
        )

    def _optional(self, row: Row, role: Literal["id", "passage", "group"]) -> str | None:
        field = getattr(self, role)
        if field is None and role not in row.fields:
            return None
        value = row.get(field or role)
        if value is not None and value != "":
            return row.as_text(field or role, value)
        return row.refuse(f"field {field or role!r} is empty; every question needs an id") if role == "id" else None

    def _options(self, row: Row) -> tuple[str, Sequence[str], tuple[int, int] | None]:
        if self.right is not None and self.wrong is not None:
            return row.text(self.right).strip(), texts(row, self.wrong, one=True), None
        options = texts(row, self.options)
        if len(options) < MIN_OPTIONS:
            row.refuse(f"a question needs at least two options, and {self.options!r} holds {len(options)}")
        key = self._key(row, options)
        return options[key], [option for i, option in enumerate(options) if i != key], (key, len(options))

    def _key(self, row: Row, options: Sequence[str]) -> int:
        value, count, base = row.get(self.answer), len(options), self.answer_base
        readings = {"index": _index(value, base), "letter": _letter(value), "text": _match(value, options)}
        taken = readings.values() if self.answer_as == "auto" else [readings[self.answer_as]]
        found = sorted({i for i in taken if i is not None and 0 <= i < count})
        if len(found) == 1:
            return found[0]
        said = f"the answer {shorten(value)} in {self.answer!r}"
        if found:
            row.refuse(
                f"{said} may mean {' or '.join(shorten(options[i]) for i in found)}. "
                "Say how it is to be read with answer_as=index, answer_as=letter or answer_as=text"
            )
        ways = {
            "index": f"{base} to {base + count - 1}",
            "letter": f"A to {chr(64 + min(count, 26))}",
            "text": "the text of one",
        }
        wanted = ", or ".join(ways.values()) if self.answer_as == "auto" else ways[self.answer_as]
        more = " Where the file counts from 1, set answer_base=1." if base == 0 and readings["index"] == count else ""
        return row.refuse(f"{said} names no option. There are {count}; an answer is {wanted}.{more}")


def open_path(path: str | Path, params: Mapping[str, str]) -> Records:
    """Make a dataset of the file at `path`, its settings given as text. Raises `UsageError`; reads nothing yet."""
    known = set(Records.model_fields) - {"path"}
    for name in params:
        if name not in known:
            raise unknown("setting of a file of questions", name, known)
    try:
        return Records.model_validate({"path": path, **params})
    except ValidationError as error:
        raise UsageError(f"{path} cannot be read so: {why(error)}") from None


def texts(row: Row, names: str, *, one: bool = False) -> list[str]:
    """Find the texts at one field that holds a list, or at several fields, where empty ones at the end are none.

    White space at their ends is dropped. With `one`, a text instead of a list is a list of one.
    """
    several = names.split(",")
    if len(several) == 1:
        values = _listed(row, names, one=one)
    else:
        values = [row.get(name.strip()) for name in several]
        while values and (values[-1] is None or values[-1] == ""):
            values.pop()
    return list(map(str.strip, row.as_texts(names, values)))


def _listed(row: Row, name: str, *, one: bool) -> list[Any]:
    value = row.get(name)
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            row.refuse(f"field {name!r} begins like a JSON list and is none; name several fields (a,b,c,d) instead")
    if one and isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        row.refuse(f"field {name!r} is {kind(value)}; a list is needed there, or several fields by name (a,b,c,d)")
    return value


def _index(value: object, base: int) -> int | None:
    if type(value) is int:
        return value - base
    shown = re.fullmatch(r"([0-9]{1,6})(\.0)?", str(value).strip())
    return int(shown[1]) - base if shown else None


def _letter(value: object) -> int | None:
    shown = re.fullmatch(r"\(?([A-Za-z])[).:]?", value.strip()) if isinstance(value, str) else None
    return ord(shown[1].upper()) - ord("A") if shown else None


def _match(value: object, options: Sequence[str]) -> int | None:
    if not isinstance(value, str | int | float):
        return None
    wanted = str(value) if type(value) is int else same(value if isinstance(value, str) else json.dumps(value))
    plain = [same(option) for option in options]
    if not isinstance(value, str | bool) and wanted not in plain:
        return None
    folded = [option.casefold() for option in plain]
    twin = _TWINS.get(wanted.casefold(), "")
    for form, forms in ((wanted, plain), (wanted.casefold(), folded), (twin, folded)):
        if form and forms.count(form) == 1:
            return forms.index(form)
    return None


@lru_cache(maxsize=1)
def _passage_group(passage: str | None) -> str:
    return "" if passage is None else f"passage-{hashlib.blake2b(passage.encode(), digest_size=6).hexdigest()}"


def record(one: Item) -> dict[str, Any]:
    """Give a question in the form that a file of one's own needs no settings for."""
    question, key = one
    made = {"id": question.id, "question": question.text, "options": list(question.options), "answer": key.option}
    return {**made, "group": question.group, **({"passage": question.passage} if question.passage else {})}


def write(path: Path, records: Iterable[Mapping[str, Any]]) -> int:
    """Write records to a new file, one a line, all or none; gives their number. Raises `UsageError`."""
    if path.suffix.lower() not in (".jsonl", ".ndjson"):
        raise UsageError(f"{path} is to hold one JSON object a line; give it a name that ends in .jsonl")
    if path.exists():
        raise UsageError(f"{path} is there already; give another name, or move it away")
    part = path.with_name(path.name + ".part")
    number = 0
    try:
        with part.open("w", encoding="utf-8") as file:
            for number, one in enumerate(records, 1):  # noqa: B007 - it counts
                file.write(json.dumps(one, ensure_ascii=False) + "\n")
        part.rename(path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; give a folder that is there") from None
    finally:
        part.unlink(missing_ok=True)
    return number
