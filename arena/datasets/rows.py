"""Records of a JSONL, JSON, CSV or TSV file, each with the place it stands at.

Files are read a line at a time. Whatever is wrong with one is a `DataError` that names the file and the line, says what
was expected, and what would work.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar, cast

from pydantic_core import from_json

from arena.datasets.base import PASSAGE_LIMIT, shorten, too_long
from arena.datasets.faults import any_noted, note
from arena.errors import DataError
from arena.question import whole

T = TypeVar("T")

LINE_LIMIT = 2 * PASSAGE_LIMIT
"""The most bytes that one line may have. A longer one is refused without being read to its end."""

FORMATS = {".jsonl": "lines", ".ndjson": "lines", ".json": "whole", ".csv": ",", ".tsv": "\t"}
"""What is in a file, by its extension: JSON by line, JSON as a whole, or cells with this between them."""

NOT_TEXT = {
    b"\x1f\x8b": "compressed with gzip; unpack it first (gunzip)",
    b"PK\x03\x04": "a zip archive; unpack it first (unzip)",
    b"BZh": "compressed with bzip2; unpack it first (bunzip2)",
    b"\xfd7zXZ": "compressed with xz; unpack it first (unxz)",
    b"\x28\xb5\x2f\xfd": "compressed with zstandard; unpack it first (unzstd)",
    b"PAR1": "a Parquet file; write it as JSONL first",
    b"\xff\xfe": "in UTF-16; save it as UTF-8",
    b"\xfe\xff": "in UTF-16; save it as UTF-8",
}
"""How files begin that are not UTF-8 text, and what to do about each."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_KEY = re.compile(rb'"\s*:')


class Row(NamedTuple):
    """One record of a file. `where` is its file and line; `number` is that line, or its place in a JSON list.

    `stem` is the name of the file, without its folder and its extension.
    """

    where: str
    number: int
    fields: Mapping[str, Any]
    stem: str = ""

    def refuse(self, what: str) -> NoReturn:
        """Raise a `DataError` that begins with the file and line."""
        raise DataError(f"{self.where}: {what}")

    def get(self, name: str) -> Any:
        """Find the value at a dotted path. A number in the path counts into a list; a name maps over a list."""
        if name in self.fields:
            return self.fields[name]
        value: Any = self.fields
        for step in name.split("."):
            value = self._step(value, step, name)
        return value

    def _step(self, value: Any, step: str, name: str) -> Any:
        if isinstance(value, Mapping) and step in value:
            return value[step]
        if isinstance(value, list) and value:
            if not re.fullmatch("[0-9]{1,6}", step):
                return [self._step(one, step, name) for one in value]
            if int(step) < len(value):
                return value[int(step)]
        return self.refuse(f"no field {name!r}; {_around(value, step)}")

    def text(self, name: str) -> str:
        """Find a text at a dotted path; a number or a boolean is taken as JSON writes it."""
        return self.as_text(name, self.get(name))

    def as_text(self, name: str, value: object) -> str:
        """Take a value for a text, or refuse it under the name of its field."""
        if type(value) is str and len(value) <= PASSAGE_LIMIT and whole(value):
            return value
        return self._as_text(name, value)

    def as_texts(self, name: str, values: list[Any]) -> list[str]:
        """Take values for texts, as `as_text` does one."""
        try:
            together = "".join(values)
        except TypeError:
            together = ""
        if together and len(together) <= PASSAGE_LIMIT and whole(together):
            return values
        return [self.as_text(name, value) for value in values]

    def _as_text(self, name: str, value: object) -> str:
        if isinstance(value, bool | int | float):
            return json.dumps(value)
        if not isinstance(value, str):
            self.refuse(f"field {name!r} is {kind(value)}; a text is needed there")
        if (fault := too_long(value)) is not None:
            self.refuse(f"field {name!r}: {fault}")
        half = _SURROGATE.findall(value)[0]
        return self.refuse(f"field {name!r} holds {half!a}, half of a character; write it whole or leave it out")


