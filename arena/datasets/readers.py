"""What several readers said of a question, and what follows from it."""

import ast
from collections import Counter
from collections.abc import Sequence
from math import nan
from pathlib import Path
from typing import Any

from arena.datasets.published import listed, strings
from arena.datasets.rows import Row


def votes(row: Row, at: str, part: str, *names: str) -> list[int]:
    """Find what each reader said, under one of `names`; none where the record has no such part.

    Refuses the record where a reader said no number.
    """
    if part not in row.get(at):
        return []
    readers = [one if isinstance(one, dict) else {} for one in listed(row, f"{at}.{part}")]
    found = [next((one[name] for name in names if name in one), None) for one in readers]
    said = [one for one in found if type(one) is int]
    return said if len(said) == len(found) else row.refuse(f"{at}.{part} has a reader without {names[0]}")


def tempting(count: int, key: int, best: Sequence[int], hurried: Sequence[int]) -> list[int]:
    """Order the wrong options by who called them best, then by who took them for right, then as given."""
    called, taken = Counter(best), Counter(hurried)
    wrong = [i for i in range(count) if i != key]
    return sorted(wrong, key=lambda i: (-called[i + 1], -taken[i + 1], i))


def written(row: Row, name: str) -> list[str]:
    """Find a list of texts that is one, or stands in a cell as Python writes it; refuse the record where it is none."""
    value = row.get(name)
    try:
        found = ast.literal_eval(value) if isinstance(value, str) else value
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str | int | float) for one in found):
        row.refuse(f"{name} is no Python list of texts, such as ['one', 'two']")
    return [row.as_text(name, one) if isinstance(one, str) else str(one) for one in found]


def labelled(row: Row) -> tuple[str, list[str], list[Any]]:
    """Find a question, its options and their labels, as the Allen Institute writes them or as the hub does."""
    stem = "question.stem" if isinstance(row.get("question"), dict) else "question"
    at = "question.choices" if stem == "question.stem" else "choices"
    return row.text(stem), strings(row, f"{at}.text"), listed(row, f"{at}.label")


def alone(row: Row, mark: str, name: str) -> Row:
    """Give a record that is a question itself, as its field `mark` says, the form of one with a list `name` of them."""
    return row._replace(fields={**row.fields, name: [row.fields]}) if mark in row.fields else row


def documents(row: Row, folder: Path, names: Sequence[object]) -> str | None:
    """The texts of the documents that a record names, each once, from a folder; `None` where one is not there."""
    places = [folder / str(name) for name in dict.fromkeys(names)]
    if not places or not all(place.resolve().is_relative_to(folder.resolve()) and place.is_file() for place in places):
        return None
    try:
        return "\n\n".join(place.read_text(encoding="utf-8") for place in places)
    except (OSError, UnicodeDecodeError) as error:
        return row.refuse(f"a document of it in {folder} cannot be read: {error}")


def flat(value: Any) -> list[Any]:
    """The values in lists of lists, in their order."""
    return [leaf for one in value for leaf in flat(one)] if isinstance(value, list) else [value]


def mean(values: Sequence[int]) -> float:
    """The mean; not a number, which no condition holds of, where there is none."""
    return sum(values) / len(values) if values else nan
