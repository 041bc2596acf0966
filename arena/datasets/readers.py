"""What several readers said of a question, and what follows from it."""

from collections import Counter
from collections.abc import Sequence
from math import nan

from arena.datasets.published import listed
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


def mean(values: Sequence[int]) -> float:
    """The mean; not a number, which no condition holds of, where there is none."""
    return sum(values) / len(values) if values else nan