def _around(value: object, step: str) -> str:
    if not isinstance(value, Mapping):
        return f"there is {kind(value)} where {shorten(step)} should lie"
    known = [str(name) for name in value]
    near = get_close_matches(step, known, n=3, cutoff=0.5)
    hint = f"Did you mean {' or '.join(map(shorten, near))}? " if near else ""
    return f"the fields are {', '.join(map(shorten, known[:20])) or 'none'}. {hint}Settings say which field is read."


def rows(path: Path, form: str | None = None, columns: Sequence[str] = ()) -> Iterator[Row]:
    """Yield the records of a file, as its extension says; `DataError` where one is broken, or where there are none.

    `form` (a value of `FORMATS`) is for a file whose name does not say it. `columns` names the cells of a table that
    has no first line with names, and is ignored for one that has: one of its first cells is called as a column is.
    """
    _look(path)
    form = form or FORMATS.get(path.suffix.lower())
    if form is None:
        raise DataError(f"{path}: its name does not say what is in it; it should end in {', '.join(FORMATS)}")
    reader = {"lines": _json_lines, "whole": _json_whole}.get(form)
    found = reader(path) if reader else _table(path, form, columns)
    first = next(found, None)
    if first is not None:
        yield first
        yield from found
    elif not any_noted():
        raise DataError(f"{path}: the file holds no records; a run needs at least one question")


def _look(path: Path) -> None:
    """Refuse what is no file of text, before anything is made of it."""
    try:
        if path.is_dir():
            inside = sorted(p.name for p in path.iterdir() if p.suffix.lower() in FORMATS)[:5]
            raise DataError(f"{path} is a folder; give a file in it: {', '.join(inside) or 'none is there to be read'}")
        if not path.is_file():
            raise DataError(f"{path}: there is no such file; give the path of a file of questions")
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}; give the path of a file of questions") from None
    for magic, fix in NOT_TEXT.items():
        if head.startswith(magic):
            raise DataError(f"{path}:1: the file is {fix}")
    if b"\0" in head.partition(b"\n")[0]:
        raise DataError(f"{path}:1: the file begins with zero bytes: it is in UTF-16, or no text; save it as UTF-8")


def _raw(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with path.open("rb") as file:
            while raw := file.readline(LINE_LIMIT + 1):
                number += 1
                if len(raw) > LINE_LIMIT:
                    raise DataError(f"{path}:{number}: a line of more than {LINE_LIMIT:,} bytes; cut the passage in it")
                yield number, raw
    except OSError as error:
        raise DataError(f"{path}:{number + 1}: cannot be read: {error.strerror}; copy the file anew") from None


def _each(path: Path, read: Callable[[Path, int, bytes], T]) -> Iterator[tuple[int, T]]:
    """What is read of each line; a fault of one line is noted, and the next is read."""
    for number, raw in _raw(path):
        try:
            value = read(path, number, raw)
        except DataError as fault:
            note(fault)
        else:
            yield number, value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    return _each(path, _decoded)


def _decoded(path: Path, number: int, raw: bytes) -> str:
    if raw.endswith(b"\r\n"):
        raw = raw[:-2] + b"\n"
    if b"\0" in raw:
        raise DataError(f"{path}:{number}: byte {raw.index(0) + 1} of the line is a zero, and no text; leave it out")
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path}:{number}: byte {error.start + 1} of the line is not UTF-8; save the file as UTF-8 (iconv -t UTF-8)"
        ) from None


def _json_lines(path: Path) -> Iterator[Row]:
    name, stem = str(path), path.stem
    for number, value in _each(path, _object):
        if value is not None:
            yield Row(f"{name}:{number}", number, value, stem)


def _object(path: Path, number: int, raw: bytes) -> dict[str, Any] | None:
    """Read the object on a line, `None` where the line is blank: by the fast parser, or by the one that can explain."""
    try:
        value = from_json(raw)
    except ValueError:
        value = None
    if type(value) is dict and (_colons(raw, len(value)) or len(_KEY.findall(raw)) == _keys(value)):
        return value
    if not (text := _decoded(path, number, raw)).strip():
        return None
    return _row(f"{path}:{number}", _parsed(path, number, text.rstrip(), "one JSON object a line"))


def _colons(raw: bytes, most: int) -> bool:
    """Whether a text holds no more colons than this; `bytes.count` looks at every byte and is slower."""
    at = -1
    return any((at := raw.find(b":", at + 1)) < 0 for _ in range(most + 1))


def _keys(value: object) -> int:
    """How many names there are in a JSON value, however deep: if as many stand in its text, none stands twice."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys, value.values()))
    return sum(map(_keys, value)) if isinstance(value, list) else 0


def _json_whole(path: Path) -> Iterator[Row]:
    parts: list[str] = []
    size = 0
    for number, text in _lines(path):
        size += len(text)
        if size > LINE_LIMIT:
            raise DataError(f"{path}:{number}: more than {LINE_LIMIT:,} characters; write JSONL, which is read by line")
        parts.append(text)
    if not (whole := "".join(parts).rstrip()):
        return
    value = _parsed(path, 1, whole, "a JSON list of objects; a file with one object a line is named .jsonl")
    lists = _lists(value) if isinstance(value, dict) else [value]
    if len(lists) != 1 or not isinstance(lists[0], list):
        raise DataError(f"{path}:1: expected a list of objects, found {kind(value)}; write a list, or JSONL")
    for place, one in enumerate(lists[0], 1):
        where = f"{path}, record {place}"
        try:
            yield Row(where, place, _row(where, one), path.stem)
        except DataError as fault:
            note(fault)


def _lists(value: dict[str, Any]) -> list[list[Any]]:
    """The lists of records in an object: the fields that are lists, or all of its fields if these are objects."""
    if value and all(isinstance(one, dict) for one in value.values()):
        return [list(value.values())]
    return [one for one in value.values() if isinstance(one, list)]


def _parsed(path: Path, line: int, text: str, expected: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        where = f"{path}:{line + error.lineno - 1}"
        raise DataError(f"{where}: broken JSON at character {error.colno}: {error.msg}; expected {expected}") from None
    except (ValueError, RecursionError) as error:
        fault = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition(";")[0]
        raise DataError(f"{path}:{line}: JSON that cannot be read: {fault}; expected {expected}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the name {shorten(twice)} stands twice in one object")
    return made


def _row(where: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DataError(f"{where}: expected an object with named fields, found {kind(value)}")
    return value


def _table(path: Path, delimiter: str, columns: Sequence[str]) -> Iterator[Row]:
    names: list[str] = []
    for begin, cells in _cells(path, delimiter):
        where = f"{path}:{begin}"
        if not names and columns and not set(cells) & set(columns):
            names = list(columns)
        if not names:
            names = _header(where, cells)
        elif len(cells) == len(names):
            yield Row(where, begin, dict(zip(names, cells, strict=True)), path.stem)
        else:
            count = f"{len(cells)} cells, and the first line names {len(names)} columns"
            note(DataError(f"{where}: {count}; quote or fill in"))


def _cells(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a table that are not blank, each with the line that it begins on."""
    csv.field_size_limit(LINE_LIMIT)  # the module has one limit for everybody, and its default is shorter than a story
    reader = csv.reader((text for _, text in _lines(path)), delimiter=delimiter, strict=True)
    begin, cells = 1, cast("list[str] | None", [])
    while cells is not None:
        try:
            cells = next(reader, None)
            if cells and (cells[1:] or cells[0].strip()):
                yield begin, cells
        except csv.Error as error:
            note(
                DataError(
                    f"{path}:{begin}: the record that begins here is broken: {error}. A cell that holds a quotation "
                    f"mark, {shorten(delimiter)} or a line break stands in quotation marks, and a mark inside it is "
                    'doubled ("")'
                )
            )
        begin = reader.line_num + 1


def _header(where: str, cells: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise DataError(f"{where}: two columns are called {shorten(min(twice))}; give each column its own name")
    return names


def kind(value: object) -> str:
    """Name what a JSON value is, as a reader of the file would call it."""
    if value is None:
        return "nothing (null)"
    names = {bool: "a boolean", str: "a text", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")
